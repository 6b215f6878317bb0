//! What a pull shows: the kinds that the role pulls, in the caller's areas, each field as far as the role sees it.

use domain::{
    access::Role,
    kinds::{self, FieldClass, Kind, Seen},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::{
    role_of,
    scene::{Asker, Relation, Scene, Target},
};
use crate::{plant, stories::client::id};

/// The kinds that a person creates.
fn created() -> impl Iterator<Item = &'static Kind> {
    kinds::kinds().iter().filter(|kind| kind.may_create(Role::CountyClerk))
}

/// A value for each field that a creation may hold.
fn values(scene: &Scene, kind: &Kind, e: Uuid) -> Map<String, Value> {
    let value = |name: &str, class| match class {
        // A need begins where needs begin.
        FieldClass::Plain | FieldClass::Critical if (kind.name, name) == ("need", "state") => {
            Some(json!("found"))
        }
        FieldClass::Sealed => Some(json!(plant::seal(&scene.office.app.keys, e, name, "1948-03-12"))),
        FieldClass::Set => Some(json!(["x"])),
        FieldClass::Plain | FieldClass::Critical => Some(json!("x")),
        FieldClass::Append => None,
    };
    let fields = kind.fields.iter().filter(|field| !["area", "blobs"].contains(&field.name));
    fields.filter_map(|field| Some((field.name.to_owned(), value(field.name, field.class)?))).collect()
}

/// One record of every kind in the target's area.
async fn records(scene: &Scene, target: &Target) -> BTreeMap<&'static str, Uuid> {
    let (mut made, mut saves) = (BTreeMap::new(), Vec::new());
    for kind in created() {
        let e = id();
        let parent = kind.parent.map(|_| target.family);
        let mut op = json!({"op": "create", "e": e, "type": kind.name, "area": target.area, "f": values(scene, kind, e)});
        if let Some(parent) = parent {
            op["parent"] = json!(parent);
        }
        saves.push(json!([op]));
        made.insert(kind.name, e);
    }
    scene.enter(target.code, saves).await;
    made
}

#[tokio::test]
async fn a_pull_shows_what_the_role_sees_in_its_areas_and_nothing_else() {
    let scene = Scene::new().await;
    let mut records_of = BTreeMap::new();
    let askers: Vec<_> = scene.askers().collect();
    for (asker, _) in &askers {
        for (_, target) in scene.targets(*asker) {
            if !records_of.contains_key(target.code) {
                records_of.insert(target.code, records(&scene, target).await);
            }
        }
    }
    for (asker, browser) in askers {
        let Some(role) = role_of(asker) else { continue };
        let (rows, _) = browser.pull_all(1).await;
        for (relation, target) in scene.targets(asker) {
            for kind in created() {
                let e = json!(records_of[target.code][kind.name]);
                let row = rows.iter().find(|row| row["e"] == e);
                let is_inside = matches!(relation, Relation::Own | Relation::Child);
                let is_shown = is_inside && kind.is_pulled_by(role);
                assert_eq!(row.is_some(), is_shown, "{} to {asker:?} about {relation:?}", kind.name);
                if let Some(row) = row {
                    check_fields(kind, role, &row["f"]);
                }
            }
        }
    }
}

fn check_fields(kind: &Kind, role: Role, shown: &Value) {
    for field in kind.fields.iter().filter(|field| !["area", "blobs"].contains(&field.name)) {
        if field.class == FieldClass::Append {
            continue;
        }
        let value = &shown[field.name];
        let found = match value {
            Value::Null => Seen::None,
            Value::Object(parts) if parts.contains_key("show") && field.class == FieldClass::Sealed => {
                Seen::Show
            }
            // The `x` of the set, taken for a number.
            Value::Array(rows) if kind.has_numbers_in_rows(field.name) && *rows == [json!("*")] => Seen::Show,
            _ => Seen::Full,
        };
        assert_eq!(found, kind.seen(role, field.name), "{}.{} to {role:?}: {value}", kind.name, field.name);
    }
}

/// A phone without its session hands over and is shown nothing; one that is to be wiped neither.
#[tokio::test]
async fn the_sections_of_a_sync_need_what_the_page_says() {
    let scene = Scene::new().await;
    let pull = json!({"epoch": 1, "scope_rev": 1, "cur": {}, "since": {}, "page_bytes": 65536});
    let push = json!({"first_seq": 1, "changesets": []});
    let purged = json!({"scope_rev": 1, "areas": [], "rows": 0});
    let sections = json!({"push": push, "pull": pull, "purged": purged});
    for (asker, browser) in scene.askers() {
        let mut asking = browser.clone();
        asking.inc = crate::tokens::hex(&crate::tokens::random::<8>());
        let answer = asking.sync(sections.clone()).await;
        match asker {
            Asker::Anonymous => drop(answer.is_refused(401, "login")),
            Asker::Revoked => drop(answer.is_refused(403, "revoked")),
            Asker::Locked => {
                let body = answer.ok();
                assert_eq!((&body["push"]["acked"], &body["purged"]["ok"]), (&json!(0), &json!(true)));
                assert_eq!(body["pull"]["err"], "session");
            }
            Asker::Role(_) | Asker::Elsewhere(_) => assert!(answer.ok()["pull"]["err"].is_null()),
        }
    }
}
