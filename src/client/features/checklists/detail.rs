//! One checklist: its versions to be read, and the way to the next.

use super::{Found, Listed, may_publish, since, upload::Download, words::kind};
use crate::{
    data::{Out, Version},
    features::answer_words::words,
    locale::words::checklists as w,
    routes,
    ui::{
        Badge, ButtonKind, CellGroup, Empty, Fact, FieldWords, IconName, LinkButton, Loading, Opt, Page,
        Picker, Tone,
    },
};
use domain::checklist::{Question, QuestionKind, Required};
use leptos::prelude::*;

#[component]
pub(super) fn Detail(id: String, found: Signal<Option<Found>>) -> impl IntoView {
    let listed = {
        let id = id.clone();
        move || found.get().map(|found| (found.lists.into_iter().find(|one| one.id == id), found.out))
    };
    let title = {
        let listed = listed.clone();
        Signal::derive(move || listed().and_then(|(one, _)| one).map(|one| one.title()).unwrap_or_default())
    };
    let version = RwSignal::new(0_u32);
    view! {
        <Page title back=routes::CHECKLISTS>
            {move || match listed() {
                None => view! { <Loading /> }.into_any(),
                Some((None, _)) => view! { <Empty icon=IconName::Clipboard title=w::unknown_list() /> }.into_any(),
                Some((Some(listed), out)) => view! { <Body listed out version /> }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn Body(listed: Listed, out: Option<Vec<Out>>, version: RwSignal<u32>) -> impl IntoView {
    let edit = routes::checklist_editor(&listed.id);
    let has_draft = listed.draft.is_some();
    let label = if has_draft { w::go_on() } else { w::edit() };
    let code = listed.id.clone();
    let versions = StoredValue::new(listed.versions);
    let options = versions.with_value(|versions| {
        let option = |version: &Version| {
            let number = version.checklist.template().version;
            Opt::new(number.to_string(), w::version(number))
        };
        versions.iter().map(option).collect::<Vec<_>>()
    });
    let shown = move || {
        let wanted = version.get();
        versions.with_value(|versions| {
            let is_it = |one: &&Version| one.checklist.template().version == wanted;
            versions.iter().find(is_it).or_else(|| versions.first()).cloned()
        })
    };
    let edit_code = StoredValue::new(code.clone());
    let older = Signal::derive(move || {
        let wanted = version.get();
        let newest =
            versions.with_value(|versions| versions.first().map(|one| one.checklist.template().version));
        newest.filter(|newest| wanted > 0 && wanted < *newest).map(|_| wanted)
    });
    let chosen = Signal::derive(move || {
        shown().map(|version| version.checklist.template().version.to_string()).unwrap_or_default()
    });
    let number = Signal::derive(move || shown().map_or(0, |version| version.checklist.template().version));
    let code_of_any = versions.with_value(|versions| !versions.is_empty()).then(|| code.clone());
    view! {
        {may_publish()
            .then(|| {
                view! {
                    <div class="row inset">
                        <LinkButton icon=IconName::Pen kind=ButtonKind::Plain href=edit.clone()>{label}</LinkButton>
                        {has_draft.then(|| view! { <Badge tone=Tone::Soon words=w::draft_here() /> })}
                    </div>
                }
            })}
        {(options.len() > 1)
            .then(|| {
                let pick = move |number: String| version.set(number.parse().unwrap_or_default());
                view! {
                    <div class="inset">
                        <Picker words=FieldWords::label(w::which_version()) options=Signal::stored(options) chosen on_pick=pick />
                    </div>
                }
            })}
        {move || {
            let older = older.get().filter(|_| may_publish() && !has_draft)?;
            let href = routes::checklist_editor_from(&edit_code.get_value(), older);
            Some(view! {
                <div class="inset">
                    <LinkButton kind=ButtonKind::Plain icon=IconName::Pen href>{w::begin_older(older)}</LinkButton>
                </div>
            })
        }}
        {code_of_any.map(|code| view! { <div class="inset"><Download code version=number /></div> })}
        {move || match shown() {
            Some(version) => view! { <Read version code=code.clone() out=out.clone() /> }.into_any(),
            None => view! { <Empty icon=IconName::Clipboard title=w::never_published() /> }.into_any(),
        }}
    }
}

/// A version as it is.
#[component]
fn Read(version: Version, code: String, out: Option<Vec<Out>>) -> impl IntoView {
    let checklist = version.checklist;
    let template = checklist.template();
    let since = match (since(out.as_deref(), &code, template.version), version.villages) {
        (since, 0) if since.is_empty() => w::built_in().to_owned(),
        (since, villages) if since.is_empty() => w::lies_in(villages),
        (since, villages) => w::since_in(since, villages),
    };
    let (number, count) = (w::version(template.version), w::question_count(checklist.questions().count()));
    let label = count.clone();
    let mut rows = Vec::new();
    all(&template.questions, &mut rows);
    let rows = rows.into_iter().map(row).collect_view();
    view! {
        <CellGroup>
            <Fact label=w::list_code() value=code />
            <Fact label=w::which_version() value=number />
            <Fact label=w::published_on() value=since />
        </CellGroup>
        // Nothing in it takes a press: by itself the list could not be scrolled from the keyboard.
        <div tabindex="0" role="region" aria-label=label>
            <CellGroup title=count>{rows}</CellGroup>
        </div>
    }
}

fn all<'a>(questions: &'a [Question], into: &mut Vec<&'a Question>) {
    for question in questions {
        into.push(question);
        all(&question.parts, into);
    }
}

fn row(question: &Question) -> impl IntoView + use<> {
    let must = match question.required {
        Required::No => "",
        Required::Yes => w::required(),
        Required::When(_) => w::required_when(),
    };
    let options: Vec<String> = question.options.iter().take(20).map(|option| words(&option.text)).collect();
    let mut facts = vec![kind(question.kind).to_owned(), must.to_owned(), options.join(" / ")];
    if let Some(expr) = &question.show_if {
        facts.push(w::shown_when(expr.text()));
    }
    if let Some(expr) = &question.derive {
        facts.push(w::computed_as(expr.text()));
    }
    if question.shared {
        facts.push(w::shared_short().to_owned());
    }
    facts.retain(|fact| !fact.is_empty());
    let says = match question.kind {
        QuestionKind::Calculate => String::new(),
        _ => words(&question.text),
    };
    view! {
        <div class="checklists__question">
            <span class="editor__code">{question.code.clone()}</span>
            <span class="checklists__words">
                <span class="cell__label">{says}</span>
                <span class="cell__note">{facts.join(" · ")}</span>
            </span>
        </div>
    }
}
