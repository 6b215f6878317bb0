//! A list of areas as the office judged it: what is taken, and what is wrong in which row.

use crate::{
    locale::words::area_rows as w,
    ui::{Banner, Tone},
};
use domain::region::{AreaCode, Level};
use leptos::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// Rows shown of those that are wrong.
const SHOWN: usize = 50;

/// The answer of the office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Judged {
    townships: usize,
    villages: usize,
    /// Sentences, one a row.
    refused: Vec<String>,
    /// Sentences, one a township, with the names of its villages.
    tree: Vec<String>,
}

impl Judged {
    /// Reads the answer, or the refusal that holds the same.
    pub(crate) fn read(answer: &Value) -> Judged {
        let count =
            |name: &str| answer[name].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
        let rows = |name: &str| answer[name].as_array().map(Vec::as_slice).unwrap_or_default();
        Judged {
            townships: count("townships"),
            villages: count("villages"),
            refused: rows("refused").iter().map(sentence).collect(),
            tree: tree(rows("lines")),
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
    let name = |at: usize| row["names"][at].as_str().unwrap_or_default();
    let why = match row["why"].as_str().unwrap_or_default() {
        "no_code" => w::no_code().to_owned(),
        "bad_code" => w::bad_code().to_owned(),
        "no_name" => w::no_name().to_owned(),
        "bad_name" => w::bad_name().to_owned(),
        "two_names" => w::two_names(name(0), name(1)),
        "twice" => w::twice(number("first_row")),
        "same_name" => w::same_name(number("first_row")),
        "other_township" => w::other_township(number("first_row")),
        "known" => w::known().to_owned(),
        "known_name" => w::known_name().to_owned(),
        "outside_county" => w::outside_county().to_owned(),
        "no_township" => w::no_township().to_owned(),
        "too_many" => w::too_many().to_owned(),
        other => other.to_owned(),
    };
    w::row(number("row"), row["text"].as_str().unwrap_or_default(), why)
}

/// What would be written: each township with its villages. One that is in the office already stands there by its code.
fn tree(lines: &[Value]) -> Vec<String> {
    let mut townships: BTreeMap<AreaCode, (Option<&str>, Vec<&str>)> = BTreeMap::new();
    for line in lines {
        let text = |name: &str| line[name].as_str().unwrap_or_default();
        let Ok(code) = text("code").parse::<AreaCode>() else { continue };
        if code.level() == Level::Township {
            townships.entry(code).or_default().0 = Some(text("name"));
        } else if let Some(township) = code.parent() {
            townships.entry(township).or_default().1.push(text("name"));
        }
    }
    let said = |(code, (name, villages)): (AreaCode, (Option<&str>, Vec<&str>))| {
        let township = name.unwrap_or(code.prefix());
        match villages.len() {
            0 => w::township_alone(township),
            n => w::township(township, n, villages.join(w::between())),
        }
    };
    townships.into_iter().map(said).collect()
}

/// What the office said of the list; nothing before it was asked.
#[component]
pub(crate) fn JudgedRows(judged: RwSignal<Option<Judged>>) -> impl IntoView {
    move || {
        let judged = judged.get()?;
        let counts = w::counts(judged.townships, judged.villages);
        let rest = judged.refused.len().saturating_sub(SHOWN);
        let tone = if judged.is_sound() { Tone::Good } else { Tone::Bad };
        let tree = if judged.is_sound() { judged.tree.clone() } else { Vec::new() };
        let words = match judged.refused.len() {
            0 if judged.is_sound() => counts,
            0 => w::empty().to_owned(),
            wrong => w::wrong(wrong),
        };
        let rows = judged.refused.into_iter().take(SHOWN).map(|row| view! { <li>{row}</li> }).collect_view();
        Some(view! {
            <div role="status" class="stack">
                <Banner tone words />
                <ul class="stack">{rows}</ul>
                {(rest > 0).then(|| view! { <p class="quiet">{w::more(rest)}</p> })}
            </div>
            {(!tree.is_empty()).then(|| {
                let lines = tree.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
                view! { <ul class="small">{lines}</ul> }
            })}
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
    fn what_could_be_two_names_says_both() {
        let refused = json!([{"row": 1, "text": "", "why": "two_names", "names": ["下杨(村)", "甲"]}]);
        let judged = Judged::read(&json!({ "refused": refused }));
        assert!(judged.refused[0].contains("下杨(村)") && judged.refused[0].contains("甲"));
    }

    #[test]
    fn villages_stand_under_their_township_and_under_its_code_where_it_is_not_in_the_list() {
        let line = |code: &str, name: &str| json!({"row": 1, "code": code, "name": name});
        let judged = Judged::read(&json!({"lines": [
            line("339999100000", "双桥镇"), line("339999102000", "东岭镇"), line("339999100201", "红旗村"),
            line("339999101201", "柳河村"), line("339999100202", "石桥村"),
        ]}));
        assert_eq!(judged.tree.len(), 3);
        for (line, names) in judged.tree.iter().zip([
            &["双桥镇", "红旗村", "石桥村"][..],
            &["339999101", "柳河村"],
            &["东岭镇"],
        ]) {
            assert!(names.iter().all(|name| line.contains(name)), "{line}");
        }
    }

    #[test]
    fn a_list_of_nothing_is_not_sound() {
        assert!(!Judged::read(&json!({})).is_sound());
        assert!(Judged::read(&json!({"townships": 1})).is_sound());
    }
}
