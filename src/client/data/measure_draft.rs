//! What is said of a measure before it is said to be done: day, result and photos, on the disk at once like the answers of a visit.

use super::{
    Data, SaveError, Topic,
    blobs::{self, Taken, hash_of},
    fields::set,
};
use crate::driver::Driver;
use domain::day::Day;
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use sync::{id::BlobHash, replica::Event, wire::Op};
use uuid::Uuid;

/// Before a measure's id: the sealed setting that holds what is said of it.
const DRAFT: &str = "measure_draft:";

/// What is said of a measure so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MeasureDraft {
    /// ISO text; empty: today.
    #[serde(default)]
    pub(crate) done_on: String,
    #[serde(default)]
    pub(crate) result: String,
    #[serde(default)]
    pub(crate) photos: Vec<BlobHash>,
}

impl Data {
    /// What is said of a measure that is not done yet; nothing where nobody began.
    pub(crate) async fn measure_draft(self, measure: Uuid) -> Option<MeasureDraft> {
        read(&*self.open_driver()?, measure).await
    }

    /// Keeps the day and the result. Resolved: they are on the disk.
    pub(crate) async fn note_measure(
        self,
        measure: Uuid,
        done_on: String,
        result: String,
    ) -> Result<(), SaveError> {
        self.change_measure(measure, |draft| (draft.done_on, draft.result) = (done_on, result))
            .await
            .map(drop)
    }

    /// Keeps a photo that shows it was done; answers with all there are.
    pub(crate) async fn add_measure_photo(
        self,
        measure: Uuid,
        bytes: Vec<u8>,
    ) -> Result<Vec<BlobHash>, SaveError> {
        let driver = self.writer()?;
        blobs::keep(&driver, measure, &Taken::new("photo", &bytes).noted(), None).await?;
        let hash = hash_of(&bytes);
        let add = |draft: &mut MeasureDraft| {
            if !draft.photos.contains(&hash) {
                draft.photos.push(hash);
            }
        };
        self.change_measure(measure, add).await
    }

    /// Takes a photo away; its bytes lapse by themselves.
    pub(crate) async fn remove_measure_photo(
        self,
        measure: Uuid,
        photo: BlobHash,
    ) -> Result<Vec<BlobHash>, SaveError> {
        let left = self.change_measure(measure, |draft| draft.photos.retain(|one| *one != photo)).await?;
        let driver = self.writer()?;
        let unnoted = driver.store.unnote(photo).await.map_err(|_| SaveError::Storage)?;
        unnoted.into_iter().for_each(|head| driver.feed(Event::BlobSaved(head)));
        Ok(left)
    }

    /// Says that a measure was done, with the photos that show it.
    pub(crate) async fn finish_measure(
        self,
        measure: Uuid,
        done_on: Day,
        result: &str,
        photos: &[BlobHash],
    ) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let mut ops = vec![set(measure, "done_on", done_on.to_string().into())];
        if !result.is_empty() {
            ops.push(set(measure, "result", result.into()));
        }
        for blob in photos {
            let head = driver.store.known_blob(*blob).ok_or(SaveError::Unknown)?;
            ops.push(Op::Attach { e: measure, blob: *blob, kind: head.kind, bytes: head.bytes });
        }
        self.save(ops).await?;
        // It is saved: a note that stays behind harms nobody, for nothing asks for it any more.
        let _ = driver.store.remove_setting(&name(measure)).await;
        self.hub().bump(&[Topic::Drafts]);
        Ok(())
    }

    async fn change_measure(
        self,
        measure: Uuid,
        change: impl FnOnce(&mut MeasureDraft),
    ) -> Result<Vec<BlobHash>, SaveError> {
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        let mut draft = read(&driver, measure).await.unwrap_or_default();
        change(&mut draft);
        write(&driver, measure, &draft).await?;
        hub.bump(&[Topic::Drafts]);
        hub.ask_persist();
        Ok(draft.photos)
    }
}

fn name(measure: Uuid) -> String {
    format!("{DRAFT}{measure}")
}

async fn read(driver: &Driver, measure: Uuid) -> Option<MeasureDraft> {
    let text = driver.store.setting(&name(measure)).await.ok().flatten()?;
    domain::json::from_str(&text).ok()
}

async fn write(driver: &Rc<Driver>, measure: Uuid, draft: &MeasureDraft) -> Result<(), SaveError> {
    let text = serde_json::to_string(draft).map_err(|_| SaveError::Storage)?;
    if let Err(error) = driver.store.put_setting(&name(measure), &text).await {
        driver.free_after(error).await?;
        driver.store.put_setting(&name(measure), &text).await?;
    }
    Ok(())
}
