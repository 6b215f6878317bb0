//! Small pictures of everybody's face and of each family's last visit, fetched while the line is free, so that they are there in the village.

use super::Data;
use crate::{
    driver::Driver,
    platform::{http, lifecycle, storage},
    vault_store::{
        album::Kept,
        entry::{Columns, Entry, VisitColumns},
        index::Index,
    },
};
use domain::order::Order;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};
use sync::{
    id::{AreaId, BlobHash},
    replica::{Phase, Status},
};
use uuid::Uuid;

/// Width of a small picture, as the office makes them.
pub(crate) const SMALL_WIDTH: u32 = 320;
/// Photos of a visit that are kept.
const OF_VISIT_MAX: usize = 4;
/// Small pictures are only fetched while there is more room than this.
const ROOM_BYTES_MIN: u64 = 64 * 1024 * 1024;
/// A small picture comes within so long, or the line is not free.
const ANSWER_MS: i64 = 30_000;
/// After a failure nothing is fetched for so long.
pub(super) const PAUSE_MS: i64 = 60_000;

impl Data {
    /// The photos of a recipient's last visit that has any, the first one first.
    pub(super) fn last_photos(self, driver: &Driver, recipient: Uuid) -> Vec<BlobHash> {
        let index = driver.store.index();
        let visits = index.children(recipient).filter_map(|entry| with_photos(entry));
        visits.max_by_key(|visit| visit.completed_at).map(photos).unwrap_or_default()
    }
}

/// Whether the engine has nothing else to do.
pub(super) fn is_line_free(status: &Status) -> bool {
    status.phase == Phase::Idle
        && status.complete
        && status.on_phone == 0
        && status.photos_waiting == 0
        && status.problem.is_none()
        && !status.needs_login
}

/// How far the album was filled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Filled {
    /// Nothing is missing.
    Whole,
    /// Something else is to be done first, or the office does not have all yet.
    Partly,
    /// The office or the storage did not take part.
    Failed,
}

/// Fetches what is missing, one by one, until something else is to be done.
pub(super) async fn fill(driver: &Rc<Driver>) -> Filled {
    let wanted = wanted(&driver.store.index());
    let names: BTreeSet<BlobHash> = wanted.iter().map(|(hash, _)| *hash).collect();
    if driver.store.keep_only_small(|hash| names.contains(&hash)).await.is_err() {
        return Filled::Failed;
    }
    let mut filled = Filled::Whole;
    for (hash, kept) in wanted {
        let is_free = driver.store.is_unlocked()
            && lifecycle::is_visible()
            && driver.with_replica(|replica| is_line_free(&replica.status()));
        if !is_free {
            return Filled::Partly;
        }
        if driver.store.has_small(hash) || driver.store.known_blob(hash).is_some() {
            continue;
        }
        if storage::facts().await.free.is_some_and(|free| free < ROOM_BYTES_MIN) {
            return Filled::Failed;
        }
        match fetch(driver, hash).await {
            Some(Ok(bytes)) if driver.store.keep_small(hash, kept, &bytes).await.is_err() => {
                return Filled::Failed;
            }
            Some(Ok(_)) => {}
            // It is not at the office yet.
            Some(Err(_)) => filled = Filled::Partly,
            None => return Filled::Failed,
        }
    }
    filled
}

/// A small picture; the status where the office has none; nothing when it does not answer.
async fn fetch(driver: &Driver, hash: BlobHash) -> Option<Result<Vec<u8>, u16>> {
    let url = format!("/api/v1/blobs/{hash}?w={SMALL_WIDTH}");
    let request = http::Request { method: "GET", url, headers: driver.identify(), body: None, gzip: false };
    let answer = http::send_within(request, ANSWER_MS).await.ok()?;
    match answer.status {
        200 => Some(Ok(answer.bytes)),
        status @ (400 | 404) => Some(Err(status)),
        _ => None,
    }
}

/// Everybody's face, and then the photos of everybody's last visit, the newest visits first.
fn wanted(index: &Index) -> Vec<(BlobHash, Kept)> {
    let mut visits: Vec<_> = last_visits(index).into_values().collect();
    visits.order_by_key(|(_, visit)| Reverse(visit.completed_at));
    let of = |(area, visit): (AreaId, &VisitColumns)| {
        let kept = Kept::visit(visit.completed_at, area);
        photos(visit).into_iter().map(move |hash| (hash, kept))
    };
    let faces = last_faces(index).into_values().map(|(area, _, hash)| (hash, Kept::face(area)));
    faces.chain(visits.into_iter().flat_map(of)).collect()
}

/// The newest yearly photo of each recipient, with its day.
fn last_faces(index: &Index) -> BTreeMap<Uuid, (AreaId, &str, BlobHash)> {
    let mut last: BTreeMap<Uuid, (AreaId, &str, BlobHash)> = BTreeMap::new();
    for (area, entry) in index.all() {
        let (Some(recipient), Some(Columns::Yearly(face))) = (entry.parent, &entry.columns) else { continue };
        let Ok(hash) = face.photo.parse() else { continue };
        if last.get(&recipient).is_none_or(|(_, day, _)| *day < face.taken_on.as_str()) {
            last.insert(recipient, (area, face.taken_on.as_str(), hash));
        }
    }
    last
}

/// The last completed visit with photos of each recipient.
fn last_visits(index: &Index) -> BTreeMap<Uuid, (AreaId, &VisitColumns)> {
    let mut last: BTreeMap<Uuid, (AreaId, &VisitColumns)> = BTreeMap::new();
    for (area, entry) in index.all() {
        let (Some(recipient), Some(visit)) = (entry.parent, with_photos(entry)) else { continue };
        if last.get(&recipient).is_none_or(|(_, known)| known.completed_at < visit.completed_at) {
            last.insert(recipient, (area, visit));
        }
    }
    last
}

/// The entry as a completed visit with photos.
fn with_photos(entry: &Entry) -> Option<&VisitColumns> {
    let Some(Columns::Visit(visit)) = &entry.columns else { return None };
    let counts = !entry.hidden && !visit.cancelled && visit.photos > 0 && visit.completed_at.is_some();
    counts.then_some(visit)
}

fn photos(visit: &VisitColumns) -> Vec<BlobHash> {
    visit.blobs.iter().take(visit.photos.min(OF_VISIT_MAX)).filter_map(|hash| hash.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault_store::entry::YearlyColumns;
    use sync::rev::Rev;

    const AREA: AreaId = AreaId(Uuid::from_u128(9));

    fn entry(id: u128, columns: Columns) -> Entry {
        Entry {
            id: Uuid::from_u128(id),
            kind: String::new(),
            rev: Rev::ZERO,
            counted: true,
            hidden: false,
            waiting: false,
            parent: Some(Uuid::from_u128(1)),
            bundle: None,
            columns: Some(columns),
        }
    }

    fn face(id: u128, taken_on: &str, photo: &str) -> Entry {
        entry(id, Columns::Yearly(YearlyColumns { taken_on: taken_on.to_owned(), photo: photo.to_owned() }))
    }

    #[test]
    fn the_newest_face_comes_first_and_one_that_was_taken_out_is_none() {
        let hash = |n: u8| BlobHash([n; 32]).to_string();
        let visit = VisitColumns {
            completed_at: Some(7),
            photos: 5,
            blobs: (10..15).map(hash).collect(),
            ..VisitColumns::default()
        };
        let mut index = Index::default();
        let entries = vec![
            entry(2, Columns::Visit(visit)),
            face(3, "2025-03-01", &hash(1)),
            face(4, "2026-03-01", &hash(2)),
            face(5, "2024-03-01", &hash(3)),
            face(6, "2027-03-01", ""),
        ];
        index.load((AREA, 0), entries);
        let wanted: Vec<_> = wanted(&index).into_iter().map(|(hash, kept)| (hash.0[0], kept)).collect();
        let of_visit = Kept::visit(Some(7), AREA);
        let mut expected = vec![(2, Kept::face(AREA))];
        expected.extend((10..14).map(|n| (n, of_visit)));
        assert_eq!(wanted, expected);
    }
}
