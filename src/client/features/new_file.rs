//! 新建档案: a file begun on the spot, after a look at who is alike already.

use super::{entry::Typed, labels, notice_line::NoticeLine, places, problems};
use crate::{
    data::{Alike, AreaRow, Loaded, NewFile, NewFileDraft, RecipientRow, use_data},
    locale::words::{new_file as w, privacy},
    platform::clock,
    routes,
    session::use_session,
    ui::{
        Banner, Button, ButtonKind, Cell, CellGroup, Field, FieldKind, FieldWords, IconName, Loading, Opt,
        Page, Picker, Tone, use_notices,
    },
};
use domain::{age_alarm::Born, category::Category, guardian, id_no::IdNo, notice::Notice};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;

/// What is typed, and what is wrong with it.
#[derive(Clone, Copy)]
struct Form {
    name: Typed,
    id_no: Typed,
    village: Typed,
    live_addr: Typed,
    mobile: Typed,
    category: Typed,
    /// Whom he lives with; empty where that is nobody.
    with: StoredValue<String>,
    /// As it was when the page was opened: that version is kept with the file.
    notice: StoredValue<Notice>,
}

/// What is to be stored of what was typed, by the rules of a field of the file; nothing if it is wrong, which is then said beside it.
fn checked(typed: Typed, field: &str, must: bool) -> Option<String> {
    let value = typed.checked(field, must.then(w::must))?;
    Some(value.as_str().unwrap_or_default().to_owned())
}

impl Form {
    fn new(typed: NewFileDraft) -> Form {
        let [name, id_no, village, live_addr, mobile, category, with] = typed;
        let [name, id_no, village, live_addr, mobile, category] =
            [name, id_no, village, live_addr, mobile, category].map(Typed::new);
        Form {
            name,
            id_no,
            village,
            live_addr,
            mobile,
            category,
            with: StoredValue::new(with),
            notice: StoredValue::new(use_data().notice()),
        }
    }

    /// What is typed, watched.
    fn typed(self) -> NewFileDraft {
        let [name, id_no, village, live_addr, mobile, category] =
            [self.name, self.id_no, self.village, self.live_addr, self.mobile, self.category]
                .map(|field| field.text.get());
        [name, id_no, village, live_addr, mobile, category, self.with.get_value()]
    }

    /// The new file, if nothing is wrong with it. All of it is judged, so that all that is wrong is said at once.
    fn file(self, villages: &[AreaRow]) -> Option<NewFile> {
        let (name, id_no) = (checked(self.name, "name", true), checked(self.id_no, "id_no", true));
        let (code, live_addr) =
            (checked(self.village, "live_code", true), checked(self.live_addr, "live_addr", true));
        let (mobile, category) =
            (checked(self.mobile, "mobile", false), checked(self.category, "category", true));
        let (name, id_no, code, live_addr, mobile, category) =
            (name?, id_no?, code?, live_addr?, mobile?, category?);
        let Some(area) = villages.iter().find(|village| village.code == code).map(|village| village.id)
        else {
            return self.village.refuse(w::must());
        };
        let notice_version = self.notice.with_value(|notice| notice.version.clone());
        let with = self.with.with_value(|with| with.parse().ok());
        Some(NewFile { name, id_no, area, code, live_addr, mobile, category, notice_version, with })
    }
}

#[component]
pub(crate) fn NewFilePage() -> impl IntoView {
    let data = use_data();
    let with = routes::with_param();
    // What was typed before and not begun, and what is known of a file that is begun now.
    let kept = Loaded::new(move || async move {
        let fresh = match with {
            Some(with) => data.next_in_household(with).await,
            None => None,
        };
        (data.new_file_draft().await, fresh.unwrap_or_default())
    });
    let chosen = RwSignal::new(None::<NewFileDraft>);
    let body = move || match (chosen.get(), kept.get()) {
        (Some(typed), _) => view! { <FormView typed /> }.into_any(),
        (None, None) => view! { <Loading /> }.into_any(),
        (None, Some((None, fresh))) => view! { <FormView typed=fresh /> }.into_any(),
        (None, Some((Some(typed), fresh))) => view! { <Unfinished typed fresh chosen /> }.into_any(),
    };
    view! { <Page title=w::title() back=routes::RECIPIENTS>{body}</Page> }
}

/// What was typed before and not begun: to go on with, or to begin anew.
#[component]
fn Unfinished(
    typed: NewFileDraft,
    /// What takes its place where it is given up.
    fresh: NewFileDraft,
    chosen: RwSignal<Option<NewFileDraft>>,
) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let words = match typed[0].trim() {
        "" => w::draft_nameless().to_owned(),
        name => w::draft(name),
    };
    let discard = move || {
        let fresh = fresh.clone();
        spawn_local(async move {
            match data.keep_new_file(NewFileDraft::default()).await {
                Ok(()) => drop(chosen.try_set(Some(fresh))),
                Err(error) => notices.say(problems::save(&error).title),
            }
        });
    };
    view! {
        <div class="stack inset">
            <Banner words />
            <div class="row">
                <Button icon=IconName::Pen on_press=move || chosen.set(Some(typed.clone()))>{w::draft_go_on()}</Button>
                <Button kind=ButtonKind::Quiet icon=IconName::Close on_press=discard>{w::draft_discard()}</Button>
            </div>
        </div>
    }
}

/// The form. What is typed is on the disk at once, so that nothing is typed twice.
#[component]
fn FormView(typed: NewFileDraft) -> impl IntoView {
    let data = use_data();
    let form = Form::new(typed);
    // What was typed last, as far as it is on the disk, and why not.
    let (kept, unkept) = (RwSignal::new(None::<NewFileDraft>), RwSignal::new(String::new()));
    let keep = move |typed: &NewFileDraft, _: Option<&NewFileDraft>, _: Option<()>| {
        let typed = typed.clone();
        spawn_local(async move {
            let done = data.keep_new_file(typed.clone()).await;
            unkept.try_set(done.as_ref().err().map(|error| problems::save(error).title).unwrap_or_default());
            kept.try_set(done.is_ok().then_some(typed));
        });
    };
    let is_kept = Memo::new(move |_| *kept.read() == Some(form.typed()));
    let was_kept = Memo::new(move |was: Option<&bool>| was == Some(&true) || is_kept.get());
    Effect::watch(move || form.typed(), keep, false);
    let villages = places::villages();
    // A worker of one village need not choose it.
    Effect::new(move || {
        if let [only] = villages.read().as_slice() {
            form.village.text.set(only.code.clone());
        }
    });
    let places = Signal::derive(move || {
        villages.get().into_iter().map(|area| Opt::new(area.code, area.name)).collect::<Vec<_>>()
    });
    let categories: Vec<Opt> = Category::all()
        .map(|category| Opt::new(category.code(), labels::category(category.code())))
        .collect();
    let at_office = use_session().is_office();
    let category_hint = if at_office { String::new() } else { w::category_hint().to_owned() };
    let must = |field: &str| FieldWords::label(labels::field(field)).must();
    view! {
        <NoticeLine notice=form.notice.get_value() />
        {move || is_child(&form.id_no.text.read()).then(|| view! { <Banner tone=Tone::Bad words=privacy::guardian_first() /> })}
        <div class="stack inset">
            <p class="quiet">{w::says()}</p>
            <Together with=form.with.get_value() />
            <Field words=must("name") value=form.name.text problem=form.name.problem />
            <Field words=must("id_no").hint(w::id_hint()) kind=FieldKind::Code value=form.id_no.text problem=form.id_no.problem />
            <Picker words=must("village") options=places chosen=form.village.text problem=form.village.problem
                on_pick=move |code: String| form.village.text.set(code) />
            <Field words=must("live_addr") value=form.live_addr.text problem=form.live_addr.problem />
            <Field words=FieldWords::label(labels::field("mobile")) kind=FieldKind::Phone value=form.mobile.text problem=form.mobile.problem />
            <Picker words=must("category").hint(category_hint) options=Signal::stored(categories) chosen=form.category.text
                problem=form.category.problem on_pick=move |code: String| form.category.text.set(code) />
            <p class="quiet small" role="status" data-kept=move || is_kept.get().then_some("")>
                {move || was_kept.get().then(w::draft_kept)}
            </p>
            <p class="field__problem" role="alert">{unkept}</p>
            <Begin form villages />
        </div>
    }
}

/// Whether an ID number is one of somebody under 14.
fn is_child(id_no: &str) -> bool {
    let read = IdNo::read(id_no).ok();
    read.is_some_and(|read| guardian::may_be_under_14(Born::On(read.id.birth()), clock::today_day()))
}

/// With whom the person lives: what both have in common is taken over.
#[component]
fn Together(with: String) -> impl IntoView {
    let data = use_data();
    let name = with.parse().map(|with| data.person_name(with)).unwrap_or_default();
    (!name.is_empty()).then(|| view! { <Banner icon=IconName::People words=w::together(name) /> })
}

/// The button; before anything is written, who is alike already.
#[component]
fn Begin(form: Form, villages: Signal<Vec<AreaRow>>) -> impl IntoView {
    let data = use_data();
    let guide = routes::use_guide();
    let notices = use_notices();
    let busy = RwSignal::new(false);
    let alike = RwSignal::new(Vec::<(Arc<RecipientRow>, Alike)>::new());
    let seen = StoredValue::new(None::<NewFile>);
    let write = move |file: NewFile| {
        busy.set(true);
        spawn_local(async move {
            match data.begin_file(file).await {
                Ok(id) => {
                    // A draft that stays is offered again, and stops at the file that is there.
                    let _ = data.keep_new_file(NewFileDraft::default()).await;
                    notices.say(w::begun());
                    guide.instead(&routes::recipient(id));
                }
                Err(error) => notices.say(problems::save(&error).title),
            }
            busy.set(false);
        });
    };
    let begin = move || {
        let Some(file) = form.file(&villages.read_untracked()) else {
            alike.set(Vec::new());
            return;
        };
        let found = data.alike(&file);
        let is_seen = seen.with_value(|seen| seen.as_ref() == Some(&file));
        if found.is_empty() || is_seen {
            return write(file);
        }
        seen.set_value(Some(file));
        alike.set(found);
    };
    view! {
        {move || {
            let found = alike.get();
            (!found.is_empty()).then(|| view! { <AlreadyThere found /> })
        }}
        {move || {
            if alike.read().is_empty() {
                view! { <Button icon=IconName::Check busy on_press=begin>{w::begin()}</Button> }.into_any()
            } else {
                view! { <Button kind=ButtonKind::Plain busy on_press=begin>{w::begin_anyway()}</Button> }.into_any()
            }
        }}
    }
}

#[component]
fn AlreadyThere(found: Vec<(Arc<RecipientRow>, Alike)>) -> impl IntoView {
    let of_house = found.iter().filter(|(_, alike)| *alike == Alike::Door).count();
    let words = if of_house == found.len() { w::alike_doors(of_house) } else { w::alike(found.len()) };
    let merge = merge_of(&found).filter(|_| use_session().is_office());
    let rows = found.into_iter().map(|(row, alike)| {
        let why = match alike {
            Alike::Number => w::alike_number(),
            Alike::Name => w::alike_name(),
            Alike::Phone => w::alike_phone(),
            Alike::Door => w::alike_door(),
        };
        let label = row.name.clone();
        let note = format!("{} · {}", row.village, labels::category_short(&row.category));
        view! { <Cell label note value=why href=routes::recipient(row.id) /> }
    });
    view! {
        <div role="alert" class="stack">
            <Banner tone=Tone::Soon words />
            {(of_house > 0).then(|| view! { <p>{w::alike_door_says()}</p> })}
            <CellGroup>
                {rows.collect_view()}
                {merge.map(|href| view! { <Cell label=w::merge() note=w::merge_says() href /> })}
            </CellGroup>
        </div>
    }
}

/// The way to make one of the two that are the most alike: those found by a telephone or a door alone are no doubles.
fn merge_of(found: &[(Arc<RecipientRow>, Alike)]) -> Option<String> {
    let mut alike = found.iter().filter(|(_, alike)| alike.is_of_one_person()).map(|(row, _)| row.id);
    Some(routes::merge(alike.next()?, alike.next()?))
}
