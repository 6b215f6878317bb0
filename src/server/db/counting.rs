//! What the files of an area say, as far as it is counted: made anew only for villages in which something changed.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};
use sync::id::AreaId;
use uuid::Uuid;

use super::{SqlDatabase, areas, kept_records, people, pull, scope, sql::Tx};
use crate::{
    db::{Caller, DbError},
    ledger::{FileFacts, Place},
};

/// Villages kept; a county has some hundred.
const AREAS_MAX: usize = 10_000;

/// What the files of a village say, and the newest change there when it was read.
pub(crate) type FactsCache = BTreeMap<AreaId, (i64, Arc<Vec<FileFacts>>)>;

/// The villages of an area, and what their files say.
#[derive(Debug, Default)]
pub struct Counted {
    pub places: Vec<Place>,
    pub files: Vec<Arc<Vec<FileFacts>>>,
}

pub(crate) async fn facts(db: &SqlDatabase, who: &Caller, area: Option<Uuid>) -> Result<Counted, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    let wanted = people::wanted(&at, area)?;
    let named = people::names(&at, &areas::all_in(&mut tx).await?, &wanted);
    let mut counted = Counted::default();
    for (area, place) in named.into_iter().filter(|(area, _)| !at.tree.is_archive(AreaId(*area))) {
        let archive = at.tree.archive(AreaId(area));
        let files = of_area(db, &mut tx, AreaId(area), archive).await?;
        if place.is_shown_empty || !files.is_empty() {
            counted.places.push(Place { id: area, name: place.name });
        }
        counted.files.push(files);
    }
    Ok(counted)
}

/// Old visits lie in the archive of their village.
async fn of_area(
    db: &SqlDatabase,
    tx: &mut Tx,
    area: AreaId,
    archive: Option<AreaId>,
) -> Result<Arc<Vec<FileFacts>>, DbError> {
    let mut changed = pull::newest_change(tx, area).await?;
    if let Some(archive) = archive {
        changed = changed.max(pull::newest_change(tx, archive).await?);
    }
    let known = db.facts.lock().unwrap_or_else(PoisonError::into_inner).get(&area).cloned();
    if let Some((_, files)) = known.filter(|(at, _)| *at == changed) {
        return Ok(files);
    }
    let mut records = Vec::new();
    for area in std::iter::once(area).chain(archive) {
        let kept = kept_records::of_area(db, tx, area).await?;
        let stands = kept.iter().filter(|kept| kept.source.dates.gone.is_none());
        records.extend(stands.map(|kept| Arc::clone(&kept.source)));
    }
    let files = Arc::new(FileFacts::all(&records));
    let mut cache = db.facts.lock().unwrap_or_else(PoisonError::into_inner);
    if cache.len() >= AREAS_MAX {
        cache.clear();
    }
    cache.insert(area, (changed, Arc::clone(&files)));
    Ok(files)
}
