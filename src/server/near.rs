//! What lies on the way of a caller: his areas and all above them.

use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

use crate::{
    db::{Area, Caller, DbError},
    state::App,
};

/// The area above each that has one.
pub(crate) fn parents(areas: &[Area]) -> BTreeMap<Uuid, Uuid> {
    areas.iter().filter_map(|area| Some((area.id, area.parent?))).collect()
}

/// An area, and those above it.
pub(crate) fn up_from(parents: &BTreeMap<Uuid, Uuid>, area: Uuid) -> impl Iterator<Item = Uuid> {
    std::iter::successors(Some(area), |at| parents.get(at).copied())
}

/// The caller's areas, with those above and below them.
///
/// # Errors
/// When the database fails.
pub(crate) async fn near(app: &App, who: &Caller) -> Result<BTreeSet<Uuid>, DbError> {
    let scope = app.db.scope_areas(who).await?;
    let parents = parents(&app.db.areas().await?);
    Ok(scope.into_iter().flat_map(|area| up_from(&parents, area)).collect())
}
