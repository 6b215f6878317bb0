use super::field::{Must, Remark, fresh_id};
use leptos::prelude::*;

/// One of several, or any of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChoiceKind {
    /// Exactly one.
    One,
    /// Any number.
    Many,
}

/// Something to choose: what is stored, and what is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opt {
    /// What is stored.
    pub(crate) value: String,
    /// What is read.
    pub(crate) label: String,
}

impl Opt {
    /// An option with its words.
    pub(crate) fn new(value: impl Into<String>, label: impl Into<String>) -> Opt {
        Opt { value: value.into(), label: label.into() }
    }
}

/// Options as rows for a thumb; short ones side by side.
#[component]
pub(crate) fn Choice(
    /// The question, with its required mark and hint.
    words: super::FieldWords,
    /// One or many.
    kind: ChoiceKind,
    /// What there is to choose.
    options: Vec<Opt>,
    /// What is chosen.
    #[prop(into)]
    chosen: Signal<Vec<String>>,
    /// The new choice, in the order of the options.
    #[prop(into)]
    on_choose: Callback<(Vec<String>,)>,
    /// What is wrong with it now; empty for nothing.
    #[prop(optional, into)]
    problem: Signal<String>,
) -> impl IntoView {
    let name = fresh_id("choice");
    let says = format!("{name}-says");
    let flow = if are_short(&options) { "side" } else { "stack" };
    let order: Vec<String> = options.iter().map(|option| option.value.clone()).collect();
    let order = StoredValue::new(order);
    let choose = move |value: String, on: bool| {
        let now = chosen.get_untracked();
        on_choose.run((order.with_value(|order| toggled(kind, order, &now, &value, on)),));
    };
    let rows = options
        .into_iter()
        .map(|option| {
            let value = StoredValue::new(option.value);
            view! {
                <label class="choice__row">
                    <input
                        class="choice__mark"
                        type=if kind == ChoiceKind::One { "radio" } else { "checkbox" }
                        autocomplete="off"
                        name=name.clone()
                        prop:checked=move || value.with_value(|value| chosen.read().contains(value))
                        on:change:target=move |event| choose(value.get_value(), event.target().checked())
                    />
                    <span>{option.label}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="choice" data-flow=flow data-bad=move || (!problem.read().is_empty()).then_some("") aria-describedby=says>
            <legend class="choice__legend">{words.label} {words.must.then(|| view! { <Must /> })}</legend>
            {(!words.hint.is_empty()).then(|| view! { <p class="field__hint">{words.hint.clone()}</p> })}
            <div class="choice__rows">{rows}</div>
            <Remark id=says.clone() problem />
        </fieldset>
    }
}

/// What is chosen after one option was pressed.
fn toggled(kind: ChoiceKind, order: &[String], now: &[String], value: &str, on: bool) -> Vec<String> {
    match kind {
        ChoiceKind::One => vec![value.to_owned()],
        ChoiceKind::Many => {
            let wanted = |option: &String| if option == value { on } else { now.contains(option) };
            order.iter().filter(|option| wanted(option)).cloned().collect()
        }
    }
}

/// Whether the options fit side by side on the narrowest screen: five single signs, three or two short words.
fn are_short(options: &[Opt]) -> bool {
    let width = |option: &Opt| option.label.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let widest = options.iter().map(width).max().unwrap_or_default();
    match options.len() {
        0 | 1 => false,
        2 => widest <= 10,
        3 => widest <= 4,
        4 | 5 => widest <= 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn one_of_several_replaces_the_choice() {
        assert_eq!(toggled(ChoiceKind::One, &words("a b c"), &words("a"), "b", true), words("b"));
    }

    #[test]
    fn many_keep_the_order_of_the_options() {
        assert_eq!(toggled(ChoiceKind::Many, &words("a b c"), &words("c"), "a", true), words("a c"));
        assert_eq!(toggled(ChoiceKind::Many, &words("a b c"), &words("a c"), "a", false), words("c"));
    }

    #[test]
    fn yes_and_no_stand_side_by_side_and_long_words_do_not() {
        let pair = [Opt::new("1", "是"), Opt::new("0", "否")];
        let long = [Opt::new("1", "有，已治疗的情况"), Opt::new("0", "无")];
        assert!(are_short(&pair));
        assert!(!are_short(&long));
    }
}
