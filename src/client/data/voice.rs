//! What was said at a visit and recorded: it goes to the office with the visit.

use super::{
    Data, SaveError,
    blobs::{Taken, VOICE},
};
use sync::id::BlobHash;
use uuid::Uuid;

impl Data {
    /// Keeps a recording with its visit, which may have been finished while it ran.
    pub(crate) async fn keep_voice(self, visit: Uuid, bytes: &[u8]) -> Result<(), SaveError> {
        self.keep_aside(visit, VOICE, &Taken::new("voice", bytes)).await
    }

    /// The recordings of the visit under way, in the order in which they were made.
    pub(crate) fn recordings(self, visit: Uuid) -> Vec<BlobHash> {
        let draft = self.open_driver().and_then(|driver| driver.store.draft(visit));
        let blobs = draft.and_then(|mut body| body.blobs.remove(VOICE)).unwrap_or_default();
        blobs.into_iter().map(|one| one.blob).collect()
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
