//! What is typed, chosen, taken and drawn.

use crate::{
    locale::words::samples as w,
    platform::{clock, object_url::ObjectUrl, picture::Size},
    ui::{
        CellGroup, Choice, ChoiceKind, DatePicker, Field, FieldKind, FieldWords, Ink, Opt, PhotoField,
        Picker, Search, Select, Shot, SignaturePad, Switch,
    },
};
use leptos::prelude::*;

#[component]
pub(super) fn Typed() -> impl IntoView {
    let text = || RwSignal::new(String::new());
    let (name, money) = (text(), text());
    let problem = Signal::derive(move || match name.read().is_empty() {
        true => w::name_missing().to_owned(),
        false => String::new(),
    });
    view! {
        <CellGroup title=w::typed()>
            <div class="stack inset">
                <Search label=w::find() text=text() />
                <Field words=FieldWords::label(w::name()).must() value=name problem />
                <Field words=FieldWords::label(w::phone()).hint(w::phone_hint()) kind=FieldKind::Phone value=text() />
                <Field words=FieldWords { unit: w::yuan().to_owned(), ..FieldWords::label(w::amount()) } kind=FieldKind::Money value=money />
                <Field words=FieldWords::label(w::remark()) kind=FieldKind::Long value=text() />
                <Field words=FieldWords::label(w::password()) kind=FieldKind::Password value=text() />
            </div>
        </CellGroup>
    }
}

fn options() -> Vec<Opt> {
    vec![Opt::new("1", w::good()), Opt::new("2", w::fair()), Opt::new("3", w::poor())]
}

#[component]
pub(super) fn Choices() -> impl IntoView {
    let (one, many) = (RwSignal::new(Vec::new()), RwSignal::new(Vec::new()));
    let (picked, day, on) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(true));
    let named: Vec<_> = options().into_iter().map(|one| (one.value, one.label)).collect();
    let today = clock::today_day();
    let quick = vec![(today.to_string(), w::today().to_owned())];
    view! {
        <CellGroup title=w::chosen()>
            <Switch label=w::switch() note=w::switch_says() on on_switch=move |to: bool| on.set(to) />
            <div class="stack inset">
                <Choice words=FieldWords::label(w::health()).must() kind=ChoiceKind::One options=options() chosen=one on_choose=move |now| one.set(now) />
                <Choice words=FieldWords::label(w::several()) kind=ChoiceKind::Many options=options() chosen=many on_choose=move |now| many.set(now) />
                <div class="filters"><Select label=w::health() options=named chosen=picked.into() on_pick=move |now: String| picked.set(now) /></div>
                <Picker words=FieldWords::label(w::health()) options=options() chosen=picked on_pick=move |now| picked.set(now) />
                <DatePicker words=FieldWords::label(w::day()) day today=today.to_string() quick on_pick=move |now| day.set(now) />
            </div>
        </CellGroup>
    }
}

#[component]
pub(super) fn Drawn() -> impl IntoView {
    let urls = StoredValue::new_local(Vec::<ObjectUrl>::new());
    let (shots, signed) = (RwSignal::new(Vec::<Shot>::new()), RwSignal::new(String::new()));
    let url = move |bytes: &[u8], mime: &str| {
        let made = ObjectUrl::new(bytes, mime)?;
        let text = made.as_str().to_owned();
        urls.update_value(|urls| urls.push(made));
        Some(text)
    };
    let add = move |bytes: Vec<u8>| {
        let key = shots.read_untracked().len().to_string();
        let url = url(&bytes, "image/jpeg").unwrap_or_default();
        shots.update(|all| all.push(Shot { key, url }));
    };
    let remove = move |key: String| shots.update(|all| all.retain(|shot| shot.key != key));
    view! {
        <CellGroup title=w::drawn()>
            <div class="stack inset">
                <PhotoField words=FieldWords::label(w::photo()) shots max=3 size=Size::PHOTO on_add=add on_remove=remove />
                <SignaturePad words=FieldWords::label(w::signature()) image=signed on_sign=move |ink: Ink| signed.set(url(&ink.png, "image/png").unwrap_or_default()) on_clear=move |()| signed.set(String::new()) />
            </div>
        </CellGroup>
    }
}
