//! What a row would change in the file of a family that is there, and what stays.

use super::state::{FieldNews, PreviewRow};
use crate::{features::labels, locale::words::import as w};
use leptos::prelude::*;

/// The difference, field by field.
#[component]
pub(super) fn DiffView(
    /// The row.
    row: PreviewRow,
) -> impl IntoView {
    let news = |news: FieldNews| {
        let value = |value| labels::value(&news.field, value);
        view! {
            <li class="diff__field">
                <span class="diff__name">{labels::field(&news.field)}</span>
                <del class="diff__old">{value(&news.old)}</del>
                <span class="sr-only">{w::diff_to()}</span>
                <ins class="diff__new">{value(&news.new)}</ins>
            </li>
        }
    };
    let stays = row.stays.len();
    let kept = |news: FieldNews| {
        view! { <li>{w::stays_field(labels::field(&news.field), labels::value(&news.field, &news.old))}</li> }
    };
    view! {
        {(!row.diff.is_empty()).then(|| view! { <ul class="diff">{row.diff.into_iter().map(news).collect_view()}</ul> })}
        {(stays > 0)
            .then(|| {
                view! {
                    <details class="diff__stays">
                        <summary>{w::stays(stays)}</summary>
                        <ul>{row.stays.into_iter().map(kept).collect_view()}</ul>
                    </details>
                }
            })}
    }
}
