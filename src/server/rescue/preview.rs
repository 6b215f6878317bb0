//! What a rescue file holds, before anything of it is imported.

use serde::{Deserialize, Serialize};
use sync::authority::Opener;

use super::{Report, RescueError, RescueFile, file::OutEntry, open_keys, user, whole_changesets};
use crate::{db::Caller, state::App};

/// What an import would bring.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct Preview {
    pub device: String,
    pub user: String,
    pub saves: Pieces,
    /// Unfinished visits.
    pub drafts: usize,
    pub photos: Pieces,
    /// When the first and the last save were made, by the phone's clock.
    pub from: Option<i64>,
    pub to: Option<i64>,
}

/// Pieces of one sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Pieces {
    pub all: usize,
    /// How many of them the office has.
    pub here: usize,
    /// How many do not open.
    pub damaged: usize,
}

/// Looks into a file for a clerk who supervises the phone's user.
///
/// # Errors
/// When the phone is unknown, its keys do not open here, or the system fails.
pub async fn preview(app: &App, file: RescueFile, by: &Caller) -> Result<Preview, RescueError> {
    let user = user(app, &file, Some(by)).await?;
    let keys = open_keys(&app.keys, &file)?;
    let out = whole_changesets(&app.keys, &file, &keys, &mut Report::default());
    let ids: Vec<_> = out.iter().map(|entry| entry.id).collect();
    let saved_at = |entry: &&OutEntry| {
        let sealed = entry.sealed.as_ref()?;
        let (_, key) = keys.out.get(&sealed.key)?;
        let plain = app.keys.open_body(key, entry.id, sealed)?;
        serde_json::from_slice::<Saved>(&plain).ok().map(|saved| saved.t)
    };
    let times: Vec<i64> = out.iter().filter_map(saved_at).collect();
    let mut photos = Pieces { all: file.blobs.len(), ..Pieces::default() };
    for blob in &file.blobs {
        let is_here = app.db.blob_find(blob.sha256).await?.is_some_and(|row| row.state == "verified");
        photos.here += usize::from(is_here);
    }
    Ok(Preview {
        device: file.device.to_string(),
        user,
        saves: Pieces {
            all: file.out.len(),
            here: app.db.known_changesets(&ids).await?.len(),
            damaged: file.out.len() - out.len(),
        },
        drafts: file.drafts.len(),
        photos,
        from: times.iter().min().copied(),
        to: times.iter().max().copied(),
    })
}

/// Of a changeset, when it was saved.
#[derive(Deserialize)]
struct Saved {
    t: i64,
}
