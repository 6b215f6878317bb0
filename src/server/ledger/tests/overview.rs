use super::*;
use std::sync::Arc;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// The overview of 石桥村 and 柳河村, of the second half of 2026, on 23 November.
fn told(records: &[Source], workers: &[Worker]) -> Overview {
    let group = |n: u128, name: &str| Group { id: id(n), name: name.to_owned(), villages: [id(n)].into() };
    let files = [Arc::new(FileFacts::all(&records.iter().cloned().map(Arc::new).collect::<Vec<_>>()))];
    let groups = [group(VILLAGE, "石桥村"), group(EMPTY_VILLAGE, "柳河村")];
    let of = Counting {
        files: &files,
        groups: &groups,
        workers: Some(workers),
        period: half(),
        rules: PlanRules::default(),
        today: day("2026-11-23"),
    };
    overview("双桥镇".to_owned(), &of)
}

fn half() -> Period {
    days("2026-07-01", "2026-12-31")
}

fn seen(n: u128, parent: u128, on: &str, stars: u8) -> Source {
    visit(n, parent, json!({"kind": "follow_up", "completed_at": on, "answers": {"A25": stars}}))
}

fn need(n: u128, parent: u128, found: &str, fields: Value) -> Source {
    let mut need = source(n, "need", Some(parent), fields);
    need.dates.made = Some(day(found));
    need
}

/// A need that was closed on a day, after it had waited for the visit since another.
fn closed(n: u128, on: &str, awaited_on: &str) -> Source {
    let at = |text: &str| domain::day::Timestamp::start_of(day(text)).ms();
    let steps =
        json!([{"v": {"to": "await_follow_up"}, "t": at(awaited_on)}, {"v": {"to": "closed"}, "t": at(on)}]);
    need(n, 1, "2026-05-01", json!({"kind": "N-LIFE", "state": "closed", "steps": steps}))
}

#[test]
fn where_nobody_is_every_number_is_nothing() {
    let told = told(&[], &[]);
    assert_eq!(told.all, super::super::overview::Numbers::default());
    assert_eq!(told.areas.iter().map(|area| area.name.as_str()).collect::<Vec<_>>(), ["石桥村", "柳河村"]);
    assert!(told.workers.is_empty() && told.kinds.is_empty());
    assert!(told.ages.iter().all(|age| age.open == 0) && told.stars.iter().all(|one| one.visits == 0));
}

#[test]
fn households_and_people_are_counted_each() {
    let told = told(
        &[
            recipient(1, json!({"name": "李伟", "household_id": "h"})),
            recipient(2, json!({"name": "王芳", "household_id": "h"})),
            recipient(3, json!({"name": "赵强"})),
            recipient(4, json!({"name": "孙立", "status": "died", "household_id": "h"})),
            seen(10, 1, "2026-08-01", 5),
            seen(11, 1, "2026-09-01", 5),
            seen(12, 4, "2026-08-01", 3),
            seen(13, 3, "2026-06-30", 1),
        ],
        &[],
    );
    let all = &told.all;
    assert_eq!((all.people, all.households, all.visited, all.visited_households), (3, 2, 1, 1));
    assert_eq!((all.never, told.visits), (1, 3), "who died since was visited");
    let stars: Vec<usize> = told.stars.iter().map(|one| one.visits).collect();
    assert_eq!(stars, [2, 0, 1, 0, 0], "five stars first; one that was given before the period is none");
}

#[test]
fn a_file_that_was_made_after_the_period_is_not_counted_in_it() {
    let mut later = recipient(1, json!({"name": "李伟"}));
    later.e = "019b7a00-0000-7000-8000-000000000001".parse().unwrap();
    let made = domain::visit::PlanFacts::made_on(later.e).unwrap();
    assert!(made > day("2025-06-30"));
    let files = [Arc::new(FileFacts::all(&[Arc::new(later)]))];
    let people = |period: Period| {
        let of = Counting {
            files: &files,
            groups: &[],
            workers: None,
            period,
            rules: PlanRules::default(),
            today: day("2026-11-23"),
        };
        overview(String::new(), &of).all.people
    };
    assert_eq!((people(days("2025-01-01", "2025-06-30")), people(half())), (0, 1));
}

#[test]
fn needs_are_told_by_kind_and_by_how_long_they_have_been_open() {
    let records = [
        recipient(1, json!({"name": "李伟", "status": "died"})),
        need(20, 1, "2026-11-20", json!({"kind": "N-MED", "state": "found", "due_on": "2026-11-22"})),
        need(21, 1, "2026-10-24", json!({"kind": "N-MED", "state": "verifying", "due_on": "2026-11-23"})),
        need(22, 1, "2026-08-25", json!({"kind": "N-HOUSE", "state": "planned"})),
        source(23, "need", Some(1), json!({"kind": "N-NEW", "state": "of a later build"})),
        need(24, 1, "2026-07-05", json!({"kind": "N-JOB", "state": "dropped"})),
    ];
    let told = told(&records, &[]);
    let kinds: Vec<(&str, usize, usize)> =
        told.kinds.iter().map(|kind| (kind.word.as_str(), kind.open, kind.late)).collect();
    assert_eq!(kinds, [("N-MED", 2, 1), ("N-HOUSE", 1, 0), ("N-NEW", 1, 0)]);
    let ages: Vec<(&str, usize)> = told.ages.iter().map(|age| (age.word.as_str(), age.open)).collect();
    assert_eq!(ages, [("age_7", 1), ("age_30", 1), ("age_90", 1), ("age_more", 1)]);
    assert_eq!((told.all.open, told.all.late, told.help.found), (4, 1, 4));
    let late = [("overdue_N-MED", 1), ("overdue_N-JOB", 0), ("overdue_age_7", 1), ("overdue_age_more", 0)];
    for (state, lines) in late {
        let sources = sources(records.to_vec());
        let table = table(Ledger::Help, &Given { state, ..given(&sources, half()) });
        assert_eq!(table.lines.len(), lines, "{state}");
    }
}

#[test]
fn help_is_closed_in_time_or_late_in_the_period_in_which_it_was_closed() {
    let measure = |n: u128, of: u128, due: &str, done: &str| {
        source(n, "measure", Some(1), json!({"need": id(of), "due_on": due, "done_on": done}))
    };
    let mut undated = need(23, 1, "2026-05-01", json!({"kind": "N-LIFE", "state": "closed"}));
    undated.dates.written.clear();
    let records = [
        recipient(1, json!({"name": "李伟"})),
        closed(20, "2026-10-20", "2026-10-10"),
        measure(30, 20, "2026-10-05", "2026-10-05"),
        closed(21, "2026-10-20", "2026-10-10"),
        measure(31, 21, "2026-10-05", "2026-10-06"),
        closed(22, "2026-10-20", "2026-09-01"),
        undated,
        closed(24, "2026-06-30", "2026-06-20"),
    ];
    let told = told(&records, &[]);
    assert_eq!((told.help.in_time, told.help.late, told.help.found), (1, 2, 0));
    let sources = sources(records.to_vec());
    for (state, lines) in [("in_time", 1), ("late", 2), ("ended", 4)] {
        let table = table(Ledger::Help, &Given { state, ..given(&sources, half()) });
        assert_eq!(table.lines.len(), lines, "{state}");
    }
}

#[test]
fn a_worker_s_families_are_his_and_those_of_nobody_come_last() {
    let worker = |n: u128, name: &str, has_left| Worker { id: id(n), name: name.to_owned(), has_left };
    let told = told(
        &[
            recipient(1, json!({"responsible": id(71)})),
            recipient(2, json!({"responsible": id(71)})),
            recipient(3, json!({"responsible": id(72)})),
            recipient(4, json!({"responsible": "王站长"})),
            recipient(5, json!({})),
            seen(10, 1, "2026-08-01", 4),
        ],
        &[worker(72, "周敏", true), worker(71, "陈建国", false), worker(73, "没有户", false)],
    );
    let said: Vec<(&str, bool, usize, usize)> = told
        .workers
        .iter()
        .map(|one| (one.name.as_str(), one.left, one.numbers.people, one.numbers.visited))
        .collect();
    assert_eq!(said, [("周敏", true, 1, 0), ("陈建国", false, 2, 1), ("", false, 2, 0)]);
}
