//! Another server key takes the place of the present one: what was sealed before is read after, whatever breaks off on the way.

use domain::list::grid::{Cell, Grid};
use serde_json::{Value, json};
use std::{fs, sync::Arc};
use uuid::Uuid;

use super::{
    client::{Browser, Office, PASSWORD, TOWNSHIP, VILLAGE, code_of, id},
    rescues::{key, sealed, vault},
    story::two_families,
};
use crate::{
    backup::{BackupError, restore::restore},
    commands::{Command, desk},
    config::Config,
    db::{self, KeyStanding},
    keys::Keys,
    list_import::{self, Decisions},
    plant,
    testing::Folder,
};

const NUMBER: &str = "339999194803120019";
const OTHER_NUMBER: &str = "33999919710117215X";
const DAY_MS: i64 = 24 * 60 * 60_000;

/// Puts a new key first, as the command does before it touches the database.
fn new_key(config: &Config) {
    let keys = Keys::read(&config.key_file).unwrap().unwrap();
    keys.put_new_first(&config.key_file).unwrap();
}

/// Every row that is stored, but for what only tells of keys.
async fn rows(office: &Office) -> Vec<String> {
    let rows = match &office.app.config.postgres {
        None => db::all_rows(&office.app.config.database_file()).await,
        Some(url) => db::all_rows_of_postgres(url.expose()).await,
    };
    let tells =
        |row: &String| ["audit ", "server_key ", "recovery_code "].iter().any(|table| row.starts_with(table));
    rows.unwrap().into_iter().filter(|row| !tells(row)).collect()
}

async fn naming(office: &Office, kid: &str) -> Vec<String> {
    rows(office).await.into_iter().filter(|row| row.contains(kid)).collect()
}

/// Whether the record is found by that number, and by the present key's index alone.
async fn is_indexed(office: &Office, e: Uuid, number: &str) -> bool {
    let (e, index) = (e.to_string(), office.app.keys.index("id_no", number));
    let rows = rows(office).await;
    let mut own = rows
        .iter()
        .filter(|row| row.starts_with("blind_index ") && row.contains(&e) && row.contains("id_no"));
    own.next().is_some_and(|row| row.contains(&index)) && own.next().is_none()
}

async fn unmasked(desk: &Browser, e: Uuid, field: &str) -> Value {
    desk.post("unmask", json!({"e": e, "f": field, "reason": "核对证件"})).await.ok()["text"].clone()
}

fn grid(people: &[[&str; 6]]) -> Grid {
    let header = ["姓名", "身份证号", "类别", "村", "住址", "银行账号"];
    let cells = |row: &[&str; 6]| row.iter().map(|text| Cell::Text((*text).to_owned())).collect::<Vec<_>>();
    Grid { rows: std::iter::once(&header).chain(people).map(cells).collect(), ..Grid::default() }
}

async fn shown(office: &Office, people: &[[&str; 6]]) -> Value {
    let account =
        office.app.db.accounts().await.unwrap().into_iter().find(|one| one.name == "clerk").unwrap();
    let who = desk::open(office.app.db.as_ref(), &account, office.clock.now()).await.unwrap();
    list_import::preview(&office.app, &who, TOWNSHIP, "list.xlsx".to_owned(), grid(people)).await.unwrap()
}

async fn written(office: &Office, people: &[[&str; 6]]) -> Value {
    let account =
        office.app.db.accounts().await.unwrap().into_iter().find(|one| one.name == "clerk").unwrap();
    let who = desk::open(office.app.db.as_ref(), &account, office.clock.now()).await.unwrap();
    let list = grid(people);
    let shown =
        list_import::preview(&office.app, &who, TOWNSHIP, "list.xlsx".to_owned(), list).await.unwrap();
    let import = shown["id"].as_str().unwrap().parse().unwrap();
    list_import::commit(&office.app, &who, import, Decisions::default()).await.unwrap();
    shown
}

/// An office in which sealed values stand in every place where they can.
struct Scene {
    office: Office,
    phone: Browser,
    family: Uuid,
    listed: Value,
    secret: String,
    recovery: String,
}

async fn scene() -> Scene {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (family, foreign) = two_families(&office, &desk).await;
    let phone = office.phone("worker").await;
    let seal = |e: Uuid, field: &str, text: &str| plant::seal(&office.app.keys, e, field, text);
    let write = |e: Uuid, field: &str, text: &str| json!([{"op": "sealed", "e": e, "f": field, "v": seal(e, field, text), "base": {"fv": "0.0"}}]);
    // A proposal, a save that is kept for a person, and a conflict.
    let ops = [write(family, "account_no", "6222021001122334999"), write(foreign, "id_no", OTHER_NUMBER)];
    let saves: Vec<Value> = ops.into_iter().map(|ops| phone.changeset(ops)).collect();
    let answer = phone.push(1, json!(saves)).await;
    assert_eq!((&answer["results"][1]["st"], &answer["acked"]), (&json!("held"), &json!(2)), "{answer}");
    let clash = desk.changeset(write(family, "id_no", OTHER_NUMBER));
    let answer = desk.push(3, json!([clash])).await;
    assert_eq!(answer["results"][0]["made"][0]["type"], "conflict", "{answer}");
    // A list that was written over another, and one that waits.
    let first = ["孙丽", "339999194110100031", "参战", "红旗村", "3组12号", "6222021001122334556"];
    let second = ["孙丽", "339999194110100031", "参战", "红旗村", "3组12号", "6222021001122334111"];
    written(&office, &[first]).await;
    let listed = written(&office, &[second]).await;
    shown(&office, &[first]).await;
    // A second factor.
    office.add_account("county", "county_clerk", &["339999"]).await;
    let secret =
        office.browser().login("county", PASSWORD).await.is_refused(401, "totp_setup")["secret"].clone();
    let secret = secret.as_str().unwrap().to_owned();
    let typed = json!({"user": "county", "password": PASSWORD, "totp": code_of(&secret, office.clock.now())});
    let codes = office.browser().post("login", typed).await.ok()["recovery"].clone();
    let recovery = codes[0].as_str().unwrap().to_owned();
    Scene { office, phone, family, listed, secret, recovery }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_sealed_to_the_old_key_is_sealed_to_the_new_one_and_says_the_same() {
    let Scene { office, family, listed, secret, recovery, .. } = scene().await;
    let old = office.app.keys.kid().to_owned();
    let tables: std::collections::BTreeSet<String> = naming(&office, &old)
        .await
        .iter()
        .filter_map(|row| row.split(' ').next().map(str::to_owned))
        .collect();
    let expected = ["changeset", "import", "import_file", "record", "second_factor"];
    assert_eq!(tables.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let before = office.desk("clerk").await;
    assert_eq!(unmasked(&before, family, "id_no").await, NUMBER);
    let history = before.get(&format!("recipients/{family}/history")).await.ok()["rows"].clone();

    let after = office.started_again(new_key).await;
    let new = after.app.keys.kid().to_owned();
    assert_ne!(new, old);
    assert_eq!(after.app.keys.earlier_kids().collect::<Vec<_>>(), [&old]);
    assert_eq!(naming(&after, &old).await, Vec::<String>::new());
    // The old key is not even at hand.
    let after = after.started_again(|config| Keys::forget_earlier(&config.key_file).unwrap()).await;
    let desk = after.desk("clerk").await;
    assert_eq!(unmasked(&desk, family, "id_no").await, NUMBER);
    let told = desk.get(&format!("recipients/{family}/history")).await.ok()["rows"].clone();
    let changes = |rows: &Value| -> Vec<Value> {
        rows.as_array().unwrap().iter().filter(|line| line["word"] != "unmask").cloned().collect()
    };
    assert_eq!(changes(&told), changes(&history));
    // The same person is found by the new index.
    let again = shown(&after, &[["李伟", NUMBER, "参战", "红旗村", "3组12号", ""]]).await;
    assert_eq!(again["rows"][0]["stays"][0]["field"], "account_no", "{again}");
    assert!(is_indexed(&after, family, NUMBER).await);
    // What the list found is put back: it knows its own value by the seal.
    let undone = desk.post(&format!("imports/{}/undo", listed["id"].as_str().unwrap()), json!({})).await.ok();
    assert_eq!((&undone["families"], &undone["kept"]), (&json!(1), &json!([])), "{undone}");
    // The second factor counts as before, and so does a code that was written down.
    after.clock.advance(60_000);
    let code = code_of(&secret, after.clock.now());
    let login = |code: &str| json!({"user": "county", "password": PASSWORD, "totp": code});
    after.browser().post("login", login(&code)).await.ok();
    after.browser().post("login", login(&recovery)).await.is_refused(401, "totp_wrong");
    assert!(after.app.db.verify_chain(&[]).await.unwrap().flaws.is_empty());
    after.add_account("auditor", "auditor", &["339999"]).await;
    let chain = after.desk("auditor").await.get("lists/audit?size=500").await.ok()["rows"].clone();
    let told = chain.as_array().unwrap().iter().find(|row| row[1]["action"] == "key_exchange").unwrap();
    assert_eq!((&told[1]["detail"]["from"], &told[1]["detail"]["to"]), (&json!(old), &json!(new)));
    assert_eq!(told[1]["detail"]["unread"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_outlives_the_key_as_long_as_the_old_one_is_kept() {
    let Scene { office, recovery, .. } = scene().await;
    let after = office.started_again(new_key).await;
    let login = json!({"user": "county", "password": PASSWORD, "totp": recovery});
    after.browser().post("login", login.clone()).await.ok();
    after.browser().post("login", login).await.is_refused(401, "totp_wrong");
}

/// G5.
#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_knows_the_old_key_alone_hands_in_what_it_has() {
    let Scene { office, phone, .. } = scene().await;
    let (old, own) = (office.app.keys.kid().to_owned(), vault(&office, &phone));
    let (family, village) = (id(), office.area(VILLAGE).await);
    let number = plant::seal(&office.app.keys, family, "id_no", "339999196501011238");
    let create = json!({"op": "create", "e": family, "type": "recipient", "area": village, "f": {"name": "赵云", "id_no": number}});
    let save = phone.changeset(json!([create]));
    let save_id = save["id"].as_str().unwrap().to_owned();
    let mut body = save;
    body.as_object_mut().unwrap().remove("id");
    let blind = json!({"id": save_id, "sealed": sealed(&own, &save_id, &body)});

    let after = office.started_again(new_key).await;
    let phone = phone.at(&after);
    let push = json!({"push": {"first_seq": 3, "key": key(&own.wraps().out.seal), "changesets": [blind]}});
    let answer = phone.sync(push).await.ok()["push"].clone();
    assert_eq!((&answer["acked"], &answer["results"][0]["st"]), (&json!(3), &json!("applied")), "{answer}");
    let desk = after.desk("clerk").await;
    assert_eq!(unmasked(&desk, family, "id_no").await, "339999196501011238");
    // It comes under the new index, though it was sealed to the old key.
    assert!(is_indexed(&after, family, "339999196501011238").await);

    // The old key goes only when no device in use needs it.
    let stale = after.app.db.clear_earlier_keys(after.clock.now()).await.unwrap();
    assert_eq!((stale.devices.len(), stale.uploads), (1, 0), "{stale:?}");
    assert!(stale.devices[0].starts_with("worker "), "{stale:?}");
    assert_eq!(
        naming(&after, &old).await,
        Vec::<String>::new(),
        "what came since is sealed anew all the same"
    );
    let hello = json!({
        "next_seq": 4, "acked": 3, "pending": 0, "drafts": 0, "blobs": 0, "epoch": 1, "scope_rev": 2, "schema": 1, "build": "test", "t": 1,
        "sealed_to": after.app.keys.kid(), "storage": {"persisted": true},
    });
    after.clock.advance(DAY_MS);
    let said = phone.sync(json!({"hello": hello})).await.ok()["hello"].clone();
    assert_eq!(said["keys"][0]["kid"], after.app.keys.kid(), "it hears of the new key");
    let stale = after.app.db.clear_earlier_keys(after.clock.now()).await.unwrap();
    assert_eq!(stale.devices, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_that_breaks_off_is_brought_to_its_end_or_has_not_begun() {
    let Scene { office, family, .. } = scene().await;
    let old = office.app.keys.kid().to_owned();
    // Half a new file lies beside the old one: nothing has happened.
    let office = office
        .started_again(|config| {
            fs::write(config.key_file.with_file_name("server.key.new"), "{\"huif").unwrap()
        })
        .await;
    assert_eq!(office.app.keys.kid(), old);
    // The file is there and the database is the old key's: neither is served before the other follows.
    office.app.db.disconnect().await.unwrap();
    new_key(&office.app.config);
    let keys = Arc::new(Keys::read(&office.app.config.key_file).unwrap().unwrap());
    let db = crate::folder::open_database(&office.app.config, &keys).await.unwrap();
    use crate::db::Database as _;
    assert_eq!(db.key_standing().await.unwrap(), KeyStanding::Earlier(old.clone()));
    db.close().await;
    let after = office.started_again(|_| ()).await;
    assert_eq!(after.app.db.key_standing().await.unwrap(), KeyStanding::Present);
    assert_eq!(unmasked(&after.desk("clerk").await, family, "id_no").await, NUMBER);
    assert_eq!(after.app.db.seal_to_present_key(1).await.unwrap(), None, "it is done once");
    // A second exchange on top of the first.
    let third = after.started_again(new_key).await;
    assert_eq!(third.app.keys.earlier_kids().count(), 2);
    assert_eq!(unmasked(&third.desk("clerk").await, family, "id_no").await, NUMBER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_says_which_key_it_needs() {
    let Scene { office, family, .. } = scene().await;
    if office.app.config.postgres.is_some() {
        return;
    }
    let (backups, safe) = (Folder::new(), Folder::new());
    let (before, since) = (backups.path().join("before"), backups.path().join("since"));
    let old_copy = safe.path().join("server.key");
    fs::copy(&office.app.config.key_file, &old_copy).unwrap();
    let old = office.app.keys.kid().to_owned();
    office.command(Command::Backup { dir: before.clone(), keep: None, to: None }).await;
    let after = office.started_again(new_key).await;
    let new = after.app.keys.kid().to_owned();
    after.command(Command::Backup { dir: since.clone(), keep: None, to: None }).await;
    let empty = |name: &str, key: &std::path::Path| {
        let config = Config::new(backups.path().join(name), None, false);
        fs::create_dir_all(&config.data_dir).unwrap();
        fs::copy(key, &config.key_file).unwrap();
        config
    };
    // The copy from before does not open what came since, and is told the name of the right one.
    let refused = restore(&empty("a", &old_copy), &since, false, None, 1).await.unwrap_err();
    let said = refused.to_string();
    assert!(
        matches!(refused, BackupError::OtherKey { .. }) && said.contains(&old) && said.contains(&new),
        "{said}"
    );
    // It opens the backup of its own time, which goes on under it.
    let config = empty("b", &old_copy);
    restore(&config, &before, false, None, 1).await.unwrap();
    let restored = Office::over(config, office.clock.clone(), Arc::new(Folder::new())).await;
    assert_eq!(unmasked(&restored.desk("clerk").await, family, "id_no").await, NUMBER);
    // The new file holds both: a backup from before is brought to the new key as it starts.
    let config = empty("c", &after.app.config.key_file);
    restore(&config, &before, false, None, 1).await.unwrap();
    let restored = Office::over(config, office.clock.clone(), Arc::new(Folder::new())).await;
    assert_eq!(naming(&restored, &old).await, Vec::<String>::new());
    assert_eq!(unmasked(&restored.desk("clerk").await, family, "id_no").await, NUMBER);
    // Without the old key it is refused by name.
    Keys::forget_earlier(&after.app.config.key_file).unwrap();
    let refused =
        restore(&empty("d", &after.app.config.key_file), &before, false, None, 1).await.unwrap_err();
    assert!(refused.to_string().contains(&old), "{refused}");
    // A folder whose key file went back to the copy from before does not start.
    let config = empty("e", &after.app.config.key_file);
    restore(&config, &since, false, None, 1).await.unwrap();
    fs::copy(&old_copy, &config.key_file).unwrap();
    let refused = crate::folder::open(config.clone(), office.clock.clone()).await.map(|_| ()).unwrap_err();
    assert!(refused.to_string().contains(&new), "{refused}");
    let lost = Config { lost_key: true, ..config.clone() };
    crate::folder::open(lost, office.clock.clone()).await.unwrap().0.db.disconnect().await.unwrap();
    crate::folder::open(config, office.clock.clone()).await.unwrap();
}
