//! What was said at a visit and recorded: it goes to the office with the visit.

use super::{
    Data, SaveError,
    blobs::{Taken, VOICE},
    finish::known_blobs,
};
use sync::id::BlobHash;
use uuid::Uuid;

/// How a recording belongs to a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kept {
    /// It goes with it when it is finished, and may be taken out until then.
    Draft,
    /// It went with it before it was opened again.
    ForGood,
}

impl Data {
    /// Keeps a recording with its visit, which may have been finished while it ran.
    pub(crate) async fn keep_voice(self, visit: Uuid, bytes: &[u8]) -> Result<(), SaveError> {
        self.keep_aside(visit, VOICE, &Taken::new("voice", bytes)).await
    }

    /// The recordings of the visit under way, in the order in which they were made. Those that a visit had before it was opened again stay with it.
    pub(crate) fn recordings(self, visit: Uuid) -> Vec<(BlobHash, Kept)> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        let Some(mut body) = driver.store.draft(visit) else { return Vec::new() };
        let sent = known_blobs(&driver, visit, body.reopened);
        let blobs = body.blobs.remove(VOICE).unwrap_or_default().into_iter();
        let kept =
            |hash: BlobHash| if sent.contains(&hash.to_string()) { Kept::ForGood } else { Kept::Draft };
        blobs.map(|one| (one.blob, kept(one.blob))).collect()
    }

    /// Takes a recording out of the visit under way. Its bytes lapse by themselves.
    pub(crate) async fn drop_voice(self, visit: Uuid, recording: BlobHash) -> Result<(), SaveError> {
        self.change(visit, |body| {
            let recordings = body.blobs.entry(VOICE.to_owned()).or_default();
            recordings.retain(|one| one.blob != recording);
            if recordings.is_empty() {
                body.blobs.remove(VOICE);
            }
        })
        .await
    }
}
