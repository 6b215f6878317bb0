//! On which devices somebody is logged in, and the way out of one that is not in his hands.

use crate::{
    data::{Data, Loaded, OfficeError, OfficeRequest, use_data},
    features::{device_kind, problems, when},
    locale::words::me as w,
    routes,
    ui::{
        Button, ButtonKind, Cell, CellGroup, Dialog, Field, FieldKind, FieldWords, Loading, Page,
        ProblemView, use_notices,
    },
};
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// The office's answer.
#[derive(Deserialize)]
struct Told {
    sessions: Vec<Open>,
}

/// A device on which this account is logged in.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Open {
    device: String,
    kind: String,
    shared: bool,
    used_at: i64,
    own: bool,
}

/// 登录在哪里: one's own sessions.
#[component]
pub(crate) fn SessionsPage() -> impl IntoView {
    let data = use_data();
    let asked = RwSignal::new(0);
    let told = Loaded::new(move || {
        asked.track();
        async move { fetch(data).await.map(Arc::new) }
    });
    let chosen = RwSignal::new(None::<Open>);
    let open = RwSignal::new(false);
    let body = move || match told.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Ok(sessions)) => view! { <List sessions chosen open /> }.into_any(),
        Some(Err(error)) => {
            let problem = problems::of_page(w::sessions_failed(), &error, w::sessions_retry());
            view! { <ProblemView problem on_action=move || asked.update(|asked| *asked += 1) /> }.into_any()
        }
    };
    view! {
        <Page title=w::sessions() back=routes::ME>
            {body}
            <End open chosen on_end=move || asked.update(|asked| *asked += 1) />
        </Page>
    }
}

async fn fetch(data: Data) -> Result<Vec<Open>, OfficeError> {
    let answer = data.office(OfficeRequest::get("me/sessions")).await?;
    Ok(answer.json::<Told>()?.sessions)
}

#[component]
fn List(sessions: Arc<Vec<Open>>, chosen: RwSignal<Option<Open>>, open: RwSignal<bool>) -> impl IntoView {
    let row = move |session: &Open| {
        let (session, used) = (session.clone(), w::session_used(when::moment(session.used_at)));
        let label = if session.shared { w::session_shared() } else { device_kind(&session.kind) };
        if session.own {
            return view! { <Cell label note=used value=w::session_here() /> }.into_any();
        }
        let choose = move || {
            chosen.set(Some(session.clone()));
            open.set(true);
        };
        view! { <Cell label note=used value=w::session_end() on_press=choose /> }.into_any()
    };
    view! { <CellGroup note=w::sessions_note()>{sessions.iter().map(row).collect_view()}</CellGroup> }
}

/// Asks for the password: an unlocked screen alone logs nobody out.
#[component]
fn End(
    open: RwSignal<bool>,
    chosen: RwSignal<Option<Open>>,
    #[prop(into)] on_end: Callback<()>,
) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let (password, problem) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let end = move || {
        let Some(session) = chosen.get_untracked() else { return };
        problem.set(String::new());
        busy.set(true);
        spawn_local(async move {
            let path = format!("me/sessions/{}/end", session.device);
            let said = json!({"password": password.get_untracked()});
            match data.office(OfficeRequest::post(&path, said)).await {
                Ok(_) => {
                    password.set(String::new());
                    open.set(false);
                    notices.say(w::session_ended());
                    on_end.run(());
                }
                Err(error) => problem.set(super::password::sentence(&error)),
            }
            busy.set(false);
        });
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || { password.set(String::new()); open.set(false) }>{crate::locale::words::ui::cancel()}</Button>
            <Button busy on_press=end>{w::session_end()}</Button>
        }
    };
    view! {
        <Dialog open title=w::session_end() acts>
            <div class="stack">
                <p>{w::session_end_says()}</p>
                <Field words=FieldWords::label(w::password_old()) kind=FieldKind::Password value=password problem />
            </div>
        </Dialog>
    }
}
