//! The form that takes down what a sponsor promises: against a need, for a family, or for nobody by name.

mod family;

use super::{PickSponsor, need_words};
use crate::{
    data::{Loaded, NewRecord, PledgeRow, use_data},
    features::{
        days,
        entry::{EntryDialog, Saving, Typed},
        needs_order,
    },
    locale::words::{needs, pledges as w},
    platform::clock,
    ui::{
        Button, ButtonKind, Choice, ChoiceKind, DatePicker, Field, FieldKind, FieldWords, IconName, Opt,
        Picker,
    },
};
use domain::money::Money;
use family::PickFamily;
use leptos::prelude::*;
use serde_json::Value;
use sync::wire::Fields;
use uuid::Uuid;

/// Promises are often kept within so many days.
const DUE_DAYS: [i64; 2] = [30, 90];

/// What is filled in.
#[derive(Clone, Copy)]
struct Promising {
    /// Who promises, where the page does not say it.
    sponsor: Typed,
    money: Typed,
    goods: Typed,
    due_on: RwSignal<String>,
    whom: RwSignal<String>,
    need: Typed,
    /// The family with its name.
    family: RwSignal<Option<(Uuid, String)>>,
}

/// The answers to for whom it is.
const NOBODY: &str = "nobody";
const NEED: &str = "need";
const FAMILY: &str = "family";

impl Promising {
    fn new(sponsor: Option<Uuid>, need: Option<Uuid>, before: Option<&PledgeRow>) -> Promising {
        let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let money = before.and_then(|row| row.money).map(|money| money.to_string());
        let due_on = before.and_then(|row| row.due_on).map(|day| day.to_string());
        Promising {
            sponsor: Typed::new(id(sponsor)),
            money: Typed::new(money.unwrap_or_default()),
            goods: Typed::new(before.map(|row| row.goods.clone()).unwrap_or_default()),
            due_on: RwSignal::new(due_on.unwrap_or_default()),
            whom: RwSignal::new(if need.is_some() { NEED } else { NOBODY }.to_owned()),
            need: Typed::new(id(need)),
            family: RwSignal::new(None),
        }
    }

    /// What it is about: money, goods, the day.
    fn content(self) -> Option<Fields> {
        let (money, goods) = amount_of(self.money, self.goods)?;
        let due_on = self.due_on.get_untracked();
        let due_on = if due_on.is_empty() { Value::Null } else { due_on.into() };
        Some(
            [("amount", money), ("goods", goods), ("due_on", due_on)]
                .map(|(field, value)| (field.to_owned(), value))
                .into(),
        )
    }

    /// All of a new record. Everything is judged, so that all that is wrong is said at once.
    fn whole(self) -> Option<Fields> {
        let sponsor = self.sponsor.begin();
        let sponsor =
            if sponsor.is_empty() { self.sponsor.refuse(w::sponsor_missing()) } else { Some(sponsor) };
        let target = self.target();
        let mut fields = self.content()?;
        fields.extend(target?);
        fields.insert("sponsor".to_owned(), sponsor?.into());
        Some(fields)
    }

    /// The field that says for whom it is; none for nobody by name.
    fn target(self) -> Option<Fields> {
        let need = self.need.begin();
        let (field, id) = match self.whom.get_untracked().as_str() {
            NEED if need.is_empty() => return self.need.refuse(w::need_missing()),
            NEED => (NEED, need),
            FAMILY => match self.family.get_untracked() {
                Some((id, _)) => ("recipient", id.to_string()),
                None => return self.need.refuse(w::family_missing()),
            },
            _ => return Some(Fields::new()),
        };
        Some([(field.to_owned(), id.into())].into())
    }
}

/// Money and goods as they are stored, of which one must be there; nothing where something is wrong with them.
pub(crate) fn amount_of(money: Typed, goods: Typed) -> Option<(Value, Value)> {
    let (typed, goods) = (money.begin(), goods.checked("goods", None));
    let amount = match typed.as_str() {
        "" if goods == Some(Value::Null) => money.refuse(w::amount_missing()),
        "" => Some(Value::Null),
        _ => match Money::parse_yuan(&typed).filter(|money| money.fen() > 0) {
            Some(amount) => Some(amount.fen().into()),
            None => money.refuse(needs::plan_amount_bad()),
        },
    };
    amount.zip(goods)
}

/// The button that takes a new promise down, with its form.
#[component]
pub(crate) fn AddPledge(
    /// Who promises, where that is known.
    #[prop(optional_no_strip)]
    sponsor: Option<Uuid>,
    /// What it is against, where that is known.
    #[prop(optional_no_strip)]
    need: Option<Uuid>,
    /// The words of the button.
    label: &'static str,
) -> impl IntoView {
    let (data, saving) = (use_data(), Saving::new());
    let promising = Promising::new(sponsor, need, None);
    let take = move || {
        if let Some(fields) = promising.whole() {
            saving.run(data.add_record(NewRecord::Pledge, fields), drop);
        }
    };
    view! {
        <Button kind=ButtonKind::Plain icon=IconName::Plus on_press=move || saving.open.set(true)>{label}</Button>
        <EntryDialog saving title=label on_save=take>
            {sponsor.is_none().then(|| view! { <PickSponsor chosen=promising.sponsor.text problem=promising.sponsor.problem /> })}
            <Content promising />
            {need.is_none().then(|| view! { <Whom promising /> })}
        </EntryDialog>
    }
}

/// The button that changes what was promised. For whom it is stays: another family is another promise.
#[component]
pub(crate) fn ChangePledge(
    /// The promise.
    row: PledgeRow,
) -> impl IntoView {
    let (data, saving) = (use_data(), Saving::new());
    let promising = Promising::new(row.sponsor, None, Some(&row));
    let (id, before) = (row.id, StoredValue::new(row.fields));
    let take = move || {
        if let Some(fields) = promising.content() {
            saving.run(data.change_record(id, before.get_value(), fields), drop);
        }
    };
    view! {
        <Button kind=ButtonKind::Quiet icon=IconName::Pen on_press=move || saving.open.set(true)>{w::change()}</Button>
        <EntryDialog saving title=w::change_title() on_save=take><Content promising /></EntryDialog>
    }
}

/// Money, goods and the day.
#[component]
fn Content(promising: Promising) -> impl IntoView {
    let Promising { money, goods, due_on, .. } = promising;
    let today = clock::today_day();
    let ahead = days::ahead(today, &DUE_DAYS).into_iter();
    let ahead: Vec<_> = ahead.chain([(String::new(), w::no_due().to_owned())]).collect();
    let money_words = FieldWords { unit: needs::unit_yuan().to_owned(), ..FieldWords::label(w::money()) };
    view! {
        <Field words=money_words.hint(w::money_says()) kind=FieldKind::Money value=money.text problem=money.problem />
        <Field words=FieldWords::label(w::goods_label()).hint(w::goods_hint()) value=goods.text problem=goods.problem />
        <DatePicker words=FieldWords::label(w::due()) day=due_on today=today.to_string() quick=ahead on_pick=move |day| due_on.set(day) />
    }
}

/// For whom it is.
#[component]
fn Whom(promising: Promising) -> impl IntoView {
    let Promising { whom, need, family, .. } = promising;
    let options = vec![
        Opt::new(NOBODY, w::whom_nobody()),
        Opt::new(NEED, w::whom_need()),
        Opt::new(FAMILY, w::whom_family()),
    ];
    let choose = move |chosen: Vec<String>| {
        need.problem.set(String::new());
        whom.set(chosen.into_iter().next().unwrap_or_default());
    };
    view! {
        <Choice words=FieldWords::label(w::whom()).hint(w::whom_says()) kind=ChoiceKind::One options
            chosen=Signal::derive(move || vec![whom.get()]) on_choose=choose />
        {move || match whom.get().as_str() {
            NEED => view! { <PickNeed chosen=need /> }.into_any(),
            FAMILY => view! { <PickFamily chosen=family problem=need.problem /> }.into_any(),
            _ => ().into_any(),
        }}
    }
}

/// The needs that are open, the most pressing first.
#[component]
fn PickNeed(chosen: Typed) -> impl IntoView {
    let data = use_data();
    let needs = Loaded::new(move || async move { data.needs().await });
    let options = Signal::derive(move || {
        let open =
            needs.get().unwrap_or_default().into_iter().filter(|need| needs_order::is_open(&need.state));
        open.map(|need| {
            Opt::new(need.id.to_string(), need_words(&need.name, &need.village, &need.kind).join(" · "))
        })
        .collect::<Vec<_>>()
    });
    view! {
        <Picker words=FieldWords::label(w::need()).must() options chosen=chosen.text problem=chosen.problem on_pick=move |id| chosen.text.set(id) />
    }
}
