use super::icon::{Icon, IconName};
use leptos::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a field takes; it chooses the keyboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FieldKind {
    /// One line of words.
    #[default]
    Text,
    /// Several lines.
    Long,
    /// A telephone number.
    Phone,
    /// A whole number.
    Number,
    /// An amount.
    Money,
    /// A password, hidden.
    Password,
    /// A short secret of digits, hidden.
    Pin,
    /// A code read from paper or a screen.
    Code,
}

/// The words of a field.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldWords {
    /// What it asks for.
    pub(crate) label: String,
    /// How to answer; empty for none.
    pub(crate) hint: String,
    /// A unit after the value; empty for none.
    pub(crate) unit: String,
    /// Whether it must be filled.
    pub(crate) must: bool,
}

impl FieldWords {
    /// A label alone.
    pub(crate) fn label(label: impl Into<String>) -> FieldWords {
        FieldWords { label: label.into(), ..FieldWords::default() }
    }

    /// Of a field that must be filled.
    pub(crate) fn must(self) -> FieldWords {
        FieldWords { must: true, ..self }
    }

    /// With a hint.
    pub(crate) fn hint(self, hint: impl Into<String>) -> FieldWords {
        FieldWords { hint: hint.into(), ..self }
    }
}

static NEXT_ID: AtomicUsize = AtomicUsize::new(0);

/// An id for an element that another names (label, description).
pub(super) fn fresh_id(stem: &str) -> String {
    format!("{stem}-{}", NEXT_ID.fetch_add(1, Ordering::Relaxed))
}

/// A labelled box to type in, with its problem right below.
#[component]
pub(crate) fn Field(
    /// Label, hint, unit.
    words: FieldWords,
    /// What it takes.
    #[prop(optional)]
    kind: FieldKind,
    /// What stands in it.
    value: RwSignal<String>,
    /// What is wrong with it now; empty for nothing.
    #[prop(optional, into)]
    problem: Signal<String>,
    /// Each change by hand, with the whole text.
    #[prop(optional, into)]
    on_change: Option<Callback<(String,)>>,
) -> impl IntoView {
    let id = fresh_id("field");
    let says = format!("{id}-says");
    let typed = move |text: String| {
        value.set(text.clone());
        if let Some(on_change) = on_change {
            on_change.run((text,));
        }
    };
    let describes = says.clone();
    view! {
        <div class="field" data-bad=move || (!problem.read().is_empty()).then_some("")>
            <label class="field__label" for=id.clone()>
                {words.label} {words.must.then(|| view! { <Must /> })}
            </label>
            {(!words.hint.is_empty()).then(|| view! { <span class="field__hint">{words.hint.clone()}</span> })}
            <div class="field__box">
                <Typing id kind value typed=Callback::from(typed) describes problem />
                {(!words.unit.is_empty()).then(|| view! { <span class="field__unit">{words.unit.clone()}</span> })}
            </div>
            <Remark id=says problem />
        </div>
    }
}

#[component]
fn Typing(
    id: String,
    kind: FieldKind,
    value: RwSignal<String>,
    typed: Callback<(String,)>,
    describes: String,
    problem: Signal<String>,
) -> AnyView {
    let bad = move || (!problem.read().is_empty()).then_some("true");
    // What may be completed, the browser also writes down in clear with the tabs that it opens again.
    if kind == FieldKind::Long {
        return view! {
            <textarea
                class="field__input"
                id=id
                rows="3"
                autocomplete="off"
                aria-describedby=describes
                aria-invalid=bad
                prop:value=value
                on:input:target=move |event| typed.run((event.target().value(),))
            ></textarea>
        }
        .into_any();
    }
    let (html, mode, complete) = match kind {
        FieldKind::Password => ("password", "text", "current-password"),
        FieldKind::Pin => ("password", "numeric", "off"),
        FieldKind::Phone => ("tel", "tel", "off"),
        FieldKind::Number => ("text", "numeric", "off"),
        FieldKind::Money => ("text", "decimal", "off"),
        FieldKind::Code | FieldKind::Text | FieldKind::Long => ("text", "text", "off"),
    };
    view! {
        <input
            class="field__input"
            id=id
            type=html
            inputmode=mode
            autocomplete=complete
            autocapitalize="off"
            spellcheck="false"
            aria-describedby=describes
            aria-invalid=bad
            prop:value=value
            on:input:target=move |event| typed.run((event.target().value(),))
        />
    }
    .into_any()
}

/// The mark of what must be answered.
#[component]
pub(super) fn Must() -> impl IntoView {
    view! {
        <span class="field__must" aria-hidden="true">"*"</span>
        <span class="sr-only">{crate::locale::words::ui::must()}</span>
    }
}

/// The remark under a field: what is wrong, at once, in words.
#[component]
pub(crate) fn Remark(
    /// The id that the field names as its description.
    #[prop(into)]
    id: String,
    /// What is wrong now; empty for nothing.
    problem: Signal<String>,
) -> impl IntoView {
    view! {
        <div id=id aria-live="polite">
            {move || {
                let words = problem.get();
                (!words.is_empty())
                    .then(|| {
                        view! {
                            <p class="field__problem">
                                <Icon name=IconName::Alert />
                                <span>{words}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}
