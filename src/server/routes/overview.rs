//! `GET /api/v1/lists/overview`: what was done and is still to do, in numbers; the lines behind each are a ledger's.

use axum::{Json, extract::State};
use domain::day::Timestamp;
use serde::Deserialize;
use std::collections::BTreeSet;
use sync::{id::AreaId, wire::AreaNode};
use uuid::Uuid;

use super::ledgers::{LedgerQuery, Place};
use crate::{
    asked::Asked,
    auth::Reader,
    error::ApiError,
    ledger::{self, Counting, Group, Overview, Worker},
    state::App,
};

/// Of which area and days.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OverviewQuery {
    area: Option<String>,
    /// The beginning of the running half-year if absent.
    from: Option<String>,
    /// The end of the half-year if absent.
    to: Option<String>,
}

/// Counts what lies in the caller's areas.
pub(crate) async fn show(
    State(app): State<App>,
    Reader(who): Reader,
    Asked(OverviewQuery { area, from, to }): Asked<OverviewQuery>,
) -> Result<Json<Overview>, ApiError> {
    let today = Timestamp::from_ms(app.clock.now()).day();
    let days = LedgerQuery { from, to, ..LedgerQuery::default() }.days()?;
    let period = days.half(today).map_err(|wrong| ApiError::BadRequest(wrong.says()))?;
    let place = Place::of(&app, &who, area.as_deref()).await?;
    let counted = app.db.file_facts(&who, place.id()).await?;
    let villages: Vec<Uuid> = counted.places.iter().map(|village| village.id).collect();
    let groups = groups(&place.areas, place.id(), &villages);
    let is_of_villages =
        groups.iter().all(|group| group.villages.len() == 1 && group.villages.contains(&group.id));
    let accounts = if is_of_villages { app.db.accounts().await? } else { Vec::new() };
    let workers: Vec<Worker> = accounts
        .into_iter()
        .map(|account| Worker { id: account.id, name: account.name, has_left: account.ended_at.is_some() })
        .collect();
    let of = Counting {
        files: &counted.files,
        groups: &groups,
        workers: is_of_villages.then_some(&workers),
        period,
        rules: app.db.policy().await?.plan,
        today,
    };
    Ok(Json(ledger::overview(place.unit, &of)))
}

/// The areas right below the one that is looked at, in the order of their villages; a village itself where nothing lies below it.
fn groups(areas: &[AreaNode], top: Option<Uuid>, villages: &[Uuid]) -> Vec<Group> {
    let node = |id: AreaId| areas.iter().find(|node| node.id == id);
    let is_top = |id: AreaId| match top {
        Some(top) => id.0 == top,
        None => node(id).is_none_or(|node| node.parent.is_none_or(|above| self::is_outside(areas, above))),
    };
    let mut groups: Vec<Group> = Vec::new();
    for village in villages {
        let mut at = AreaId(*village);
        // No tree is deeper than its areas are many.
        for _ in 0..areas.len() {
            let above = node(at).and_then(|node| node.parent).filter(|_| !is_top(at));
            match above {
                Some(above) if !is_top(above) => at = above,
                _ => break,
            }
        }
        match groups.iter_mut().find(|group| group.id == at.0) {
            Some(group) => drop(group.villages.insert(*village)),
            None => groups.push(Group {
                id: at.0,
                name: node(at).map(|node| node.name.clone()).unwrap_or_default(),
                villages: BTreeSet::from([*village]),
            }),
        }
    }
    groups
}

fn is_outside(areas: &[AreaNode], id: AreaId) -> bool {
    areas.iter().all(|node| node.id != id)
}
