//! 同行人: who came along. Two visitors are usual; whoever has no account is written by name.

use super::Work;
use crate::{
    data::COMPANIONS_MAX,
    features::people,
    locale::words::form as w,
    session::use_session,
    ui::{Button, ButtonKind, Cell, CellGroup, Field, FieldWords, Icon, IconName, Opt, Sheet},
};
use leptos::prelude::*;

/// Characters of a name.
const NAME_MAX: usize = 30;

/// The line, and the sheet in which it is changed.
#[component]
pub(super) fn Companions(work: Work, companions: Vec<String>) -> impl IntoView {
    people::ask();
    let chosen = RwSignal::new(companions);
    let (open, typed) = (RwSignal::new(false), RwSignal::new(String::new()));
    // A name that was typed and not added is meant nevertheless.
    let closed = move |is_open: &bool, _: Option<&bool>, _: Option<()>| {
        if !is_open {
            add(work, chosen, typed);
        }
    };
    Effect::watch(move || open.get(), closed, false);
    let value = Signal::derive(move || match chosen.read().as_slice() {
        [] => w::companions_none().to_owned(),
        some => some.iter().map(|one| people::name(one)).collect::<Vec<_>>().join(w::between()),
    });
    view! {
        <CellGroup>
            <Cell label=w::companions() value on_press=move || open.set(true) />
        </CellGroup>
        <Sheet open title=w::companions().to_owned()>
            <Choose work chosen typed />
        </Sheet>
    }
}

/// Takes one in or out; whether there was room.
fn put(work: Work, chosen: RwSignal<Vec<String>>, one: String) -> bool {
    let after = toggled(&chosen.read_untracked(), one);
    let has_room = after.is_some();
    if let Some(after) = after {
        work.come_along(&after);
        chosen.set(after);
    }
    has_room
}

/// Takes in the name that was typed; whether there was room.
fn add(work: Work, chosen: RwSignal<Vec<String>>, typed: RwSignal<String>) -> bool {
    let name: String = typed.get_untracked().trim().chars().take(NAME_MAX).collect();
    if name.is_empty() || chosen.read_untracked().contains(&name) {
        return true;
    }
    let has_room = put(work, chosen, name);
    if has_room {
        typed.set(String::new());
    }
    has_room
}

#[component]
fn Choose(work: Work, chosen: RwSignal<Vec<String>>, typed: RwSignal<String>) -> impl IntoView {
    let own = use_session().who_untracked().map(|who| who.user.id.to_string()).unwrap_or_default();
    let problem = RwSignal::new(String::new());
    let say = move |has_room: bool| {
        problem.set(if has_room { String::new() } else { w::companions_full(COMPANIONS_MAX) });
    };
    let all = Memo::new(move |_| listed(people::options(), &chosen.read(), &own));
    let row = move |one: Opt| {
        let (value, press) = (StoredValue::new(one.value.clone()), one.value);
        let is_on = move || value.with_value(|value| chosen.read().contains(value));
        view! {
            <button type="button" class="sheet__option" aria-pressed=move || is_on().to_string() on:click=move |_| say(put(work, chosen, press.clone()))>
                <span>{one.label}</span>
                {move || is_on().then(|| view! { <Icon name=IconName::Check /> })}
            </button>
        }
    };
    view! {
        <p class="inset quiet">{w::companions_says()}</p>
        <For each=move || all.get() key=|one| one.value.clone() children=row />
        {move || all.read().is_empty().then(|| view! { <p class="inset quiet">{w::companions_unknown()}</p> })}
        <div class="inset stack">
            <Field words=FieldWords::label(w::companion_name()) value=typed problem />
            <Button kind=ButtonKind::Plain icon=IconName::Plus on_press=move || say(add(work, chosen, typed))>{w::companion_add()}</Button>
        </div>
    }
}

/// Colleagues, and behind them those who were written by name. Whoever makes the visit does not come along.
fn listed(colleagues: Vec<Opt>, chosen: &[String], own: &str) -> Vec<Opt> {
    let mut all: Vec<Opt> = colleagues.into_iter().filter(|one| one.value != own).collect();
    for one in chosen {
        if all.iter().all(|known| known.value != *one) {
            all.push(Opt::new(one.clone(), people::name(one)));
        }
    }
    all
}

/// The choice after one was pressed; nothing where it would be too many.
fn toggled(chosen: &[String], one: String) -> Option<Vec<String>> {
    let mut after: Vec<String> = chosen.iter().filter(|other| **other != one).cloned().collect();
    if after.len() == chosen.len() {
        after.push(one);
    }
    (after.len() <= COMPANIONS_MAX).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_press_takes_in_and_another_takes_out() {
        assert_eq!(toggled(&words("王强"), "李四".to_owned()), Some(words("王强 李四")));
        assert_eq!(toggled(&words("王强 李四"), "王强".to_owned()), Some(words("李四")));
        let full: Vec<String> = (0..COMPANIONS_MAX).map(|n| n.to_string()).collect();
        assert_eq!(toggled(&full, "还有一个".to_owned()), None);
        assert!(toggled(&full, "0".to_owned()).is_some());
    }
}
