use super::{People, Surroundings};
use crate::{
    data::{
        AlarmFilter, Counted, DueFilter, RecipientQuery, RecipientRow, RecipientSort, WhoseFilter,
        areas::Areas,
    },
    vault_store::{
        entry::Entry,
        index::{Changes, Index},
    },
};
use domain::{
    age_alarm::AgeAlarm,
    day::{Day, Timestamp},
    door::Nearness,
    visit::{DueState, Occasion, PlanRules, VisitKind},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};
use sync::{id::AreaId, wire::AreaNode};
use uuid::Uuid;

const TOWN: u128 = 0xa0;
const ANXI: u128 = 0xa1;
const BAISHA: u128 = 0xa2;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn area(number: u128) -> AreaId {
    AreaId(id(number))
}

fn areas() -> Areas {
    let node = |number: u128, code: &str, name: &str, parent: Option<u128>| AreaNode {
        id: area(number),
        code: code.to_owned(),
        name: name.to_owned(),
        parent: parent.map(area),
        again: false,
    };
    Areas::of_nodes(&[
        node(TOWN, "339999100", "双桥镇", None),
        node(ANXI, "339999100202", "安溪村", Some(TOWN)),
        node(BAISHA, "339999100201", "白沙村", Some(TOWN)),
    ])
}

fn today() -> Day {
    "2026-11-24".parse().unwrap()
}

/// A moment so many days before today.
fn ago(days: i64) -> i64 {
    Timestamp::start_of(today().plus_days(-days).unwrap()).ms() + 3_600_000
}

fn entry(number: u128, kind: &str, parent: Option<u128>, letter: &str, columns: Value) -> Entry {
    serde_json::from_value(json!({
        "i": id(number), "k": kind, "r": "1.1", "c": true, "p": parent.map(id), "v": { letter: columns },
    }))
    .unwrap()
}

fn recipient(number: u128, name: &str, more: Value) -> Entry {
    let mut columns = json!({ "n": name });
    columns.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    entry(number, "recipient", None, "r", columns)
}

fn visit(number: u128, of: u128, columns: Value) -> Entry {
    entry(number, "visit", Some(of), "v", columns)
}

struct Device {
    index: Index,
    people: People,
    rules: PlanRules,
    today: Day,
    drafts: BTreeMap<Uuid, Uuid>,
}

impl Device {
    fn with(entries: Vec<(u128, Entry)>) -> Device {
        let mut device = Device {
            index: Index::default(),
            people: People::default(),
            // What falls due of itself in November is left out where visits are counted.
            rules: PlanRules { confirm: None, ..PlanRules::default() },
            today: today(),
            drafts: BTreeMap::new(),
        };
        device.put(entries);
        device
    }

    fn put(&mut self, entries: Vec<(u128, Entry)>) {
        let mut changes = Changes::default();
        for (place, entry) in entries {
            changes.put(&self.index, area(place), entry);
        }
        self.index.apply(changes);
    }

    fn look(&mut self) -> &People {
        let around = Surroundings {
            index: &self.index,
            areas: &areas(),
            rules: self.rules,
            today: self.today,
            drafts: self.drafts.clone(),
        };
        self.people.refresh(&around);
        &self.people
    }

    fn row(&mut self, number: u128) -> Arc<RecipientRow> {
        self.look().get(id(number)).unwrap().row.clone()
    }

    fn found(&mut self, query: &RecipientQuery) -> Vec<String> {
        let rows = self.look().find(&areas(), query, today());
        rows.iter().map(|row| row.name.clone()).collect()
    }
}

fn typed(text: &str) -> RecipientQuery {
    RecipientQuery { text: text.to_owned(), ..RecipientQuery::default() }
}

#[test]
fn a_row_gathers_what_lies_below_the_recipient() {
    let mut waiting = entry(13, "need", Some(1), "n", json!({"k": "N-MED", "u": "急", "x": "found"}));
    waiting.waiting = true;
    let mut device = Device::with(vec![
        (ANXI, recipient(1, "李伟", json!({"s": "1", "y": 1948, "t": "215X", "m": "138****1234"}))),
        (ANXI, entry(10, "entitlement", Some(1), "e", json!({"c": "11", "x": "stopped"}))),
        (ANXI, entry(11, "entitlement", Some(1), "e", json!({"c": "81", "x": "paid"}))),
        (ANXI, visit(12, 1, json!({"k": "follow_up", "t": "FOLLOWUP", "c": ago(100), "n": "2026-12-24"}))),
        (ANXI, waiting),
        (ANXI, entry(14, "need", Some(1), "n", json!({"k": "N-CARE", "u": "一般", "x": "closed"}))),
        (ANXI, entry(15, "conflict", None, "o", json!({"x": "open", "o": id(13), "f": "state"}))),
    ]);
    device.drafts.insert(id(1), id(77));
    let row = device.row(1);
    assert_eq!((row.name.as_str(), row.village.as_str(), row.area), ("李伟", "安溪村", area(ANXI)));
    assert_eq!(
        (row.category.as_str(), row.id_tail.as_str(), row.phone.as_str()),
        ("81", "215X", "138****1234")
    );
    assert_eq!((row.open_needs, row.unsent, row.conflict, row.draft), (1, true, true, Some(id(77))));
    assert_eq!(row.last_visit.as_deref(), Some("2026-08-16"));
    // An urgent need makes it every quarter, before the day that was promised.
    assert_eq!((row.priority, row.due_on.as_deref()), ('A', Some("2026-11-16")));
}

#[test]
fn how_often_one_is_visited_follows_from_the_file() {
    let cases = [
        (json!({}), json!({"c": "81", "x": "paid"}), 'B'),
        (json!({}), json!({"c": "81", "x": "stopped"}), 'C'),
        (json!({}), json!({"c": "11", "g": 4, "x": "paid"}), 'A'),
        (json!({}), json!({"c": "11", "g": 5, "x": "paid"}), 'B'),
        (json!({"o": true}), json!({"c": "81", "x": "paid"}), 'A'),
        (json!({"l": "2"}), json!({"c": "81", "x": "paid"}), 'A'),
        (json!({"d": true}), json!({"c": "81", "x": "stopped"}), 'A'),
        (json!({"l": "1"}), json!({"c": "none of this build"}), 'C'),
    ];
    for (person, entitlement, expected) in cases {
        let mut device = Device::with(vec![
            (ANXI, recipient(1, "李伟", person.clone())),
            (ANXI, entry(2, "entitlement", Some(1), "e", entitlement.clone())),
        ]);
        assert_eq!(device.row(1).priority, expected, "{person} {entitlement}");
    }
}

#[test]
fn today_names_who_is_due_and_what_for() {
    let late = |number, days| visit(number, number - 100, json!({"t": "FOLLOWUP", "c": ago(days)}));
    let mut device = Device::with(vec![
        (ANXI, recipient(1, "从未", json!({}))),
        (ANXI, recipient(2, "过期", json!({"o": true}))),
        (ANXI, late(102, 120)),
        (ANXI, recipient(3, "约定", json!({}))),
        (ANXI, visit(103, 3, json!({"c": ago(30), "n": today().to_string()}))),
        (ANXI, recipient(4, "还早", json!({}))),
        (ANXI, late(104, 30)),
        (ANXI, recipient(5, "退回", json!({}))),
        (ANXI, visit(105, 5, json!({"c": ago(2), "r": ["returned", ago(1)]}))),
        (ANXI, recipient(7, "去世", json!({"x": "died"}))),
        (ANXI, recipient(8, "在访", json!({}))),
        (ANXI, recipient(9, "取消", json!({}))),
        (ANXI, visit(109, 9, json!({"c": ago(5), "x": true}))),
    ]);
    device.drafts.insert(id(8), id(108));
    let due = device.look().due(&areas());
    let mut said: Vec<_> = due
        .iter()
        .map(|row| (row.recipient.name.as_str(), row.dues[0].occasion, row.dues[0].state))
        .collect();
    said.sort_by_key(|(name, ..)| *name);
    let expected = [
        ("从未", Occasion::Never, DueState::Open),
        ("取消", Occasion::Never, DueState::Open),
        ("约定", Occasion::Promised, DueState::Open),
        ("过期", Occasion::Interval { months: 3 }, DueState::Missed),
    ];
    assert_eq!(said, expected);
}

#[test]
fn a_round_goes_by_village_and_door_and_names_who_is_due_next_door() {
    let mut device = Device::with(vec![
        (ANXI, recipient(1, "甲", json!({"a": "3组12号"}))),
        (ANXI, recipient(2, "乙", json!({"a": "3组3号"}))),
        (ANXI, recipient(3, "丙", json!({"a": "3组14号"}))),
        (ANXI, recipient(4, "丁", json!({"a": "3组3号"}))),
        (ANXI, recipient(5, "戊", json!({}))),
        (BAISHA, recipient(6, "己", json!({"a": "3组12号"}))),
    ]);
    let due = device.look().due(&areas());
    let said: Vec<_> = due
        .iter()
        .map(|row| {
            (row.recipient.name.as_str(), row.beside.as_ref().map(|(near, name)| (*near, name.as_str())))
        })
        .collect();
    let yard = |name| Some((Nearness::SameYard, name));
    let next = |name| Some((Nearness::NextDoor, name));
    assert_eq!(
        said,
        [
            ("己", None),
            ("丁", yard("乙")),
            ("乙", yard("丁")),
            ("甲", next("丙")),
            ("丙", next("甲")),
            ("戊", None)
        ]
    );
}

#[test]
fn another_plan_or_another_day_makes_everybody_anew() {
    let mut device = Device::with(vec![
        (ANXI, recipient(1, "李伟", json!({"d": true}))),
        (ANXI, visit(102, 1, json!({"k": "follow_up", "c": ago(70)}))),
    ]);
    assert_eq!(device.row(1).due_on.as_deref(), Some("2026-12-15"));
    assert!(device.look().due(&areas()).is_empty());
    device.rules.follow_up_months[0] = 2;
    assert_eq!(device.row(1).due_on.as_deref(), Some("2026-11-15"));
    device.rules.follow_up_months[0] = 3;
    device.today = "2026-12-01".parse().unwrap();
    assert_eq!(device.look().due(&areas()).len(), 1);
}

#[test]
fn each_kind_of_visit_is_due_in_its_time() {
    let mut device = Device::with(vec![
        (ANXI, recipient(1, "李伟", json!({"q": true}))),
        (ANXI, entry(2, "entitlement", Some(1), "e", json!({"c": "21", "x": "paid"}))),
        (ANXI, visit(103, 1, json!({"k": "follow_up", "c": ago(1)}))),
    ]);
    device.rules = PlanRules::default();
    device.today = "2027-01-20".parse().unwrap();
    let due = device.look().due(&areas());
    let kinds: Vec<VisitKind> = due[0].dues.iter().map(|due| due.kind).collect();
    assert_eq!(kinds, [VisitKind::AnnualConfirmation, VisitKind::Festival, VisitKind::Plaque]);
}

#[test]
fn a_list_goes_by_village_and_sound_and_a_search_by_how_well_it_fits() {
    let mut device = Device::with(vec![
        (ANXI, recipient(1, "王李明", json!({}))),
        (ANXI, recipient(2, "李伟强", json!({"t": "0019"}))),
        (ANXI, recipient(3, "李伟", json!({}))),
        (BAISHA, recipient(4, "张三", json!({"m": "139****0019"}))),
        (BAISHA, entry(5, "entitlement", Some(4), "e", json!({"c": "81"}))),
        (BAISHA, recipient(6, "李娜", json!({"p": Uuid::from_u128(9)}))),
    ]);
    assert_eq!(device.found(&typed("")), ["李娜", "张三", "李伟", "李伟强", "王李明"]);
    assert_eq!(device.found(&typed("lw")), ["李伟", "李伟强"]);
    assert_eq!(device.found(&typed("li")), ["李娜", "李伟", "李伟强", "王李明"]);
    assert_eq!(device.found(&typed("0019")), ["张三", "李伟强"]);
    assert_eq!(device.found(&typed("白沙")), ["李娜", "张三"]);
    assert_eq!(device.found(&typed("bs ln")), ["李娜"]);
    let of = |place: u128| RecipientQuery { areas: vec![area(place)], ..RecipientQuery::default() };
    assert_eq!(device.found(&of(BAISHA)), ["李娜", "张三"]);
    assert_eq!(device.found(&of(TOWN)).len(), 5);
    let whose = |responsible| RecipientQuery { responsible, ..RecipientQuery::default() };
    assert_eq!(device.found(&whose(WhoseFilter::One(Uuid::from_u128(9)))), ["李娜"]);
    assert_eq!(device.found(&whose(WhoseFilter::Nobody)).len(), 4);
    let category = RecipientQuery { categories: vec!["81".to_owned()], ..RecipientQuery::default() };
    assert_eq!(device.found(&category), ["张三"]);
}

#[test]
fn filters_by_day_leave_out_those_who_are_no_longer_visited() {
    let mut device = Device::with(vec![
        (ANXI, recipient(1, "甲", json!({}))),
        (ANXI, recipient(2, "乙", json!({"x": "moved"}))),
        (ANXI, recipient(3, "丙", json!({}))),
        (ANXI, visit(103, 3, json!({"c": ago(350)}))),
        (ANXI, recipient(4, "丁", json!({}))),
        (ANXI, visit(104, 4, json!({"c": ago(10)}))),
    ]);
    let mut found =
        |due| device.found(&RecipientQuery { due, sort: RecipientSort::Due, ..RecipientQuery::default() });
    assert_eq!(found(DueFilter::Due), ["甲", "丙"], "what is due in two weeks is on the list");
    assert_eq!(found(DueFilter::Soon), ["甲", "丙"]);
    assert_eq!(found(DueFilter::Never), ["甲"]);
    assert_eq!(found(DueFilter::All), ["甲", "丙", "丁", "乙"]);
}

#[test]
fn only_the_area_that_changed_is_made_anew() {
    let mut device = Device::with(vec![
        (ANXI, recipient(1, "李伟", json!({}))),
        (BAISHA, recipient(2, "张三", json!({}))),
    ]);
    let (first, other) = (device.row(1), device.row(2));
    device.put(vec![(ANXI, visit(11, 1, json!({"c": ago(0)})))]);
    assert_eq!(device.row(1).last_visit, Some(today().to_string()));
    assert!(!Arc::ptr_eq(&device.row(1), &first) && Arc::ptr_eq(&device.row(2), &other));
    device.drafts.insert(id(2), id(9));
    assert_eq!(device.row(2).draft, Some(id(9)));
    device.drafts.clear();
    assert_eq!(device.row(2).draft, None);
    let mut gone = Changes::default();
    gone.clear(area(BAISHA));
    device.index.apply(gone);
    assert!(device.look().get(id(2)).is_none());
    assert_eq!(device.look().counts(), BTreeMap::from([(area(ANXI), Counted { households: 1, people: 1 })]));
}

#[test]
fn a_hidden_record_is_in_no_list() {
    let mut hidden = recipient(1, "李伟", json!({}));
    hidden.hidden = true;
    assert!(Device::with(vec![(ANXI, hidden)]).found(&typed("")).is_empty());
}

#[test]
fn who_reaches_an_age_is_found_by_it_and_the_dead_are_not() {
    let veteran =
        |number: u128, of: u128| (ANXI, entry(number, "entitlement", Some(of), "e", json!({"c": "81"})));
    let child = json!({"c": "21", "h": true});
    let mut device = Device::with(vec![
        (ANXI, recipient(1, "六十", json!({"y": 1966}))),
        veteran(11, 1),
        (ANXI, recipient(2, "过了很久", json!({"y": 1966, "b": "1966-01-02"}))),
        veteran(12, 2),
        (ANXI, recipient(3, "去世", json!({"y": 1966, "x": "died"}))),
        veteran(13, 3),
        (ANXI, recipient(4, "十八", json!({"y": 2008}))),
        (ANXI, entry(14, "entitlement", Some(4), "e", child)),
    ]);
    let of = |alarm| RecipientQuery { alarm, ..RecipientQuery::default() };
    assert_eq!(device.found(&of(AlarmFilter::Any)), ["六十", "十八"]);
    assert_eq!(device.found(&of(AlarmFilter::One(AgeAlarm::KinChild18))), ["十八"]);
    assert_eq!(device.row(1).alarms, [AgeAlarm::Veteran60]);
    assert_eq!(device.found(&of(AlarmFilter::All)).len(), 4);
}
