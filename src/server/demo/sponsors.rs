//! Who helps in the demo county: three sponsors, what they promised and what they gave so far.

use serde_json::json;
use sync::wire::Changeset;
use uuid::Uuid;

use super::{DAY_MS, DemoFamily, Dice, Ground, TOWNSHIP, changeset, create, object};
use crate::day_text;

/// Name, kind, credit code (of the unassigned area too), contact, number, what was agreed, days until it ends.
const SPONSORS: [(&str, &str, &str, &str, &str, &str, i64); 3] = [
    (
        "红日粮油有限公司",
        "people_run",
        "91339999MA0DEM001B",
        "陈立",
        "19900010001",
        "春节、八一各送一次米油",
        320,
    ),
    ("安民药房", "private", "92339999MA0DEM002B", "赵云芳", "19900010002", "困难对象购药减免", 20),
    ("示范县爱心助学会", "association", "51339999MJ0DEM0036", "何平", "19900010003", "每年助学 3 人", -40),
];

/// The sponsors with two adopted needs, as one save of the clerk yesterday.
pub fn sponsors(
    families: &[DemoFamily],
    ground: &mut impl Ground,
    dice: &mut Dice,
    now_ms: i64,
) -> Changeset {
    let at = now_ms - DAY_MS;
    let day = |days: i64| day_text::day_of_ms(now_ms + days * DAY_MS);
    let township = ground.area(TOWNSHIP);
    let mut ops = Vec::new();
    let mut ids = Vec::new();
    for (name, kind, code, contact, phone, scope, ends) in SPONSORS {
        let agreement = json!({"from": day(ends - 365), "to": day(ends), "scope": scope});
        let fields = json!({"name": name, "kind": kind, "credit_code": code, "contact": contact, "phone": phone, "agreement": agreement});
        let e = dice.id(at);
        ops.push(create(ground, e, "sponsor", township, None, &object(fields)));
        ids.push(e);
    }
    let needs = families.iter().flat_map(|family| {
        let of_family = family.visits.iter().flat_map(|visit| &visit.needs);
        of_family.map(move |(need, _)| (*need, family.village))
    });
    let adopted: Vec<(Uuid, &str)> = needs.take(2).collect();
    for ((need, village), (sponsor, amount, given)) in
        adopted.into_iter().zip([(ids[0], 200_000, 200_000), (ids[1], 300_000, 100_000)])
    {
        let (area, pledge, donation) = (ground.area(village), dice.id(at), dice.id(at));
        let promised = json!({"sponsor": sponsor, "need": need, "amount": amount, "due_on": day(30)});
        ops.push(create(ground, pledge, "pledge", area, None, &object(promised)));
        let gave = json!({"sponsor": sponsor, "pledge": pledge, "amount": given, "given_on": day(-50), "receipt_no": format!("SQ-{given}")});
        ops.push(create(ground, donation, "donation", area, None, &object(gave)));
    }
    let rice = json!({"sponsor": ids[0], "goods": "大米 50 袋、食用油 50 桶", "due_on": day(60)});
    let rice_id = dice.id(at);
    ops.push(create(ground, rice_id, "pledge", township, None, &object(rice)));
    changeset(dice, at, ground.clerk(), ops)
}
