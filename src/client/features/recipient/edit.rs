//! Changing a file: what the role may write is written, the rest goes to the office as a proposal.

use super::{
    facts,
    state::{self, Boxed, Editor, Part},
};
use crate::{
    data::{RecipientFile, use_data},
    features::{labels, problems},
    locale::words::file as w,
    platform::clock,
    ui::{
        Button, ButtonKind, Cell, DatePicker, Field, FieldKind, FieldWords, IconName, Opt, Picker, Sheet,
        use_notices,
    },
};
use domain::{access::Role, kinds::Right};
use leptos::{prelude::*, task::spawn_local};

/// The row that opens the fields of a part to choose one to change.
#[component]
pub(super) fn EditPart(part: Part, role: Role, file: Boxed<RecipientFile>) -> impl IntoView {
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(None::<(&'static str, Right)>);
    let file = StoredValue::new(file);
    let rows = move || {
        state::editable(part, role)
            .into_iter()
            .map(|(field, right)| {
                let now = file
                    .with_value(|file| file.fields.get(field).map(|view| labels::value(field, &view.value)));
                let note = if right == Right::Propose { w::by_office().to_owned() } else { String::new() };
                view! {
                    <Cell
                        label=labels::field(field)
                        note
                        value=now.unwrap_or_default()
                        on_press=move || chosen.set(Some((field, right)))
                    />
                }
            })
            .collect_view()
    };
    view! {
        <Cell label=w::change() on_press=move || {
            chosen.set(None);
            open.set(true);
        } />
        <Sheet open title=facts::title(part)>
            {move || match chosen.get() {
                None => rows().into_any(),
                Some((field, right)) => view! { <EditField field right file open /> }.into_any(),
            }}
        </Sheet>
    }
}

#[component]
fn EditField(
    field: &'static str,
    right: Right,
    file: StoredValue<Boxed<RecipientFile>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let editor = state::editor(field);
    let id = file.with_value(|file| file.row.id);
    let text = RwSignal::new(file.with_value(|file| state::untyped(editor, file.fields.get(field))));
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let save = move || {
        let Some(value) = state::typed(editor, &text.read_untracked()) else {
            problem.set(w::not_a_number().to_owned());
            return;
        };
        let value = match domain::field::check(field, value, clock::today_day()) {
            Ok(value) => value,
            Err(error) => return problem.set(problems::field(error)),
        };
        busy.set(true);
        spawn_local(async move {
            match data.set_field(id, field, value).await {
                Ok(()) => {
                    open.set(false);
                    notices.say(if right == Right::Propose { w::sent_to_office() } else { w::saved() });
                }
                Err(error) => problem.set(problems::save(&error).title),
            }
            busy.set(false);
        });
    };
    view! {
        <div class="stack inset">
            {(right == Right::Propose).then(|| view! { <p class="quiet">{w::propose_says()}</p> })}
            <Input field editor text problem />
            <div class="row">
                <Button busy on_press=save>{if right == Right::Propose { w::propose() } else { w::save() }}</Button>
                <Button kind=ButtonKind::Quiet icon=IconName::Close on_press=move || open.set(false)>{crate::locale::words::ui::cancel()}</Button>
            </div>
        </div>
    }
}

#[component]
fn Input(
    field: &'static str,
    editor: Editor,
    text: RwSignal<String>,
    problem: RwSignal<String>,
) -> impl IntoView {
    let words = FieldWords::label(labels::field(field));
    let pick = move |value: String| text.set(value);
    let kind = match editor {
        Editor::Choice | Editor::Yes => {
            let choices = domain::options::choices(field).unwrap_or_default();
            let options: Vec<Opt> = choices
                .iter()
                .map(|choice| Opt::new(choice.code, labels::value(field, &choice.code.into())))
                .collect();
            return view! { <Picker words options=Signal::stored(options) chosen=text on_pick=pick problem /> }.into_any();
        }
        Editor::Day => {
            return view! { <DatePicker words day=text today=clock::today() on_pick=pick problem /> }
                .into_any();
        }
        Editor::Number => FieldKind::Number,
        Editor::Money => FieldKind::Money,
        Editor::Phone => FieldKind::Phone,
        Editor::Text => FieldKind::Text,
    };
    view! { <Field words kind value=text problem /> }.into_any()
}
