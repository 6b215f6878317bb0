//! A new event: by which checklist, for whom.

use super::{choose::Choose, state};
use crate::{
    data::{FAMILIES_MAX, Loaded, use_data},
    features::{answer_words, problems},
    locale::words::rounds as w,
    routes,
    ui::{
        Button, ButtonKind, Choice, ChoiceKind, Empty, FieldWords, IconName, LinkButton, Loading, Opt, Page,
        use_notices,
    },
};
use domain::checklist::Checklist;
use leptos::{prelude::*, task::spawn_local};
use std::{cell::RefCell, sync::Arc};
use uuid::Uuid;

thread_local! {
    /// Whom another page has chosen; taken once.
    static HANDED: RefCell<Vec<Uuid>> = const { RefCell::new(Vec::new()) };
}

/// Whom the next event is for, unless somebody chooses otherwise.
pub(super) fn hand_over(families: Vec<Uuid>) {
    HANDED.set(families);
}

type Checklists = Vec<(String, Arc<Checklist>)>;

#[component]
pub(super) fn NewRound() -> impl IntoView {
    let data = use_data();
    let checklists = Loaded::new(move || async move { data.round_checklists().await });
    let template = RwSignal::new(String::new());
    let chosen = RwSignal::new(HANDED.take());
    let foot = move || view! { <div class="page__measure"><Begin template chosen /></div> };
    view! {
        <Page title=w::title() back=routes::TODAY foot>
            <p class="inset quiet">{w::says()}</p>
            {move || match checklists.get() {
                None => view! { <Loading /> }.into_any(),
                Some(checklists) => view! { <Asked checklists template chosen /> }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn Asked(checklists: Checklists, template: RwSignal<String>, chosen: RwSignal<Vec<Uuid>>) -> impl IntoView {
    let data = use_data();
    if template.read_untracked().is_empty() {
        template.set(checklists.first().map(|(id, _)| id.clone()).unwrap_or_default());
    }
    let option = |(id, checklist): &(String, Arc<Checklist>)| {
        Opt::new(id, answer_words::words(&checklist.template().title))
    };
    let options: Vec<Opt> = checklists.iter().map(option).collect();
    let pick = move |picked: Vec<String>| {
        if let Some(one) = picked.into_iter().next() {
            template.set(one);
        }
    };
    let families = move || {
        let all = data.round_candidates(&template.read());
        if all.is_empty() {
            return view! {
                <Empty icon=IconName::People title=w::nobody() advice=w::nobody_advice()>
                    <LinkButton kind=ButtonKind::Plain href=routes::RECIPIENTS>{w::to_people()}</LinkButton>
                </Empty>
            }
            .into_any();
        }
        view! { <Choose all=Arc::new(all) chosen /> }.into_any()
    };
    view! {
        <div class="inset">
            <Choice
                words=FieldWords::label(w::checklist())
                kind=ChoiceKind::One
                options
                chosen=Signal::derive(move || vec![template.get()])
                on_choose=pick
            />
        </div>
        {families}
    }
}

#[component]
fn Begin(template: RwSignal<String>, chosen: RwSignal<Vec<Uuid>>) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let guide = routes::use_guide();
    let busy = RwSignal::new(false);
    let count = move || chosen.read().len();
    let begin = move || {
        let template = template.get_untracked();
        let families =
            chosen.with_untracked(|chosen| state::ordered(&[], &data.round_candidates(&template), chosen));
        busy.set(true);
        spawn_local(async move {
            match data.start_round(&template, families).await {
                Ok(event) => guide.instead(&routes::visit_form(event)),
                Err(error) => notices.say(problems::save(&error).title),
            }
            busy.try_set(false);
        });
    };
    let wrong = Signal::derive(move || count() == 0 || count() > FAMILIES_MAX);
    view! {
        <Button icon=IconName::People busy disabled=wrong on_press=begin>
            {move || match count() {
                0 => w::begin_none().to_owned(),
                n if n > FAMILIES_MAX => w::begin_too_many(FAMILIES_MAX),
                _ => {
                    let counted = data.counted(&chosen.read());
                    w::begin(counted.households, counted.people)
                }
            }}
        </Button>
    }
}
