//! A client in forty lines, written from the text of the protocol alone: what it holds must equal what the server holds.

use super::World;
use crate::{
    authority::Standing,
    digest::area_digest,
    id::{AreaId, DeviceId},
    memory::{ClearOpener, Reader},
    rev::Rev,
    wire::{Fields, PullAnswer, PullPage, PullRequest, Row},
};
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Copy {
    pub(crate) area: AreaId,
    pub(crate) rev: Rev,
    pub(crate) kind: String,
    pub(crate) parent: Option<Uuid>,
    pub(crate) f: Fields,
    pub(crate) fv: BTreeMap<String, Rev>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Mirror {
    pub(crate) rows: BTreeMap<Uuid, Copy>,
    dead: BTreeMap<Uuid, Rev>,
    cur: BTreeMap<AreaId, Rev>,
    since: BTreeMap<AreaId, Rev>,
}

impl Mirror {
    /// Pulls up to `pages_max` pages of `page_bytes`; true when nothing is left.
    pub(crate) fn pull(&mut self, world: &World, user: &str, page_bytes: usize, pages_max: usize) -> bool {
        for _ in 0..pages_max {
            let who = world.who(user);
            let reader = Reader {
                who: &who,
                device: DeviceId([0; 16]),
                session: true,
                standing: Standing::Active,
                scope_rev: world.scope_rev,
                again: &world.again,
                tree: &world.tree,
            };
            let request = PullRequest {
                epoch: world.store.head().epoch,
                scope_rev: world.scope_rev,
                cur: self.cur.clone(),
                since: self.since.clone(),
                page_bytes,
            };
            let PullAnswer::Page(page) = world.store.pull(&request, &reader, &ClearOpener, 3) else {
                panic!("page")
            };
            let more = page.more;
            self.apply(page);
            if !more {
                return true;
            }
        }
        false
    }

    fn apply(&mut self, page: PullPage) {
        for row in page.rows {
            let is_newer = self.rows.get(&row.e).is_none_or(|own| row.rev >= own.rev);
            if row.x.is_some() {
                if self.rows.get(&row.e).is_some_and(|own| own.rev < row.rev) {
                    self.rows.remove(&row.e);
                }
            } else if row.del {
                if is_newer {
                    self.rows.remove(&row.e);
                    self.dead.insert(row.e, row.rev);
                }
            } else if is_newer {
                self.put(row);
            }
        }
        for (area, rev) in &page.cur {
            if *rev == page.head {
                self.since.insert(*area, *rev);
            }
        }
        self.cur = page.cur;
        for (area, digest) in page.digest.into_iter().flatten() {
            let own = self.rows.iter().filter(|(_, copy)| copy.area == area).map(|(e, copy)| (*e, copy.rev));
            assert_eq!(area_digest(own), digest, "the digest of {area} (I7)");
        }
    }

    fn put(&mut self, row: Row) {
        let f = row.f.unwrap_or_default();
        let version = |name: &String| row.fv.as_ref().and_then(|fv| fv.get(name)).copied().or(row.fv0);
        let fv: BTreeMap<_, _> =
            f.keys().map(|name| (name.clone(), version(name).unwrap_or(row.rev))).collect();
        if row.full {
            let kind = row.kind.expect("a full row names its kind");
            self.rows.insert(row.e, Copy { area: row.area, rev: row.rev, kind, parent: row.parent, f, fv });
            return;
        }
        let own = self.rows.get_mut(&row.e).expect("a partial row for a record that is there (I5)");
        (own.area, own.rev) = (row.area, row.rev);
        own.f.extend(f);
        own.fv.extend(fv);
    }
}
