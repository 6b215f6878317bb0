//! The finger or face beside the code: what is shown while it is asked, and the switch on 我的.

use crate::{
    data::Loaded,
    features::problems,
    locale::words::{finger as w, new_code},
    session::{Finger, use_session},
    ui::{
        Banner, Button, ButtonKind, Cell, Field, FieldKind, FieldWords, IconName, Sheet, Tone, use_notices,
    },
};
use leptos::{prelude::*, task::spawn_local};

/// A form whose code goes through the authenticator too: while that is asked it stands in the form's place.
#[component]
pub(crate) fn WithFinger(
    /// The way on for whom it does not know any more.
    #[prop(optional, into)]
    on_forgot: Option<Callback<()>>,
    /// The form.
    children: Children,
) -> impl IntoView {
    let session = use_session();
    let shown = Memo::new(move |_| session.finger());
    on_cleanup(move || session.finger_left());
    view! {
        // At the door a column of its own, in a sheet as wide as that.
        <div class=if on_forgot.is_some() { "door__form" } else { "stack" }>
            {move || {
                let asked = |finger: Finger| view! { <div class="stack" role="status"><Asked finger on_forgot /></div> };
                shown.get().map(asked)
            }}
            <div hidden=move || shown.get().is_some()>{children()}</div>
        </div>
    }
}

#[component]
fn Asked(finger: Finger, on_forgot: Option<Callback<()>>) -> impl IntoView {
    let session = use_session();
    let again = move || session.finger_again();
    let forgot = move |on_forgot: Callback<()>| {
        session.finger_left();
        on_forgot.run(());
    };
    let leave = move || {
        view! { <Button kind=ButtonKind::Quiet on_press=move || session.finger_left()>{w::leave()}</Button> }
    };
    let tap =
        move |words: &'static str| view! { <Button icon=IconName::Lock on_press=again>{words}</Button> };
    let estranged = move || {
        let way = on_forgot.map_or_else(
            || view! { <p>{w::inside()}</p> }.into_any(),
            |on_forgot| view! { <Button kind=ButtonKind::Quiet on_press=move || forgot(on_forgot)>{w::forgot()}</Button> }.into_any(),
        );
        view! { <p>{w::estranged()}</p>{way} }
    };
    match finger {
        Finger::Asked => view! { <Banner icon=IconName::Lock words=w::asked() />{leave()} }.into_any(),
        Finger::Tap => {
            view! { <Banner icon=IconName::Lock words=w::tap_says() />{tap(w::tap())}{leave()} }.into_any()
        }
        Finger::NotMade => {
            view! { <Banner tone=Tone::Soon words=w::not_made() />{tap(w::again())}{leave()} }.into_any()
        }
        Finger::Refused => {
            view! { <Banner tone=Tone::Soon words=w::refused() />{tap(w::again())}{leave()}{estranged()} }
                .into_any()
        }
    }
}

/// The row on 我的; nothing where the browser keeps no secrets.
#[component]
pub(crate) fn FingerCell() -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    let is_on = Loaded::new(move || {
        session.door();
        async move { session.has_finger().await }
    });
    let is_on = Memo::new(move |_| is_on.get().flatten());
    move || {
        is_on.get().map(|on| {
            let value = if on { w::on() } else { w::off() };
            view! {
                <Cell label=w::title() note=w::says() value=value.to_owned() on_press=move || open.set(true) />
                <Sheet open title=w::title().to_owned()><div class="inset"><WithFinger><Turn open on /></WithFinger></div></Sheet>
            }
        })
    }
}

/// Asks for the code, and turns it on or off.
#[component]
fn Turn(open: RwSignal<bool>, on: bool) -> impl IntoView {
    let session = use_session();
    let notices = use_notices();
    let (code, problem, busy) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match session.set_finger(!on, &code.get_untracked()).await {
                Ok(()) => {
                    notices.say(if on { w::off_done() } else { w::on_done() });
                    open.try_set(false);
                }
                Err(error) => {
                    problem.try_set(problems::session(&error));
                }
            }
            busy.try_set(false);
        });
    };
    let words = if on { [w::off_says(), w::off_asks()] } else { [w::on_says(), w::on_asks()] };
    view! {
        <form class="stack" on:submit=submit>
            {words.map(|words| view! { <p>{words}</p> })}
            {(!on).then(|| view! { <p>{w::estranged()}</p> })}
            <Field words=FieldWords::label(new_code::present()) kind=FieldKind::Password value=code problem />
            <Button busy>{if on { w::turn_off() } else { w::turn_on() }}</Button>
        </form>
    }
}
