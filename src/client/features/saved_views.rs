//! 常用查看: what is asked of a table is kept under a name and asked again at a touch.

use super::problems;
use crate::{
    data::{Loaded, SavedView, use_data},
    locale::words::{saved_views as w, ui},
    ui::{Button, ButtonKind, Dialog, Field, FieldWords, Select, use_notices},
};
use domain::saved_view::{NAME_LETTERS_MAX, VIEWS_MAX};
use leptos::{prelude::*, task::spawn_local};

/// What is asked of a table, by name.
pub(crate) type Words = Vec<(String, String)>;

/// The saved views of one table, read anew after each change.
#[derive(Clone, Copy)]
struct Views {
    table: &'static str,
    all: Memo<Vec<SavedView>>,
    changes: RwSignal<u32>,
}

impl Views {
    fn of(table: &'static str) -> Views {
        let (data, changes) = (use_data(), RwSignal::new(0));
        let stored = Loaded::new(move || {
            changes.track();
            async move { data.saved_views(table).await }
        });
        // Out of reach there are none to choose from; the table is there.
        Views {
            table,
            all: Memo::new(move |_| stored.get().and_then(Result::ok).unwrap_or_default()),
            changes,
        }
    }

    /// Has them changed, and says so once the office has it.
    fn change(self, change: impl FnOnce(&mut Vec<SavedView>) + 'static, said: String) {
        let (data, notices) = (use_data(), use_notices());
        spawn_local(async move {
            match data.change_saved_views(self.table, change).await {
                Ok(()) => {
                    self.changes.try_update(|changes| *changes += 1);
                    notices.say(said);
                }
                Err(error) => notices.say(problems::office(&error)),
            }
        });
    }
}

/// The list of saved views; beside it a button that saves what is asked for now, or deletes the view that it is.
#[component]
pub(crate) fn SavedViews(
    /// The table.
    table: &'static str,
    /// What is asked for now.
    now: Signal<Words>,
    /// Asks for what a view says.
    #[prop(into)]
    on_open: Callback<(SavedView,)>,
) -> impl IntoView {
    let views = Views::of(table);
    let naming = RwSignal::new(false);
    let current = Memo::new(move |_| {
        let now = now.get().into_iter().filter(|(_, word)| !word.is_empty()).collect();
        views.all.read().iter().find(|view| view.words == now).map(|view| view.name.clone())
    });
    let options = Signal::derive(move || {
        let none = current.read().is_none().then(|| (String::new(), w::none().to_owned()));
        let named = |view: &SavedView| (view.name.clone(), view.name.clone());
        none.into_iter().chain(views.all.read().iter().map(named)).collect()
    });
    let pick = move |name: String| {
        let found = views.all.read_untracked().iter().find(|view| view.name == name).cloned();
        if let Some(view) = found {
            on_open.run((view,));
        }
    };
    let drop = move |name: String| {
        let said = w::dropped(&name);
        views.change(move |all| all.retain(|view| view.name != name), said);
    };
    let act = move || match current.get() {
        Some(name) => {
            view! { <Button kind=ButtonKind::Quiet on_press=move || drop(name.clone())>{w::drop()}</Button> }
                .into_any()
        }
        None => {
            view! { <Button kind=ButtonKind::Quiet on_press=move || naming.set(true)>{w::save()}</Button> }
                .into_any()
        }
    };
    view! {
        {move || (!views.all.read().is_empty()).then(|| view! {
            <Select label=w::title() options chosen=Signal::derive(move || current.get().unwrap_or_default()) on_pick=pick />
        })}
        {act}
        <Naming open=naming views now />
    }
}

#[component]
fn Naming(open: RwSignal<bool>, views: Views, now: Signal<Words>) -> impl IntoView {
    let (name, problem) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let save = move || {
        let said = name.get_untracked().trim().to_owned();
        if let Some(wrong) = wrong(&said, &views.all.read_untracked()) {
            return problem.set(wrong);
        }
        let words = now.get_untracked().into_iter().filter(|(_, word)| !word.is_empty()).collect();
        problem.set(String::new());
        name.set(String::new());
        open.set(false);
        let saved = w::saved(&said);
        let view = SavedView { name: said, words };
        let keep = move |all: &mut Vec<SavedView>| {
            all.retain(|other| other.name != view.name);
            all.push(view);
        };
        views.change(keep, saved);
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{ui::cancel()}</Button>
            <Button on_press=save>{w::yes()}</Button>
        }
    };
    view! {
        <Dialog open title=w::save() acts>
            <Field words=FieldWords::label(w::name()).hint(w::name_says()) value=name problem />
        </Dialog>
    }
}

/// Why nothing is saved under a name; the name of another view takes its place.
fn wrong(name: &str, all: &[SavedView]) -> Option<String> {
    let is_new = all.iter().all(|view| view.name != name);
    match name.chars().count() {
        0 => Some(w::name_missing().to_owned()),
        letters if letters > NAME_LETTERS_MAX => Some(w::name_long(NAME_LETTERS_MAX)),
        _ if is_new && all.len() >= VIEWS_MAX => Some(w::full(VIEWS_MAX)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_has_a_name_and_there_is_an_end_to_them() {
        let views = |n: usize| {
            (0..n).map(|n| SavedView { name: n.to_string(), words: [].into() }).collect::<Vec<_>>()
        };
        assert!(wrong("", &[]).is_some());
        assert!(wrong(&"长".repeat(NAME_LETTERS_MAX + 1), &[]).is_some());
        assert_eq!(wrong(&"长".repeat(NAME_LETTERS_MAX), &[]), None);
        assert!(wrong("又一个", &views(VIEWS_MAX)).is_some());
        assert_eq!(wrong("3", &views(VIEWS_MAX)), None, "it takes the other's place");
    }
}
