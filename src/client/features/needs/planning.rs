//! Planning a measure: what, for how much, by whom, until when.

use super::state;
use crate::{
    data::use_data,
    features::{days, people, pledges::PickSponsor, problems},
    locale::words::{needs as w, pledges},
    platform::clock,
    ui::{
        Banner, Button, ButtonKind, Choice, ChoiceKind, DatePicker, Dialog, Field, FieldKind, FieldWords,
        IconName, Opt, Picker, Tone, use_notices,
    },
};
use domain::{money::Money, need::Provider};
use leptos::{prelude::*, task::spawn_local};
use sync::wire::Fields;
use uuid::Uuid;

/// Measures are often due in so many days.
const DUE_DAYS: [i64; 3] = [7, 30, 90];

/// A measure that is being planned.
#[derive(Clone, Copy)]
struct Planning {
    kind: RwSignal<String>,
    what: RwSignal<String>,
    amount: RwSignal<String>,
    provider: RwSignal<String>,
    sponsor: RwSignal<String>,
    responsible: RwSignal<String>,
    due_on: RwSignal<String>,
    problem: RwSignal<String>,
}

impl Planning {
    /// The fields of the new record, or what is missing.
    fn fields(self) -> Result<Fields, &'static str> {
        let mut f = Fields::new();
        for (field, value, missing) in [
            ("kind", self.kind, w::plan_kind_missing()),
            ("what", self.what, w::plan_what_missing()),
            ("responsible", self.responsible, w::lack_responsible()),
            ("due_on", self.due_on, w::lack_measure_day()),
            ("provider", self.provider, w::lack_measure()),
        ] {
            let value = value.get_untracked().trim().to_owned();
            if value.is_empty() {
                return Err(missing);
            }
            f.insert(field.to_owned(), value.into());
        }
        if self.provider.get_untracked() == Provider::Sponsor.word() {
            let sponsor = self.sponsor.get_untracked();
            if sponsor.is_empty() {
                return Err(pledges::sponsor_missing());
            }
            f.insert("sponsor".to_owned(), sponsor.into());
        }
        let amount = self.amount.get_untracked();
        if !amount.trim().is_empty() {
            let money = Money::parse_yuan(amount.trim()).filter(|money| money.fen() > 0);
            f.insert("amount".to_owned(), money.ok_or_else(w::plan_amount_bad)?.fen().into());
        }
        Ok(f)
    }
}

#[component]
pub(super) fn Plan(need: Uuid, responsible: String) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let open = RwSignal::new(false);
    let text = |text: &str| RwSignal::new(text.to_owned());
    let planning = Planning {
        kind: text(""),
        what: text(""),
        amount: text(""),
        provider: text(Provider::Unit.word()),
        sponsor: text(""),
        responsible: text(&responsible),
        due_on: text(""),
        problem: text(""),
    };
    let busy = RwSignal::new(false);
    let take = move || {
        let fields = match planning.fields() {
            Ok(fields) => fields,
            Err(missing) => return planning.problem.set(missing.to_owned()),
        };
        busy.set(true);
        spawn_local(async move {
            match data.plan_measure(need, fields).await {
                Ok(()) => {
                    open.try_set(false);
                    notices.say(w::noted());
                }
                Err(error) => drop(planning.problem.try_set(problems::save(&error).title)),
            }
            busy.try_set(false);
        });
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{crate::locale::words::ui::cancel()}</Button>
            <Button busy on_press=take>{w::plan_add()}</Button>
        }
    };
    view! {
        <div class="inset">
            <Button kind=ButtonKind::Plain icon=IconName::Plus on_press=move || open.set(true)>{w::plan()}</Button>
        </div>
        <Dialog open title=w::plan() acts><PlanForm planning /></Dialog>
    }
}

#[component]
fn PlanForm(planning: Planning) -> impl IntoView {
    let must = |label: &str| FieldWords::label(label).must();
    let provider = |one: Provider| {
        let label = match one {
            Provider::Unit => w::by_unit(),
            Provider::Sponsor => w::by_sponsor(),
            Provider::Person => w::by_person(),
        };
        Opt::new(one.word(), label)
    };
    let choose =
        move |chosen: Vec<String>| planning.provider.set(chosen.into_iter().next().unwrap_or_default());
    let problem = planning.problem;
    view! {
        <div class="stack">
            <Picker words=must(w::plan_kind()) options=Signal::stored(state::measure_kinds()) chosen=planning.kind on_pick=move |kind| planning.kind.set(kind) />
            <Field words=must(w::plan_what()) value=planning.what />
            <Field words=FieldWords { unit: w::unit_yuan().to_owned(), ..FieldWords::label(w::amount()) } kind=FieldKind::Money value=planning.amount />
            <Choice
                words=must(w::provider()).hint(w::provider_says())
                kind=ChoiceKind::One
                options=Provider::ALL.map(provider).to_vec()
                chosen=Signal::derive(move || vec![planning.provider.get()])
                on_choose=choose
            />
            <Show when=move || *planning.provider.read() == Provider::Sponsor.word()>
                <PickSponsor chosen=planning.sponsor />
            </Show>
            <Picker words=must(w::responsible()) options=Signal::derive(people::options) chosen=planning.responsible on_pick=move |id| planning.responsible.set(id) />
            <DatePicker
                words=must(w::due())
                day=planning.due_on
                today=clock::today_day().to_string()
                quick=days::ahead(clock::today_day(), &DUE_DAYS)
                on_pick=move |day| planning.due_on.set(day)
            />
            {move || {
                let words = problem.get();
                (!words.is_empty()).then(|| view! { <Banner tone=Tone::Bad icon=IconName::Alert words /> })
            }}
        </div>
    }
}
