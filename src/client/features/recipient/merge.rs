//! 合并: two files of one person side by side; what differs is chosen, then there is one.

mod line;
mod state;

use super::{state::Boxed, unmerge};
use crate::{
    data::{Loaded, MergeError, RecipientFile, Topic, use_data},
    features::{
        ask_reason::{AskReason, ReasonWords},
        find_person, labels, problems,
    },
    locale::words::merge as w,
    routes,
    ui::{
        Banner, Button, ButtonKind, Empty, IconName, LinkButton, Loading, Page, PageBody, Tone, use_notices,
    },
};
use leptos::{prelude::*, task::spawn_local};
use line::{FoldedLines, LineView};
use state::{Choices, How, Line, Merging, Side};
use uuid::Uuid;

/// Two files of one person.
#[component]
pub(crate) fn MergePage() -> impl IntoView {
    let data = use_data();
    let (id, with) = (routes::id_param(), routes::with_param());
    let files = Loaded::new(move || {
        data.changed(Topic::Recipients).track();
        data.changed(Topic::Attention).track();
        let id = id.get();
        async move {
            let (left, right) = (data.recipient(id?).await?, data.recipient(with?).await?);
            (left.row.id != right.row.id).then(|| Merging::new(Boxed::new(left), Boxed::new(right)))
        }
    });
    // What was chosen stays while the files under it change.
    let (choices, keep) = (RwSignal::new(Choices::new()), RwSignal::new(Side::Left));
    let back = id.get_untracked().map_or_else(|| routes::RECIPIENTS.to_owned(), routes::recipient);
    view! {
        <Page title=w::title() back body=PageBody::Wide>
            {move || match files.get() {
                None => view! { <Loading /> }.into_any(),
                Some(None) => {
                    view! {
                        <Empty icon=IconName::Document title=w::gone() advice=w::gone_advice()>
                            <LinkButton kind=ButtonKind::Plain href=routes::RECIPIENTS>{w::to_list()}</LinkButton>
                        </Empty>
                    }
                        .into_any()
                }
                Some(Some(merging)) => view! { <SideBySide merging choices keep /> }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn SideBySide(merging: Merging, choices: RwSignal<Choices>, keep: RwSignal<Side>) -> impl IntoView {
    let shown = |wanted: fn(&How) -> bool| -> Vec<Line> {
        merging.lines.iter().filter(|line| line.is_shown() && wanted(&line.how)).cloned().collect()
    };
    let (differ, alike) = (shown(|how| *how == How::Choose), shown(|how| *how != How::Choose));
    let count = differ.len();
    let category = |line: &Line| merging.category(line.pair).map(labels::category).unwrap_or_default();
    let differ: Vec<_> = differ.into_iter().map(|line| (category(&line), line)).collect();
    let alike: Vec<_> = alike.into_iter().map(|line| (category(&line), line)).collect();
    let heads = [Side::Left, Side::Right].map(|side| {
        let file = merging.file(side).clone();
        view! { <Kept file side keep /> }
    });
    view! {
        <div class="merge">
            <p class="quiet">{w::says()}</p>
            <fieldset class="merge__files">
                <legend class="merge__title">{w::which()}</legend>
                <div class="merge__two">{heads}</div>
            </fieldset>
            <section class="merge__lines">
                <h2 class="merge__title">{if count > 0 { w::differ(count) } else { w::differ_none().to_owned() }}</h2>
                {differ.into_iter().map(|(category, line)| view! { <LineView category line choices keep /> }).collect_view()}
            </section>
            <FoldedLines lines=alike />
            <Do merging choices keep />
        </div>
    }
}

/// One of the files, and whether it is the one that stays.
#[component]
fn Kept(file: Boxed<RecipientFile>, side: Side, keep: RwSignal<Side>) -> impl IntoView {
    let row = file.row.clone();
    let counts = w::counts(file.visits.len(), file.needs.len());
    view! {
        <label class="choice__row merge__file">
            <input
                class="choice__mark"
                type="radio"
                name="keep"
                autocomplete="off"
                prop:checked=move || keep.get() == side
                on:change=move |_| keep.set(side)
            />
            <span class="merge__who">
                <span class="strong">{row.name.clone()}</span>
                <span class="quiet small">{find_person::said(&row)}</span>
                <span class="quiet small">{counts}</span>
                <span class="small">{move || if keep.get() == side { w::stays() } else { w::goes() }}</span>
            </span>
        </label>
    }
}

/// What will happen, and the button that does it.
#[component]
fn Do(merging: Merging, choices: RwSignal<Choices>, keep: RwSignal<Side>) -> impl IntoView {
    let (data, notices, guide) = (use_data(), use_notices(), routes::use_guide());
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let problem = RwSignal::new(String::new());
    let merging = StoredValue::new(merging);
    let name = move |side: Side| merging.with_value(|merging| merging.file(side).row.name.clone());
    let waits = Signal::derive(move || merging.with_value(|merging| merging.waits(keep.get().other())));
    let merge = move |reason: String| {
        let plan = merging
            .with_value(|merging| choices.with_untracked(|all| merging.plan(all, keep.get_untracked())));
        let stays: Uuid = plan.keep;
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match data.merge_files(plan, &reason).await {
                Ok(back) => {
                    unmerge::offer(data, notices, back);
                    guide.instead(&routes::recipient(stays));
                }
                Err(error) => drop(problem.try_set(said(&error))),
            }
            busy.try_set(false);
        });
    };
    let reset = move || {
        choices.set(Choices::new());
        keep.set(Side::Left);
    };
    let words = ReasonWords { title: w::why_title(), says: w::why_says(), yes: w::merge() };
    view! {
        <section class="merge__do">
            <p>{move || w::what_happens(name(keep.get()), name(keep.get().other()))}</p>
            <Show when=move || { waits.get() > 0 }>
                <Banner tone=Tone::Soon words=Signal::derive(move || w::waits(waits.get())) />
            </Show>
            <p class="field__problem" role="alert">{problem}</p>
            <div class="row">
                <Button busy disabled=Signal::derive(move || waits.get() > 0) on_press=move || asking.set(true)>{w::merge()}</Button>
                <Button kind=ButtonKind::Quiet disabled=busy on_press=reset>{w::reset()}</Button>
            </div>
            <AskReason open=asking words on_reason=merge />
        </section>
    }
}

fn said(error: &MergeError) -> String {
    match error {
        MergeError::Save(error) => problems::save(error).title,
        MergeError::Office(_) => w::number_failed().to_owned(),
    }
}
