use super::*;

const LEDGER: Ledger = Ledger::Changes;

fn november() -> Period {
    days("2026-11-01", "2026-11-30")
}

/// A person whose file was made on a day, with one entitlement of the same day.
fn person(n: u128, name: &str, made: &str) -> [Source; 2] {
    let mut file = recipient(n, json!({"name": name, "status": "active"}));
    let mut one = entitlement(n + 100, n, json!({"category": "81", "state": "paid", "from": "2026-11-01"}));
    file.dates.made = Some(day(made));
    one.dates.made = Some(day(made));
    [file, one]
}

fn wrote(source: &mut Source, field: &'static str, value: &str, on: &str) {
    source.fields.set(field, json!(value));
    source.dates.written.insert(field.to_owned(), day(on));
}

fn made(records: Vec<Source>) -> Table {
    let sources = sources(records);
    table(LEDGER, &given(&sources, november()))
}

#[track_caller]
fn is_balanced(table: &Table, (before, joined, left, after): (u64, u64, u64, u64)) {
    let counts = ["before", "joined", "left", "after"].map(|name| counted(table, name));
    assert_eq!(counts, [before, joined, left, after]);
}

#[test]
fn who_came_is_counted_and_who_was_there_before_is_not_a_line() {
    let table = made([person(1, "李伟", "2025-01-01"), person(2, "王芳", "2026-11-05")].concat());
    is_balanced(&table, (1, 1, 0, 2));
    let (line, said) = line_of(LEDGER, &table, "王芳");
    assert_eq!(line.state, "joined");
    assert_eq!((&said["cause"], &said["noted_on"]), (&json!("新增"), &json!("2026-11-05")));
    assert_eq!(table.lines.len(), 1);
    assert_eq!(table.above, "上期数：1 人    增加：1 人    减少：0 人    本期数：2 人");
}

#[test]
fn a_death_counts_when_it_is_noted_and_says_when_it_was() {
    let mut gone = person(1, "李伟", "2025-01-01");
    wrote(&mut gone[0], "status", "died", "2026-11-03");
    gone[0].fields.set("died_on", json!("2026-10-28"));
    gone[0].fields.set("death_reason", json!("病故"));
    wrote(&mut gone[1], "state", "died", "2026-11-03");
    let table = made(gone.to_vec());
    is_balanced(&table, (1, 0, 1, 0));
    let (line, said) = line_of(LEDGER, &table, "李伟");
    assert_eq!(
        (line.state, table.lines.len()),
        ("left", 1),
        "the entitlement that ended with him is no line of its own"
    );
    for (key, word) in
        [("cause", "去世"), ("happened_on", "2026-10-28"), ("noted_on", "2026-11-03"), ("why", "病故")]
    {
        assert_eq!(said[key], word, "{key}");
    }
}

#[test]
fn who_moved_away_left_and_who_came_from_elsewhere_joined() {
    let (mut gone, mut came) = (person(1, "李伟", "2025-01-01"), person(2, "王芳", "2024-05-01"));
    wrote(&mut gone[0], "status", "moved", "2026-11-09");
    gone[0].fields.set("live_addr", json!("邻县青山镇"));
    came[0].dates.arrived = Some(day("2026-11-10"));
    let mut sources = sources([gone, came].concat());
    sources.departures.push(Departure { area: Uuid::from_u128(EMPTY_VILLAGE), on: day("2026-11-11") });
    sources.departures.push(Departure { area: Uuid::from_u128(EMPTY_VILLAGE), on: day("2026-12-11") });
    let table = table(LEDGER, &given(&sources, november()));
    is_balanced(&table, (3, 1, 2, 2));
    assert_eq!(line_of(LEDGER, &table, "李伟").1["why"], "迁往邻县青山镇");
    assert_eq!(line_of(LEDGER, &table, "王芳").1["cause"], "迁入");
    let (line, said) = line_of(LEDGER, &table, "");
    assert_eq!((&said["village"], &said["cause"], line.recipient), (&json!("柳河村"), &json!("转出"), None));
}

#[test]
fn pay_that_stops_takes_off_the_list_only_whom_nothing_else_keeps_there() {
    let mut one = person(1, "李伟", "2025-01-01");
    wrote(&mut one[1], "state", "suspended", "2026-11-12");
    one[1].fields.set("to", json!("2026-11-30"));
    let mut two = person(2, "王芳", "2025-01-01").to_vec();
    wrote(&mut two[1], "state", "stopped", "2026-11-12");
    let mut other = entitlement(300, 2, json!({"category": "51", "state": "paid"}));
    other.dates.made = Some(day("2025-01-01"));
    two.push(other);
    let table = made([one.to_vec(), two].concat());
    is_balanced(&table, (2, 0, 1, 1));
    let (_, said) = line_of(LEDGER, &table, "李伟");
    assert_eq!((&said["cause"], &said["happened_on"]), (&json!("中止"), &json!("2026-12-01")));
    let (line, said) = line_of(LEDGER, &table, "王芳");
    assert_eq!(
        (line.state, &said["cause"], &said["why"]),
        ("changed", &json!("待遇变更"), &json!("60岁退兵停发"))
    );
}

#[test]
fn another_category_is_a_change_and_nobody_comes_or_goes() {
    let mut one = person(1, "李伟", "2025-01-01").to_vec();
    wrote(&mut one[1], "category", "51", "2026-11-13");
    one[1].dates.former.insert("category".to_owned(), "81".to_owned());
    let mut more = entitlement(300, 1, json!({"category": "11", "state": "paid"}));
    more.dates.made = Some(day("2026-11-14"));
    one.push(more);
    let table = made(one);
    is_balanced(&table, (1, 0, 0, 1));
    let whys: Vec<Value> = table.lines.iter().map(|line| said(LEDGER, line)["why"].clone()).collect();
    assert_eq!(whys, ["现为参战", "增加残疾军人"]);
    let were: Vec<Value> = table.lines.iter().map(|line| said(LEDGER, line)["was"].clone()).collect();
    assert_eq!(were, ["60岁退兵", "参战"]);
}

#[test]
fn a_file_that_became_part_of_another_left_and_one_that_was_erased_is_not_told_of() {
    let (mut merged, mut erased) = (person(1, "李伟", "2025-01-01"), person(2, "", "2025-01-01"));
    merged[0].dates.gone = Some(Gone { on: Some(day("2026-11-15")), is_merged: true });
    erased[0].dates.gone = Some(Gone { on: Some(day("2026-11-16")), is_merged: false });
    let table = made([merged, erased].concat());
    is_balanced(&table, (1, 0, 1, 0));
    let (line, said) = line_of(LEDGER, &table, "李伟");
    assert_eq!((&said["cause"], line.recipient), (&json!("合并档案"), None), "there is no file to open");
}

#[test]
fn whose_file_was_made_after_he_died_was_never_on_the_list() {
    let mut dead = recipient(1, json!({"name": "李伟", "status": "died"}));
    dead.dates.made = Some(day("2026-11-05"));
    is_balanced(&made(vec![dead]), (0, 0, 0, 0));
}

#[test]
fn what_comes_later_changes_no_earlier_table() {
    let mut gone = person(1, "李伟", "2025-01-01");
    wrote(&mut gone[0], "status", "died", "2026-12-03");
    let table = made([gone, person(2, "王芳", "2026-12-05")].concat());
    is_balanced(&table, (1, 0, 0, 1));
}

#[test]
fn a_table_of_no_named_days_is_of_the_running_month_and_none_is_of_days_ahead() {
    let today = day("2026-11-23");
    let of = |from: &str, to: &str| {
        let day = |text: &str| text.parse().ok();
        LEDGER.period(Period { from: day(from), to: day(to) }, today)
    };
    assert_eq!(of("", ""), Ok(november()));
    assert_eq!(of("2026-10-01", ""), Ok(days("2026-10-01", "2026-10-31")));
    assert_eq!(of("2026-12-01", "2026-12-31"), Err(NoPeriod::Ahead));
    assert_eq!(of("2026-12-01", "2026-11-01"), Err(NoPeriod::Backwards));
}
