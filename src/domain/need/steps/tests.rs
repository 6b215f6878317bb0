use super::*;
use serde_json::{Map, json};

const NEED: &str = "01900000-0000-7000-8000-000000000001";
const OTHER: &str = "01900000-0000-7000-8000-000000000002";

fn fields(value: Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// How things stand around a need; what each test changes.
struct Scene {
    role: Role,
    need: Value,
    verified_by: Option<Value>,
    follow_up: Option<Value>,
    measures: Vec<Value>,
}

/// All that a need could ask for is there.
fn scene() -> Scene {
    Scene {
        role: Role::TownshipLead,
        need: json!({
            "responsible": "worker", "reason": "查过，不属实", "told_on": "2026-11-25",
            "notice_until": "2026-11-20", "follow_up_on": "2026-12-10",
        }),
        verified_by: Some(json!({"kind": "verification", "completed_at": 1_795_449_600_000_i64})),
        follow_up: Some(follow_up()),
        measures: vec![done_measure()],
    }
}

/// A visit of 2026-11-24 that found all well.
fn follow_up() -> Value {
    json!({"kind": "after_help", "completed_at": 1_795_500_000_000_i64,
           "answers": {"A24": "已落实", "A25": 4, "A29": ["hash"]}})
}

fn done_measure() -> Value {
    json!({"need": NEED, "kind": "goods", "due_on": "2026-11-30", "done_on": "2026-11-20", "blobs": [{"blob": "x"}]})
}

fn open_measure() -> Value {
    json!({"need": NEED, "kind": "goods", "due_on": "2026-12-30"})
}

fn check(from: NeedState, to: NeedState, scene: &Scene) -> Result<(), Lack> {
    around(scene, |around| may_step(from, to, around))
}

/// What an office hears that lets the state through.
fn let_through(from: NeedState, to: NeedState, scene: &Scene) -> Result<(), Lack> {
    around(scene, |around| may_stand(from, to, around))
}

fn around(scene: &Scene, ask: impl FnOnce(&Around<'_>) -> Result<(), Lack>) -> Result<(), Lack> {
    let need = fields(scene.need.clone());
    let verified_by = scene.verified_by.clone().map(fields);
    let follow_up = scene.follow_up.clone().map(fields);
    let measures: Vec<_> = scene.measures.iter().cloned().map(fields).collect();
    let measures: Vec<&dyn Fields> = measures.iter().map(|one| one as &dyn Fields).collect();
    let around = Around {
        id: Uuid::try_parse(NEED).expect("an id"),
        role: scene.role,
        day: day("2026-11-26"),
        need: &need,
        verified_by: verified_by.as_ref().map(|one| one as &dyn Fields),
        follow_up: follow_up.as_ref().map(|one| one as &dyn Fields),
        measures: &measures,
    };
    ask(&around)
}

use NeedState as S;

#[test]
fn what_is_no_step_is_refused_before_anything_else() {
    for from in S::ALL {
        for to in S::ALL {
            if !from.may_become(to) {
                assert_eq!(check(from, to, &scene()), Err(Lack::Way), "{from:?} {to:?}");
            }
        }
    }
}

#[test]
fn every_step_can_be_taken_by_somebody() {
    for from in S::ALL {
        for to in from.leads_to() {
            let mut scene = scene();
            match to {
                S::Planned => scene.measures = vec![open_measure()],
                S::PublicNotice => {
                    scene.measures = vec![json!({"need": NEED, "kind": "cash", "due_on": "2026-12-30"})];
                    scene.need["notice_until"] = json!("2026-12-03");
                }
                _ => {}
            }
            assert_eq!(check(from, *to, &scene), Ok(()), "{from:?} {to:?}");
        }
    }
}

#[test]
fn each_role_takes_its_own_steps() {
    let village: Vec<(S, S)> = S::ALL
        .into_iter()
        .flat_map(|from| offers(from, Role::VillageWorker).map(move |to| (from, to)))
        .collect();
    assert_eq!(
        village,
        [
            (S::Found, S::Dropped),
            (S::Assigned, S::Verifying),
            (S::Objection, S::Verifying),
            (S::InProgress, S::AllDone),
            (S::AllDone, S::AwaitFollowUp),
        ]
    );
    for (role, approves) in [
        (Role::TownshipClerk, false),
        (Role::TownshipLead, true),
        (Role::CountyClerk, true),
        (Role::CountyLead, true),
        (Role::VillageWorker, false),
        (Role::Admin, false),
    ] {
        assert_eq!(offers(S::PublicNotice, role).any(|to| to == S::Approved), approves, "{role:?}");
    }
    for role in [Role::Admin, Role::Auditor, Role::UnitContact] {
        assert!(S::ALL.into_iter().all(|from| offers(from, role).next().is_none()), "{role:?}");
    }
    let clerk = Scene { role: Role::TownshipClerk, ..scene() };
    assert_eq!(check(S::PublicNotice, S::Approved, &clerk), Err(Lack::Role));
}

#[test]
fn a_field_that_a_step_asks_for_is_missed() {
    for (from, to, field, lack) in [
        (S::Found, S::Assigned, "responsible", Lack::Responsible),
        (S::Found, S::Dropped, "reason", Lack::Reason),
        (S::Verifying, S::Rejected, "reason", Lack::Reason),
        (S::Verifying, S::Referred, "told_on", Lack::Told),
        (S::PublicNotice, S::Objection, "reason", Lack::Reason),
        (S::PublicNotice, S::Approved, "notice_until", Lack::NoticeHangs),
        (S::AllDone, S::AwaitFollowUp, "follow_up_on", Lack::FollowUpDay),
        (S::Closed, S::Reopened, "reason", Lack::Reason),
    ] {
        for nothing in [Value::Null, json!("  ")] {
            let mut scene = scene();
            scene.need[field] = nothing;
            assert_eq!(check(from, to, &scene), Err(lack), "{to:?}");
        }
    }
}

#[test]
fn help_is_planned_only_after_the_check_at_home_and_with_days() {
    let planned = |verified_by: Option<Value>, measures: Vec<Value>| {
        check(S::Verifying, S::Planned, &Scene { verified_by, measures, ..scene() })
    };
    let seen = scene().verified_by;
    assert_eq!(planned(None, vec![open_measure()]), Err(Lack::Verification));
    assert_eq!(planned(Some(json!({"kind": "verification"})), vec![open_measure()]), Err(Lack::Verification));
    assert_eq!(
        planned(Some(json!({"kind": "follow_up", "completed_at": 1})), vec![open_measure()]),
        Err(Lack::Verification)
    );
    let found = |conclusion: &str| {
        Some(json!({"kind": "verification", "completed_at": 1, "answers": {"B28": conclusion}}))
    };
    assert_eq!(planned(found("不属实"), vec![open_measure()]), Err(Lack::Untrue));
    assert_eq!(planned(found("部分属实"), vec![open_measure()]), Ok(()));
    let barred = json!({"kind": "verification", "completed_at": 1, "answers": {"B26": ["拒绝核查"]}});
    assert_eq!(planned(Some(barred.clone()), vec![open_measure()]), Err(Lack::County));
    let by_county = Scene {
        role: Role::CountyClerk,
        verified_by: Some(barred),
        measures: vec![open_measure()],
        ..scene()
    };
    assert_eq!(check(S::Verifying, S::Planned, &by_county), Ok(()));
    assert_eq!(planned(seen.clone(), vec![]), Err(Lack::Measure));
    let of_another = json!({"need": OTHER, "kind": "goods", "due_on": "2026-12-30"});
    assert_eq!(planned(seen.clone(), vec![of_another]), Err(Lack::Measure));
    assert_eq!(planned(seen.clone(), vec![json!({"need": NEED, "kind": "goods"})]), Err(Lack::MeasureDay));
    assert_eq!(planned(seen, vec![open_measure()]), Ok(()));
}

#[test]
fn what_was_seen_before_an_objection_or_before_it_was_taken_up_again_counts_no_more() {
    for (from, to, visit, lack) in [
        (S::Objection, S::Verifying, "verified_by", Lack::Verification),
        (S::AwaitFollowUp, S::Reopened, "follow_up", Lack::FollowUp),
        (S::Closed, S::Reopened, "follow_up", Lack::FollowUp),
    ] {
        assert_eq!(forgets(from, to), Some(visit));
        let mut scene = scene();
        scene.need[visit] = json!(OTHER);
        assert_eq!(check(from, to, &scene), Err(lack), "{from:?} {to:?}");
        scene.need[visit] = Value::Null;
        assert_eq!(check(from, to, &scene), Ok(()), "{from:?} {to:?}");
    }
}

#[test]
fn what_is_taken_up_again_takes_a_new_measure() {
    assert_eq!(check(S::Reopened, S::Planned, &scene()), Err(Lack::Measure));
    let scene = Scene { measures: vec![done_measure(), open_measure()], ..scene() };
    assert_eq!(check(S::Reopened, S::Planned, &scene), Ok(()));
}

#[test]
fn public_cash_is_announced_first_and_nothing_else_is() {
    let cash = json!({"need": NEED, "kind": "cash", "provider": "unit", "due_on": "2026-12-30"});
    let mut scene = Scene { measures: vec![open_measure()], ..scene() };
    assert_eq!(check(S::Planned, S::PublicNotice, &scene), Err(Lack::NoCash));
    assert_eq!(check(S::Planned, S::InProgress, &scene), Ok(()));
    scene.measures.push(cash);
    assert_eq!(check(S::Planned, S::InProgress, &scene), Err(Lack::Notice));
    assert_eq!(check(S::Approved, S::InProgress, &scene), Ok(()));
    // The notice hangs to the end of its last day.
    for (until, announced, approved) in [
        ("2026-11-25", Err(Lack::NoticeDay), Ok(())),
        ("2026-11-26", Err(Lack::NoticeDay), Err(Lack::NoticeHangs)),
        ("2026-11-27", Ok(()), Err(Lack::NoticeHangs)),
    ] {
        scene.need["notice_until"] = json!(until);
        assert_eq!(check(S::Planned, S::PublicNotice, &scene), announced, "{until}");
        assert_eq!(check(S::PublicNotice, S::Approved, &scene), approved, "{until}");
    }
}

#[test]
fn all_is_done_when_each_measure_is_and_something_shows_it() {
    for (measures, answer) in [
        (vec![], Err(Lack::Measure)),
        (vec![open_measure()], Err(Lack::Undone)),
        (vec![done_measure(), open_measure()], Err(Lack::Undone)),
        (vec![json!({"need": NEED, "kind": "goods", "done_on": "2026-11-20"})], Err(Lack::Undone)),
        (vec![done_measure()], Ok(())),
    ] {
        let scene = Scene { measures, ..scene() };
        assert_eq!(check(S::InProgress, S::AllDone, &scene), answer);
    }
}

#[test]
fn nothing_is_closed_without_a_good_follow_up() {
    let closed =
        |follow_up: Option<Value>| check(S::AwaitFollowUp, S::Closed, &Scene { follow_up, ..scene() });
    let with = |change: fn(&mut Value)| {
        let mut visit = follow_up();
        change(&mut visit);
        closed(Some(visit))
    };
    assert_eq!(closed(None), Err(Lack::FollowUp));
    assert_eq!(with(|visit| visit["kind"] = json!("follow_up")), Err(Lack::FollowUp));
    assert_eq!(with(|visit| visit["completed_at"] = Value::Null), Err(Lack::FollowUp));
    // Before the measure of 2026-11-20 was done.
    assert_eq!(with(|visit| visit["completed_at"] = json!(1_763_500_000_000_i64)), Err(Lack::FollowUp));
    assert_eq!(with(|visit| visit["answers"]["A24"] = json!("部分落实")), Err(Lack::NotCarriedOut));
    assert_eq!(with(|visit| visit["answers"] = Value::Null), Err(Lack::NotCarriedOut));
    assert_eq!(with(|visit| visit["answers"]["A25"] = json!(2)), Err(Lack::Rating));
    assert_eq!(with(|visit| visit["answers"]["A25"] = json!(3)), Ok(()));
    assert_eq!(with(|visit| visit["answers"]["A29"] = json!({"refused": "不便"})), Err(Lack::Signature));
    assert_eq!(with(|visit| visit["answers"]["A29"] = json!([])), Err(Lack::Signature));
    assert_eq!(closed(Some(follow_up())), Ok(()));
    let worker = Scene { role: Role::VillageWorker, ..scene() };
    assert_eq!(check(S::AwaitFollowUp, S::Closed, &worker), Err(Lack::Role));
}

#[test]
fn a_village_begins_with_what_it_found_and_an_office_with_its_ledger() {
    let begins = |role, need: Value| {
        let (id, after) = (Uuid::nil(), fields(need));
        allows(&Turn {
            id,
            role,
            day: day("2026-11-26"),
            is_decided: false,
            before: None,
            after: &after,
            named: vec![None, None],
            siblings: vec![],
        })
    };
    assert!(begins(Role::VillageWorker, json!({"state": "found"})));
    assert!(begins(Role::VillageWorker, json!({})));
    assert!(!begins(Role::VillageWorker, json!({"state": "assigned", "responsible": "me"})));
    assert!(begins(Role::TownshipClerk, json!({"state": "public_notice"})));
    assert!(begins(Role::TownshipClerk, json!({"state": "dropped", "reason": "已迁走"})));
    assert!(!begins(Role::TownshipClerk, json!({"state": "closed"})));
    assert!(!begins(Role::TownshipClerk, json!({"state": "a word of tomorrow"})));
}

#[test]
fn what_an_office_lets_through_needs_what_the_state_needs_and_no_way_there() {
    let open = Scene { measures: vec![open_measure()], ..scene() };
    assert_eq!(check(S::Rejected, S::Verifying, &open), Err(Lack::Way));
    assert_eq!(let_through(S::Rejected, S::Verifying, &open), Ok(()));
    assert_eq!(let_through(S::Found, S::AllDone, &open), Err(Lack::Undone));
    assert_eq!(let_through(S::Found, S::AllDone, &scene()), Ok(()));
    assert_eq!(let_through(S::Found, S::Closed, &Scene { follow_up: None, ..scene() }), Err(Lack::FollowUp));
    assert_eq!(let_through(S::Verifying, S::Closed, &scene()), Ok(()));
}

#[test]
fn nobody_lets_through_what_others_approve_or_public_cash_that_was_not_announced() {
    let clerk = Scene { role: Role::TownshipClerk, ..scene() };
    assert_eq!(let_through(S::Planned, S::Approved, &clerk), Err(Lack::Role));
    let mut cash = scene();
    cash.measures[0]["kind"] = json!("cash");
    cash.measures[0]["source"] = json!("public");
    for from in [S::Found, S::Planned, S::PublicNotice, S::Objection, S::Reopened] {
        for to in [S::InProgress, S::AllDone, S::AwaitFollowUp, S::Closed] {
            assert_eq!(let_through(from, to, &cash), Err(Lack::Notice), "{from:?} {to:?}");
        }
    }
    assert_eq!(let_through(S::Approved, S::AllDone, &cash), Ok(()), "it was approved");
    // What was seen before an objection counts no more, whoever decides.
    let mut seen = scene();
    seen.need["verified_by"] = json!(OTHER);
    assert_eq!(let_through(S::Objection, S::Verifying, &seen), Err(Lack::Verification));
}
