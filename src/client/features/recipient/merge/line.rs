//! One field of two files: both values, and which of them stays.

use super::state::{Choices, How, Line, Merging, Side};
use crate::{
    data::FieldView,
    features::{labels, places::Places},
    locale::words::merge as w,
    ui::{Choice, ChoiceKind, Fact, FieldWords, Opt},
};
use leptos::prelude::*;

/// A field of which a person chooses.
#[component]
pub(super) fn LineView(
    /// The category of the entitlement; empty for the person's own fields.
    category: String,
    line: Line,
    choices: RwSignal<Choices>,
    keep: RwSignal<Side>,
) -> impl IntoView {
    let places = Places::new();
    let key = line.chosen();
    let label = named(&category, &line.field);
    let hint = if line.ends_alike() { w::ends_alike() } else { "" };
    let options = [Side::Left, Side::Right].map(|side| Opt::new(side.word(), shown(places, &line, side)));
    let line = StoredValue::new(line);
    let chosen = Signal::derive(move || {
        let side = line.with_value(|line| choices.with(|all| Merging::side(line, all, keep.get())));
        vec![side.word().to_owned()]
    });
    let choose = move |now: Vec<String>| {
        let side = now.first().map_or(Side::Left, |word| Side::from_word(word));
        choices.update(|all| {
            all.insert(key.clone(), side);
        });
    };
    view! {
        <div class="merge__line">
            <Choice words=FieldWords::label(label).hint(hint) kind=ChoiceKind::One options=options.into() chosen on_choose=choose />
        </div>
    }
}

/// What needs no choice, folded away.
#[component]
pub(super) fn FoldedLines(lines: Vec<(String, Line)>) -> impl IntoView {
    let places = Places::new();
    let count = lines.len();
    let line = move |(category, line): (String, Line)| {
        let side = if line.left.is_some() { Side::Left } else { Side::Right };
        let (label, value) = (named(&category, &line.field), shown(places, &line, side));
        let mark = match line.how {
            How::Filled(Side::Left) => w::only_left(),
            How::Filled(Side::Right) => w::only_right(),
            How::Both => w::both(),
            How::Same | How::Choose => return view! { <Fact label value /> }.into_any(),
        };
        view! { <Fact label value mark=mark.to_owned() /> }.into_any()
    };
    (count > 0).then(|| {
        view! {
            <details class="merge__folded">
                <summary>{w::alike(count)}</summary>
                {lines.into_iter().map(line).collect_view()}
            </details>
        }
    })
}

fn named(category: &str, field: &str) -> String {
    let field = labels::field(field);
    if category.is_empty() { field } else { w::field_of(category, field) }
}

fn shown(places: Places, line: &Line, side: Side) -> String {
    let said = |view: &FieldView| places.value(&line.field, &view.value);
    line.view(side).map_or_else(|| w::nothing().to_owned(), said)
}
