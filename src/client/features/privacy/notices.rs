//! 告知书: the version in force, those that wait, and a new one.

use super::sentence;
use crate::{
    features::{
        notice_line::NoticeText,
        panel::{Panel, Said, text},
    },
    locale::words::privacy as w,
    ui::{Badge, Button, ButtonKind, Cell, CellGroup, Confirm, Field, FieldKind, FieldWords, Sheet, Tone},
};
use domain::access::Role;
use leptos::prelude::*;
use serde_json::{Value, json};

#[component]
pub(super) fn NoticePanel(role: Option<Role>) -> impl IntoView {
    let panel = Panel::of("notices", sentence);
    let shown = RwSignal::new(Value::Null);
    let (reading, writing, approving) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let may_write = role.is_some_and(Role::is_county);
    let may_approve = role == Some(Role::CountyLead);
    let approve = move || {
        let path = format!("notices/{}/approve", text(&shown.read_untracked(), "version"));
        panel.tell(path, json!({}), Box::new(|_| w::notice_approved().to_owned()));
    };
    let rows = move |said: Value| {
        let row = |row: &Value| {
            let (tone, words) = match (row["in_force"] == true, row["approved_at"].is_null()) {
                (true, _) => (Tone::Good, w::in_force()),
                (false, true) => (Tone::Soon, w::waits_approval()),
                (false, false) => (Tone::Plain, w::was_in_force()),
            };
            let (label, row) = (text(row, "version"), row.clone());
            let press = move || {
                shown.set(row.clone());
                reading.set(true);
            };
            view! { <Cell label on_press=press><Badge tone words /></Cell> }
        };
        let rows = said["rows"].as_array().into_iter().flatten().map(row).collect_view();
        view! {
            <CellGroup note=w::notices_say()>
                {rows} {may_write.then(|| view! { <Cell label=w::new_notice() on_press=move || writing.set(true) /> })}
            </CellGroup>
        }
        .into_any()
    };
    let title = Signal::derive(move || w::notice_version(text(&shown.read(), "version")));
    view! {
        <Said panel show=rows />
        <p class="field__problem inset" role="status">{panel.problem}</p>
        <Sheet open=reading title>
            <NoticeText text=text(&shown.read_untracked(), "text") />
            {(may_approve && shown.read_untracked()["in_force"] != true).then(|| view! {
                <div class="inset"><Button busy=panel.busy on_press=move || approving.set(true)>{w::approve()}</Button></div>
            })}
        </Sheet>
        <Confirm open=approving title says=w::approve_says().to_owned() yes=w::approve() on_yes=move || {
            reading.set(false);
            approve();
        } />
        <Sheet open=writing title=w::new_notice()><NewNotice panel open=writing /></Sheet>
    }
}

#[component]
fn NewNotice(panel: Panel, open: RwSignal<bool>) -> impl IntoView {
    let rows = panel.said.get().and_then(Result::ok).unwrap_or_default();
    let mut known = rows["rows"].as_array().into_iter().flatten();
    let now = known.find(|row| row["in_force"] == true).map(|row| text(row, "text")).unwrap_or_default();
    let (version, body) = (RwSignal::new(String::new()), RwSignal::new(now));
    let save = move || {
        let said = json!({"version": version.get_untracked(), "text": body.get_untracked()});
        let done = move |_: &Value| {
            open.try_set(false);
            w::notice_written().to_owned()
        };
        panel.tell("notices".to_owned(), said, Box::new(done));
    };
    view! {
        <div class="stack inset privacy__text">
            <Field words=FieldWords::label(w::version()).hint(w::version_hint()) value=version />
            <Field words=FieldWords::label(w::notice_text()).hint(w::notice_text_hint()) kind=FieldKind::Long value=body problem=panel.problem />
            <div class="row">
                <Button busy=panel.busy on_press=save>{w::send_for_approval()}</Button>
                <Button kind=ButtonKind::Quiet on_press=move || open.set(false)>{crate::locale::words::ui::cancel()}</Button>
            </div>
        </div>
    }
}
