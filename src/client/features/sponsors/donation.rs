//! The form that takes down what a sponsor gave: for which promise, by which receipt, and what it was spent on.

use crate::{
    data::{DonationRow, MeasureOf, NewRecord, PledgeRow, SponsorFile, use_data},
    features::{
        days,
        entry::{EntryDialog, Saving, Typed},
        needs::measure_said,
        pledges::{amount_of, target_words, what},
    },
    locale::words::{needs, pledges, sponsors as w},
    platform::clock,
    ui::{Button, ButtonKind, DatePicker, Field, FieldKind, FieldWords, IconName, Opt, Picker, Switch},
};
use domain::sponsor::{Donation, Pledge};
use leptos::prelude::*;
use serde_json::Value;
use sync::wire::Fields;
use uuid::Uuid;

/// What is filled in.
#[derive(Clone, Copy)]
struct Giving {
    pledge: RwSignal<String>,
    given_on: Typed,
    money: Typed,
    goods: Typed,
    receipt_no: Typed,
    measure: RwSignal<String>,
    completes: RwSignal<bool>,
}

impl Giving {
    /// A new one, for a promise or for none.
    fn for_pledge(pledge: Option<Uuid>) -> Giving {
        let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        Giving {
            pledge: RwSignal::new(id(pledge)),
            given_on: Typed::new(clock::today()),
            money: Typed::new(""),
            goods: Typed::new(""),
            receipt_no: Typed::new(""),
            measure: RwSignal::new(String::new()),
            completes: RwSignal::new(false),
        }
    }

    fn of(row: &DonationRow) -> Giving {
        let donation = Donation(&row.fields);
        let giving = Giving::for_pledge(donation.pledge());
        giving.given_on.text.set(row.given_on.map(|day| day.to_string()).unwrap_or_default());
        giving.money.text.set(row.money.map(|money| money.to_string()).unwrap_or_default());
        giving.goods.text.set(row.goods.clone());
        giving.receipt_no.text.set(row.receipt_no.clone());
        giving.measure.set(donation.measure().map(|id| id.to_string()).unwrap_or_default());
        giving.completes.set(donation.completes());
        giving
    }

    /// Another promise: that all of its goods came is to be said of it anew.
    fn choose_pledge(self, pledge: String) {
        if self.pledge.get_untracked() != pledge {
            self.completes.set(false);
            self.pledge.set(pledge);
        }
    }

    /// All that is stored, if nothing is wrong with it.
    fn fields(self, causes: &Causes) -> Option<Fields> {
        let day = self.given_on.checked("given_on", Some(w::given_on_missing()));
        let receipt = self.receipt_no.checked("receipt_no", None);
        let amount = amount_of(self.money, self.goods);
        let (day, receipt, (money, goods)) = (day?, receipt?, amount?);
        let id = |id: String| if id.is_empty() { Value::Null } else { id.into() };
        let pledge = self.pledge.get_untracked();
        let completes = self.completes.get_untracked() && causes.may_complete(&pledge);
        Some(
            [
                ("pledge", id(pledge)),
                ("given_on", day),
                ("amount", money),
                ("goods", goods),
                ("receipt_no", receipt),
                ("measure", id(self.measure.get_untracked())),
                ("completes", if completes { true.into() } else { Value::Null }),
            ]
            .map(|(field, value)| (field.to_owned(), value))
            .into(),
        )
    }
}

/// What a donation may be for: the sponsor's promises, and the measures that he pays for or whose needs he adopted.
pub(super) struct Causes {
    sponsor: Uuid,
    pledges: Vec<Opt>,
    /// Promises of goods, which somebody must say to be complete.
    of_goods: Vec<String>,
    measures: Vec<Opt>,
}

impl Causes {
    pub(super) fn of(file: &SponsorFile) -> Causes {
        let pledge = |row: &PledgeRow| {
            let words = format!("{} · {}", what(row.money, &row.goods), target_words(&row.target));
            Opt::new(row.id.to_string(), words)
        };
        let measure = |of: &MeasureOf| {
            Opt::new(
                of.row.id.to_string(),
                format!("{} · {}", target_words(&of.target), measure_said(&of.row)),
            )
        };
        let of_goods = file.pledges.iter().filter(|row| Pledge(&row.fields).goods().is_some());
        Causes {
            sponsor: file.row.id,
            pledges: file.pledges.iter().map(pledge).collect(),
            of_goods: of_goods.map(|row| row.id.to_string()).collect(),
            measures: file.measures.iter().map(measure).collect(),
        }
    }

    fn is_of_goods(&self, pledge: &str) -> bool {
        self.of_goods.iter().any(|id| id == pledge)
    }

    /// Whether a donation may be the one with which all of a promise came. What was said of one that is not known here stays.
    fn may_complete(&self, pledge: &str) -> bool {
        let is_known = pledge.is_empty() || self.pledges.iter().any(|option| option.value == pledge);
        !is_known || self.is_of_goods(pledge)
    }
}

/// The button that takes a donation down, with its form.
#[component]
pub(super) fn AddDonation(
    /// What it may be for.
    causes: StoredValue<Causes>,
    /// The promise that it is for, where it begins there.
    #[prop(optional_no_strip)]
    pledge: Option<Uuid>,
    /// How much the button asks for attention.
    kind: ButtonKind,
) -> impl IntoView {
    let (data, saving) = (use_data(), Saving::new());
    let giving = Giving::for_pledge(pledge);
    let sponsor = causes.with_value(|causes| causes.sponsor);
    let take = move || {
        let Some(mut fields) = causes.with_value(|causes| giving.fields(causes)) else { return };
        fields.insert("sponsor".to_owned(), sponsor.to_string().into());
        saving.run(data.add_record(NewRecord::Donation, fields), drop);
    };
    view! {
        <Button kind icon=IconName::Plus on_press=move || saving.open.set(true)>{w::add_donation()}</Button>
        <EntryDialog saving title=w::add_donation() on_save=take><Form giving causes /></EntryDialog>
    }
}

/// The button that changes a donation, with its form.
#[component]
pub(super) fn ChangeDonation(
    /// The donation.
    row: DonationRow,
    /// What it may be for.
    causes: StoredValue<Causes>,
) -> impl IntoView {
    let (data, saving) = (use_data(), Saving::new());
    let giving = Giving::of(&row);
    let (id, before) = (row.id, StoredValue::new(row.fields));
    let take = move || {
        if let Some(fields) = causes.with_value(|causes| giving.fields(causes)) {
            saving.run(data.change_record(id, before.get_value(), fields), drop);
        }
    };
    view! {
        <Button kind=ButtonKind::Quiet icon=IconName::Pen on_press=move || saving.open.set(true)>{pledges::change()}</Button>
        <EntryDialog saving title=w::change_donation() on_save=take><Form giving causes /></EntryDialog>
    }
}

#[component]
fn Form(giving: Giving, causes: StoredValue<Causes>) -> impl IntoView {
    let Giving { pledge, given_on, money, goods, receipt_no, measure, completes } = giving;
    let today = clock::today_day();
    let with_none = |options: &[Opt], none: &'static str| {
        [Opt::new("", none)].into_iter().chain(options.iter().cloned()).collect::<Vec<_>>()
    };
    let of_pledges = causes.with_value(|causes| with_none(&causes.pledges, w::no_pledge()));
    let of_measures = causes.with_value(|causes| with_none(&causes.measures, w::no_measure()));
    let is_of_goods = move || causes.with_value(|causes| causes.is_of_goods(&pledge.read()));
    let money_words =
        FieldWords { unit: needs::unit_yuan().to_owned(), ..FieldWords::label(pledges::money()) };
    view! {
            <Picker words=FieldWords::label(w::for_pledge()) options=Signal::stored(of_pledges) chosen=pledge on_pick=move |id| giving.choose_pledge(id) />
            <DatePicker words=FieldWords::label(w::given_on()).must() day=given_on.text today=today.to_string() quick=days::recent(today) problem=given_on.problem on_pick=move |day| given_on.text.set(day) />
            <Field words=money_words kind=FieldKind::Money value=money.text problem=money.problem />
            <Field words=FieldWords::label(pledges::goods_label()).hint(pledges::goods_hint()) value=goods.text problem=goods.problem />
            <Show when=is_of_goods>
                <Switch label=w::completes() on=completes on_switch=move |is_whole| completes.set(is_whole) />
            </Show>
            <Field words=FieldWords::label(w::receipt_no()) kind=FieldKind::Code value=receipt_no.text problem=receipt_no.problem />
            <Picker words=FieldWords::label(w::measure()).hint(w::measure_hint()) options=Signal::stored(of_measures) chosen=measure on_pick=move |id| measure.set(id) />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_promised_in_goods_is_said_to_be_whole() {
        let causes = Causes {
            sponsor: Uuid::nil(),
            pledges: vec![Opt::new("money", "5000 元"), Opt::new("rice", "大米 20 袋")],
            of_goods: vec!["rice".to_owned()],
            measures: Vec::new(),
        };
        for (pledge, may) in [("rice", true), ("money", false), ("", false), ("elsewhere", true)] {
            assert_eq!(causes.may_complete(pledge), may, "{pledge}");
        }
    }
}
