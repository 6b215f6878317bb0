//! The first step: the server's code, the county, and its townships and villages by hand or out of a sheet.

use super::state::{Form, Step};
use crate::{
    features::area_rows::{Judged, JudgedRows},
    locale::words::setup as w,
    platform::{blob_bytes, files, files::File},
    ui::{Button, ButtonKind, Field, FieldKind, FieldWords, Icon, IconName},
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub(super) fn AreasStep(form: Form) -> impl IntoView {
    let check = move || {
        spawn_local(async move {
            let asked = form.body(None);
            let body = asked.to_string().into_bytes();
            let said = form.send("/api/v1/setup", "application/json", body).await;
            // What was typed meanwhile has not been judged.
            if let Some(said) = said.filter(|_| form.body(None) == asked) {
                form.judged.set(Some(Judged::read(&said)));
            }
        });
    };
    let read = move |file: File| {
        spawn_local(async move {
            let bytes = blob_bytes(&file).await.unwrap_or_default();
            if let Some(said) = form.send("/api/v1/setup/sheet", "application/octet-stream", bytes).await {
                form.text.set(said["text"].as_str().unwrap_or_default().to_owned());
                form.judged.set(None);
            }
        });
    };
    let forget = move |_: String| form.judged.set(None);
    let is_sound = move || form.judged.read().as_ref().is_some_and(Judged::is_sound);
    view! {
        <p>{w::lead()}</p>
        <Field words=FieldWords::label(w::code()).hint(w::code_hint()) kind=FieldKind::Code value=form.code on_change=forget />
        <Field
            words=FieldWords::label(w::county_code()).hint(w::county_code_hint())
            kind=FieldKind::Number
            value=form.county_code
            on_change=forget
        />
        <Field words=FieldWords::label(w::county_name()) value=form.county_name on_change=forget />
        <label class="drop">
            <Icon name=IconName::Document />
            <span class="drop__title">{w::sheet()}</span>
            <span class="drop__note">{w::sheet_note()}</span>
            <input
                class="drop__input"
                type="file"
                accept=".xlsx,.xls"
                on:change:target=move |event| {
                    if let Some(file) = files::chosen(&event.target()) {
                        read(file);
                    }
                }
            />
        </label>
        <Field
            words=FieldWords::label(w::list()).hint(w::list_hint())
            kind=FieldKind::Long
            value=form.text
            on_change=forget
        />
        <JudgedRows judged=form.judged />
        <p class="field__problem" role="alert">{form.problem}</p>
        <div class="row">
            <Button kind=ButtonKind::Plain busy=form.busy on_press=check>{w::check()}</Button>
            <Show when=is_sound>
                <Button on_press=move || form.step.set(Step::Admin)>{w::next()}</Button>
            </Show>
        </div>
    }
}
