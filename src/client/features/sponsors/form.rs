//! The form of a sponsor: who he is, how he is reached, what he agreed to.

use super::state;
use crate::{
    data::{AreaRow, Loaded, NewRecord, SponsorRow, use_data},
    features::{
        days,
        entry::{EntryDialog, Saving, Typed},
        places::VILLAGE_DIGITS,
    },
    locale::words::{pledges, sponsors as w},
    platform::clock,
    routes,
    ui::{Banner, Button, ButtonKind, DatePicker, Field, FieldKind, FieldWords, IconName, Opt, Picker, Tone},
};
use domain::sponsor::{Agreement, CreditCode, SponsorKind};
use leptos::prelude::*;
use serde_json::Value;
use sync::{id::AreaId, wire::Fields};

/// What is filled in.
#[derive(Clone, Copy)]
struct Sponsoring {
    name: Typed,
    kind: Typed,
    credit_code: Typed,
    contact: Typed,
    phone: Typed,
    from: RwSignal<String>,
    to: Typed,
    scope: Typed,
    /// Where it is registered; only of a new one.
    area: Typed,
}

impl Sponsoring {
    fn new(before: Option<&SponsorRow>) -> Sponsoring {
        let of = |part: fn(&SponsorRow) -> &String| {
            Typed::new(before.map(|row| part(row).clone()).unwrap_or_default())
        };
        let agreement = before.and_then(|row| row.agreement.clone()).unwrap_or_default();
        let day = |day: Option<domain::day::Day>| day.map(|day| day.to_string()).unwrap_or_default();
        Sponsoring {
            name: of(|row| &row.name),
            kind: of(|row| &row.kind),
            credit_code: of(|row| &row.credit_code),
            contact: of(|row| &row.contact),
            phone: of(|row| &row.phone),
            from: RwSignal::new(day(agreement.from)),
            to: Typed::new(day(agreement.to)),
            scope: Typed::new(agreement.scope),
            area: Typed::new(""),
        }
    }

    fn has_code(self) -> bool {
        SponsorKind::from_word(&self.kind.text.read()).is_none_or(SponsorKind::has_credit_code)
    }

    /// All that is stored, if nothing is wrong with it. Everything is judged, so that all that is wrong is said at once.
    fn fields(self) -> Option<Fields> {
        // The name of a firm may hold digits and signs, which that of a person may not.
        let name = self.name.checked("remark", Some(w::name_missing()));
        let kind = self.kind.begin();
        let kind =
            if kind.is_empty() { self.kind.refuse(w::kind_missing()) } else { Some(Value::from(kind)) };
        let code = self.code();
        let (contact, phone) = (self.contact.checked("contact", None), self.phone.checked("mobile", None));
        let agreement = self.agreement();
        let parts = [
            ("name", name?),
            ("kind", kind?),
            ("credit_code", code?),
            ("contact", contact?),
            ("phone", phone?),
            ("agreement", agreement?),
        ];
        Some(parts.map(|(field, value)| (field.to_owned(), value)).into())
    }

    fn code(self) -> Option<Value> {
        let typed = self.credit_code.begin();
        if !untrack(|| self.has_code()) {
            return Some(Value::Null);
        }
        match state::credit_code(&typed) {
            Ok(code) => Some(code.map_or(Value::Null, Value::from)),
            Err(why) => self.credit_code.refuse(why),
        }
    }

    fn agreement(self) -> Option<Value> {
        let scope = self.scope.checked("scope", None);
        let agreement = Agreement {
            from: self.from.get_untracked().parse().ok(),
            to: self.to.begin().parse().ok(),
            scope: scope.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned(),
        };
        if !agreement.is_in_order() {
            return self.to.refuse(w::end_before());
        }
        scope?;
        Some(if agreement == Agreement::default() { Value::Null } else { agreement.value() })
    }
}

/// The button that registers a sponsor, with its form.
#[component]
pub(super) fn AddSponsor(
    /// Who is registered already.
    rows: Vec<SponsorRow>,
) -> impl IntoView {
    let (data, guide, saving) = (use_data(), routes::use_guide(), Saving::new());
    let sponsoring = Sponsoring::new(None);
    let places = Loaded::new(move || async move { places(data.areas().await) });
    let take = move || {
        let fields = sponsoring.fields();
        let area = chosen_place(sponsoring.area, &untrack(|| places.get()).unwrap_or_default());
        if let (Some(fields), Some(area)) = (fields, area) {
            let new = NewRecord::Sponsor(area);
            saving.run(data.add_record(new, fields), move |id| guide.to(&routes::sponsor(id)));
        }
    };
    let others = StoredValue::new(rows);
    view! {
        <Button icon=IconName::Plus on_press=move || saving.open.set(true)>{w::add()}</Button>
        <EntryDialog saving title=w::add() on_save=take>
            <Form sponsoring others />
            <Where area=sponsoring.area places=Signal::derive(move || places.get().unwrap_or_default()) />
        </EntryDialog>
    }
}

/// The button that changes a sponsor, with its form.
#[component]
pub(super) fn ChangeSponsor(
    /// The sponsor.
    row: SponsorRow,
    /// Who else is registered.
    others: Vec<SponsorRow>,
) -> impl IntoView {
    let (data, saving) = (use_data(), Saving::new());
    let sponsoring = Sponsoring::new(Some(&row));
    let (id, before, others) = (row.id, StoredValue::new(row.fields), StoredValue::new(others));
    let take = move || {
        if let Some(fields) = sponsoring.fields() {
            saving.run(data.change_record(id, before.get_value(), fields), drop);
        }
    };
    view! {
        <Button kind=ButtonKind::Plain icon=IconName::Pen on_press=move || saving.open.set(true)>{pledges::change()}</Button>
        <EntryDialog saving title=w::change_title() on_save=take><Form sponsoring others /></EntryDialog>
    }
}

#[component]
fn Form(sponsoring: Sponsoring, others: StoredValue<Vec<SponsorRow>>) -> impl IntoView {
    let Sponsoring { name, kind, contact, phone, from, to, scope, .. } = sponsoring;
    let today = clock::today();
    let recent = days::recent(clock::today_day());
    view! {
            <Field words=FieldWords::label(w::name()).must() value=name.text problem=name.problem />
            <Picker words=FieldWords::label(w::kind()).must() options=Signal::stored(state::kinds()) chosen=kind.text problem=kind.problem on_pick=move |word| kind.text.set(word) />
            <Show when=move || sponsoring.has_code()><Code sponsoring others /></Show>
            <Field words=FieldWords::label(w::contact()) value=contact.text problem=contact.problem />
            <Field words=FieldWords::label(w::phone()) kind=FieldKind::Phone value=phone.text problem=phone.problem />
            <DatePicker words=FieldWords::label(w::agreement_from()) day=from today=today.clone() quick=recent on_pick=move |day| from.set(day) />
            <DatePicker words=FieldWords::label(w::agreement_to()) day=to.text today quick=years() problem=to.problem on_pick=move |day| to.text.set(day) />
            <Field words=FieldWords::label(w::agreement_scope()).hint(w::agreement_scope_hint()) kind=FieldKind::Long value=scope.text problem=scope.problem />
    }
}

/// The credit code, judged as soon as it is long enough; that another sponsor has it is said, not refused.
#[component]
fn Code(sponsoring: Sponsoring, others: StoredValue<Vec<SponsorRow>>) -> impl IntoView {
    let Typed { text, problem } = sponsoring.credit_code;
    let judge = move |typed: String| {
        // With fewer somebody still types.
        let is_whole = typed.chars().filter(|sign| !sign.is_whitespace()).count() >= CreditCode::LENGTH;
        problem.set(if is_whole {
            state::credit_code(&typed).err().unwrap_or_default()
        } else {
            String::new()
        });
    };
    let twin = move || {
        let code = CreditCode::read(&text.read()).ok()?;
        let twin = others.with_value(|rows| {
            rows.iter().find(|row| row.credit_code == code.as_str()).map(|row| row.name.clone())
        })?;
        Some(view! { <Banner tone=Tone::Soon words=w::code_twin(twin) /> })
    };
    view! {
        <Field words=FieldWords::label(w::credit_code()).hint(w::credit_code_hint()) kind=FieldKind::Code value=text problem on_change=judge />
        {twin}
    }
}

/// Where it is registered, where there is a choice: whoever keeps the place, and those above it, see it.
#[component]
pub(super) fn Where(area: Typed, places: Signal<Vec<AreaRow>>) -> impl IntoView {
    let Typed { text: area, problem } = area;
    let options = Signal::derive(move || {
        places.get().into_iter().map(|place| Opt::new(place.id.to_string(), place.name)).collect::<Vec<_>>()
    });
    let chosen = Signal::derive(move || {
        let chosen = area.get();
        let first = || options.read().first().map(|option| option.value.clone()).unwrap_or_default();
        if chosen.is_empty() { first() } else { chosen }
    });
    view! {
        <Show when=move || places.read().len() != 1>
            <Picker words=FieldWords::label(w::place()).hint(w::place_hint()) options chosen problem on_pick=move |id| area.set(id) />
        </Show>
    }
}

/// The place that was chosen, else the first; that there is none is said.
pub(super) fn chosen_place(area: Typed, places: &[AreaRow]) -> Option<AreaId> {
    let chosen = area.begin();
    let place = places.iter().find(|place| place.id.to_string() == chosen).or(places.first());
    place.map(|place| place.id).or_else(|| area.refuse(w::place_none()))
}

/// The townships and the county of an office, the highest first.
pub(super) fn places(areas: Vec<AreaRow>) -> Vec<AreaRow> {
    let (villages, above): (Vec<AreaRow>, Vec<AreaRow>) =
        areas.into_iter().partition(|area| area.code.len() >= VILLAGE_DIGITS);
    if above.is_empty() { villages } else { above }
}

/// Agreements often run for so many years.
fn years() -> Vec<(String, String)> {
    let today = clock::today_day();
    let year = |years: i32| {
        let end = today.plus_months(12 * years).and_then(|day| day.plus_days(-1))?;
        Some((end.to_string(), w::for_years(usize::try_from(years).ok()?)))
    };
    let open_end = (String::new(), w::no_end().to_owned());
    [1, 3].into_iter().filter_map(year).chain([open_end]).collect()
}
