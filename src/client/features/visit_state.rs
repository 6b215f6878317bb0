//! Where a visit stands, in a word, and where its row leads.

use crate::{
    data::{VisitRow, VisitState},
    locale::words::person as w,
    routes,
    ui::Tone,
};

/// The badge of a state.
pub(crate) fn badge(state: VisitState) -> (Tone, &'static str) {
    match state {
        VisitState::InProgress => (Tone::Good, w::draft()),
        VisitState::Completed => (Tone::Plain, w::visit_on_phone()),
        VisitState::Submitted => (Tone::Good, w::visit_at_office()),
        VisitState::Accepted => (Tone::Good, w::visit_accepted()),
        VisitState::Returned => (Tone::Bad, w::visit_returned()),
        VisitState::Cancelled => (Tone::Plain, w::visit_cancelled()),
    }
}

/// A visit under way opens its form, a finished one is read.
pub(crate) fn href(visit: &VisitRow) -> String {
    match visit.state {
        VisitState::InProgress => routes::visit_form(visit.id),
        _ => routes::visit(visit.id),
    }
}
