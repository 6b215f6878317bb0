//! Language, size of type, light.

use crate::{
    locale::{Lang, use_locale, words::me as w},
    platform::display,
    ui::{CellGroup, Choice, ChoiceKind, FieldWords, Opt, Switch},
};
use leptos::prelude::*;

#[component]
pub(crate) fn Settings() -> impl IntoView {
    let locale = use_locale();
    let large = RwSignal::new(display::is_on(display::LARGE_TYPE));
    let sunlight = RwSignal::new(display::is_on(display::SUNLIGHT));
    let turn = |switch: &'static str, state: RwSignal<bool>| {
        move |on: bool| {
            display::set(switch, on);
            state.set(on);
        }
    };
    let options = vec![Opt::new("zh-CN", "中文"), Opt::new("en", "English")];
    let choose = move |chosen: Vec<String>| {
        let lang = if chosen.first().is_some_and(|tag| tag == "en") { Lang::En } else { Lang::Zh };
        locale.set(lang);
    };
    view! {
        <CellGroup title=w::screen()>
            <Switch label=w::large() note=w::large_says() on=large on_switch=turn(display::LARGE_TYPE, large) />
            <Switch label=w::sunlight() note=w::sunlight_says() on=sunlight on_switch=turn(display::SUNLIGHT, sunlight) />
            <div class="inset">
                <Choice
                    words=FieldWords::label(w::language())
                    kind=ChoiceKind::One
                    options
                    chosen=Signal::derive(move || vec![locale.get().tag().to_owned()])
                    on_choose=choose
                />
            </div>
        </CellGroup>
    }
}
