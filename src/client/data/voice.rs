//! What was said at a visit and recorded: it goes to the office with the visit.

use super::{
    Data, Draft, SaveError,
    blobs::{Taken, VOICE},
};
use sync::id::BlobHash;
use uuid::Uuid;

impl Data {
    /// Keeps a recording with its visit, which may have been finished while it ran.
    pub(crate) async fn keep_voice(self, visit: Uuid, bytes: &[u8]) -> Result<BlobHash, SaveError> {
        let taken = Taken::new("voice", bytes);
        self.keep_aside(visit, VOICE, &taken).await?;
        Ok(taken.hash)
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

impl Draft {
    /// The recordings that go with the visit, in the order in which they were made.
    pub(crate) fn recordings(&self) -> Vec<BlobHash> {
        self.blobs.get(VOICE).into_iter().flatten().map(|blob| blob.hash).collect()
    }
}
