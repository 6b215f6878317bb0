//! What waits as one list: in which order, what it is found by, and its card.

use super::{
    acts::{Proposed, proposed},
    conflict::ConflictCard,
    held::HeldCard,
    proposal::ProposalCard,
};
use crate::{
    data::{Attention, ConflictRow, HeldRow},
    features::{labels, people},
};
use domain::order::Order;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// One that waits.
#[derive(Clone)]
pub(super) struct Item {
    /// The same as long as its card says the same.
    pub(super) key: String,
    at: i64,
    /// Name, village, field: what is typed to find it. Who wrote it is looked up, for names come later.
    words: String,
    by: Vec<String>,
    what: What,
}

#[derive(Clone)]
enum What {
    Proposals(Proposed),
    Conflict(ConflictRow),
    Held(HeldRow),
}

impl Item {
    /// Whether a text is in what the card says.
    pub(super) fn is_found(&self, text: &str) -> bool {
        text.is_empty()
            || self.words.contains(text)
            || self.by.iter().any(|by| people::name(by).contains(text))
    }
}

/// The open ones of a tab. At the office what waits longest comes first; elsewhere the newest.
pub(super) fn items(attention: &Attention, tab: usize, at_office: bool) -> Vec<Item> {
    let mut items: Vec<Item> = match tab {
        0 => proposed(&attention.proposals).into_iter().map(of_proposals).collect(),
        1 => attention.conflicts.iter().filter(|row| row.state == "open").map(of_conflict).collect(),
        _ => attention.held.iter().filter(|row| row.state == "open").map(of_held).collect(),
    };
    items.order_by_key(|item| (if at_office { item.at } else { -item.at }, item.key.clone()));
    items
}

fn of_proposals(proposed: Proposed) -> Item {
    let mut item = Item {
        key: String::new(),
        at: proposed.first().at,
        words: format!("{} {}", proposed.first().name, proposed.first().village),
        by: vec![proposed.first().by.clone()],
        what: What::Proposals(proposed.clone()),
    };
    for row in &proposed.rows {
        item.key += &format!("{}{}{}", row.id, row.current, row.value);
        item.words += &format!(" {}", labels::field(&row.field));
    }
    item
}

fn of_conflict(row: &ConflictRow) -> Item {
    Item {
        key: format!("{}{}{}", row.id, row.current, row.other),
        at: row.at.iter().copied().max().unwrap_or_default(),
        words: format!("{} {} {}", row.name, row.village, labels::field(&row.field)),
        by: row.by.clone(),
        what: What::Conflict(row.clone()),
    }
}

fn of_held(row: &HeldRow) -> Item {
    Item {
        key: format!("{}{}{}", row.id, row.at, row.ops),
        at: row.at,
        words: format!("{} {}", row.name, row.village),
        by: vec![row.by.clone()],
        what: What::Held(row.clone()),
    }
}

/// The card of one.
pub(super) fn card(item: Item, by_file: Signal<BTreeSet<String>>) -> AnyView {
    match item.what {
        What::Proposals(proposed) => view! { <ProposalCard proposed /> }.into_any(),
        What::Conflict(row) => view! { <ConflictCard row /> }.into_any(),
        What::Held(row) => {
            let changeset = row.changeset.to_string();
            let from_file = Signal::derive(move || by_file.read().contains(&changeset));
            view! { <HeldCard row from_file /> }.into_any()
        }
    }
}
