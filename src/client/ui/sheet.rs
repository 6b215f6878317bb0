use super::{
    field::fresh_id,
    icon::{Icon, IconName},
};
use crate::{locale::words, platform::back};
use leptos::{html, prelude::*};

/// Opens and closes a `<dialog>` after a signal, and the signal after the dialog (Escape) and the system's Back.
pub(super) fn follow(dialog: NodeRef<html::Dialog>, open: RwSignal<bool>) {
    let step = StoredValue::new(None::<u64>);
    let leave = move || {
        if let Some(step) = step.try_update_value(Option::take).flatten() {
            back::closed(step);
        }
    };
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        if open.get() {
            if !dialog.open() {
                // It was closed, and opened again before this was run.
                leave();
                // Fails only for an element outside of the document, which cannot be seen either.
                let _ = dialog.show_modal();
                step.set_value(Some(back::opened(move || {
                    open.try_set(false);
                })));
            }
            return;
        }
        if dialog.open() {
            dialog.close();
        }
        leave();
    });
    on_cleanup(leave);
}

/// A sheet from below. Its children are built when it opens.
#[component]
pub(crate) fn Sheet(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// What stands under the options, such as 确定.
    #[prop(optional, into)]
    foot: Option<ViewFn>,
    /// What it shows.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    follow(dialog, open);
    let id = fresh_id("sheet");
    let heading = id.clone();
    let foot = StoredValue::new(foot);
    let children = StoredValue::new(children);
    view! {
        <dialog class="sheet" node_ref=dialog aria-labelledby=id.clone() on:close=move |_| open.set(false)>
            <div class="sheet__head">
                <h2 class="sheet__title" id=heading>{title}</h2>
                <button type="button" class="nav-bar__act" aria-label=words::ui::close() on:click=move |_| open.set(false)>
                    <Icon name=IconName::Close />
                </button>
            </div>
            <Show when=move || open.get()>
                <div class="sheet__body">{children.with_value(|children| children())}</div>
                {foot.with_value(|foot| foot.as_ref().map(|foot| view! { <div class="sheet__foot">{foot.run()}</div> }))}
            </Show>
        </dialog>
    }
}
