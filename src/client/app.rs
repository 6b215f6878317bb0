//! The shell: what every page may ask for, and which page a path shows.

use crate::{data::Data, features, locale::Locale, session::Session};
use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    path,
};

/// The whole app.
#[component]
pub(crate) fn App() -> impl IntoView {
    let locale = Locale::remembered();
    let session = Session::new();
    provide_context(locale);
    provide_context(session);
    provide_context(Data::new(session));
    session.start();
    // A change of language builds everything below anew: texts are plain values.
    move || {
        locale.get();
        view! {
            <Router>
                <features::Shell>
                    <Pages/>
                </features::Shell>
            </Router>
        }
    }
}

/// Which page a path shows. The guards (no vault, locked) are the shell's.
#[component]
fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=|| view! { <features::NotFoundPage/> }.into_any()>
            <Route path=path!("/") view=|| view! { <features::TodayPage/> }.into_any()/>
            <Route path=path!("/enrol") view=|| view! { <features::EnrolPage/> }.into_any()/>
            <Route path=path!("/login") view=|| view! { <features::LoginPage/> }.into_any()/>
            <Route path=path!("/unlock") view=|| view! { <features::UnlockPage/> }.into_any()/>
            <Route path=path!("/recipients/:id?") view=|| view! { <features::RecipientsPage/> }.into_any()/>
            <Route path=path!("/visits/:id?") view=|| view! { <features::VisitsPage/> }.into_any()/>
            <Route path=path!("/visits/:id/form") view=|| view! { <features::VisitFormPage/> }.into_any()/>
            <Route path=path!("/needs/:id?") view=|| view! { <features::NeedsPage/> }.into_any()/>
            <Route path=path!("/outbox") view=|| view! { <features::OutboxPage/> }.into_any()/>
            <Route path=path!("/attention") view=|| view! { <features::AttentionPage/> }.into_any()/>
            <Route path=path!("/me") view=|| view! { <features::MePage/> }.into_any()/>
            <Route path=path!("/office/import") view=|| view! { <features::ImportPage/> }.into_any()/>
            <Route path=path!("/office/review/:id?") view=|| view! { <features::ReviewPage/> }.into_any()/>
            <Route path=path!("/office/ledger") view=|| view! { <features::LedgerPage/> }.into_any()/>
            <Route path=path!("/office/devices") view=|| view! { <features::DevicesPage/> }.into_any()/>
        </FlatRoutes>
    }
}
