//! L1–L8 and D1: what comes down.

mod page;
mod refuse;
mod row;

use crate::{
    id::AreaId,
    rev::Rev,
    testing::{World, area},
    wire::{PullAnswer, PullPage, PullRequest, Row},
};
use std::collections::BTreeMap;

fn request(world: &World) -> PullRequest {
    PullRequest {
        epoch: world.store.head().epoch,
        scope_rev: world.scope_rev,
        cur: BTreeMap::new(),
        since: BTreeMap::new(),
        page_bytes: usize::MAX,
    }
}

fn answered(world: &World, user: &str, request: &PullRequest) -> PullPage {
    match world.try_pull(user, request) {
        PullAnswer::Page(page) => page,
        PullAnswer::Error(error) => panic!("{error:?}"),
    }
}

fn cursors(names: &[&str], rev: Rev) -> BTreeMap<AreaId, Rev> {
    names.iter().map(|name| (area(name), rev)).collect()
}

/// The row of a record, by the name its id was made from.
fn row<'p>(page: &'p PullPage, name: &str) -> Option<&'p Row> {
    page.rows.iter().find(|row| row.e == crate::testing::id(name) && row.x.is_none())
}
