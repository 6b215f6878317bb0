use super::*;
use crate::visit::Priority;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A file of one entitlement, older than every window of these tests.
fn file(category: &str) -> PlanFacts {
    let mut facts = PlanFacts { since: Some(day("2020-01-01")), ..PlanFacts::default() };
    facts.entitled(category, "paid", None);
    facts
}

fn plan(today: &str) -> Plan {
    Plan::new(PlanRules::default(), day(today))
}

/// What is due of a kind: its state, occasion and last day.
fn due(plan: Plan, facts: &PlanFacts, kind: VisitKind) -> Option<(DueState, Occasion, String)> {
    let found = plan.dues(facts).into_iter().find(|due| due.kind == kind)?;
    Some((found.state, found.occasion, found.closes.map(|day| day.to_string()).unwrap_or_default()))
}

#[test]
fn a_follow_up_is_due_when_promised_or_when_the_interval_of_the_class_is_over() {
    let check = |cause: fn(&mut PlanFacts),
                 last: &str,
                 promised: Option<&str>,
                 today: &str,
                 expected: (DueState, &str)| {
        let mut facts = PlanFacts::default();
        cause(&mut facts);
        facts.visited("follow_up", false, day(last), promised.map(day));
        let found = plan(today).follow_up(&facts).unwrap();
        assert_eq!(
            (found.state, found.closes),
            (expected.0, Some(day(expected.1))),
            "{last} {promised:?} {today}"
        );
    };
    let a = |facts: &mut PlanFacts| facts.priority.on_relief = true;
    let b = |facts: &mut PlanFacts| facts.entitled("42", "paid", None);
    let c = |_: &mut PlanFacts| {};
    check(a, "2026-08-30", None, "2026-11-26", (DueState::Open, "2026-11-30"));
    check(a, "2026-11-30", None, "2026-12-01", (DueState::Ahead, "2027-02-28"));
    check(a, "2026-08-20", None, "2026-11-21", (DueState::Missed, "2026-11-20"));
    check(b, "2026-05-26", None, "2026-11-26", (DueState::Open, "2026-11-26"));
    check(c, "2026-05-26", None, "2026-11-26", (DueState::Ahead, "2027-05-26"));
    check(c, "2026-11-23", Some("2026-12-10"), "2026-11-24", (DueState::Ahead, "2026-12-10"));
    check(c, "2026-11-23", Some("2026-12-10"), "2026-11-25", (DueState::Open, "2026-12-10"));
    check(a, "2026-11-23", Some("2028-12-10"), "2026-11-24", (DueState::Ahead, "2027-02-23"));
    check(a, "2026-11-23", Some("2025-12-10"), "2026-11-24", (DueState::Ahead, "2027-02-23"));
}

#[test]
fn somebody_comes_to_the_door_once_a_year_whatever_is_done_by_telephone() {
    let at = |today: &str, visits: &[(bool, &str)]| {
        let mut facts = PlanFacts::default();
        facts.priority.on_relief = true;
        for (away, on) in visits {
            facts.visited("follow_up", *away, day(on), None);
        }
        let found = plan(today).follow_up(&facts).unwrap();
        (found.state, found.occasion, found.closes.unwrap().to_string())
    };
    let quarterly = Occasion::Interval { months: 3 };
    let year = [(false, "2026-01-10"), (true, "2026-04-10"), (true, "2026-07-10")];
    assert_eq!(at("2026-08-01", &year), (DueState::Ahead, quarterly, "2026-10-10".to_owned()));
    let called = [year.as_slice(), &[(true, "2026-10-20")]].concat();
    assert_eq!(at("2026-10-21", &called), (DueState::Ahead, Occasion::AtHome, "2027-01-10".to_owned()));
    let called = [called.as_slice(), &[(true, "2027-01-05")]].concat();
    assert_eq!(at("2027-01-20", &called), (DueState::Missed, Occasion::AtHome, "2027-01-10".to_owned()));
    let seen = [called.as_slice(), &[(false, "2027-01-21")]].concat();
    assert_eq!(at("2027-01-22", &seen), (DueState::Ahead, quarterly, "2027-04-21".to_owned()));
    let never = [(true, "2026-02-01"), (true, "2026-11-20")];
    assert_eq!(at("2026-11-26", &never), (DueState::Ahead, Occasion::AtHome, "2027-02-01".to_owned()));
}

#[test]
fn whoever_was_just_visited_is_not_due_again_at_once() {
    let rules = PlanRules { follow_up_months: [1, 6, 12], follow_up_days: 60, ..PlanRules::default() };
    let mut facts = PlanFacts {
        priority: PriorityFacts { frail: true, ..PriorityFacts::default() },
        ..PlanFacts::default()
    };
    facts.visited("follow_up", false, day("2026-11-26"), None);
    assert_eq!(Plan::new(rules, day("2026-11-26")).follow_up(&facts).unwrap().state, DueState::Ahead);
    assert_eq!(Plan::new(rules, day("2026-11-27")).follow_up(&facts).unwrap().state, DueState::Open);
}

#[test]
fn a_call_or_a_plaque_is_no_follow_up() {
    let mut facts = PlanFacts::default();
    for kind in ["contact", "plaque", "merit_notice", "annual_confirmation"] {
        facts.visited(kind, false, day("2026-11-20"), None);
    }
    let never = plan("2026-11-26").follow_up(&facts).unwrap();
    assert_eq!((never.occasion, never.closes, never.state), (Occasion::Never, None, DueState::Open));
    for kind in ["verification", "festival", "of a later build", ""] {
        let mut facts = facts.clone();
        facts.visited(kind, false, day("2026-11-20"), None);
        assert_eq!(plan("2026-11-26").follow_up(&facts).unwrap().state, DueState::Ahead, "{kind}");
    }
}

#[test]
fn before_spring_festival_some_are_visited_and_the_others_called() {
    let visited = file("81");
    let at = |today: &str| due(plan(today), &visited, VisitKind::Festival);
    let spring = |state| Some((state, Occasion::SpringFestival, "2027-02-05".to_owned()));
    assert_eq!(at("2027-01-16"), spring(DueState::Ahead));
    assert_eq!(at("2027-01-17"), spring(DueState::Open));
    assert_eq!(at("2027-02-05"), spring(DueState::Open));
    assert_eq!(at("2027-02-06"), spring(DueState::Missed));
    assert_eq!(at("2027-03-07"), spring(DueState::Missed));
    assert_eq!(at("2027-03-08"), Some((DueState::Ahead, Occasion::ArmyDay, "2027-07-31".to_owned())));
    let called = file("90");
    assert_eq!(due(plan("2027-02-01"), &called, VisitKind::Festival), None);
    assert_eq!(due(plan("2027-02-01"), &called, VisitKind::Contact), spring(DueState::Open));
    let all = PlanRules { festival_to: Priority::C, ..PlanRules::default() };
    assert_eq!(due(Plan::new(all, day("2027-02-01")), &called, VisitKind::Festival), spring(DueState::Open));
}

#[test]
fn what_was_done_in_the_window_is_not_due_until_the_next() {
    let mut facts = file("81");
    facts.visited("festival", false, day("2027-01-16"), None);
    assert_eq!(
        due(plan("2027-02-01"), &facts, VisitKind::Festival).unwrap().0,
        DueState::Open,
        "a day too early"
    );
    facts.visited("follow_up", false, day("2027-01-20"), None);
    assert_eq!(
        due(plan("2027-02-01"), &facts, VisitKind::Festival).unwrap().0,
        DueState::Open,
        "another kind"
    );
    facts.visited("festival", false, day("2027-01-17"), None);
    assert_eq!(due(plan("2027-02-01"), &facts, VisitKind::Festival).unwrap().1, Occasion::ArmyDay);
    let mut called = file("90");
    called.visited("follow_up", false, day("2027-01-20"), None);
    assert_eq!(due(plan("2027-02-01"), &called, VisitKind::Contact).unwrap().0, DueState::Ahead);
}

#[test]
fn the_kin_of_martyrs_are_visited_at_qingming_too() {
    let at = |facts: &PlanFacts, today: &str| due(plan(today), facts, VisitKind::MartyrDay);
    assert_eq!(
        at(&file("21"), "2027-03-26").unwrap(),
        (DueState::Open, Occasion::Qingming, "2027-04-05".to_owned())
    );
    assert_eq!(
        at(&file("21"), "2027-09-30").unwrap(),
        (DueState::Open, Occasion::MartyrsDay, "2027-09-30".to_owned())
    );
    for category in ["22", "23"] {
        let kin = file(category);
        assert_eq!(at(&kin, "2027-03-26").unwrap().0, DueState::Ahead, "{category}");
        assert_eq!(
            at(&kin, "2027-09-15").unwrap(),
            (DueState::Open, Occasion::MartyrsDay, "2027-09-30".to_owned())
        );
    }
    assert_eq!(at(&file("81"), "2027-09-20"), None);
    let mut ended = PlanFacts::default();
    ended.entitled("21", "cancelled", None);
    assert_eq!(at(&ended, "2027-09-20"), None);
    let mut stopped = PlanFacts::default();
    stopped.entitled("21", "stopped", None);
    assert!(at(&stopped, "2027-09-20").is_some());
}

#[test]
fn a_confirmation_that_was_missed_stays_due_until_it_is_made() {
    let mut facts = file("42");
    let at = |facts: &PlanFacts, today: &str| due(plan(today), facts, VisitKind::AnnualConfirmation).unwrap();
    assert_eq!(at(&facts, "2026-11-26"), (DueState::Open, Occasion::Confirmation, "2026-12-10".to_owned()));
    assert_eq!(at(&facts, "2027-06-01"), (DueState::Missed, Occasion::Confirmation, "2026-12-10".to_owned()));
    facts.visited("annual_confirmation", false, day("2027-06-02"), None);
    assert_eq!(at(&facts, "2027-06-03"), (DueState::Ahead, Occasion::Confirmation, "2027-12-10".to_owned()));
    assert_eq!(at(&facts, "2027-11-01").0, DueState::Open);
    assert_eq!(due(plan("2026-11-26"), &file("90"), VisitKind::AnnualConfirmation), None, "nothing is paid");
}

#[test]
fn what_closed_before_the_file_was_made_was_not_missed() {
    let facts = PlanFacts { since: Some(day("2026-12-11")), ..file("42") };
    assert_eq!(due(plan("2026-12-20"), &facts, VisitKind::AnnualConfirmation).unwrap().0, DueState::Ahead);
    let facts = PlanFacts { since: Some(day("2026-12-10")), ..file("42") };
    assert_eq!(due(plan("2026-12-20"), &facts, VisitKind::AnnualConfirmation).unwrap().0, DueState::Missed);
}

#[test]
fn an_id_tells_when_the_file_was_made() {
    let id = |text: &str| PlanFacts::made_on(text.parse().unwrap());
    // Of the evening of 25 November, UTC.
    assert_eq!(id("019ac2a1-8c00-7000-8000-000000000000"), Timestamp::from_ms(0x019a_c2a1_8c00).day().into());
    assert_eq!(id("00000000-0000-4000-8000-000000000001"), None);
    assert_eq!(id("ffffffff-ffff-7fff-bfff-ffffffffffff").map(|day| day.year() > 9_000), Some(true));
}

#[test]
fn a_plaque_is_hung_before_the_next_festival() {
    let facts = PlanFacts { needs_plaque: true, ..file("81") };
    let at = |today: &str| due(plan(today), &facts, VisitKind::Plaque).unwrap();
    assert_eq!(at("2026-11-26"), (DueState::Missed, Occasion::ArmyDay, "2026-07-31".to_owned()));
    assert_eq!(at("2027-01-07"), (DueState::Open, Occasion::SpringFestival, "2027-02-05".to_owned()));
    assert_eq!(due(plan("2026-11-26"), &file("81"), VisitKind::Plaque), None);
    assert!(PlanFacts::plaque("damaged") && PlanFacts::plaque("none") && PlanFacts::plaque("lost"));
    assert!(
        !PlanFacts::plaque("hung")
            && !PlanFacts::plaque("unsuited")
            && !PlanFacts::plaque("ended")
            && !PlanFacts::plaque("")
    );
}

#[test]
fn a_county_can_do_without_an_occasion() {
    let rules = PlanRules {
        festival_days: 0,
        martyr_days: 0,
        qingming_days: 0,
        plaque_days: 0,
        confirm: None,
        ..PlanRules::default()
    };
    let facts = PlanFacts { needs_plaque: true, ..file("21") };
    for today in ["2026-11-26", "2027-02-01", "2027-04-04", "2027-09-30"] {
        let kinds: Vec<VisitKind> =
            Plan::new(rules, day(today)).dues(&facts).into_iter().map(|due| due.kind).collect();
        assert_eq!(kinds, [VisitKind::FollowUp], "{today}");
    }
}

#[test]
fn the_most_pressing_comes_first() {
    let mut facts = PlanFacts { needs_plaque: true, ..file("21") };
    facts.visited("follow_up", false, day("2026-06-10"), None);
    let found: Vec<_> =
        plan("2026-11-26").dues(&facts).into_iter().map(|due| (due.kind, due.state)).collect();
    assert_eq!(
        found,
        [
            (VisitKind::Plaque, DueState::Missed),
            (VisitKind::FollowUp, DueState::Open),
            (VisitKind::AnnualConfirmation, DueState::Open),
            (VisitKind::Festival, DueState::Ahead),
            (VisitKind::MartyrDay, DueState::Ahead),
        ]
    );
}

#[test]
fn the_class_says_why() {
    let mut facts = PlanFacts::default();
    assert_eq!((facts.priority.priority(), facts.cause()), (Priority::C, None));
    facts.entitled("81", "stopped", None);
    assert_eq!(facts.priority.priority(), Priority::C);
    facts.entitled("81", "paid", None);
    assert_eq!((facts.priority.priority(), facts.cause()), (Priority::B, Some(Cause::RegularPay)));
    facts.entitled("11", "recognised", Some(5));
    assert_eq!(facts.priority.priority(), Priority::B);
    facts.entitled("11", "recognised", Some(4));
    assert_eq!((facts.priority.priority(), facts.cause()), (Priority::A, Some(Cause::BadlyDisabled)));
    facts.priority.urgent_need = true;
    assert_eq!(facts.cause(), Some(Cause::UrgentNeed));
}

#[test]
fn beyond_the_lunar_table_nothing_breaks() {
    for today in ["0001-01-01", "1899-12-31", "2101-06-01", "9999-12-31"] {
        let plan = plan(today);
        assert!(plan.is_of(&PlanRules::default(), day(today)));
        plan.dues(&file("21"));
    }
}
