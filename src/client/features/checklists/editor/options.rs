//! The options of a choice: one by one, or many lines pasted at once.

use super::{Editor, fields::Typed, head::filled};
use crate::{
    features::checklists::{
        state::{Line, Slot},
        text::{choice, columns_of, columns_text, pasted},
    },
    locale::words::checklists as w,
    ui::{
        Button, ButtonKind, CellGroup, Field, FieldKind, FieldWords, Icon, IconName, Sheet, Switch,
        use_notices,
    },
};
use domain::checklist::{Choice, Question};
use leptos::prelude::*;
use std::ops::Range;

/// Options that are built at once: five hundred would take a second.
const PAGE: usize = 30;

/// What the parts of the list work with.
#[derive(Clone, Copy)]
struct List {
    editor: Editor,
    key: u32,
    /// Counted up when the rows are to be built anew.
    edition: RwSignal<u32>,
    shown: RwSignal<usize>,
    /// How many at the end are built besides: those that were added there.
    added: RwSignal<usize>,
    /// Whether English and columns stand beside the words.
    more: RwSignal<bool>,
}

impl List {
    fn edit(self, change: impl FnOnce(&mut Vec<Choice>)) {
        self.editor.edit_line(self.key, |line| change(&mut line.question.options));
    }

    /// An edit by which rows come, go or change places.
    fn arrange(self, change: impl FnOnce(&mut Vec<Choice>)) {
        self.edit(change);
        self.edition.update(|edition| *edition += 1);
    }

    fn options(self) -> Vec<Choice> {
        let of = |line: &Line| line.question.options.clone();
        self.editor.sketch.with_untracked(|sketch| sketch.line(self.key).map(of)).unwrap_or_default()
    }

    fn swap(self, at: usize, with: usize) {
        self.arrange(|options| {
            if with < options.len() {
                options.swap(at, with);
            }
        });
    }
}

#[component]
pub(super) fn Options(editor: Editor, key: u32, question: Question) -> impl IntoView {
    let options = &question.options;
    let has_more = options.iter().any(|option| option.text.en.is_some() || !option.columns.is_empty());
    let list = List {
        editor,
        key,
        edition: RwSignal::new(0),
        shown: RwSignal::new(PAGE),
        added: RwSignal::new(0),
        more: RwSignal::new(has_more || question.filter.is_some()),
    };
    let pasting = RwSignal::new(false);
    let rows = move || {
        list.edition.track();
        let (options, more) = (list.options(), list.more.get());
        let rest = left_out(options.len(), list.shown.get(), list.added.get());
        let row = |(at, option)| view! { <OptionRow list at option more /> };
        let mut rows: Vec<_> =
            options.into_iter().enumerate().filter(|(at, _)| !rest.contains(at)).map(row).collect();
        let behind = rows.split_off(rest.start.min(rows.len()));
        let further = move || list.shown.update(|shown| *shown += PAGE);
        view! {
            <ul class="editor__options">{rows}</ul>
            {(!rest.is_empty())
                .then(|| view! { <Button kind=ButtonKind::Quiet on_press=further>{w::more_options(rest.len())}</Button> })}
            {(!behind.is_empty()).then(|| view! { <ul class="editor__options">{behind}</ul> })}
        }
    };
    let add = move || {
        list.arrange(|options| {
            let number = (options.len() + 1..).find(|n| !options.iter().any(|one| one.code == n.to_string()));
            options.push(choice(&number.unwrap_or_default().to_string(), ""));
        });
        list.added.update(|added| *added += 1);
    };
    view! {
        <CellGroup title=w::options() note=w::options_say()>
            <div class="stack inset">
                {rows}
                <div class="row">
                    <Button kind=ButtonKind::Plain icon=IconName::Plus on_press=add>{w::add_option()}</Button>
                    <Button kind=ButtonKind::Plain on_press=move || pasting.set(true)>{w::paste()}</Button>
                </div>
            </div>
            <Switch label=w::more_columns() on=list.more on_switch=move |on: bool| list.more.set(on) />
            <Show when=move || list.more.get()>
                <div class="inset"><Typed editor key at=Slot::Filter /></div>
            </Show>
        </CellGroup>
        <Sheet open=pasting title=w::paste()><Paste list open=pasting /></Sheet>
    }
}

/// One option. Its inputs keep what is typed; only the sketch follows.
#[component]
fn OptionRow(list: List, at: usize, option: Choice, more: bool) -> impl IntoView {
    let name = if option.text.zh.is_empty() { option.code.clone() } else { option.text.zh.clone() };
    let input = move |label: String, value: String, change: fn(&mut Choice, String)| {
        let typed = move |text: String| {
            list.edit(|options| {
                if let Some(option) = options.get_mut(at) {
                    change(option, text);
                }
            });
        };
        view! {
            <input
                class="editor__input"
                type="text"
                autocomplete="off"
                aria-label=label.clone()
                placeholder=label
                prop:value=value
                on:input:target=move |event| typed(event.target().value())
            />
        }
    };
    let alone = option.alone;
    let turn = move |on: bool| {
        list.edit(|options| {
            if let Some(option) = options.get_mut(at) {
                option.alone = on;
            }
        });
    };
    let act = move |icon: IconName, label: String, press: Callback<()>| {
        view! { <button type="button" class="editor__act" aria-label=label on:click=move |_| press.run(())><Icon name=icon /></button> }
    };
    let n = at + 1;
    let up = Callback::new(move |()| list.swap(at, at.wrapping_sub(1)));
    let down = Callback::new(move |()| list.swap(at, at + 1));
    let drop = Callback::new(move |()| list.arrange(|options| drop_at(options, at)));
    let columns = columns_text(&option);
    view! {
        <li class="editor__option">
            {input(w::option_code(n), option.code.clone(), |option, text| text.trim().clone_into(&mut option.code))}
            {input(w::option_text(n), option.text.zh.clone(), |option, text| option.text.zh = text)}
            <span class="editor__option-acts">
                {act(IconName::Up, w::option_up(&name), up)}
                {act(IconName::Down, w::option_down(&name), down)}
                {act(IconName::Close, w::option_drop(&name), drop)}
            </span>
            {more.then(|| view! {
                {input(w::option_columns(n), columns, |option, text| option.columns = columns_of(&text))}
                {input(w::option_en(n), option.text.en.clone().unwrap_or_default(), |option, text| option.text.en = filled(text))}
                <label class="editor__alone">
                    <input type="checkbox" class="choice__mark" autocomplete="off" prop:checked=alone on:change:target=move |event| turn(event.target().checked()) />
                    {w::alone()}
                </label>
            })}
        </li>
    }
}

/// The places that are not built: behind those shown, before those added.
fn left_out(count: usize, shown: usize, added: usize) -> Range<usize> {
    let shown = shown.min(count);
    shown..count.saturating_sub(added).max(shown)
}

fn drop_at(options: &mut Vec<Choice>, at: usize) {
    if at < options.len() {
        options.remove(at);
    }
}

/// Many lines at once.
#[component]
fn Paste(list: List, open: RwSignal<bool>) -> impl IntoView {
    let notices = use_notices();
    let text = RwSignal::new(String::new());
    let take = move || {
        let found = pasted(&text.read_untracked(), &list.options());
        notices.say(w::pasted(found.len()));
        list.arrange(|options| options.extend(found));
        open.set(false);
    };
    view! {
        <div class="stack inset">
            <Field words=FieldWords::label(w::paste_label()).hint(w::paste_says()) kind=FieldKind::Long value=text />
            <Button on_press=take>{w::paste_take()}</Button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_at_the_end_of_many_options_is_built() {
        assert_eq!(left_out(500, 30, 0), 30..500);
        assert_eq!(left_out(501, 30, 1), 30..500);
        assert_eq!(left_out(31, 30, 1), 30..30);
        assert_eq!(left_out(3, 30, 3), 3..3);
    }
}
