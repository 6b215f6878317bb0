use super::{edits::DEPTH_MAX, *};
use domain::checklist::{LEVELS_MAX, VERIFY, builtin, builtin_ids};

fn verify() -> Sketch {
    Sketch::of(builtin(VERIFY).expect("it is built in").template())
}

/// A sketch of lines `code` at depths; a code in capitals is a group.
fn sketch(lines: &str) -> Sketch {
    let mut sketch = Sketch::new("T", "表");
    for (code, depth) in lines.split_whitespace().map(|line| line.split_once(':').expect("code:depth")) {
        let is_group = code.chars().all(char::is_uppercase);
        let kind = if is_group { QuestionKind::Parts } else { QuestionKind::Text };
        let words = Words { zh: code.to_owned(), en: None };
        let depth = depth.parse().expect("a depth");
        sketch.lines.push(Line::new(Question::new(code, kind, words), depth));
    }
    sketch.with_keys()
}

fn shape(sketch: &Sketch) -> String {
    let line = |line: &Line| format!("{}:{}", line.question.code, line.depth);
    sketch.lines.iter().map(line).collect::<Vec<_>>().join(" ")
}

fn key(sketch: &Sketch, code: &str) -> u32 {
    sketch.lines.iter().find(|line| line.question.code == code).expect("the code is there").key
}

#[test]
fn every_built_in_checklist_comes_out_as_it_went_in() {
    for id in builtin_ids() {
        let template = builtin(id).expect("it is built in").template().clone();
        let sketch = Sketch::of(&template);
        let kept = Sketch::read(&sketch.text()).expect("it was kept");
        assert_eq!(kept, sketch);
        assert_eq!(Template { version: template.version, ..kept.template() }, template, "{id}");
    }
}

#[test]
fn a_question_moves_over_its_siblings_with_what_lies_in_it_and_out_of_its_group() {
    for (lines, code, up, down) in [
        ("a:0 b:0 c:0", "b", "b:0 a:0 c:0", "a:0 c:0 b:0"),
        ("a:0 G:0 x:1 y:1 b:0", "G", "G:0 x:1 y:1 a:0 b:0", "a:0 b:0 G:0 x:1 y:1"),
        ("a:0 G:0 x:1 y:1 b:0", "b", "a:0 b:0 G:0 x:1 y:1", "a:0 G:0 x:1 y:1 b:0"),
        ("a:0 G:0 x:1 y:1 b:0", "x", "a:0 x:0 G:0 y:1 b:0", "a:0 G:0 y:1 x:1 b:0"),
        ("a:0 G:0 x:1 y:1 b:0", "y", "a:0 G:0 y:1 x:1 b:0", "a:0 G:0 x:1 y:0 b:0"),
        ("a:0 b:0", "a", "a:0 b:0", "b:0 a:0"),
    ] {
        let mut moved = sketch(lines);
        let is_moved = moved.move_up(key(&moved, code));
        assert_eq!((shape(&moved).as_str(), is_moved), (up, up != lines), "{code} up in {lines}");
        let mut moved = sketch(lines);
        let is_moved = moved.move_down(key(&moved, code));
        assert_eq!((shape(&moved).as_str(), is_moved), (down, down != lines), "{code} down in {lines}");
    }
}

#[test]
fn what_is_dropped_lies_where_it_was_dropped_and_never_in_itself() {
    for (code, over, behind, after) in [
        ("a", 4, true, "G:0 x:1 y:1 b:0 a:0"),
        ("a", 4, false, "G:0 x:1 y:1 a:0 b:0"),
        ("a", 1, true, "G:0 a:1 x:1 y:1 b:0"),
        ("b", 2, true, "a:0 G:0 x:1 b:1 y:1"),
        ("x", 0, false, "x:0 a:0 G:0 y:1 b:0"),
        ("G", 2, true, "a:0 G:0 x:1 y:1 b:0"),
        ("G", 4, true, "a:0 b:0 G:0 x:1 y:1"),
    ] {
        let mut moved = sketch("a:0 G:0 x:1 y:1 b:0");
        moved.drop_on(key(&moved, code), over, behind);
        assert_eq!(shape(&moved), after, "{code} on {over}");
    }
}

#[test]
fn a_question_goes_into_the_group_above_it() {
    let mut moved = sketch("a:0 G:0 x:1 b:0");
    assert!(!moved.move_in(key(&moved, "a")));
    assert!(moved.move_in(key(&moved, "b")));
    assert_eq!(shape(&moved), "a:0 G:0 x:1 b:1");
}

#[test]
fn nothing_goes_deeper_than_a_checklist_may_be() {
    let names: Vec<String> = (0..LEVELS_MAX).map(|n| format!("{}:{n}", "G".repeat(n + 1))).collect();
    let last = "G".repeat(LEVELS_MAX);
    let mut deep = sketch(&format!("{} a:0 H:0 x:1", names.join(" ")));
    let before = shape(&deep);
    let place = deep.place(key(&deep, &last)).expect("it is there");
    assert!(!deep.drop_on(key(&deep, "a"), place, true), "into the deepest group");
    assert!(!deep.drop_on(key(&deep, "H"), place, true), "with what lies in it");
    assert!(!deep.drop_on(key(&deep, "H"), place, false), "beside it is too deep for what lies in it");
    assert_eq!(shape(&deep), before);
    assert!(deep.drop_on(key(&deep, "a"), place, false));
    assert_eq!(deep.line(key(&deep, "a")).map(|line| line.depth), Some(DEPTH_MAX));
    let added = deep.add(Some(key(&deep, &last)), QuestionKind::Text);
    assert_eq!(deep.line(added).map(|line| line.depth), Some(DEPTH_MAX), "behind it, not in it");
    assert!(!deep.may_go_in(deep.place(added).expect("it was added")));
}

#[test]
fn a_new_question_has_a_code_of_its_own_and_lies_behind_or_in_the_chosen_one() {
    let mut verify = verify();
    let last = verify.lines.last().expect("it has questions").key;
    let added = verify.add(Some(last), QuestionKind::Text);
    assert_eq!(verify.line(added).map(|line| &*line.question.code), Some("B31"));
    let mut groups = sketch("G:0 x:1 b:0");
    groups.add(Some(key(&groups, "G")), QuestionKind::Text);
    assert_eq!(shape(&groups), "G:0 x:1 G01:1 b:0");
    let mut none = Sketch::new("OWN", "表");
    none.add(None, QuestionKind::Bool);
    assert_eq!(shape(&none), "Q01:0");
}

#[test]
fn what_was_deleted_comes_back_where_it_was() {
    let whole = sketch("a:0 G:0 x:1 y:1 b:0");
    for code in ["a", "G", "y", "b"] {
        let mut changed = whole.clone();
        let deleted = changed.delete(key(&whole, code)).expect("it was there");
        assert_ne!(changed, whole);
        changed.restore(deleted);
        assert_eq!(shape(&changed), shape(&whole), "{code}");
    }
    let mut changed = whole.clone();
    let inner = changed.delete(key(&whole, "y")).expect("it was there");
    changed.delete(key(&whole, "G"));
    changed.restore(inner);
    assert_eq!(shape(&changed), "a:0 b:0 y:0", "its group is gone");
}

#[test]
fn a_copy_has_codes_of_its_own() {
    let mut doubled = sketch("G:0 x:1 x_2:0");
    doubled.duplicate(key(&doubled, "G"));
    assert_eq!(shape(&doubled), "G:0 x:1 G_2:0 x_3:1 x_2:0");
}

#[test]
fn a_group_that_becomes_a_question_lets_go_of_what_lay_in_it_and_a_kind_drops_what_it_has_not() {
    let mut changed = sketch("G:0 H:1 x:2 b:0");
    changed.set_kind(key(&changed, "G"), QuestionKind::Text);
    assert_eq!(shape(&changed), "G:0 H:0 x:1 b:0");
    let mut verify = verify();
    let at = verify.lines.iter().position(|line| has_options(line.question.kind)).expect("a choice");
    let key = verify.lines[at].key;
    verify.set_kind(key, QuestionKind::Text);
    assert!(verify.template().questions[at].options.is_empty());
    verify.set_kind(key, QuestionKind::Single);
    assert!(!verify.template().questions[at].options.is_empty(), "changed back, they are there");
}

#[test]
fn a_kind_has_the_fields_that_mean_something_for_it_and_publishes_no_others() {
    use QuestionKind as K;
    let fields = |kind| {
        let signs = [
            (Slot::ShowIf, 's'),
            (Slot::Required, 'r'),
            (Slot::Validate, 'v'),
            (Slot::Derive, 'c'),
            (Slot::Default, 'd'),
            (Slot::Filter, 'f'),
            (Slot::Min, 'm'),
            (Slot::Max, 'x'),
        ];
        signs.iter().filter(|(slot, _)| takes(kind, *slot)).map(|(_, sign)| *sign).collect::<String>()
    };
    for (kind, expected) in [
        (K::Single, "srvcdf"),
        (K::Multi, "srvcdfmx"),
        (K::Bool, "srvcd"),
        (K::Int, "srvcdmx"),
        (K::Decimal, "srvcdmx"),
        (K::Money, "srvcdmx"),
        (K::Date, "srvcd"),
        (K::Text, "srvcdmx"),
        (K::Phone, "srvcd"),
        (K::Region, "srvcd"),
        (K::Photo, "srvcmx"),
        (K::Signature, "srvc"),
        (K::Geo, "srvcd"),
        (K::Rating, "srvcdmx"),
        (K::Parts, "s"),
        (K::Repeat, "scdmx"),
        (K::Note, "s"),
        (K::Calculate, "scd"),
    ] {
        assert_eq!(fields(kind), expected, "{kind:?}");
        let mut one = sketch("a:0");
        let line = &mut one.lines[0];
        for slot in Slot::ALL {
            line.type_in(slot, if matches!(slot, Slot::Min | Slot::Max) { "1" } else { "1 = 1" });
        }
        let whole = line.question.clone();
        one.set_kind(key(&one, "a"), kind);
        let out = &one.template().questions[0];
        let gone = |slot| !takes(kind, slot);
        assert_eq!(out.required == Required::No, gone(Slot::Required), "{kind:?}");
        let left = (out.show_if.is_some(), out.validate.is_some(), out.derive.is_some());
        assert_eq!(left, (true, !gone(Slot::Validate), !gone(Slot::Derive)), "{kind:?}");
        let left = (out.default.is_some(), out.filter.is_some(), out.min.is_some(), out.max.is_some());
        let kept = (!gone(Slot::Default), !gone(Slot::Filter), !gone(Slot::Min), !gone(Slot::Max));
        assert_eq!(left, kept, "{kind:?}");
        one.set_kind(key(&one, "a"), K::Text);
        assert_eq!(one.lines[0].question, whole, "changed back, it is all there");
    }
}
