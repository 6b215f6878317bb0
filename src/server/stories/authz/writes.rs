//! What a push may write: every op, on every group of fields, by every role, inside its areas and outside.

use domain::{
    access::Role,
    kinds::{self, FieldClass, Group, Kind, Right},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::{
    role_of,
    scene::{Relation, Scene, Target},
};
use crate::{plant, rights::page::fields_by_group, stories::client::id};

/// What a verdict says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Applied,
    Proposed,
    /// Held because the role may not.
    NoRight,
    /// Held because it lies elsewhere.
    OutOfScope,
}

impl Outcome {
    fn of(verdict: &Value) -> Option<Outcome> {
        match (verdict["st"].as_str()?, verdict["why"].as_str(), verdict["made"][0]["type"].as_str()) {
            ("applied", None, None) => Some(Outcome::Applied),
            ("merged", None, Some("proposal")) => Some(Outcome::Proposed),
            ("held", Some("right"), _) => Some(Outcome::NoRight),
            ("held", Some("out_of_scope"), _) => Some(Outcome::OutOfScope),
            _ => None,
        }
    }

    /// A write that a role may make, or propose.
    fn written(right: Right) -> Outcome {
        match right {
            Right::Write => Outcome::Applied,
            Right::Propose => Outcome::Proposed,
            Right::None => Outcome::NoRight,
        }
    }

    fn allowed(is_allowed: bool) -> Outcome {
        if is_allowed { Outcome::Applied } else { Outcome::NoRight }
    }
}

/// One op and what becomes of it inside the areas of the role.
struct Try {
    name: String,
    op: Value,
    inside: Outcome,
}

fn attempt(name: impl Into<String>, op: Value, inside: Outcome) -> Try {
    Try { name: name.into(), op, inside }
}

/// A record of every kind for somebody to write to, and the records that an office decides about.
struct Ground {
    records: BTreeMap<&'static str, Uuid>,
    /// Families of which each meets one op.
    families: Vec<Uuid>,
    proposals: Vec<Uuid>,
    held: Uuid,
}

const FAMILIES: usize = 8;

async fn ground(scene: &Scene, target: &Target) -> Ground {
    let mut saves = Vec::new();
    let mut create = |kind: &'static str, parent: Option<Uuid>| {
        let e = id();
        // What holds no value at all was emptied after its time, and is not unmerged.
        let mut op =
            json!({"op": "create", "e": e, "type": kind, "area": target.area, "f": {"x_holds": "something"}});
        if let Some(parent) = parent {
            op["parent"] = json!(parent);
        }
        saves.push(json!([op]));
        e
    };
    let families: Vec<Uuid> = (0..FAMILIES).map(|_| create("recipient", None)).collect();
    let mut records = BTreeMap::new();
    for kind in kinds::kinds().iter().filter(|kind| kind.may_create(Role::CountyClerk)) {
        records.insert(kind.name, create(kind.name, kind.parent.map(|_| families[0])));
    }
    scene.enter(target.code, saves).await;
    let (proposals, held) = scene.proposed_and_held(target, families[1]).await;
    Ground { records, families, proposals, held }
}

/// A field of the group that a plain write reaches.
fn settable(fields: &[(&'static Kind, &'static str)]) -> Option<(&'static Kind, &'static str)> {
    let is_settable = |(kind, name): &&(&'static Kind, &'static str)| {
        let class = kind.class(name);
        matches!(class, FieldClass::Plain | FieldClass::Critical)
            && !["area", "*"].contains(name)
            && kind.may_create(Role::CountyClerk)
    };
    fields.iter().find(is_settable).copied()
}

fn tries(scene: &Scene, target: &Target, role: Role, ground: &Ground) -> Vec<Try> {
    let mut tries = Vec::new();
    let base = json!({"fv": "0.0"});
    for kind in kinds::kinds() {
        let mut op = json!({"op": "create", "e": id(), "type": kind.name, "area": target.area, "f": {}});
        if kind.parent.is_some() {
            op["parent"] = json!(ground.families[0]);
        }
        tries.push(attempt(format!("create {}", kind.name), op, Outcome::allowed(kind.may_create(role))));
    }
    for (group, fields) in fields_by_group() {
        if let Some((kind, name)) = settable(&fields) {
            let op = json!({"op": "set", "e": ground.records[kind.name], "f": name, "v": "x", "base": base});
            tries.push(attempt(format!("set {group:?}"), op, Outcome::written(kind.right(role, name))));
        }
    }
    let kind = |name: &str| kinds::kind(name).unwrap();
    let (family, visit) = (ground.records["recipient"], ground.records["visit"]);
    let sealed = plant::seal(&scene.office.app.keys, family, "id_no", "339999194803120019");
    let op = json!({"op": "sealed", "e": family, "f": "id_no", "v": sealed, "base": base});
    tries.push(attempt("sealed", op, Outcome::written(kind("recipient").right(role, "id_no"))));
    let lists = [
        ("add", family, "recipient", "merits"),
        ("remove", family, "recipient", "merits"),
        ("append", visit, "visit", "reviews"),
    ];
    for (op, e, of, f) in lists {
        let (member, value) =
            if op == "append" { ("v", json!({"verdict": "accepted"})) } else { ("item", json!("x")) };
        let inside = Outcome::allowed(kind(of).right(role, f) == Right::Write);
        tries.push(attempt(op, json!({"op": op, "e": e, "f": f, member: value}), inside));
    }
    let may_attach = Outcome::allowed(kind("visit").right(role, "blobs") == Right::Write);
    let blob = json!({"op": "attach", "e": visit, "blob": target.photo, "kind": "photo", "bytes": 1});
    tries.push(attempt("attach", blob, may_attach));
    tries.push(attempt("detach", json!({"op": "detach", "e": visit, "blob": target.photo}), may_attach));
    tries.push(attempt(
        "set on a proposal",
        json!({"op": "set", "e": ground.proposals[1], "f": "state", "v": "accepted", "base": base}),
        Outcome::written(kind("proposal").right(role, "state")),
    ));
    tries.extend(decisions(target, role, ground));
    tries
}

/// What only an office does, and the change of place.
fn decisions(target: &Target, role: Role, ground: &Ground) -> Vec<Try> {
    let kind = kinds::kind("recipient").unwrap();
    let may_write = |field| role.is_office() && kind.right(role, field) == Right::Write;
    let family = |n: usize| ground.families[n];
    let rev = json!("9.0");
    vec![
        attempt(
            "move",
            json!({"op": "move", "e": family(2), "area": target.area, "base": {"fv": rev}}),
            match kind.right(role, "area") {
                Right::None => Outcome::NoRight,
                // To where it lies already: nothing is left to be proposed.
                Right::Write | Right::Propose => Outcome::Applied,
            },
        ),
        attempt(
            "delete",
            json!({"op": "delete", "e": family(3), "base": {"rev": rev}, "reason": "重复"}),
            Outcome::allowed(may_write("*")),
        ),
        attempt(
            "undelete",
            json!({"op": "undelete", "e": family(4), "reason": "误删"}),
            Outcome::allowed(may_write("*")),
        ),
        attempt(
            "merge",
            json!({"op": "merge", "from": family(5), "into": family(6), "reason": "重复"}),
            Outcome::allowed(may_write("*")),
        ),
        attempt(
            "unmerge",
            json!({"op": "unmerge", "from": family(5), "into": family(6), "reason": "是两个人"}),
            Outcome::allowed(may_write("*")),
        ),
        attempt(
            "decide",
            json!({"op": "decide", "e": ground.proposals[0], "accept": false}),
            Outcome::allowed(may_write("bank")),
        ),
        attempt(
            "resolve",
            json!({"op": "resolve", "e": ground.held, "take": "current", "reason": "重复"}),
            Outcome::allowed(role.is_office()),
        ),
    ]
}

#[tokio::test]
async fn every_write_of_every_role_is_applied_proposed_or_held_as_declared() {
    let scene = Scene::new().await;
    let mut cells = 0;
    for (asker, browser) in scene.askers() {
        let Some(role) = role_of(asker) else { continue };
        let mut browser = browser.clone();
        for (relation, target) in scene.targets(asker) {
            browser.inc = crate::tokens::hex(&crate::tokens::random::<8>());
            let ground = ground(&scene, target).await;
            let tries = tries(&scene, target, role, &ground);
            let changesets: Vec<Value> = tries.iter().map(|one| browser.changeset(json!([one.op]))).collect();
            let answer = browser.push(1, json!(changesets)).await;
            for (one, verdict) in tries.iter().zip(answer["results"].as_array().unwrap()) {
                let is_inside = matches!(relation, Relation::Own | Relation::Child);
                let expected = if is_inside { one.inside } else { Outcome::OutOfScope };
                assert_eq!(
                    Outcome::of(verdict),
                    Some(expected),
                    "{} by {asker:?} about {relation:?} ({}): {verdict}",
                    one.name,
                    target.code
                );
                cells += 1;
            }
        }
    }
    // Each group that has a field to be set was tried.
    let groups = fields_by_group().into_iter().filter(|(_, fields)| settable(fields).is_some()).count();
    // A place is moved, a review appended, and what the server writes stands in no creation.
    assert_eq!(groups, Group::Server as usize - 2);
    assert!(cells > 40 * groups, "{cells} cells");
}
