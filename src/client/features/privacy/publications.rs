//! 公示名单: a new list, and those that hang or hung.

use super::sentence;
use crate::{
    data::{Loaded, OfficeRequest, Topic},
    features::{
        days,
        panel::{Panel, Said, text},
        when,
    },
    locale::words::privacy as w,
    platform::{clock, files},
    ui::{
        Badge, Button, ButtonKind, Cell, CellGroup, Empty, Field, FieldKind, FieldWords, IconName, Opt,
        Picker, Sheet, Tone, use_notices,
    },
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};

#[component]
pub(super) fn PublicationPanel() -> impl IntoView {
    let panel = Panel::of("publications", sentence);
    let shown = RwSignal::new(Value::Null);
    let (making, looking) = (RwSignal::new(false), RwSignal::new(false));
    let rows = move |said: Value| {
        let list = said["rows"].as_array().cloned().unwrap_or_default();
        let rows = list.iter().map(|row| view! { <Row row=row.clone() shown looking /> }).collect_view();
        if list.is_empty() {
            view! { <Empty icon=IconName::Document title=w::no_publications() advice=w::publications_say() /> }
                .into_any()
        } else {
            view! { <CellGroup note=w::publications_say()>{rows}</CellGroup> }.into_any()
        }
    };
    view! {
        <div class="inset"><Button icon=IconName::Plus on_press=move || making.set(true)>{w::new_publication()}</Button></div>
        <Said panel show=rows />
        <Sheet open=making title=w::new_publication()><NewPublication panel open=making /></Sheet>
        <Sheet open=looking title=Signal::derive(move || text(&shown.read(), "unit"))>
            <Hanging panel row=shown.get_untracked() open=looking />
        </Sheet>
    }
}

#[component]
fn Row(row: Value, shown: RwSignal<Value>, looking: RwSignal<bool>) -> impl IntoView {
    let lines = row["lines"].as_u64().unwrap_or_default();
    let note = w::publication_line(lines, text(&row, "from"), text(&row, "to"), text(&row, "by"));
    let label = text(&row, "unit");
    if row["over"] == true {
        let words = if row["withdrawn_at"].is_null() { w::over() } else { w::withdrawn() };
        return view! { <Cell label note><Badge tone=Tone::Plain words /></Cell> }.into_any();
    }
    let press = move || {
        shown.set(row.clone());
        looking.set(true);
    };
    view! { <Cell label note on_press=press><Badge tone=Tone::Good words=w::hangs() /></Cell> }.into_any()
}

/// What can be done with a list that hangs.
#[component]
fn Hanging(panel: Panel, row: Value, open: RwSignal<bool>) -> impl IntoView {
    let notices = use_notices();
    let id = text(&row, "id");
    let path = format!("publications/{id}");
    let reason = RwSignal::new(String::new());
    let made = when::moment(row["made_at"].as_i64().unwrap_or_default());
    let until = w::hangs_until(days::said(&text(&row, "to")), made);
    let withdraw = {
        let path = format!("{path}/withdraw");
        move || {
            let done = move |_: &Value| {
                open.try_set(false);
                w::was_withdrawn().to_owned()
            };
            panel.tell(path.clone(), json!({"reason": reason.get_untracked()}), Box::new(done));
        }
    };
    let fetch = move || {
        let path = path.clone();
        panel.busy.set(true);
        spawn_local(async move {
            match panel.data.office(OfficeRequest::get(path)).await {
                Ok(answer) => {
                    let name = format!("{}-{}.xlsx", w::publications(), clock::today());
                    match files::save(&name, &answer.content_type, &answer.bytes) {
                        Ok(()) => notices.say(w::saved_file()),
                        Err(_) => panel.problem.set(w::failed().to_owned()),
                    }
                }
                Err(error) => panel.problem.set(sentence(&error).to_owned()),
            }
            panel.busy.try_set(false);
        });
    };
    view! {
        <div class="stack inset">
            <p>{until}</p>
            <Button busy=panel.busy icon=IconName::Document on_press=fetch>{w::fetch()}</Button>
            <Field words=FieldWords::label(w::withdraw_why()) value=reason problem=panel.problem />
            <Button kind=ButtonKind::Danger disabled=panel.busy on_press=withdraw>{w::withdraw()}</Button>
        </div>
    }
}

#[component]
fn NewPublication(panel: Panel, open: RwSignal<bool>) -> impl IntoView {
    /// So many days are usual.
    const DAYS: i64 = 6;
    let changed = panel.data.changed(Topic::Areas);
    let areas = Loaded::new(move || {
        changed.track();
        panel.data.areas()
    });
    let options = Signal::derive(move || {
        let rows = areas.get().unwrap_or_default();
        rows.into_iter().map(|area| Opt::new(area.id.to_string(), area.name)).collect::<Vec<_>>()
    });
    let text = |text: String| RwSignal::new(text);
    let today = clock::today_day();
    let last = today.plus_days(DAYS).unwrap_or(today);
    let (area, from, to, objections) =
        (text(String::new()), text(today.to_string()), text(last.to_string()), text(String::new()));
    let save = move || {
        if area.read_untracked().is_empty() {
            return panel.problem.set(w::area_missing().to_owned());
        }
        let said = json!({
            "area": area.get_untracked(), "from": from.get_untracked(), "to": to.get_untracked(),
            "objections": objections.get_untracked(),
        });
        let done = move |made: &Value| {
            open.try_set(false);
            w::published(made["lines"].as_u64().unwrap_or_default())
        };
        panel.tell("publications".to_owned(), said, Box::new(done));
    };
    view! {
        <div class="stack inset">
            <p class="quiet">{w::publications_say()}</p>
            <Picker words=FieldWords::label(w::area()) options chosen=area on_pick=move |one: String| area.set(one) />
            <Day label=w::from() day=from />
            <Day label=w::to() day=to />
            <Field words=FieldWords::label(w::objections()).hint(w::objections_hint()) kind=FieldKind::Long value=objections problem=panel.problem />
            <Button busy=panel.busy on_press=save>{w::make_publication()}</Button>
        </div>
    }
}

#[component]
fn Day(label: &'static str, day: RwSignal<String>) -> impl IntoView {
    view! {
        <label class="filters__one">
            <span class="filters__label">{label}</span>
            <input class="select" type="date" prop:value=day on:change:target=move |event| day.set(event.target().value()) />
        </label>
    }
}
