use super::{
    button::{Button, ButtonKind},
    field::fresh_id,
    sheet::follow,
};
use crate::locale::words;
use leptos::{html, prelude::*};

/// A real `<dialog>` in the middle, for what must be decided before going on.
#[component]
pub(crate) fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it is about, as a question where it asks.
    #[prop(into)]
    title: Signal<String>,
    /// The buttons, the quiet one first.
    #[prop(into)]
    acts: ViewFn,
    /// What stands between.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    follow(dialog, open);
    let id = fresh_id("dialog");
    let heading = id.clone();
    let acts = StoredValue::new(acts);
    let children = StoredValue::new(children);
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby=id on:close=move |_| open.set(false)>
            <h2 class="dialog__title" id=heading>{title}</h2>
            <Show when=move || open.get()>
                <div class="dialog__body">{children.with_value(|children| children())}</div>
                <div class="dialog__acts">{acts.with_value(|acts| acts.run())}</div>
            </Show>
        </dialog>
    }
}

/// Asks before something that cannot be undone, or that others will see.
#[component]
pub(crate) fn Confirm(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What will happen.
    #[prop(into)]
    says: Signal<String>,
    /// The words of the button that does it.
    #[prop(into)]
    yes: String,
    /// The words of the button that does not; 取消 where they are left out.
    #[prop(optional, into)]
    no: Option<String>,
    /// `Danger` for what cannot be undone.
    #[prop(optional)]
    kind: ButtonKind,
    /// Does it.
    #[prop(into)]
    on_yes: Callback<()>,
) -> impl IntoView {
    let yes = StoredValue::new(yes);
    let no = StoredValue::new(no.unwrap_or_else(|| words::ui::cancel().to_owned()));
    let accept = move || {
        open.set(false);
        on_yes.run(());
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{no.get_value()}</Button>
            <Button kind on_press=accept>{yes.get_value()}</Button>
        }
    };
    view! { <Dialog open title acts><p>{says}</p></Dialog> }
}
