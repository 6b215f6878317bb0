//! Whether what was typed is on the disk: one line, and the way on when it is not.

use super::problems;
use crate::{
    data::SaveError,
    ui::{Banner, Button, ButtonKind, Icon, IconName, Tone},
};
use leptos::prelude::*;

#[component]
pub(crate) fn SavedLine(
    /// Whether a write is under way.
    #[prop(into)]
    pending: Signal<bool>,
    /// What went wrong with the last.
    failed: RwSignal<Option<SaveError>>,
    /// Said while it is written.
    saving: &'static str,
    /// Said when all is on the disk.
    saved: &'static str,
    /// Writes again what could not be written.
    #[prop(into)]
    on_again: Callback<()>,
) -> impl IntoView {
    move || match failed.get() {
        None if pending.get() => view! { <p class="form__saved">{saving}</p> }.into_any(),
        None => view! { <p class="form__saved"><Icon name=IconName::Safe />{saved}</p> }.into_any(),
        Some(error) => {
            let problem = problems::save(&error);
            view! {
                <Banner tone=Tone::Bad words=format!("{} {}", problem.title, problem.advice)>
                    <Button kind=ButtonKind::Plain on_press=move || on_again.run(())>{problem.action}</Button>
                </Banner>
            }
            .into_any()
        }
    }
}
