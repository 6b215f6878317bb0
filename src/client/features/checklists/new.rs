//! A checklist of the office's own that does not exist yet: its code, which stays, and its name.

use super::{Found, state::Sketch};
use crate::{
    data::use_data,
    features::problems,
    locale::words::checklists as w,
    routes,
    ui::{Button, Field, FieldKind, FieldWords, Sheet},
};
use leptos::{prelude::*, task::spawn_local};

/// Characters that the code of a checklist may have.
const CODE_MAX: usize = 64;

#[component]
pub(super) fn NewList(open: RwSignal<bool>, found: Signal<Option<Found>>) -> impl IntoView {
    view! { <Sheet open title=w::new_list()><Form found /></Sheet> }
}

#[component]
fn Form(found: Signal<Option<Found>>) -> impl IntoView {
    let data = use_data();
    let guide = routes::use_guide();
    let (code, title) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (code_problem, title_problem) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let begin = move || {
        let (id, name) =
            (code.get_untracked().trim().to_uppercase(), title.get_untracked().trim().to_owned());
        let is_known = found.with_untracked(|found| {
            found.as_ref().is_some_and(|found| found.lists.iter().any(|listed| listed.id == id))
        });
        code_problem.set(code_fault(&id, is_known).to_owned());
        title_problem.set(if name.is_empty() { w::no_title().to_owned() } else { String::new() });
        if name.is_empty() || !code_problem.read_untracked().is_empty() {
            return;
        }
        spawn_local(async move {
            match data.keep_form(&id, &Sketch::new(&id, &name).text()).await {
                Ok(()) => guide.to(&routes::checklist_editor(&id)),
                Err(error) => drop(title_problem.try_set(problems::save(&error).title)),
            }
        });
    };
    view! {
        <div class="stack inset">
            <Field words=FieldWords::label(w::list_title()).must() value=title problem=title_problem />
            <Field
                words=FieldWords::label(w::list_code()).hint(w::list_code_says()).must()
                kind=FieldKind::Code
                value=code
                problem=code_problem
            />
            <Button on_press=begin>{w::begin()}</Button>
        </div>
    }
}

fn code_fault(id: &str, is_known: bool) -> &'static str {
    let is_code = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    match (id.is_empty(), is_known) {
        (true, _) => w::no_code(),
        _ if !is_code || id.len() > CODE_MAX => w::wrong_list_code(),
        (_, true) => w::known_list_code(),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_short_plain_and_new() {
        assert_eq!(code_fault("OWN_2", false), "");
        assert_eq!(code_fault("FOLLOWUP", true), w::known_list_code());
        assert_eq!(code_fault("", false), w::no_code());
        for wrong in ["入户", "A B", &"A".repeat(65)] {
            assert_eq!(code_fault(wrong, false), w::wrong_list_code(), "{wrong}");
        }
    }
}
