//! `/ui`: every component on one page, for whoever builds or judges them: with a finger, a keyboard, a reader, in each theme and size of type.

mod inputs;
mod showing;
mod sorted;

use super::me;
use crate::{
    locale::words::samples as w,
    routes,
    ui::{IconName, NavAct, Page, use_notices},
};
use inputs::{Choices, Drawn, Typed};
use leptos::prelude::*;
use showing::{Faces, Listed, Said};
use sorted::Sorted;

#[component]
pub(crate) fn SamplesPage() -> impl IntoView {
    let notices = use_notices();
    let acts = move || {
        view! { <NavAct icon=IconName::Info label=w::toast() on_press=move |()| notices.say(w::toast_said()) /> }
    };
    view! {
        <Page title=w::title() back=routes::ME acts>
            <me::Settings />
            <Said />
            <Typed />
            <Choices />
            <Drawn />
            <Listed />
            <Sorted />
            <Faces />
        </Page>
    }
}
