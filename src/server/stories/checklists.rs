//! Checklists of the office's own: published once, in every village, never changed, and sent to phones like any record.

use domain::{
    access::Role,
    checklist::{
        Template, builtin,
        published::{self, Published},
    },
};
use serde_json::{Value, json};
use sync::id::made_alike;
use uuid::Uuid;

use super::client::{Browser, OTHER_VILLAGE, Office, TOWNSHIP, VILLAGE, id};
use crate::{
    checklists::{self, Publication},
    commands::{Command, checklist::Form, desk},
};

/// A form of one question, with a text so long that it goes in pieces.
fn form(hint: &str, characters: usize) -> Command {
    let text = json!({"zh": "问".repeat(characters)});
    let question = json!({"code": "a", "text": text, "hint": {"zh": hint}, "type": "bool"});
    let template = json!({"id": "OWN", "version": 1, "title": {"zh": "本县表"}, "questions": [question]});
    Command::ChecklistPublish(Box::new(Form {
        file: "own.xlsx".to_owned(),
        template: serde_json::from_value(template).unwrap(),
        warnings: Vec::new(),
    }))
}

/// The checklists among what a phone is sent.
async fn sent(phone: &Browser) -> Vec<Published> {
    let (rows, _) = phone.pull_all(1).await;
    let mut templates = Vec::new();
    for row in rows.iter().filter(|row| row["type"] == published::KIND) {
        let published = Published::of(&|name| row["f"].get(name).cloned()).expect("it is whole");
        let version = published.version.to_string();
        let names = published::id_names(&published.place, &published.code, &version, &published.text);
        assert_eq!(row["e"], json!(made_alike(published::KIND, &names)));
        templates.push(published);
    }
    templates.sort_by_key(|published| published.version);
    templates
}

#[tokio::test]
async fn a_published_checklist_reaches_every_phone_and_the_same_again_is_nothing_new() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let first = office.command(form("一", 20_000)).await;
    assert_eq!((&first["version"], &first["same"]), (&json!(1), &json!(false)));
    assert!(first["villages"].as_u64().unwrap() >= 2, "{first}");
    let again = office.command(form("一", 20_000)).await;
    assert_eq!((&again["version"], &again["same"], &again["villages"]), (&json!(1), &json!(true), &json!(0)));
    let second = office.command(form("二", 3)).await;
    assert_eq!((&second["version"], &second["same"]), (&json!(2), &json!(false)));
    let sent = sent(&phone).await;
    assert_eq!(sent.iter().map(|one| one.version).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(sent[0].text.chars().filter(|c| *c == '问').count(), 20_000);
    let template: Template = sent[1].template().unwrap();
    assert_eq!((template.version, template.questions[0].hint.as_ref().unwrap().zh.as_str()), (2, "二"));
    let listed = office.command(Command::ChecklistList).await;
    let own = listed.as_array().unwrap().iter().find(|one| one["id"] == "OWN").unwrap();
    assert_eq!((&own["versions"], &own["built_in"]), (&json!([1, 2]), &json!(false)));
    assert_eq!(listed.as_array().unwrap().len(), 9, "the eight built-in ones beside it");
}

#[tokio::test]
async fn a_built_in_checklist_that_was_changed_is_its_second_version() {
    let office = Office::new().await;
    let mut template = builtin("MERIT").unwrap().template().clone();
    let publish = |template: &Template| {
        Command::ChecklistPublish(Box::new(Form {
            file: "merit.xlsx".to_owned(),
            template: template.clone(),
            warnings: Vec::new(),
        }))
    };
    let same = office.command(publish(&template)).await;
    assert_eq!((&same["version"], &same["same"], &same["villages"]), (&json!(1), &json!(true), &json!(0)));
    template.questions[0].text.zh = "喜报文号".to_owned();
    let changed = office.command(publish(&template)).await;
    assert_eq!((&changed["version"], &changed["same"]), (&json!(2), &json!(false)));
}

#[tokio::test]
async fn a_village_that_is_made_later_has_the_checklists_at_once() {
    let office = Office::new().await;
    office.command(form("一", 3)).await;
    let (code, name) = (format!("{}9", &VILLAGE[..11]), "新村".to_owned());
    office.command(Command::AreaAdd { code: code.clone(), name, parent: None }).await;
    office.add_account("new", "village_worker", &[&code]).await;
    let phone = office.phone("new").await;
    assert_eq!(sent(&phone).await.len(), 1);
}

/// A form of one question, published by somebody with these areas.
async fn publish_by(office: &Office, role: Role, area: &str, hint: &str) -> Publication {
    let name = format!("{role:?} of {area}");
    if !office.app.db.accounts().await.unwrap().iter().any(|account| account.name == name) {
        office.add_account(&name, role.word(), &[area]).await;
    }
    let accounts = office.app.db.accounts().await.unwrap();
    let account = accounts.into_iter().find(|account| account.name == name).unwrap();
    let now = office.clock.now();
    let who = desk::open(office.app.db.as_ref(), &account, now).await.unwrap();
    let Command::ChecklistPublish(form) = form(hint, 3) else { unreachable!() };
    let published = checklists::publish(&office.app, &who, form.template, &form.file).await.unwrap();
    office.app.db.close_session(&who, now).await.unwrap();
    published
}

/// The versions of the own checklist that a phone of the area is sent.
async fn versions_in(office: &Office, village: &str) -> Vec<u32> {
    let name = format!("phone of {village}");
    if !office.app.db.accounts().await.unwrap().iter().any(|account| account.name == name) {
        office.add_account(&name, "village_worker", &[village]).await;
    }
    sent(&office.phone(&name).await).await.iter().map(|one| one.version).collect()
}

#[tokio::test]
async fn what_a_township_publishes_reaches_its_own_villages_and_a_countys_all() {
    const NEXT_TOWNSHIP: &str = "339999200";
    let office = Office::new().await;
    let add = async |code: &str, name: &str| {
        office.command(Command::AreaAdd { code: code.into(), name: name.into(), parent: None }).await;
    };
    add(NEXT_TOWNSHIP, "青山镇").await;
    add("339999200201", "上坪村").await;
    let first = publish_by(&office, Role::Admin, TOWNSHIP, "一").await;
    assert_eq!((first.version, first.villages), (1, 2));
    assert_eq!(versions_in(&office, VILLAGE).await, [1]);
    assert!(versions_in(&office, "339999200201").await.is_empty(), "another township's");
    // A new village anywhere is given what is published above it, and nothing else reaches anybody by that.
    add("339999200202", "下坪村").await;
    add(&format!("{TOWNSHIP}209"), "新村").await;
    assert!(versions_in(&office, "339999200201").await.is_empty());
    assert!(versions_in(&office, "339999200202").await.is_empty());
    assert_eq!(versions_in(&office, &format!("{TOWNSHIP}209")).await, [1]);
    // The number is taken in the whole office, though the next township does not see the first one's.
    let next = publish_by(&office, Role::Admin, NEXT_TOWNSHIP, "二").await;
    assert_eq!((next.version, next.same, next.villages), (2, false, 2));
    let again = publish_by(&office, Role::Admin, TOWNSHIP, "一").await;
    assert_eq!((again.version, again.same, again.villages), (1, true, 0));
    let county = publish_by(&office, Role::CountyClerk, "339999", "三").await;
    assert_eq!((county.version, county.villages), (3, 5));
    assert_eq!(versions_in(&office, VILLAGE).await, [1, 3]);
    assert_eq!(versions_in(&office, "339999200201").await, [2, 3]);
    add("339999200203", "平坪村").await;
    assert_eq!(versions_in(&office, "339999200203").await, [2, 3], "its township's and its county's");
    add("339999300", "白云镇").await;
    add("339999300201", "云上村").await;
    assert_eq!(versions_in(&office, "339999300201").await, [3], "its county's alone");
}

#[tokio::test]
async fn an_office_is_told_since_when_what_is_out_for_its_villages() {
    let office = Office::new().await;
    let add = async |code: &str, name: &str| {
        office.command(Command::AreaAdd { code: code.into(), name: name.into(), parent: None }).await;
    };
    add("339999200", "青山镇").await;
    add("339999200201", "上坪村").await;
    let begun = office.clock.now();
    publish_by(&office, Role::Admin, "339999200", "一").await;
    publish_by(&office, Role::CountyClerk, "339999", "二").await;
    publish_by(&office, Role::CountyClerk, "339999", "二").await;
    let desk = office.desk("clerk").await;
    let rows = async |desk: &Browser| {
        let answer = desk.get("checklists").await.json();
        let rows = answer["rows"].as_array().unwrap().clone();
        assert!(rows.iter().all(|row| row["code"] == "OWN" && row["at"].as_i64().unwrap() >= begun));
        rows.iter().map(|row| row["version"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(rows(&desk).await, [2], "another township's is not told here");
    office.add_account("county", "county_clerk", &["339999"]).await;
    assert_eq!(rows(&office.desk("county").await).await, [1, 2]);
}

#[tokio::test]
async fn nobody_in_a_village_or_township_publishes_and_a_changed_text_is_none() {
    let office = Office::new().await;
    office.command(form("一", 3)).await;
    let phone = office.phone("worker").await;
    let (rows, _) = phone.pull_all(1).await;
    let row = rows.iter().find(|row| row["type"] == published::KIND).unwrap().clone();
    let set = |text: &str| json!([{"op": "set", "e": row["e"], "f": "body", "v": text, "base": {"fv": row["rev"]}}]);
    let (village, other) = (office.area(VILLAGE).await, office.area(OTHER_VILLAGE).await);
    let made = |area: &str, e: Uuid| json!([{"op": "create", "e": e, "type": published::KIND, "area": area, "f": {"code": "X", "body": "{}"}}]);
    let from_phone =
        phone.push(1, json!([phone.changeset(made(&village, id())), phone.changeset(set("{}"))])).await;
    let desk = office.desk("clerk").await;
    let from_desk =
        desk.push(1, json!([desk.changeset(made(&other, id())), desk.changeset(set("{}"))])).await;
    for verdict in
        from_phone["results"].as_array().unwrap().iter().chain(from_desk["results"].as_array().unwrap())
    {
        assert_eq!((&verdict["st"], &verdict["why"]), (&json!("held"), &json!("right")), "{verdict}");
    }
    // Who may publish could write over a record; what he wrote is no checklist, for its id is that of another text.
    office.add_account("county", "county_clerk", &["339999"]).await;
    let county = office.desk("county").await;
    let text = row["f"]["body"].as_str().unwrap().replace('一', "二");
    let written = county.push(1, json!([county.changeset(set(&text))])).await;
    assert_eq!(written["results"][0]["st"], "applied", "{written}");
    let listed = office.command(Command::ChecklistList).await;
    let own: Vec<&Value> = listed.as_array().unwrap().iter().filter(|one| one["id"] == "OWN").collect();
    assert_eq!(own[0]["versions"], json!([1]), "the other villages have it still");
    let again = office.command(form("一", 3)).await;
    assert_eq!((&again["same"], &again["version"]), (&json!(true), &json!(1)));
}

#[tokio::test]
async fn what_is_too_large_for_phones_is_refused_with_a_word() {
    let office = Office::new().await;
    let error = crate::commands::perform(&office.app, form("一", 100_000)).await.unwrap_err();
    assert!(error.to_string().contains("shorten its lists"), "{error}");
}

#[tokio::test]
async fn a_checklist_comes_as_a_workbook_and_the_same_workbook_publishes_nothing() {
    let office = Office::new().await;
    office.command(form("一", 3)).await;
    office.add_account("county", "county_clerk", &["339999"]).await;
    let desk = office.desk("county").await;
    for path in ["checklists/form?code=OWN&version=1", "checklists/form?code=PLAQUE"] {
        let answer = desk.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        let read = xlsform::read(&crate::list_file::parse_form(&answer.bytes).expect("it is a workbook"));
        assert_eq!(read.errors, [], "{path}");
        let template = read.template.expect("it is a form");
        let command = Command::ChecklistPublish(Box::new(Form {
            file: "x.xlsx".to_owned(),
            template,
            warnings: Vec::new(),
        }));
        assert_eq!(office.command(command).await["same"], json!(true), "{path}");
    }
    for path in ["checklists/form?code=NONE", "checklists/form?code=OWN&version=9"] {
        assert_eq!(desk.get(path).await.status, 404, "{path}");
    }
    desk.get("checklists/form").await.is_refused(422, "code_missing");
}
