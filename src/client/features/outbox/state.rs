//! The fate of a save, and reasons of the office, in words.

use crate::{
    data::{HeldRow, OutboxItem, OutboxState},
    features::held_step,
    locale::words::sync as w,
    ui::Tone,
};
use domain::order::Order;
use sync::wire::{VerdictState, Why};

/// The fate of a save in a word.
pub(super) fn fate(state: &OutboxState) -> (Tone, &'static str) {
    match state {
        OutboxState::Queued => (Tone::Plain, w::queued()),
        OutboxState::InFlight => (Tone::Plain, w::in_flight()),
        OutboxState::Durable => (Tone::Good, w::arrived()),
        OutboxState::Acked { st, .. } => match st {
            VerdictState::Applied | VerdictState::Duplicate => (Tone::Good, w::arrived()),
            VerdictState::Merged => (Tone::Soon, w::merged()),
            VerdictState::Held => (Tone::Soon, w::held()),
            VerdictState::Rejected => (Tone::Bad, w::rejected()),
        },
    }
}

/// What was saved, in a word.
pub(super) fn what(kind: &str) -> &'static str {
    match kind {
        "visit" => w::what_visit(),
        "need" => w::what_need(),
        "recipient" => w::what_file(),
        "rights_request" => w::what_request(),
        "sponsor" => w::what_sponsor(),
        "pledge" => w::what_pledge(),
        "donation" => w::what_donation(),
        _ => w::what_other(),
    }
}

/// Why the office keeps a save, in plain words.
pub(super) fn why_held(row: &HeldRow) -> &'static str {
    match &row.why {
        Why::Step => held_step::of_ops(&row.ops),
        other => why(other, ""),
    }
}

/// Why the office kept or refused a save of that kind, in plain words.
pub(super) fn why(why: &Why, kind: &str) -> &'static str {
    match why {
        Why::Missing | Why::Deleted | Why::MergedAway => w::why_gone(),
        Why::Exists => w::why_exists(),
        Why::OutOfScope => w::why_out_of_scope(),
        Why::Readonly => w::why_readonly(),
        Why::Right => w::why_right(),
        Why::Changed | Why::Stale => w::why_changed(),
        Why::Step => held_step::of_kind(kind),
        Why::Draft => w::why_draft(),
        Why::Revoked => w::why_revoked(),
        Why::Schema | Why::UnknownOp | Why::UnknownKind => w::why_version(),
        Why::TooLarge => w::why_too_large(),
        Why::BadSeal | Why::BadShape | Why::BadValue | Why::Other(_) => w::why_shape(),
    }
}

/// What still waits comes first, the oldest on top; then what arrived, the newest on top.
pub(super) fn ordered(mut items: Vec<OutboxItem>) -> Vec<OutboxItem> {
    let waits = |item: &OutboxItem| matches!(item.state, OutboxState::Queued | OutboxState::InFlight);
    items.order_by_key(|item| if waits(item) { (0, item.saved_at) } else { (1, -item.saved_at) });
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn item(saved_at: i64, state: OutboxState) -> OutboxItem {
        OutboxItem {
            id: Uuid::nil(),
            seq: 1,
            saved_at,
            kind: "visit".to_owned(),
            e: Uuid::nil(),
            name: String::new(),
            state,
            bytes: 1,
            photos: 0,
            photos_at_office: 0,
        }
    }

    #[test]
    fn what_waits_longest_is_on_top() {
        let items = vec![
            item(1, OutboxState::Durable),
            item(5, OutboxState::Queued),
            item(3, OutboxState::InFlight),
            item(2, OutboxState::Durable),
        ];
        let order: Vec<_> = ordered(items).iter().map(|item| item.saved_at).collect();
        assert_eq!(order, [3, 5, 2, 1]);
    }
}
