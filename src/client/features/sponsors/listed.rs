//! 导入名单: sponsors out of a sheet. What the office judged is laid beside who is registered here, and written as the form writes one.

use super::{
    form::{Where, chosen_place, places},
    state,
};
use crate::{
    data::{Loaded, SponsorRow, use_data},
    features::{
        entry::{Saving, Typed},
        list_sheet::{ChooseSheet, ListSheet},
    },
    locale::words::{sponsors as w, ui},
    ui::{Banner, Button, ButtonKind, Cell, CellGroup, Dialog, IconName, Tone},
};
use domain::{order::Gather, text::bare};
use leptos::prelude::*;
use serde_json::Value;
use sync::wire::Fields;

/// What is stored of a row.
const FIELDS: [&str; 6] = ["name", "kind", "credit_code", "contact", "phone", "agreement"];

/// A sponsor of the sheet.
#[derive(Clone, Debug, PartialEq)]
struct Listed {
    row: u64,
    fields: Fields,
    known: Option<Known>,
}

/// Why somebody counts as registered already.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Known {
    /// The one of this name has the same code.
    Code(String),
    /// There is one of the same name, and not of another code.
    Name,
}

impl Listed {
    fn of(line: &Value, registered: &[SponsorRow]) -> Listed {
        let is_said = |value: &&Value| !value.is_null() && value.as_str() != Some("");
        let field = |name: &str| Some((name.to_owned(), line.get(name).filter(is_said)?.clone()));
        let fields: Fields = FIELDS.into_iter().filter_map(field).gather();
        let known = known(text(&fields, "name"), text(&fields, "credit_code"), registered);
        Listed { row: line["row"].as_u64().unwrap_or_default(), fields, known }
    }

    fn name(&self) -> &str {
        text(&self.fields, "name")
    }

    /// What is told of it beside its name.
    fn note(&self) -> String {
        let of = |name: &str| text(&self.fields, name).to_owned();
        let told = [state::kind(text(&self.fields, "kind")), of("credit_code"), of("contact"), of("phone")];
        told.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

fn text<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn known(name: &str, code: &str, registered: &[SponsorRow]) -> Option<Known> {
    let of_code = registered.iter().find(|row| !code.is_empty() && row.credit_code == code);
    if let Some(row) = of_code {
        return Some(Known::Code(row.name.clone()));
    }
    let may_be_it = |row: &SponsorRow| code.is_empty() || row.credit_code.is_empty();
    let is_named = |row: &&SponsorRow| bare(&row.name) == bare(name) && may_be_it(row);
    registered.iter().find(is_named).map(|_| Known::Name)
}

/// The button that takes a sheet in, with the dialog that shows it first.
#[component]
pub(super) fn ImportSponsors(
    /// Who is registered already.
    rows: Vec<SponsorRow>,
) -> impl IntoView {
    let (data, saving, sheet) = (use_data(), Saving::new(), ListSheet::of("sponsors/sheet"));
    let area = Typed::new("");
    let registered = StoredValue::new(rows);
    let listed = Memo::new(move |_| {
        let lines = if sheet.is_sound() { sheet.rows("lines") } else { Vec::new() };
        registered.with_value(|rows| lines.iter().map(|line| Listed::of(line, rows)).collect::<Vec<_>>())
    });
    let fresh = move || listed.read().iter().filter(|one| one.known.is_none()).count();
    let loaded = Loaded::new(move || async move { places(data.areas().await) });
    let places = Signal::derive(move || loaded.get().unwrap_or_default());
    let begin = move || {
        sheet.forget();
        saving.open.set(true);
    };
    let write = move || {
        let Some(area) = chosen_place(area, &places.get_untracked()) else { return };
        let new = listed.with_untracked(|listed| {
            let fresh = listed.iter().filter(|one| one.known.is_none());
            fresh.map(|one| one.fields.clone()).collect::<Vec<_>>()
        });
        saving.run(data.add_sponsors(area, new), drop);
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || saving.open.set(false)>{ui::cancel()}</Button>
            <Show when=move || { fresh() > 0 }>
                <Button busy=saving.busy on_press=write>{move || w::list_write(fresh())}</Button>
            </Show>
        }
    };
    let wrong = move || {
        let words = saving.problem.get();
        (!words.is_empty()).then(|| view! { <Banner tone=Tone::Bad icon=IconName::Alert words /> })
    };
    view! {
        <Button kind=ButtonKind::Plain icon=IconName::Document on_press=begin>{w::list()}</Button>
        <Dialog open=saving.open title=Signal::stored(w::list().to_owned()) acts>
            <div class="stack">
                <Where area places />
                <ChooseSheet sheet columns=w::list_columns() />
                {move || sheet.is_sound().then(|| view! { <Found listed=listed.get() /> })}
                {wrong}
            </div>
        </Dialog>
    }
}

/// Who would be registered, and who is already.
#[component]
fn Found(listed: Vec<Listed>) -> impl IntoView {
    let (known, fresh): (Vec<Listed>, Vec<Listed>) = listed.into_iter().partition(|one| one.known.is_some());
    let (tone, words) = match (fresh.len(), known.len()) {
        (0, 0) => (Tone::Soon, w::list_none().to_owned()),
        (0, _) => (Tone::Plain, w::list_all_known().to_owned()),
        (n, 0) => (Tone::Good, w::list_fresh(n)),
        (n, there) => (Tone::Good, w::list_fresh_beside(n, there)),
    };
    let row = |one: Listed| {
        let why = match &one.known {
            Some(Known::Code(name)) => w::list_known_code(name),
            Some(Known::Name) => w::list_known_name().to_owned(),
            None => one.note(),
        };
        view! { <Cell label=w::list_row(one.row, one.name()) note=why /> }
    };
    let group = |title: &'static str, rows: Vec<Listed>| {
        (!rows.is_empty())
            .then(|| view! { <CellGroup title>{rows.into_iter().map(row).collect_view()}</CellGroup> })
    };
    view! {
        <div role="status"><Banner tone words /></div>
        {group(w::list_new(), fresh)}
        {group(w::list_known(), known)}
    }
}

#[cfg(test)]
mod tests {
    use super::{Known, Listed};
    use crate::data::{SponsorRow, Tally};
    use serde_json::{Value, json};
    use sync::{id::AreaId, wire::Fields};
    use uuid::Uuid;

    fn registered(name: &str, code: &str) -> SponsorRow {
        SponsorRow {
            id: Uuid::nil(),
            area: AreaId(Uuid::nil()),
            name: name.to_owned(),
            kind: "private".to_owned(),
            credit_code: code.to_owned(),
            contact: String::new(),
            phone: String::new(),
            agreement: None,
            tally: Tally::default(),
            unsent: false,
            fields: Fields::new(),
        }
    }

    #[test]
    fn who_is_registered_is_known_by_code_or_by_name() {
        let rows = [
            registered("红日粮油", "91350100M000100Y43"),
            registered("王芳", ""),
            registered("远大", "91110000600037341L"),
        ];
        for (name, code, known) in [
            ("红日集团", "91350100M000100Y43", Some(Known::Code("红日粮油".to_owned()))),
            ("红日粮油", "", Some(Known::Name)),
            ("王 芳", "", Some(Known::Name)),
            ("王芳", "53100000500021676K", Some(Known::Name)),
            ("远大", "53100000500021676K", None),
            ("安民药房", "", None),
        ] {
            let line = json!({"row": 2, "name": name, "credit_code": code});
            assert_eq!(Listed::of(&line, &rows).known, known, "{name} {code}");
        }
    }

    #[test]
    fn only_what_a_row_says_is_stored() {
        let line = json!({
            "row": 3, "name": "王芳", "kind": "person", "credit_code": null, "contact": "", "phone": "13800001234",
            "agreement": null, "else": "x",
        });
        let listed = Listed::of(&line, &[]);
        let expected = json!({"name": "王芳", "kind": "person", "phone": "13800001234"});
        assert_eq!(Value::Object(listed.fields.clone().into_iter().collect()), expected);
        assert_eq!((listed.row, listed.note().as_str()), (3, "个人 · 13800001234"));
    }
}
