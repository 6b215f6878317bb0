//! The one-time passwords of people who were given accounts together: a sheet to be printed and cut, or copied, shown this once.

use super::{
    StaffDesk,
    listed::{areas, text},
};
use crate::{
    features::{colleagues::Staff, labels},
    locale::words::{print, staff as w},
    platform::{display, files},
    ui::{Banner, Button, ButtonKind, Confirm, IconName, Tone, use_notices},
};
use leptos::prelude::*;
use serde_json::Value;

/// Somebody with his password, as the columns of the sheet have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Handed([String; 6]);

impl Handed {
    /// The lines of the sheet with the passwords of the answer; nothing of one without passwords.
    pub(super) fn all(lines: &[Value], answer: &Value, staff: &Staff) -> Option<Vec<Handed>> {
        let made = answer["people"].as_array()?;
        let one = |made: &Value| {
            let line = lines.iter().find(|line| line["user"] == made["user"]).unwrap_or(&Value::Null);
            Handed([
                text(line, "name").to_owned(),
                text(made, "user").to_owned(),
                labels::role(text(line, "role")),
                staff.places(&areas(line)),
                text(line, "phone").to_owned(),
                text(made, "password").to_owned(),
            ])
        };
        Some(made.iter().map(one).collect())
    }
}

fn heads() -> [&'static str; 6] {
    [w::handed_name(), w::user(), w::role(), w::areas(), w::handed_phone(), w::handed_password()]
}

/// The rows as a sheet takes them in.
fn copied(all: &[Handed]) -> String {
    let heads = heads().join("\t");
    let rows = all.iter().map(|Handed(cells)| cells.join("\t"));
    std::iter::once(heads).chain(rows).collect::<Vec<_>>().join("\n")
}

#[component]
pub(super) fn HandedOut(
    /// The page.
    desk: StaffDesk,
    /// Who has which password.
    all: Vec<Handed>,
) -> impl IntoView {
    let notices = use_notices();
    let leaving = RwSignal::new(false);
    let heads = heads().map(|head| view! { <th scope="col">{head}</th> }).collect_view();
    let row = |Handed(cells): &Handed| {
        let cells = cells.clone().map(|cell| view! { <td>{cell}</td> }).collect_view();
        view! { <tr>{cells}</tr> }
    };
    let rows = all.iter().map(row).collect_view();
    let count = all.len();
    let text = copied(&all);
    let copy = move || {
        files::copy(&text);
        notices.say(w::copied());
    };
    view! {
        <div class="paper__choice stack inset">
            <Banner tone=Tone::Soon words=w::handed_once(count) />
            <div class="row">
                <Button icon=IconName::Document on_press=display::print>{print::print()}</Button>
                <Button kind=ButtonKind::Plain on_press=copy>{w::copy()}</Button>
                <Button kind=ButtonKind::Plain on_press=move || leaving.set(true)>{w::handed_done()}</Button>
            </div>
        </div>
        <article class="paper paper--across" tabindex="0" aria-label=w::handed_title()>
            <h2 class="paper__title">{w::handed_title()}</h2>
            <p class="paper__facts"><span>{w::password_week()}</span></p>
            <table class="paper__table">
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </article>
        <Confirm
            open=leaving
            title=Signal::stored(w::handed_sure().to_owned())
            says=Signal::stored(w::handed_sure_says().to_owned())
            yes=w::handed_done()
            on_yes=move || desk.handed.set(None)
        />
    }
}

#[cfg(test)]
mod tests {
    use super::{Handed, copied};
    use crate::features::colleagues::Staff;
    use serde_json::json;

    #[test]
    fn each_person_stands_beside_his_own_password() {
        let lines = [
            json!({"user": "王芳", "name": "王芳", "phone": "13800001234", "role": "village_worker", "areas": ["v"]}),
            json!({"user": "li", "name": "李强", "phone": "", "role": "village_worker", "areas": ["v"]}),
        ];
        let staff = Staff::read(&json!({"areas": [{"id": "v", "code": "339999100201", "name": "红旗村"}]}));
        let answer =
            json!({"people": [{"user": "li", "password": "p-1"}, {"user": "王芳", "password": "p-2"}]});
        let all = Handed::all(&lines, &answer, &staff).expect("passwords");
        let rows: Vec<String> = copied(&all).lines().map(str::to_owned).collect();
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[1], "李强\tli\t走访员\t红旗村\t\tp-1");
        assert_eq!(rows[2], "王芳\t王芳\t走访员\t红旗村\t13800001234\tp-2");
        assert_eq!(Handed::all(&lines, &json!({}), &staff), None);
    }
}
