//! A finished visit is opened again: its answers, and all that was sent with it, stand in a draft as they did.

use super::{
    BlobRow, Data, SaveError, VisitState,
    blobs::{SHEET, VOICE},
    file::area_of,
};
use crate::{
    platform::clock,
    vault_store::{BlobRef, DraftBody},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::wire::Fields;
use uuid::Uuid;

impl Data {
    /// Opens a finished visit again, until it is accepted; or goes on with one that was broken off.
    pub(crate) async fn reopen_visit(self, visit: Uuid) -> Result<(), SaveError> {
        let file = self.visit(visit).await.ok_or(SaveError::Unknown)?;
        let is_closed = match file.row.state {
            VisitState::Accepted => true,
            VisitState::Cancelled => file.row.completed_at.is_some(),
            _ => false,
        };
        if is_closed {
            return Err(SaveError::Right);
        }
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        if driver.store.has_draft(visit) {
            return Ok(());
        }
        let area = area_of(&driver, file.row.recipient)?;
        let now = clock::now_ms();
        let question = file.reviews.last().and_then(|review| review.question.clone());
        let body = DraftBody {
            recipient: file.row.recipient,
            area,
            template: file.row.template.clone(),
            template_version: file.template_version,
            kind: file.row.kind.clone(),
            started_at: file.fields.get("started_at").and_then(Value::as_i64).unwrap_or(now),
            saved_at: now,
            current: question,
            blobs: blobs_by_question(&file.answers, &file.blobs),
            answers: file.answers,
            corrections: Fields::new(),
            reopened: true,
            companions: file.row.visitors.into_iter().skip(1).collect(),
            event: None,
            part_of: None,
        };
        self.put(&driver, visit, body).await
    }
}

/// What a finished visit has attached, by the questions that name it. What none names are its recordings and its signed sheets.
fn blobs_by_question(answers: &Fields, blobs: &[BlobRow]) -> BTreeMap<String, Vec<BlobRef>> {
    let mut found: BTreeMap<String, Vec<BlobRef>> = BTreeMap::new();
    let mut named = BTreeSet::new();
    for (code, answer) in answers {
        let hashes = answer.as_array().into_iter().flatten().filter_map(Value::as_str);
        for blob in hashes.filter_map(|hash| blobs.iter().find(|blob| blob.hash.to_string() == hash)) {
            named.insert(blob.hash);
            found.entry(code.clone()).or_default().push(blob_ref(blob));
        }
    }
    for blob in blobs.iter().filter(|blob| !named.contains(&blob.hash)) {
        let place = match blob.kind.as_str() {
            "voice" => VOICE,
            "paper" => SHEET,
            _ => continue,
        };
        found.entry(place.to_owned()).or_default().push(blob_ref(blob));
    }
    found
}

fn blob_ref(blob: &BlobRow) -> BlobRef {
    BlobRef { blob: blob.hash, kind: blob.kind.clone(), bytes: blob.bytes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use sync::id::BlobHash;

    fn row(n: u8, kind: &str) -> BlobRow {
        BlobRow { hash: BlobHash([n; 32]), kind: kind.to_owned(), bytes: 9, state: None, here: false }
    }

    #[test]
    fn a_visit_that_is_opened_again_lists_what_was_sent_with_it() {
        let blobs = [row(1, "photo"), row(2, "voice"), row(3, "paper"), row(4, "paper"), row(5, "photo")];
        let answers =
            [("A28", json!([blobs[0].hash])), ("B19", json!([blobs[3].hash])), ("A01", json!("入户"))];
        let answers = answers.into_iter().map(|(code, answer)| (code.to_owned(), answer)).collect();
        let found = blobs_by_question(&answers, &blobs);
        let hashes = |place: &str| found[place].iter().map(|one| one.blob.0[0]).collect::<Vec<_>>();
        assert_eq!([hashes("A28"), hashes("B19"), hashes(VOICE), hashes(SHEET)], [[1], [4], [2], [3]]);
        assert_eq!(found.len(), 4, "a photo that was taken out of its answer is not taken for a sheet");
    }
}
