//! Sheets of A4: a visit as it was recorded, a form to be filled by hand, and 困难帮扶表, each with the code that leads back to what it is about;
//! and a sponsor's 帮扶认领单.

mod answers;
mod blank;
mod need;
mod package;
mod pledge;
mod sheet;
mod visit;

use crate::{
    locale::words::print as w,
    platform::display,
    routes,
    ui::{Button, Empty, IconName, LinkButton, Loading, Page, PageBody},
};
pub(crate) use blank::PrintBlankPage;
use leptos::prelude::*;
pub(crate) use need::PrintNeedPage;
pub(crate) use package::{PEOPLE_MAX, PrintPackagePage, print_package};
pub(crate) use pledge::PrintPledgePage;
use sheet::{PaperSheet, Signatures};
use std::sync::Arc;
use uuid::Uuid;
pub(crate) use visit::PrintVisitPage;

/// Whether the sheet stands on the page.
#[derive(Clone, Copy)]
struct IsMade(RwSignal<bool>);

/// Says that the sheet stands on the page, as long as it does.
fn made() {
    if let Some(IsMade(is_made)) = use_context() {
        is_made.set(true);
        on_cleanup(move || {
            is_made.try_set(false);
        });
    }
}

/// A sheet on the screen as it comes out of the printer, with the way to print it.
#[component]
fn Printing(
    /// Where back leads.
    back: String,
    children: Children,
) -> impl IntoView {
    let is_made = IsMade(RwSignal::new(false));
    provide_context(is_made);
    let not_made = Signal::derive(move || !is_made.0.get());
    let foot = move || {
        view! {
            <div class="page__measure">
                <Button icon=IconName::Document disabled=not_made on_press=display::print>{w::print()}</Button>
            </div>
        }
    };
    view! { <Page title=w::title() back foot body=PageBody::Wide>{children()}</Page> }
}

/// The sheet of what the path names.
fn of_path(sheet: fn(Uuid) -> AnyView) -> impl IntoView {
    let id = routes::id_param();
    move || id.get().map_or_else(|| view! { <Gone /> }.into_any(), sheet)
}

/// The sheet of what was found, once it is.
fn shown<T>(found: Option<Option<Arc<T>>>, sheet: impl FnOnce(&T) -> AnyView) -> AnyView {
    match found {
        None => view! { <Loading /> }.into_any(),
        Some(None) => view! { <Gone /> }.into_any(),
        Some(Some(found)) => sheet(&found),
    }
}

/// What was to be printed is not, or no longer, on this device.
#[component]
fn Gone() -> impl IntoView {
    view! {
        <Empty icon=IconName::Document title=w::gone() advice=w::gone_advice()>
            <LinkButton href=routes::RECIPIENTS>{w::to_people()}</LinkButton>
        </Empty>
    }
}
