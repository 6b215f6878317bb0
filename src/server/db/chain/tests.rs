//! Whatever is changed in the chain is found (S8). Nothing of it is committed.

use serde_json::json;
use std::sync::Arc;
use sync::{id::DeviceId, wire::Witness};
use uuid::Uuid;

use super::walk;
use crate::{
    db::{
        AuditEntry, ChainReport, Flaw, SqlDatabase, audit,
        sql::{self, Tx},
    },
    keys::Keys,
    testing::Folder,
};

const ENTRIES: i64 = 12;

/// A chain of a dozen entries, in a transaction that nobody commits.
async fn chain(folder: &Folder) -> (SqlDatabase, Tx) {
    let (keys, _) = Keys::open_or_make(&folder.path().join("server.key")).unwrap();
    let db = SqlDatabase::open_sqlite(&folder.path().join("huifang.db"), Arc::new(keys)).await.unwrap();
    let mut tx = db.write().await.unwrap();
    for at in 1..=ENTRIES {
        let detail = json!({ "reason": format!("县里核对{at}") });
        let (account, device) = (Some(Uuid::from_u128(at.unsigned_abs().into())), Some(DeviceId([7; 16])));
        let action = if at % 2 == 0 { "unmask" } else { "export" };
        audit::append(&mut tx, AuditEntry { at, account, device, action, detail }).await.unwrap();
    }
    (db, tx)
}

async fn read(tx: &mut Tx) -> ChainReport {
    walk(tx, &[]).await.unwrap()
}

async fn change(tx: &mut Tx, n: i64, column: &str, value: &str) {
    let text = match column {
        "body" => "UPDATE audit SET body = $1 WHERE n = $2",
        "hash" => "UPDATE audit SET hash = $1 WHERE n = $2",
        "account" => "UPDATE audit SET account = $1 WHERE n = $2",
        _ => "UPDATE audit SET action = $1 WHERE n = $2",
    };
    sql::query(text).bind(value).bind(n).execute(tx).await.unwrap();
}

async fn column(tx: &mut Tx, n: i64, name: &str) -> String {
    let row = sql::query("SELECT body, hash, account, action FROM audit WHERE n = $1").bind(n).fetch_one(tx);
    row.await.unwrap().try_get(name).unwrap()
}

async fn delete(tx: &mut Tx, from: i64, to: i64) {
    sql::query("DELETE FROM audit WHERE n >= $1 AND n <= $2").bind(from).bind(to).execute(tx).await.unwrap();
}

#[tokio::test]
async fn s8_every_changed_byte_is_found() {
    let folder = Folder::new();
    let (_db, mut tx) = chain(&folder).await;
    assert_eq!(read(&mut tx).await.flaws, []);
    let mut changed = 0;
    for n in 1..=ENTRIES {
        for name in ["body", "hash", "account", "action"] {
            let right = column(&mut tx, n, name).await;
            for (at, letter) in right.char_indices().filter(|(_, letter)| letter.is_ascii()) {
                let mut wrong = right.clone();
                let flipped = char::from(u8::try_from(letter).unwrap() ^ 1);
                wrong.replace_range(at..=at, flipped.encode_utf8(&mut [0; 4]));
                change(&mut tx, n, name, &wrong).await;
                assert_ne!(read(&mut tx).await.flaws, [], "{name} of entry {n}, byte {at}");
                changed += 1;
            }
            change(&mut tx, n, name, &right).await;
        }
    }
    assert_eq!(read(&mut tx).await.flaws, []);
    assert!(changed > 1_000, "{changed} bytes");
}

#[tokio::test]
async fn logins_of_before_that_name_no_factor_hold_beside_those_that_do() {
    let folder = Folder::new();
    let (_db, mut tx) = chain(&folder).await;
    for detail in [json!({"shared": true}), json!({"shared": true, "by": ["password", "totp"]})] {
        let entry = AuditEntry { at: ENTRIES, account: None, device: None, action: "login", detail };
        audit::append(&mut tx, entry).await.unwrap();
    }
    let report = read(&mut tx).await;
    assert_eq!((report.flaws, report.head.n), (vec![], ENTRIES.unsigned_abs() + 2));
}

#[tokio::test]
async fn s8_every_entry_that_is_gone_is_found() {
    for n in 1..ENTRIES {
        let folder = Folder::new();
        let (_db, mut tx) = chain(&folder).await;
        delete(&mut tx, n, n).await;
        let gone = Flaw::Missing { from: n.unsigned_abs(), to: n.unsigned_abs() };
        assert_eq!(read(&mut tx).await.flaws, [gone]);
    }
}

#[tokio::test]
async fn s8_two_entries_that_changed_places_are_found() {
    let folder = Folder::new();
    let (_db, mut tx) = chain(&folder).await;
    let (one, other) = (column(&mut tx, 3, "body").await, column(&mut tx, 5, "body").await);
    change(&mut tx, 3, "body", &other).await;
    change(&mut tx, 5, "body", &one).await;
    assert!(read(&mut tx).await.flaws.contains(&Flaw::Changed { n: 3 }));
}

#[tokio::test]
async fn s8_a_chain_that_was_made_anew_from_one_entry_on_is_found_by_a_witness() {
    let folder = Folder::new();
    let (_db, mut tx) = chain(&folder).await;
    let seen = Witness { n: 9, h: column(&mut tx, 9, "hash").await };
    let early = Witness { n: 4, h: column(&mut tx, 4, "hash").await[..16].to_owned() };
    delete(&mut tx, 6, ENTRIES).await;
    for at in 6..=ENTRIES {
        let entry = AuditEntry { at, account: None, device: None, action: "export", detail: json!({}) };
        audit::append(&mut tx, entry).await.unwrap();
    }
    assert_eq!(read(&mut tx).await.flaws, [], "by itself it holds");
    let report = walk(&mut tx, &[seen, early]).await.unwrap();
    assert_eq!((report.flaws, report.agreeing), (vec![Flaw::Witness { n: 9 }], 1));
}

#[tokio::test]
async fn s8_a_chain_that_was_cut_off_is_found_by_a_witness_and_by_the_log() {
    let folder = Folder::new();
    let (_db, mut tx) = chain(&folder).await;
    let head = Witness { n: ENTRIES.unsigned_abs(), h: column(&mut tx, ENTRIES, "hash").await };
    for kept in (0..ENTRIES).rev() {
        delete(&mut tx, kept + 1, ENTRIES).await;
        let report = walk(&mut tx, std::slice::from_ref(&head)).await.unwrap();
        assert_eq!(report.flaws, [Flaw::Truncated { witness: head.n }], "{kept} kept");
    }
    let changeset = Uuid::from_u128(77);
    sql::query(
        "INSERT INTO changeset (op_id, device, inc, seq, author, t_dev, t_contact, t_eff, t_recv, st, made, body)
         VALUES ($1, '', '', 1, '', 0, 0, 0, 0, 'applied', '[]', '')",
    )
    .bind(changeset.to_string())
    .execute(&mut tx)
    .await
    .unwrap();
    assert_eq!(read(&mut tx).await.flaws, [Flaw::Untold { changeset }]);
}
