//! The tables of numbers: festivals, confirmations, plaques.

use super::*;

fn cells(ledger: Ledger, table: &Table, village: &str) -> Value {
    let lines = table.lines.iter().map(|line| said(ledger, line));
    lines.into_iter().find(|said| said["village"] == village).expect("the village has a line")
}

fn greeted(n: u128, parent: u128, on: &str, answers: Value) -> Source {
    visit(
        n,
        parent,
        json!({"kind": "festival", "template": "FESTIVAL", "completed_at": on, "answers": answers}),
    )
}

#[test]
fn greetings_are_summed_by_festival_and_village() {
    let ledger = Ledger::Festival;
    let gift = json!({"F03": "本人", "F04": 50_000, "F05.1": "大米、食用油", "F05.2": 12_050});
    let mut cancelled = greeted(13, 2, "2026-07-25", gift.clone());
    cancelled.fields.set("cancelled", json!("外出"));
    let sources = sources(vec![
        recipient(1, json!({"name": "李伟", "household_id": "h"})),
        recipient(2, json!({"name": "王芳", "household_id": "h"})),
        recipient(3, json!({"name": "赵强", "status": "died"})),
        greeted(10, 1, "2026-07-20", gift.clone()),
        greeted(11, 2, "2026-07-20", gift.clone()),
        greeted(12, 3, "2026-02-20", json!({"F04": 30_000})),
        cancelled,
        greeted(14, 3, "2026-07-21", json!({"F03": "未见到"})),
        greeted(15, 1, "2025-07-20", gift),
    ]);
    let table = table(ledger, &given(&sources, Period::year(2026)));
    let lines: Vec<Value> = table.lines.iter().map(|line| said(ledger, line)).collect();
    assert_eq!(lines.len(), 4, "two festivals in two villages");
    assert_eq!(
        lines[0],
        json!({"festival": "2026 年春节", "village": "石桥村", "households": 1, "people": 1, "money": "300.00", "goods": "",
            "worth": "0.00"}),
        "he who died since was greeted; on 20 February, three days late"
    );
    assert_eq!(
        lines[2],
        json!({"festival": "2026 年八一", "village": "石桥村", "households": 1, "people": 2, "money": "1000.00",
            "goods": "大米、食用油 2 份", "worth": "241.00"})
    );
    assert_eq!((&lines[3]["village"], &lines[3]["households"]), (&json!("柳河村"), &json!(0)));
    let sums = keyed(ledger.columns(), table.sums.as_ref().unwrap());
    assert_eq!(
        (&sums["festival"], &sums["people"], &sums["money"]),
        (&json!("合计"), &json!(3), &json!("1300.00"))
    );
}

#[test]
fn greetings_of_no_festival_are_no_line() {
    let sources = sources(vec![recipient(1, json!({"name": "李伟"}))]);
    let table = table(Ledger::Festival, &given(&sources, Period::year(2026)));
    assert!(table.lines.is_empty() && table.sums.is_none());
}

fn confirmed(n: u128, parent: u128, on: &str, answers: Value) -> Source {
    let fields =
        json!({"kind": "annual_confirmation", "template": "CONFIRM", "completed_at": on, "answers": answers});
    visit(n, parent, fields)
}

fn paid(n: u128) -> [Source; 2] {
    [
        recipient(n, json!({"name": format!("某{n}"), "status": "active"})),
        entitlement(n + 100, n, json!({"category": "81", "state": "paid"})),
    ]
}

#[test]
fn a_year_s_confirmation_counts_who_is_due_and_how_each_was_confirmed() {
    let ledger = Ledger::Confirmation;
    let mut records: Vec<Source> = (1..=8).flat_map(paid).collect();
    let person = |n: u128| usize::try_from(n - 1).unwrap() * 2;
    records[person(6)].fields.set("status", json!("died"));
    records[person(7)].fields.set("status", json!("died"));
    records[person(8) + 1].fields.set("state", json!("stopped"));
    records.extend([
        confirmed(10, 1, "2025-11-05", json!({"C01": "现场", "C13": "确认"})),
        confirmed(11, 2, "2025-12-20", json!({"C01": "视频", "C13": "确认"})),
        confirmed(12, 3, "2025-11-06", json!({"C01": "入户", "C13": "暂缓"})),
        confirmed(13, 4, "2025-11-07", json!({"C01": "入户", "C13": "减员建议"})),
        confirmed(14, 6, "2025-11-08", json!({"C01": "照片"})),
        // The year before, and the one after.
        confirmed(15, 5, "2025-10-30", json!({"C01": "现场"})),
        confirmed(16, 5, "2026-11-02", json!({"C01": "现场"})),
    ]);
    let sources = sources(records);
    let table = table(ledger, &given(&sources, Period::year(2025)));
    assert_eq!(
        cells(ledger, &table, "石桥村"),
        json!({"village": "石桥村", "to_confirm": 6, "confirmed": 3, "station": 1, "home": 0, "video": 1, "photo": 1, "other": 0, "late": 1,
            "postponed": 1, "dismissed": 1, "unconfirmed": 1, "rate": "50%"}),
        "who died afterwards was confirmed; who died before, or draws nothing, is not due"
    );
    assert_eq!(cells(ledger, &table, "柳河村")["to_confirm"], 0);
    assert_eq!(cells(ledger, &table, "柳河村")["rate"], "");
    assert_eq!(table.counted(), json!({"due": 6, "done": 3, "open": 1, "overdue": 1}));
    assert_eq!(table.above, "确认时间：2025-11-01 至 2025-12-10");
}

#[test]
fn while_the_time_of_confirmation_runs_nobody_is_late() {
    let sources = sources(paid(1).to_vec());
    let table = table(Ledger::Confirmation, &given(&sources, Period::year(2026)));
    assert_eq!(table.counted(), json!({"due": 1, "done": 0, "open": 1, "overdue": 0}));
}

#[test]
fn a_confirmation_is_of_one_year_that_has_begun() {
    let of = |from: &str, to: &str| Ledger::Confirmation.period(days(from, to), day("2026-11-23"));
    assert_eq!(of("2025-01-01", "2025-12-31"), Ok(Period::year(2025)));
    assert_eq!(of("2025-01-01", "2026-12-31"), Err(NoPeriod::OneYear));
    assert_eq!(of("2027-01-01", "2027-12-31"), Err(NoPeriod::Ahead));
    let none = Ledger::Confirmation.period(Period::default(), day("2026-11-23"));
    assert_eq!(none, Ok(Period::year(2026)));
}

#[test]
fn a_household_has_one_plaque_whoever_of_it_has_a_ground_for_it() {
    let ledger = Ledger::Plaques;
    let mut gone = recipient(8, json!({"plaque": "none", "status": "moved"}));
    gone.area = Uuid::from_u128(EMPTY_VILLAGE);
    let sources = sources(vec![
        recipient(1, json!({"plaque": "hung", "household_id": "h"})),
        recipient(2, json!({"plaque": "none", "household_id": "h"})),
        recipient(3, json!({"plaque": "damaged"})),
        recipient(4, json!({"plaque": "lost"})),
        recipient(5, json!({"plaque": "unsuited"})),
        recipient(6, json!({})),
        entitlement(106, 6, json!({"category": "81", "state": "paid"})),
        recipient(7, json!({})),
        entitlement(107, 7, json!({"category": "S1", "state": "paid"})),
        gone,
        recipient(9, json!({"plaque": "none"})),
    ]);
    let table = table(ledger, &given(&sources, Period::default()));
    assert_eq!(
        cells(ledger, &table, "石桥村"),
        json!({"village": "石桥村", "to_hang": 5, "hung": 1, "unhung": 1, "damaged": 1, "lost": 1, "unknown": 1, "unsuited": 1,
            "retired": 0, "rate": "20%"})
    );
    assert_eq!(cells(ledger, &table, "柳河村")["to_hang"], 0, "who moved away took the plaque along");
    assert_eq!(table.counted(), json!({"due": 5, "hung": 1, "open": 3, "unknown": 1}));
    let period = Ledger::Plaques.period(Period::year(2026), day("2026-11-23"));
    assert_eq!(period, Err(NoPeriod::AsOfToday));
}
