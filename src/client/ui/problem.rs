use super::{
    button::{Button, ButtonKind},
    icon::{Icon, IconName},
};
use leptos::prelude::*;

/// What went wrong, as a person needs to hear it: is my work safe, what happened, what can I do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Problem {
    /// What happened.
    pub(crate) title: String,
    /// Whether the work is safe; empty where there was none to lose.
    pub(crate) safe: String,
    /// What can be done.
    pub(crate) advice: String,
    /// The words of the button; empty for no button.
    pub(crate) action: String,
}

impl Problem {
    /// Something could not be shown. There was no work to lose.
    pub(crate) fn of_page(title: &str, advice: &str, action: &str) -> Problem {
        Problem {
            title: title.to_owned(),
            safe: String::new(),
            advice: advice.to_owned(),
            action: action.to_owned(),
        }
    }
}

/// A problem on a page.
#[component]
pub(crate) fn ProblemView(
    /// The problem in words.
    problem: Problem,
    /// What the button does.
    #[prop(optional, into)]
    on_action: Option<Callback<()>>,
) -> impl IntoView {
    let action = problem.action;
    view! {
        <div class="problem" role="alert">
            <span class="problem__sign"><Icon name=IconName::Alert /></span>
            <p class="problem__title">{problem.title}</p>
            {(!problem.safe.is_empty())
                .then(|| view! { <p class="problem__safe"><Icon name=IconName::Safe />{problem.safe}</p> })}
            <p class="problem__advice">{problem.advice}</p>
            {on_action
                .filter(|_| !action.is_empty())
                .map(|on_action| {
                    view! { <Button kind=ButtonKind::Plain on_press=on_action>{action}</Button> }
                })}
        </div>
    }
}
