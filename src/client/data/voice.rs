//! What was said at a visit and recorded: it goes to the office with the visit.

use super::{
    Data, Draft, SaveError,
    blobs::{Taken, VOICE},
    drafts::add_blob,
};
use sync::id::BlobHash;
use uuid::Uuid;

impl Data {
    /// Keeps a recording with the visit under way.
    pub(crate) async fn keep_voice(self, visit: Uuid, bytes: &[u8]) -> Result<BlobHash, SaveError> {
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        let mut body = driver.store.draft(visit).ok_or(SaveError::Unknown)?;
        let taken = Taken::new("voice", bytes);
        add_blob(&mut body, VOICE, &taken);
        self.keep_named(&driver, visit, body, &taken).await?;
        Ok(taken.hash)
    }

    /// Takes a recording out of the visit under way. Its bytes lapse by themselves.
    pub(crate) async fn drop_voice(self, visit: Uuid, recording: BlobHash) -> Result<(), SaveError> {
        self.change(visit, |body| {
            let recordings = body.blobs.entry(VOICE.to_owned()).or_default();
            recordings.retain(|one| one.blob != recording);
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
