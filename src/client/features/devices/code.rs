//! 启用码: a one-time code for somebody's next device, shown as text, link and picture.

use super::DevicesDesk;
use crate::data::devices::Person;
use crate::{
    data::{OfficeError, OfficeRequest, use_data},
    features::labels,
    locale::words::devices as w,
    platform::{clock, files},
    ui::{Banner, Button, ButtonKind, FieldWords, Opt, Picker, Qr, Tone, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use serde_json::json;

/// The answer of the office.
#[derive(Clone, PartialEq, Eq, Deserialize)]
struct DeviceCode {
    code: String,
    link: String,
    /// Milliseconds since 1970 UTC.
    until: i64,
}

/// Chooses a person and makes a code for him.
#[component]
pub(super) fn CodeForm(
    /// Whom the desk may give a device.
    people: Vec<Person>,
    /// The page, which knows for whom a code was asked in the list.
    desk: DevicesDesk,
) -> impl IntoView {
    let data = use_data();
    let user = desk.code_for;
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let made: RwSignal<Option<(String, DeviceCode)>> = RwSignal::new(None);
    let make = move || {
        let name = user.get_untracked();
        if name.is_empty() {
            problem.set(w::user_missing().to_owned());
            return;
        }
        problem.set(String::new());
        busy.set(true);
        spawn_local(async move {
            match ask(data, &name).await {
                Ok(code) => drop(made.try_set(Some((name, code)))),
                Err(error) => drop(problem.try_set(sentence(&error))),
            }
            busy.try_set(false);
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        make();
    };
    // A code for one person must not stand below the name of another.
    let pick = move |name: String| {
        made.set(None);
        problem.set(String::new());
        user.set(name);
    };
    let option = |person: Person| {
        let label = w::person(&person.name, labels::role(&person.role), person.areas.join(w::between()));
        Opt::new(person.name, label)
    };
    let options: Vec<Opt> = people.into_iter().map(option).collect();
    view! {
        <div class="devices inset stack">
            <p>{w::lead()}</p>
            <form class="stack" on:submit=submit>
                <Picker words=FieldWords::label(w::user()) options=Signal::stored(options) chosen=user on_pick=pick problem />
                <Button busy>{move || if made.read().is_some() { w::again() } else { w::make() }}</Button>
            </form>
            {move || made.get().map(|(user, code)| view! { <CodeCard user code /> })}
        </div>
    }
}

async fn ask(data: crate::data::Data, user: &str) -> Result<DeviceCode, OfficeError> {
    let request = OfficeRequest::post("devices/code", json!({ "user": user }));
    data.office(request).await.and_then(|answer| answer.json())
}

fn sentence(error: &OfficeError) -> String {
    match error {
        OfficeError::Offline => w::offline().to_owned(),
        OfficeError::Login => w::login().to_owned(),
        OfficeError::Refused { status: 404, .. } => w::unknown().to_owned(),
        OfficeError::Refused { err, .. } => w::failed(err),
        OfficeError::Shape => w::failed("shape"),
    }
}

#[component]
fn CodeCard(user: String, code: DeviceCode) -> impl IntoView {
    let notices = use_notices();
    let left = match minutes_left(code.until, clock::now_ms()) {
        Some(minutes) => w::good_for(usize::try_from(minutes).unwrap_or_default()),
        None => w::over().to_owned(),
    };
    // A server that does not know its own public address names the path alone.
    let link = StoredValue::new(if code.link.starts_with('/') {
        format!("{}{}", location().origin().unwrap_or_default(), code.link)
    } else {
        code.link.clone()
    });
    let copy = move || {
        files::copy(&link.get_value());
        notices.say(w::copied());
    };
    view! {
        <section class="code-card" role="status">
            <h2 class="code-card__title">{w::for_user(user)}</h2>
            <Qr text=link.get_value() label=w::qr() />
            <p class="quiet">{w::scan()}</p>
            <p class="code-card__code" aria-label=w::code()>{spoken(&code.code)}</p>
            <p>{left}</p>
            <p class="code-card__link code" aria-label=w::link()>{link.get_value()}</p>
            <Button kind=ButtonKind::Plain on_press=copy>{w::copy()}</Button>
            <Banner tone=Tone::Soon words=w::caution() />
        </section>
    }
}

/// The code in groups of four, as it is read aloud.
fn spoken(code: &str) -> String {
    let plain: Vec<char> = code.chars().filter(char::is_ascii_alphanumeric).collect();
    plain.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Whole minutes left, rounded up; nothing once it is over.
fn minutes_left(until: i64, now: i64) -> Option<i64> {
    let left = until - now;
    (left > 0).then(|| (left + 59_999) / 60_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_in_groups() {
        assert_eq!(spoken("ABCD-EFGH-12"), "ABCD EFGH 12");
    }

    #[test]
    fn a_code_that_is_over_has_no_minutes() {
        assert_eq!(minutes_left(60_001, 0), Some(2));
        assert_eq!(minutes_left(60_000, 0), Some(1));
        assert_eq!(minutes_left(1_000, 1_000), None);
    }
}
