//! The shell: what every page may ask for, and which page a path shows.

use crate::{data::Data, features, locale::Locale, platform::back, session::Session};
use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    path,
};

/// The whole app.
#[component]
pub(crate) fn App() -> impl IntoView {
    back::listen();
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

/// A page as the router takes it. Function pointers are of one type, closures each of their own, and the router is compiled for every type.
fn page(view: fn() -> AnyView) -> fn() -> AnyView {
    view
}

/// Which page a path shows. The guards (no vault, locked) are the shell's.
#[component]
fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=|| view! { <features::NotFoundPage/> }.into_any()>
            <Route path=path!("/") view=page(|| view! { <features::TodayPage/> }.into_any())/>
            <Route path=path!("/enrol") view=page(|| view! { <features::EnrolPage/> }.into_any())/>
            <Route path=path!("/login") view=page(|| view! { <features::LoginPage/> }.into_any())/>
            <Route path=path!("/unlock") view=page(|| view! { <features::UnlockPage/> }.into_any())/>
            <Route path=path!("/recipients/:id?") view=page(|| view! { <features::RecipientsPage/> }.into_any())/>
            <Route path=path!("/new-file") view=page(|| view! { <features::NewFilePage/> }.into_any())/>
            <Route path=path!("/visits/:id?") view=page(|| view! { <features::VisitsPage/> }.into_any())/>
            <Route path=path!("/visits/:id/form") view=page(|| view! { <features::VisitFormPage/> }.into_any())/>
            <Route path=path!("/rounds/:id?") view=page(|| view! { <features::RoundsPage/> }.into_any())/>
            <Route path=path!("/needs/:id?") view=page(|| view! { <features::NeedsPage/> }.into_any())/>
            <Route path=path!("/print/visits/:id") view=page(|| view! { <features::PrintVisitPage/> }.into_any())/>
            <Route path=path!("/print/needs/:id") view=page(|| view! { <features::PrintNeedPage/> }.into_any())/>
            <Route path=path!("/print/pledges/:id") view=page(|| view! { <features::PrintPledgePage/> }.into_any())/>
            <Route path=path!("/print/recipients/:id") view=page(|| view! { <features::PrintBlankPage/> }.into_any())/>
            <Route path=path!("/print/package") view=page(|| view! { <features::PrintPackagePage/> }.into_any())/>
            <Route path=path!("/outbox") view=page(|| view! { <features::OutboxPage/> }.into_any())/>
            <Route path=path!("/attention") view=page(|| view! { <features::AttentionPage/> }.into_any())/>
            <Route path=path!("/ui") view=page(|| view! { <features::SamplesPage/> }.into_any())/>
            <Route path=path!("/me") view=page(|| view! { <features::MePage/> }.into_any())/>
            <Route path=path!("/me/sessions") view=page(|| view! { <features::SessionsPage/> }.into_any())/>
            <Route path=path!("/handovers") view=page(|| view! { <features::HandoversPage/> }.into_any())/>
            <Route path=path!("/office/import") view=page(|| view! { <features::ImportPage/> }.into_any())/>
            <Route path=path!("/office/merge/:id") view=page(|| view! { <features::MergePage/> }.into_any())/>
            <Route path=path!("/office/review/:id?") view=page(|| view! { <features::ReviewPage/> }.into_any())/>
            <Route path=path!("/office/ledger") view=page(|| view! { <features::LedgerPage/> }.into_any())/>
            <Route path=path!("/office/ledger/print") view=page(|| view! { <features::PrintLedgerPage/> }.into_any())/>
            <Route path=path!("/office/overview") view=page(|| view! { <features::OverviewPage/> }.into_any())/>
            <Route path=path!("/office/overview/print") view=page(|| view! { <features::PrintOverviewPage/> }.into_any())/>
            <Route path=path!("/office/devices") view=page(|| view! { <features::DevicesPage/> }.into_any())/>
            <Route path=path!("/office/privacy") view=page(|| view! { <features::PrivacyPage/> }.into_any())/>
            <Route path=path!("/office/checklists/:id?") view=page(|| view! { <features::ChecklistsPage/> }.into_any())/>
            <Route path=path!("/office/checklists/:id/edit") view=page(|| view! { <features::ChecklistEditorPage/> }.into_any())/>
            <Route path=path!("/office/plan") view=page(|| view! { <features::PlanPage/> }.into_any())/>
            <Route path=path!("/office/standards") view=page(|| view! { <features::StandardsPage/> }.into_any())/>
            <Route path=path!("/office/tasks") view=page(|| view! { <features::PlanTasksPage/> }.into_any())/>
            <Route path=path!("/office/sponsors/:id?") view=page(|| view! { <features::SponsorsPage/> }.into_any())/>
            <Route path=path!("/office/audit") view=page(|| view! { <features::AuditPage/> }.into_any())/>
            <Route path=path!("/office/health") view=page(|| view! { <features::HealthPage/> }.into_any())/>
            <Route path=path!("/office/staff") view=page(|| view! { <features::StaffPage/> }.into_any())/>
        </FlatRoutes>
    }
}
