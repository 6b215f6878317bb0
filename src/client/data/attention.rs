//! What a person must look at: conflicts, held saves, proposals, rejected saves.

use super::{
    Attention, ConflictRow, Data, HeldRow, ProposalRow, RejectedRow,
    acts::decisions,
    fields::{own_proposals, plain, standing},
    file::{children, text},
};
use crate::{
    driver::Driver,
    vault_store::{
        entry::{Columns, list},
        index::Index,
    },
};
use domain::order::{Gather, Order};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    local::{LocalRecord, View},
    replica::OutboxHead,
    wire::{Fields, VerdictState, Why},
};
use uuid::Uuid;

/// What was proposed at once: of whom, and in which save.
type Saved<'a> = (Option<Uuid>, &'a str);

/// How many decisions wait: as many as 待处理 has cards.
pub(super) fn count_open(index: &Index) -> u32 {
    let mut count = 0;
    let mut saves: BTreeMap<Saved<'_>, Vec<(&str, &str)>> = BTreeMap::new();
    for (_, entry) in index.all().filter(|(_, entry)| !entry.hidden) {
        let Some(Columns::Open(open)) = entry.columns.as_ref().filter(|open| is_open(open)) else { continue };
        match entry.kind.as_str() {
            "proposal" if !open.save.is_empty() => {
                let of =
                    open.of.and_then(|of| index.get(of)).map(|of| of.parent.unwrap_or(of.id)).or(open.of);
                saves.entry((of, &open.save)).or_default().push((&open.field, &open.value));
            }
            "conflict" | "held" | "proposal" => count += 1,
            _ => {}
        }
    }
    count += saves.values().map(|fields| decisions(fields)).sum::<usize>();
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn is_open(columns: &Columns) -> bool {
    matches!(columns, Columns::Open(open) if open.state == "open")
}

impl Data {
    /// Everything that was ever open, the open ones first.
    pub(crate) async fn attention(self) -> Attention {
        let Some(driver) = self.open_driver() else { return Attention::default() };
        let mut attention = Attention {
            conflicts: self.conflicts(&driver, &ids(&driver, "conflict", None)).await,
            held: self.held(&driver).await,
            proposals: self.proposals(&driver, &ids(&driver, "proposal", None)).await,
            rejected: self.rejected(&driver),
        };
        attention.conflicts.order_by_key(|row| (row.state != "open", std::cmp::Reverse(row.id)));
        attention.held.order_by_key(|row| (row.state != "open", std::cmp::Reverse(row.at)));
        attention.proposals.order_by_key(|row| (row.state != "open", std::cmp::Reverse(row.at)));
        attention
    }

    pub(super) async fn conflicts_of(self, driver: &Driver, recipient: Uuid) -> Vec<ConflictRow> {
        let mut about: BTreeSet<Uuid> = [recipient].into();
        about.extend(driver.store.index().children(recipient).map(|child| child.id));
        self.conflicts(driver, &ids(driver, "conflict", Some(&about))).await
    }

    /// Proposals about a recipient and his entitlements, own ones before the office has them too.
    pub(super) async fn proposals_of(self, driver: &Driver, recipient: Uuid) -> Vec<ProposalRow> {
        let mut about: BTreeSet<Uuid> = [recipient].into();
        about.extend(children(driver, recipient, &["entitlement"]));
        let mut rows = self.proposals(driver, &ids(driver, "proposal", Some(&about))).await;
        let records = driver.store.load_live(&about).await.unwrap_or_default();
        for record in records.values() {
            self.add_own(driver, recipient, record, &mut rows);
        }
        rows
    }

    fn add_own(self, driver: &Driver, recipient: Uuid, record: &LocalRecord, rows: &mut Vec<ProposalRow>) {
        for own in own_proposals(record, self.role()) {
            if rows.iter().any(|row| row.id == own.id) {
                continue;
            }
            // A newer proposal of the same author and field takes the place of the older.
            let by = own.by.to_string();
            let is_older = |row: &ProposalRow| {
                row.state == "open" && row.of == record.id && row.field == own.field && row.by == by
            };
            rows.retain(|row| !is_older(row));
            let (name, village) = self.name_of(driver, recipient);
            rows.push(ProposalRow {
                id: own.id,
                of: record.id,
                category: category_of(driver, record.id),
                recipient,
                name,
                village,
                current: plain(standing(record, &own.field)).0,
                field: own.field,
                value: own.value,
                visit: None,
                by,
                at: own.at,
                state: "open".to_owned(),
                reason: String::new(),
            });
        }
    }

    async fn conflicts(self, driver: &Driver, ids: &BTreeSet<Uuid>) -> Vec<ConflictRow> {
        let views = views(driver, ids).await;
        let of = |view: &View| text(&view.f, "of").parse::<Uuid>().ok();
        let written: BTreeSet<Uuid> = views.iter().filter_map(of).gather();
        let records = driver.store.load_live(&written).await.unwrap_or_default();
        let row = |view: View| {
            let f = &view.f;
            let of = of(&view)?;
            let recipient = recipient_of(driver, of);
            let (name, village) = recipient.map(|id| self.name_of(driver, id)).unwrap_or_default();
            let field = text(f, "field");
            Some(ConflictRow {
                id: view.id,
                recipient,
                name,
                village,
                of,
                now: records.get(&of).map_or(Value::Null, |record| plain(standing(record, &field)).0),
                field,
                class: text(f, "class"),
                current: shown(f, "current"),
                other: shown(f, "other"),
                by: list(f, "by").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                at: list(f, "t").iter().filter_map(Value::as_i64).collect(),
                state: text(f, "state"),
            })
        };
        views.into_iter().filter_map(row).collect()
    }

    async fn held(self, driver: &Driver) -> Vec<HeldRow> {
        let views = views(driver, &ids(driver, "held", None)).await;
        let row = |view: View| {
            let f = &view.f;
            let ops = f.get("ops").cloned().unwrap_or(Value::Null);
            // What it would make is not there yet; below whom it would lie is.
            let named = list(f, "ops").iter().flat_map(|op| [&op["e"], &op["parent"]]);
            let recipient = named.filter_map(|id| recipient_of(driver, id.as_str()?.parse().ok()?)).next();
            let (name, village) = recipient.map(|id| self.name_of(driver, id)).unwrap_or_default();
            Some(HeldRow {
                id: view.id,
                changeset: text(f, "changeset").parse().ok()?,
                why: Why::from_word(&text(f, "why")),
                ops,
                by: first_text(f, "by"),
                at: f.get("t").and_then(Value::as_i64).unwrap_or_default(),
                state: text(f, "state"),
                name,
                village,
                recipient,
            })
        };
        views.into_iter().filter_map(row).collect()
    }

    async fn proposals(self, driver: &Driver, ids: &BTreeSet<Uuid>) -> Vec<ProposalRow> {
        let mut rows = Vec::new();
        for view in views(driver, ids).await {
            let f = &view.f;
            let Ok(of) = text(f, "recipient").parse::<Uuid>() else { continue };
            let recipient = recipient_of(driver, of).unwrap_or(of);
            let field = text(f, "field");
            let record = driver.store.record(of).await.ok().flatten();
            let current = record.map_or(Value::Null, |record| plain(standing(&record, &field)).0);
            let (name, village) = self.name_of(driver, recipient);
            rows.push(ProposalRow {
                id: view.id,
                of,
                category: category_of(driver, of),
                recipient,
                name,
                village,
                current,
                value: shown(f, "value"),
                visit: text(f, "visit").parse().ok(),
                by: first_text(f, "by"),
                at: f.get("t").and_then(Value::as_i64).unwrap_or_default(),
                state: text(f, "state"),
                reason: text(f, "reason"),
                field,
            });
        }
        rows
    }

    fn rejected(self, driver: &Driver) -> Vec<RejectedRow> {
        let heads: Vec<OutboxHead> = driver.with_replica(|replica| replica.outbox().cloned().collect());
        let refused = heads.iter().filter(|head| !head.dismissed).filter_map(|head| {
            let verdict = head.verdict.as_ref()?;
            (verdict.was.unwrap_or(verdict.st) == VerdictState::Rejected).then(|| {
                let (kind, _, name) = self.about(driver, head);
                let why = verdict.why.clone().unwrap_or(Why::Other(String::new()));
                RejectedRow { changeset: head.id, why, saved_at: head.t, kind, name }
            })
        });
        refused.collect()
    }
}

/// Ids of the records of a kind, all or those about some records.
fn ids(driver: &Driver, kind: &str, about: Option<&BTreeSet<Uuid>>) -> BTreeSet<Uuid> {
    let index = driver.store.index();
    let found = index.all().filter(|(_, entry)| entry.kind == kind && !entry.hidden).filter(|(_, entry)| {
        about.is_none_or(|about| match &entry.columns {
            Some(Columns::Open(open)) => open.of.is_some_and(|of| about.contains(&of)),
            _ => false,
        })
    });
    found.map(|(_, entry)| entry.id).gather()
}

async fn views(driver: &Driver, ids: &BTreeSet<Uuid>) -> Vec<View> {
    let records = driver.store.load_live(ids).await.unwrap_or_default();
    records.into_values().map(|record| record.view()).collect()
}

/// The recipient that a record is, or belongs to.
fn recipient_of(driver: &Driver, id: Uuid) -> Option<Uuid> {
    let index = driver.store.index();
    let entry = index.get(id)?;
    if entry.kind == "recipient" { Some(id) } else { entry.parent }
}

/// The category of an entitlement; empty for another record.
fn category_of(driver: &Driver, id: Uuid) -> String {
    let index = driver.store.index();
    match index.get(id).and_then(|entry| entry.columns.as_ref()) {
        Some(Columns::Entitlement(one)) => one.category.clone(),
        _ => String::new(),
    }
}

fn shown(f: &Fields, name: &str) -> Value {
    plain(f.get(name).unwrap_or(&Value::Null)).0
}

/// A text, or the first of a list of them.
fn first_text(f: &Fields, name: &str) -> String {
    match f.get(name) {
        Some(Value::Array(texts)) => texts.first().and_then(Value::as_str).unwrap_or_default().to_owned(),
        _ => text(f, name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault_store::{entry::Entry, index::Changes};
    use serde_json::json;
    use sync::id::AreaId;

    #[test]
    fn what_was_proposed_in_one_act_counts_once() {
        let id = Uuid::from_u128;
        let entry = |n: u128, kind: &str, parent: Option<u128>, letter: &str, columns: Value| -> Entry {
            let entry =
                json!({ "i": id(n), "k": kind, "r": "1.1", "p": parent.map(id), "v": { letter: columns } });
            serde_json::from_value(entry).expect("an entry")
        };
        let proposal = |n: u128, of: u128, field: &str, value: &str, save: &str| {
            let columns = json!({ "x": "open", "o": id(of), "f": field, "v": value, "b": save });
            entry(n, "proposal", None, "o", columns)
        };
        let (mut index, mut changes) = (Index::default(), Changes::default());
        for one in [
            entry(1, "recipient", None, "r", json!({ "n": "李伟" })),
            entry(2, "entitlement", Some(1), "e", json!({ "c": "81" })),
            proposal(10, 1, "status", "died", "w 5"),
            proposal(11, 1, "died_on", "2026-11-1", "w 5"),
            proposal(12, 2, "state", "died", "w 5"),
            proposal(13, 1, "bank", "", "w 9"),
            proposal(14, 1, "account_name", "", "w 9"),
            entry(20, "conflict", None, "o", json!({ "x": "open", "o": id(1), "f": "mobile" })),
            entry(21, "held", None, "o", json!({ "x": "other" })),
            entry(22, "task", Some(1), "o", json!({ "x": "open" })),
        ] {
            changes.put(&index, AreaId(id(90)), one);
        }
        index.apply(changes);
        assert_eq!(count_open(&index), 4, "a death, two fields of a visit, two values of one field");
    }
}
