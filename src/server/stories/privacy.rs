//! What people are told, what they are told about themselves, what hangs in public, and what goes when its time is over.

mod dossiers;
mod erasing;
mod notices;
mod publications;
mod retention;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use std::io::Cursor;

use super::client::{Answer, Office};
use crate::{
    db::{SqlDatabase, all_texts},
    testing::Folder,
};

/// All cells of a workbook as text, a line each.
fn cells(answer: &Answer) -> String {
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(answer.bytes.clone())).unwrap();
    let mut text = String::new();
    for (name, range) in book.worksheets() {
        text.push_str(&format!("[{name}]\n"));
        for row in range.rows() {
            let cells: Vec<String> =
                row.iter().filter(|cell| !matches!(cell, Data::Empty)).map(ToString::to_string).collect();
            text.push_str(&format!("{}\n", cells.join("|")));
        }
    }
    text
}

/// How many records, saves and lists hold a text, in a copy of the database; nothing where the database has its own tools.
async fn found_in_database(office: &Office, text: &str) -> Option<usize> {
    let folder = Folder::new();
    let file = folder.path().join("copy.db");
    office.app.db.copy_into(&file).await.ok()?;
    let copy = SqlDatabase::open_sqlite(&file, office.app.keys.clone()).await.unwrap();
    let texts = all_texts(&copy).await.unwrap();
    copy.close().await;
    Some(texts.iter().filter(|body| body.contains(text)).count())
}
