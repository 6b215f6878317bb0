//! The second step: the first administrator.

use super::state::{Form, Step};
use crate::{
    features::credentials::NewPasswordFields,
    locale::words::setup as w,
    ui::{Button, ButtonKind, Field, FieldWords},
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub(super) fn AdminStep(form: Form) -> impl IntoView {
    let make = move || {
        let Some(password) = form.new.twice() else { return };
        spawn_local(async move {
            let body = form.body(Some(password)).to_string().into_bytes();
            if form.send("/api/v1/setup", "application/json", body).await.is_some() {
                form.new.forget();
                form.step.set(Step::Done);
            }
        });
    };
    view! {
        <p>{w::admin_says()}</p>
        <Field words=FieldWords::label(w::user()).hint(w::user_hint()) value=form.user />
        <NewPasswordFields new=form.new />
        <p class="field__problem" role="alert">{form.problem}</p>
        <div class="row">
            <Button kind=ButtonKind::Plain on_press=move || form.step.set(Step::Areas)>{w::back()}</Button>
            <Button busy=form.busy on_press=make>{w::make()}</Button>
        </div>
    }
}
