//! 档案更正: what the family says has changed. The phone and address are written, the bank account is for the office to accept.

use super::Work;
use crate::{
    data::{FieldView, Loaded, Topic, use_data},
    features::labels,
    locale::words::form as w,
    ui::{Badge, CellGroup, Field, FieldKind, FieldWords, Opt, Picker, Tone},
};
use leptos::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use sync::wire::Fields;
use uuid::Uuid;

/// What may be corrected during a visit, in the order of the form.
const CORRECTABLE: &[&str] = &["mobile", "phone2", "live_addr", "bank", "account_name", "account_no"];

#[component]
pub(super) fn Corrections(work: Work, recipient: Uuid, draft: Fields) -> impl IntoView {
    let data = use_data();
    let file = Loaded::new(move || {
        data.changed(Topic::Recipients).track();
        async move { data.recipient(recipient).await.map(|file| file.fields).unwrap_or_default() }
    });
    let fields = CORRECTABLE
        .iter()
        .map(|field| {
            let typed = draft.get(*field).and_then(Value::as_str).unwrap_or_default().to_owned();
            view! { <Correction work field typed now=Signal::derive(move || now(field, &file.get().unwrap_or_default())) /> }
        })
        .collect_view();
    view! {
        <section class="question">
            <CellGroup title=w::corrections() note=w::corrections_says()>
                <div class="stack inset">{fields}</div>
            </CellGroup>
        </section>
    }
}

/// What stands in the file now, in words.
fn now(field: &str, fields: &BTreeMap<String, FieldView>) -> String {
    match fields.get(field) {
        Some(view) if !view.value.is_null() => w::in_file(labels::value(field, &view.value)),
        _ if field == "account_no" => w::not_on_phone().to_owned(),
        _ => w::not_in_file().to_owned(),
    }
}

#[component]
fn Correction(work: Work, field: &'static str, typed: String, now: Signal<String>) -> impl IntoView {
    let text = RwSignal::new(typed);
    let problem = RwSignal::new(String::new());
    let change = move |typed: String| {
        text.set(typed.clone());
        problem.set(doubt(field, &typed).to_owned());
        let value = if typed.trim().is_empty() { Value::Null } else { Value::from(typed.trim()) };
        work.correct(field, value);
    };
    let by_office = matches!(field, "bank" | "account_name" | "account_no");
    let words = FieldWords::label(labels::field(field));
    let input = if field == "bank" {
        let choices = domain::options::choices(field).unwrap_or_default();
        let options: Vec<Opt> = choices
            .iter()
            .map(|choice| Opt::new(choice.code, labels::value(field, &choice.code.into())))
            .collect();
        view! { <Picker words options=Signal::stored(options) chosen=text on_pick=change problem /> }
            .into_any()
    } else {
        let kind = match field {
            "mobile" | "phone2" => FieldKind::Phone,
            "account_no" => FieldKind::Number,
            _ => FieldKind::Text,
        };
        view! { <Field words kind value=text problem on_change=change /> }.into_any()
    };
    view! {
        <div class="stack form__correction">
            {input}
            <p class="row quiet small">
                {now}
                {move || {
                    (by_office && !text.read().is_empty()).then(|| view! { <Badge tone=Tone::Soon words=w::for_office() /> })
                }}
            </p>
        </div>
    }
}

/// What looks wrong with a correction. It is a doubt, never a refusal: old passbooks have odd numbers.
fn doubt(field: &str, text: &str) -> &'static str {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let text = text.trim();
    match field {
        _ if text.is_empty() => "",
        "mobile" if digits != 11 || !text.starts_with('1') => w::doubt_mobile(),
        "account_no" if !(16..=19).contains(&digits) => w::doubt_account(),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubt_is_said_about_numbers_of_odd_length() {
        assert_eq!(doubt("mobile", "13800000000"), "");
        assert_ne!(doubt("mobile", "1380000000"), "");
        assert_eq!(doubt("account_no", "6228 4800 0000 0000 012"), "");
        assert_ne!(doubt("account_no", "12345"), "");
        assert_eq!(doubt("live_addr", "12 号"), "");
    }
}
