//! A list of areas as the office judged it: what is taken, and what is wrong in which row.

use crate::{
    locale::words::area_rows as w,
    ui::{Banner, Tone},
};
use leptos::prelude::*;
use serde_json::Value;

/// Rows shown of those that are wrong.
const SHOWN: usize = 50;

/// The answer of the office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Judged {
    townships: usize,
    villages: usize,
    /// Sentences, one a row.
    refused: Vec<String>,
}

impl Judged {
    /// Reads the answer, or the refusal that holds the same.
    pub(crate) fn read(answer: &Value) -> Judged {
        let count =
            |name: &str| answer[name].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
        let rows = answer["refused"].as_array().map(Vec::as_slice).unwrap_or_default();
        Judged {
            townships: count("townships"),
            villages: count("villages"),
            refused: rows.iter().map(sentence).collect(),
        }
    }

    /// Whether all of it can be written.
    pub(crate) fn is_sound(&self) -> bool {
        self.refused.is_empty() && self.townships + self.villages > 0
    }
}

/// A row that cannot be taken, with what it holds and why.
fn sentence(row: &Value) -> String {
    let number = |name: &str| row[name].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
    let why = match row["why"].as_str().unwrap_or_default() {
        "no_code" => w::no_code().to_owned(),
        "bad_code" => w::bad_code().to_owned(),
        "no_name" => w::no_name().to_owned(),
        "twice" => w::twice(number("first_row")),
        "known" => w::known().to_owned(),
        "outside_county" => w::outside_county().to_owned(),
        "no_township" => w::no_township().to_owned(),
        "too_many" => w::too_many().to_owned(),
        other => other.to_owned(),
    };
    w::row(number("row"), row["text"].as_str().unwrap_or_default(), why)
}

/// What the office said of the list; nothing before it was asked.
#[component]
pub(crate) fn JudgedRows(judged: RwSignal<Option<Judged>>) -> impl IntoView {
    move || {
        let judged = judged.get()?;
        let counts = w::counts(judged.townships, judged.villages);
        let rest = judged.refused.len().saturating_sub(SHOWN);
        let tone = if judged.is_sound() { Tone::Good } else { Tone::Bad };
        let words = if judged.refused.is_empty() { counts } else { w::wrong(judged.refused.len()) };
        let rows = judged.refused.into_iter().take(SHOWN).map(|row| view! { <li>{row}</li> }).collect_view();
        Some(view! {
            <div role="status" class="stack">
                <Banner tone words />
                <ul class="stack">{rows}</ul>
                {(rest > 0).then(|| view! { <p class="quiet">{w::more(rest)}</p> })}
            </div>
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_is_named_with_its_number_its_text_and_the_reason() {
        let judged = Judged::read(&json!({
            "townships": 1, "villages": 0,
            "refused": [{"row": 7, "text": "339999100201 红旗村", "why": "twice", "first_row": 3}],
        }));
        assert!(!judged.is_sound());
        assert!(
            judged.refused[0].contains("7")
                && judged.refused[0].contains("红旗村")
                && judged.refused[0].contains("3")
        );
    }

    #[test]
    fn a_list_of_nothing_is_not_sound() {
        assert!(!Judged::read(&json!({})).is_sound());
        assert!(Judged::read(&json!({"townships": 1})).is_sound());
    }
}
