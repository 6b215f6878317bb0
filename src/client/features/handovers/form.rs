//! The form of a hand-over: village, from whom, to whom, which families; and what will happen, before it does.

use super::{
    ForFamilies,
    state::{Handover, Preview, handover, sentence},
};
use crate::{
    data::{Data, OfficeRequest, use_data},
    features::{
        colleagues::{Person, Staff, is_worker},
        when,
    },
    locale::words::{handovers as w, staff::ended},
    ui::{Banner, Button, Choice, ChoiceKind, Field, FieldWords, Opt, Picker, Switch, Tone},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};
use std::sync::Arc;

/// In place of the person, where families have nobody yet.
const NOBODY: &str = "-";

/// What is chosen.
#[derive(Clone, Copy)]
struct Form {
    area: RwSignal<String>,
    from: RwSignal<String>,
    to: RwSignal<String>,
    families: RwSignal<Vec<String>>,
    keeps: RwSignal<bool>,
    reason: RwSignal<String>,
    preview: RwSignal<Option<Arc<Preview>>>,
    /// The families that are meant at first.
    first: StoredValue<Option<Vec<String>>>,
    busy: RwSignal<bool>,
    problem: RwSignal<String>,
}

impl Form {
    fn new(first: Option<ForFamilies>) -> Form {
        let empty = || RwSignal::new(String::new());
        let (area, families) = first.map(|first| (first.area, first.families)).unzip();
        Form {
            // Who was chosen by hand may have nobody, or each somebody else.
            from: RwSignal::new(area.as_ref().map(|_| NOBODY.to_owned()).unwrap_or_default()),
            area: RwSignal::new(area.unwrap_or_default()),
            first: StoredValue::new(families),
            to: empty(),
            families: RwSignal::new(Vec::new()),
            keeps: RwSignal::new(false),
            reason: empty(),
            preview: RwSignal::new(None),
            busy: RwSignal::new(false),
            problem: empty(),
        }
    }

    fn giver(self) -> Option<String> {
        let from = self.from.get_untracked();
        (from != NOBODY && !from.is_empty()).then_some(from)
    }

    /// Reads what would change hands, and chooses the families that are meant.
    fn look(self, data: Data) {
        self.preview.set(None);
        self.problem.set(String::new());
        let area = self.area.get_untracked();
        if area.is_empty() || self.from.read_untracked().is_empty() {
            return;
        }
        spawn_local(async move {
            let said = json!({"area": area, "from": self.giver()});
            let answer = data.office(OfficeRequest::post("handovers/preview", said)).await;
            match answer.and_then(|answer| answer.json::<Value>()) {
                Ok(answer) => {
                    let preview = Preview::read(&answer);
                    let first = self.first.try_update_value(Option::take).flatten();
                    self.families
                        .set(first.unwrap_or_else(|| preview.meant(&self.giver().unwrap_or_default())));
                    self.preview.set(Some(Arc::new(preview)));
                }
                Err(error) => self.problem.set(sentence(&error)),
            }
        });
    }

    /// Hands over what is chosen.
    fn hand_over(self, data: Data, on_done: Callback<(Handover,)>) {
        self.busy.set(true);
        self.problem.set(String::new());
        spawn_local(async move {
            let said = json!({
                "area": self.area.get_untracked(), "from": self.giver(), "to": self.to.get_untracked(),
                "families": self.families.get_untracked(), "reason": self.reason.get_untracked(),
                "keep_village": self.keeps.get_untracked() || self.giver().is_none(),
            });
            let answer = data.office(OfficeRequest::post("handovers", said)).await;
            match answer.and_then(|answer| answer.json::<Value>()) {
                Ok(answer) => on_done.run((handover(&answer),)),
                Err(error) => self.problem.set(sentence(&error)),
            }
            // The form is gone once it is done.
            self.busy.try_set(false);
        });
    }
}

#[component]
pub(super) fn HandOverForm(
    /// The people and villages of the office.
    staff: Arc<Staff>,
    /// Whom it is about at first.
    first: Option<ForFamilies>,
    /// It is done.
    #[prop(into)]
    on_done: Callback<(Handover,)>,
) -> impl IntoView {
    let data = use_data();
    let form = Form::new(first);
    let look = move || form.look(data);
    look();
    let hand_over = move || form.hand_over(data, on_done);
    let staff = StoredValue::new(staff);
    let villages = staff.with_value(|staff| staff.areas_for("village_worker"));
    // Whoever left has families to give, and takes none.
    let people = move |gives: bool| {
        let staff = staff.get_value();
        let workers = staff.people.iter().filter(|person| is_worker(person) && (gives || !person.ended));
        let option = |person: &Person| {
            let places = if person.ended { ended().to_owned() } else { staff.places(&person.areas) };
            let label = if places.is_empty() { person.name.clone() } else { w::worker(&person.name, places) };
            Opt::new(person.id.clone(), label)
        };
        let nobody = gives.then(|| Opt::new(NOBODY, w::nobody()));
        nobody.into_iter().chain(workers.map(option)).collect::<Vec<_>>()
    };
    let givers = people(true);
    let pick = move |one: RwSignal<String>| {
        move |value: String| {
            one.set(value);
            look();
        }
    };
    view! {
        <div class="stack">
            <p>{w::lead()}</p>
            <Picker words=FieldWords::label(w::village()) options=Signal::stored(villages) chosen=form.area on_pick=pick(form.area) />
            <Picker words=FieldWords::label(w::from()) options=Signal::stored(givers) chosen=form.from on_pick=pick(form.from) />
            <Picker
                words=FieldWords::label(w::to())
                options=Signal::stored(people(false))
                chosen=form.to
                on_pick=move |value: String| form.to.set(value)
            />
            {move || form.preview.get().map(|preview| view! { <Before preview form staff on_yes=hand_over /> })}
            <p class="field__problem" role="alert">{form.problem}</p>
        </div>
    }
}

/// The families, and what will happen to whom.
#[component]
fn Before(
    preview: Arc<Preview>,
    form: Form,
    staff: StoredValue<Arc<Staff>>,
    #[prop(into)] on_yes: Callback<()>,
) -> impl IntoView {
    let options = preview.options(|id| staff.with_value(|staff| staff.name(id)));
    let all = options.len();
    let has_giver = form.giver().is_some();
    let name = move |id: RwSignal<String>| staff.with_value(|staff| staff.name(&id.read()));
    let leaves = move || w::leaves(name(form.from), form.families.read().len());
    let comes = move || match name(form.to) {
        to if to.is_empty() => w::to_missing().to_owned(),
        to => w::comes(to, form.families.read().len()),
    };
    let unsent = preview.unsent;
    let waits = move || {
        let words = match (unsent.waits(), unsent.seen_at) {
            _ if unsent.devices == 0 => return None,
            (true, Some(at)) => w::waits(unsent.saves, unsent.photos, unsent.drafts, when::moment(at)),
            (false, Some(at)) => w::waits_nothing(when::moment(at)),
            (_, None) => w::waits_unknown().to_owned(),
        };
        let tone = if unsent.waits() { Tone::Soon } else { Tone::Plain };
        Some(view! { <Banner tone words /> })
    };
    let choose = move |chosen: Vec<String>| form.families.set(chosen);
    let cannot = Signal::derive(move || form.to.read().is_empty() || form.reason.read().trim().is_empty());
    view! {
        <Choice
            words=FieldWords::label(w::families(all))
            kind=ChoiceKind::Many
            options
            chosen=form.families
            on_choose=choose
        />
        {has_giver.then(|| view! { <Switch label=w::keeps() note=w::keeps_says() on=form.keeps on_switch=move |on: bool| form.keeps.set(on) /> })}
        <section class="stack" aria-label=w::before()>
            <h2 class="cell-group__title">{w::before()}</h2>
            {has_giver.then(|| view! { <p>{leaves}</p> })}
            {has_giver.then_some(waits)}
            <p>{comes}</p>
        </section>
        <Field words=FieldWords::label(w::reason()).hint(w::reason_hint()) value=form.reason />
        <Button busy=form.busy disabled=cannot on_press=on_yes>{w::hand_over()}</Button>
    }
}
