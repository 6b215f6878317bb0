//! 常用查看: what is asked of a table is kept under a name and asked again at a touch.

use super::problems;
use crate::{
    data::{Loaded, SavedView, use_data},
    locale::words::saved_views as w,
    ui::{Button, ButtonKind, Dialog, Field, FieldWords, Select, use_notices},
};
use leptos::{prelude::*, task::spawn_local};

const NAME_LETTERS_MAX: usize = 20;
const VIEWS_MAX: usize = 30;

/// What is asked of a table, by name.
pub(crate) type Words = Vec<(String, String)>;

/// The saved views of one table.
#[derive(Clone, Copy)]
struct Views {
    table: &'static str,
    all: RwSignal<Vec<SavedView>>,
}

impl Views {
    /// Has them kept, and says so once the office has them.
    fn keep(self, all: Vec<SavedView>, said: String) {
        let (data, notices) = (use_data(), use_notices());
        spawn_local(async move {
            match data.keep_saved_views(self.table, &all).await {
                Ok(()) => {
                    self.all.try_set(all);
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
    let data = use_data();
    let views = Views { table, all: RwSignal::new(Vec::new()) };
    let stored = Loaded::new(move || async move { data.saved_views(table).await });
    // Out of reach there are none to choose from; the table is there.
    Effect::new(move || {
        if let Some(Ok(stored)) = stored.get() {
            views.all.set(stored);
        }
    });
    let naming = RwSignal::new(false);
    let current = Memo::new(move |_| {
        let now = now.get().into_iter().filter(|(_, word)| !word.is_empty()).collect();
        views.all.read().iter().find(|view| view.words == now).map(|view| view.name.clone())
    });
    let options = Signal::derive(move || {
        let names = views.all.read().iter().map(|view| view.name.clone()).collect::<Vec<_>>();
        let none = (String::new(), w::none().to_owned());
        std::iter::once(none).chain(names.into_iter().map(|name| (name.clone(), name))).collect()
    });
    let pick = move |name: String| {
        let found = views.all.read_untracked().iter().find(|view| view.name == name).cloned();
        if let Some(view) = found {
            on_open.run((view,));
        }
    };
    let drop = move |name: String| {
        let mut all = views.all.get_untracked();
        all.retain(|view| view.name != name);
        views.keep(all, w::dropped(name));
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
        let mut all = views.all.get_untracked();
        if let Some(wrong) = wrong(&said, &all) {
            return problem.set(wrong);
        }
        all.retain(|view| view.name != said);
        let words = now.get_untracked().into_iter().filter(|(_, word)| !word.is_empty()).collect();
        all.push(SavedView { name: said.clone(), words });
        problem.set(String::new());
        name.set(String::new());
        open.set(false);
        views.keep(all, w::saved(said));
    };
    let acts = move || view! { <Button on_press=save>{w::yes()}</Button> };
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
