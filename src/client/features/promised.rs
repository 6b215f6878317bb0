//! What was promised to a family, and what they asked for: read before knocking, on the file and at the head of the form.

use super::{
    days, labels,
    needs::{measure_said, measure_when},
};
use crate::{
    data::{Loaded, MeasureRow, NeedRow, Topic, use_data},
    locale::words::file as w,
};
use leptos::prelude::*;
use uuid::Uuid;

/// Open needs with their measures; nothing where there is none.
#[component]
pub(crate) fn Promised(
    /// Whose.
    recipient: Uuid,
) -> impl IntoView {
    let data = use_data();
    let promised = Loaded::new(move || {
        data.changed(Topic::Needs).track();
        async move { data.promised(recipient).await }
    });
    move || {
        let promised = promised.get().flatten()?;
        let asked = (!promised.asked.is_empty()).then(|| w::asked_last(&promised.asked));
        let lines =
            promised.needs.into_iter().map(|(need, measures)| line(&need, measures)).collect::<Vec<_>>();
        (!lines.is_empty() || asked.is_some()).then(|| {
            view! {
                <div class="file__promised">
                    <p class="strong">{w::promised()}</p>
                    <ul>{lines}</ul>
                    {asked.map(|asked| view! { <p>{asked}</p> })}
                </div>
            }
        })
    }
}

fn line(need: &NeedRow, measures: Vec<MeasureRow>) -> impl IntoView + use<> {
    let by = need.due_on.as_deref().map(|day| w::until(days::said(day))).unwrap_or_default();
    let head = w::promise(labels::need_kind(&need.kind), labels::need_state(&need.state), by);
    let measures = measures.into_iter().map(|row| {
        let words = format!("{} · {}", measure_said(&row), measure_when(&row));
        view! { <li>{words}</li> }
    });
    view! { <li>{head}<ul>{measures.collect_view()}</ul></li> }
}
