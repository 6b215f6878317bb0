use super::{Amount, Ledger};
use domain::money::Money;
use serde_json::{Value, json};
use sync::{id::AreaId, local::View};
use uuid::Uuid;

const FIRM: u128 = 0x10;
const SHOP: u128 = 0x20;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn view(number: u128, kind: &str, f: Value) -> (Uuid, View) {
    let view = View {
        id: id(number),
        kind: kind.to_owned(),
        area: AreaId(id(0xa0)),
        parent: None,
        f: serde_json::from_value(f).expect("fields"),
        hidden: false,
        into: None,
        waiting: false,
    };
    (view.id, view)
}

fn amount(fen: i64, goods: usize) -> Amount {
    Amount { money: Some(Money::from_fen(fen)), goods }
}

fn ledger() -> Ledger {
    let (firm, shop, elsewhere) = (id(FIRM), id(SHOP), id(0x99));
    Ledger {
        sponsors: [
            view(FIRM, "sponsor", json!({"name": "红日粮油"})),
            view(SHOP, "sponsor", json!({"name": "安民药房"})),
        ]
        .into(),
        pledges: [
            view(0x31, "pledge", json!({"sponsor": firm, "amount": 500_000, "need": id(0xe1)})),
            view(0x32, "pledge", json!({"sponsor": firm, "goods": "大米", "need": id(0xe1)})),
            view(0x33, "pledge", json!({"sponsor": shop, "amount": 100, "recipient": id(0xf1)})),
            view(0x34, "pledge", json!({"sponsor": elsewhere, "amount": 7, "need": id(0xe2)})),
        ]
        .into(),
        donations: [
            view(0x41, "donation", json!({"sponsor": firm, "pledge": id(0x31), "amount": 200_000})),
            view(0x42, "donation", json!({"pledge": id(0x32), "goods": "大米 10 袋"})),
            view(0x43, "donation", json!({"sponsor": shop, "amount": 30})),
            view(0x44, "donation", json!({"pledge": id(0x98), "amount": 1})),
        ]
        .into(),
        measures: vec![
            (id(0x51), Some(id(0xe1)), firm),
            (id(0x52), Some(id(0xe3)), firm),
            (id(0x53), None, shop),
        ],
        ..Ledger::default()
    }
}

#[test]
fn a_sponsor_is_credited_with_what_he_gave_and_each_need_counts_once() {
    let tallies = ledger().tallies();
    let firm = tallies.of(id(FIRM));
    assert_eq!((firm.pledged, firm.delivered, firm.adopted), (amount(500_000, 1), amount(200_000, 1), 2));
    let shop = tallies.of(id(SHOP));
    assert_eq!((shop.pledged, shop.delivered, shop.adopted), (amount(100, 0), amount(30, 0), 0));
    let all = tallies.all.tally;
    assert_eq!((all.pledged, all.delivered, all.adopted), (amount(500_107, 1), amount(200_031, 1), 3));
}

#[test]
fn a_need_that_is_no_longer_there_is_not_adopted() {
    let tallies = Ledger { gone: [id(0xe1)].into(), ..ledger() }.tallies();
    assert_eq!((tallies.of(id(FIRM)).adopted, tallies.all.tally.adopted), (1, 2));
}

#[test]
fn a_sponsor_of_elsewhere_has_no_name_here() {
    let ledger = ledger();
    assert_eq!(ledger.name(Some(id(FIRM))), "红日粮油");
    assert_eq!(ledger.name(Some(id(0x99))), "");
    assert_eq!(ledger.name(None), "");
}
