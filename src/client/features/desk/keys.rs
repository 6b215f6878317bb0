//! What a key does in the table.

use super::state::TableView;
use crate::data::RecipientRow;
use std::sync::Arc;
use uuid::Uuid;

/// Rows that PageUp and PageDown pass.
const PAGE_STEP: isize = 15;

/// What the page does after a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The key is not ours.
    Nothing,
    /// The cursor is on this row.
    Show(usize),
    Open(Uuid),
    Close,
    /// Only the choice changed.
    Stay,
}

/// A key with what is held beside it.
#[derive(Clone, Copy)]
pub(super) struct Pressed<'a> {
    pub(super) key: &'a str,
    pub(super) shift: bool,
    pub(super) ctrl: bool,
}

/// Applies a key to the table.
pub(super) fn press(view: &mut TableView, rows: &[Arc<RecipientRow>], pressed: Pressed<'_>) -> Then {
    let all = isize::try_from(rows.len()).unwrap_or(isize::MAX);
    let step = match pressed.key {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        "PageDown" => PAGE_STEP,
        "PageUp" => -PAGE_STEP,
        "Home" => -all,
        "End" => all,
        "Enter" => return view.cursor.map_or(Then::Nothing, Then::Open),
        "Escape" => return Then::Close,
        " " => return choose(view),
        "a" | "A" if pressed.ctrl => {
            view.toggle_all(rows);
            return Then::Stay;
        }
        _ => return Then::Nothing,
    };
    if pressed.shift
        && let Some(at) = view.cursor
        && !view.is_chosen(at)
    {
        view.toggle(at);
    }
    let Some(at) = view.step(rows, step) else { return Then::Nothing };
    if pressed.shift {
        view.choose_to(rows, rows[at].id);
    }
    Then::Show(at)
}

fn choose(view: &mut TableView) -> Then {
    match view.cursor {
        Some(id) => {
            view.toggle(id);
            Then::Stay
        }
        None => Then::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::state::tests::rows, *};

    fn key(key: &str) -> Pressed<'_> {
        Pressed { key, shift: false, ctrl: false }
    }

    #[test]
    fn arrows_move_enter_opens_space_chooses() {
        let (mut view, rows) = (TableView::default(), rows());
        assert_eq!(press(&mut view, &rows, key("Enter")), Then::Nothing);
        assert_eq!(press(&mut view, &rows, key("ArrowDown")), Then::Show(0));
        assert_eq!(press(&mut view, &rows, key("End")), Then::Show(2));
        assert_eq!(press(&mut view, &rows, key("Enter")), Then::Open(rows[2].id));
        assert_eq!(press(&mut view, &rows, key(" ")), Then::Stay);
        assert!(view.is_chosen(rows[2].id));
        assert_eq!(press(&mut view, &rows, key("Escape")), Then::Close);
        assert_eq!(press(&mut view, &rows, key("x")), Then::Nothing);
    }

    #[test]
    fn shift_takes_the_rows_on_the_way_along() {
        let (mut view, rows) = (TableView::default(), rows());
        press(&mut view, &rows, key("ArrowDown"));
        press(&mut view, &rows, Pressed { key: "ArrowDown", shift: true, ctrl: false });
        assert_eq!(view.chosen(&rows), 2);
        press(&mut view, &rows, Pressed { key: "a", shift: false, ctrl: true });
        assert_eq!(view.chosen(&rows), 3);
    }
}
