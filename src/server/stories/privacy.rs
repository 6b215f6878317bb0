//! What people are told, what they are told about themselves, what hangs in public, and what goes when its time is over.

mod dossiers;
mod erasing;
mod held_back;
mod merged;
mod notices;
mod publications;
mod retention;
mod sponsors;
mod traces;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use std::io::Cursor;

use super::client::{Answer, Office};
use crate::{
    db::{all_rows, all_rows_of_postgres, mentions, mentions_of_postgres},
    testing::Folder,
};

/// All cells of a workbook as text, a line each.
pub(super) fn cells(answer: &Answer) -> String {
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

/// How many rows of the whole database hold a text, in whatever column of whatever table.
async fn found_in_database(office: &Office, text: &str) -> usize {
    rows_of(office).await.iter().filter(|row| row.contains(text)).count()
}

/// Every row of every table.
async fn rows_of(office: &Office) -> Vec<String> {
    if let Some(postgres) = &office.app.config.postgres {
        return all_rows_of_postgres(postgres.expose()).await.unwrap();
    }
    let folder = Folder::new();
    let file = folder.path().join("copy.db");
    office.app.db.copy_into(&file).await.unwrap();
    all_rows(&file).await.unwrap()
}

/// What the log speaks of: as it was noted, and as it is found in a log from before that was noted.
async fn mentions_of(office: &Office) -> [Vec<String>; 2] {
    if let Some(postgres) = &office.app.config.postgres {
        return mentions_of_postgres(postgres.expose()).await.unwrap();
    }
    let folder = Folder::new();
    let file = folder.path().join("copy.db");
    office.app.db.copy_into(&file).await.unwrap();
    mentions(&file).await.unwrap()
}
