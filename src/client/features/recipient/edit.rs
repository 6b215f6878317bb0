//! Changing a file: what the role may write is written, the rest goes to the office as a proposal.

use super::{
    input::Input,
    record::Record,
    rows::{self, Rows},
    state::{self, Editor},
};
use crate::{
    data::use_data,
    features::{
        file_rows, labels,
        places::{self, Places},
        problems,
    },
    locale::words::file as w,
    platform::clock,
    ui::{Button, ButtonKind, Cell, IconName, Sheet, use_notices},
};
use domain::kinds::Right;
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;

/// The row that opens the fields of a part to choose one to change.
#[component]
pub(super) fn EditPart(
    #[prop(into)] title: String,
    record: Record,
    fields: Vec<(&'static str, Right)>,
) -> impl IntoView {
    let places = Places::new();
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(None::<(&'static str, Right)>);
    let (record, fields) = (StoredValue::new(record), StoredValue::new(fields));
    let rows = move || {
        fields
            .get_value()
            .into_iter()
            .map(|(field, right)| {
                let now = record
                    .with_value(|record| record.view(field).map(|view| places.value(field, &view.value)));
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
        <Sheet open title>
            {move || match chosen.get() {
                None => rows().into_any(),
                Some((field, right)) => {
                    view! { <EditField record=record.get_value() field right done=move |_| open.set(false) /> }
                        .into_any()
                }
            }}
        </Sheet>
    }
}

/// What does not go with the rest of the record: said while it is typed, and stored all the same.
fn doubt(record: StoredValue<Record>, field: &'static str, text: RwSignal<String>) -> Signal<String> {
    let villages = places::villages();
    Signal::derive(move || {
        let is_here = |county: &str| {
            let villages = villages.read();
            villages.is_empty() || villages.iter().any(|village| village.code.starts_with(county))
        };
        record.with_value(|record| state::doubt(record.fields(), field, &text.read(), is_here))
    })
}

/// One field of a record, with what it is edited with.
#[component]
pub(super) fn EditField(
    record: Record,
    field: &'static str,
    right: Right,
    /// Saved, or given up.
    #[prop(into)]
    done: Callback<bool>,
) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let editor = state::editor(field);
    let text = RwSignal::new(state::untyped(editor, record.view(field)));
    let entered = rows::Entered::new(field, record.view(field));
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let record = StoredValue::new(record);
    let doubt = doubt(record, field, text);
    let said = Signal::derive(move || {
        let problem = problem.get();
        if problem.is_empty() { doubt.get() } else { problem }
    });
    let value = move || -> Result<Value, String> {
        if editor == Editor::Rows {
            return entered.value();
        }
        let value =
            state::typed(editor, &text.read_untracked()).ok_or_else(|| w::not_a_number().to_owned())?;
        if value.is_null() && record.with_value(|record| !record.may_be_emptied(field)) {
            return Err(w::fill_in().to_owned());
        }
        domain::field::check(field, value, clock::today_day()).map_err(problems::field)
    };
    let save = move || {
        let value = match value() {
            Ok(value) => value,
            Err(why) => return problem.set(why),
        };
        let (id, kind) = record.with_value(|record| (record.id(), record.kind()));
        let before = (editor == Editor::Rows).then(|| entered.before());
        busy.set(true);
        spawn_local(async move {
            // The page stays as it was while its sheet is open: what was filled in meanwhile is read from the device.
            let beside = data.fields_beside(id).await;
            if let Some(why) = state::contradiction(&beside, field, &value) {
                problem.set(why);
                busy.set(false);
                return;
            }
            let saved = match before {
                Some(before) => data.set_rows(id, kind, field, &before, value).await,
                None => data.set_field(id, kind, field, value).await,
            };
            match saved {
                Ok(()) => {
                    // The sheet may have been closed meanwhile.
                    done.try_run(true);
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
            {match file_rows::columns(field) {
                Some(columns) => view! { <Rows field columns entered problem /> }.into_any(),
                None => view! { <Input field editor text problem=said /> }.into_any(),
            }}
            <div class="row">
                <Button busy on_press=save>{if right == Right::Propose { w::propose() } else { w::save() }}</Button>
                <Button kind=ButtonKind::Quiet icon=IconName::Close disabled=busy on_press=move || done.run(false)>{crate::locale::words::ui::cancel()}</Button>
            </div>
        </div>
    }
}
