//! The form of one question.

use super::{Editor, head::filled, options::Options};
use crate::{
    features::checklists::{
        state::{Line, Slot, has_limits, has_options, may_be_shared, takes},
        words::{KINDS, kind as kind_words, unread},
    },
    locale::words::checklists as w,
    ui::{
        Button, ButtonKind, CellGroup, Choice, ChoiceKind, Field, FieldKind, FieldWords, IconName, Opt,
        Picker, Switch,
    },
};
use domain::checklist::{FaultWhy, Question, QuestionKind, Required, Words};
use leptos::prelude::*;

#[component]
pub(super) fn QuestionForm(editor: Editor, key: u32, kind: QuestionKind) -> impl IntoView {
    let line = editor.sketch.with_untracked(|sketch| sketch.line(key).cloned());
    line.map(|line| {
        let question = line.question.clone();
        view! {
            <Acts editor key />
            <CellGroup title=w::what_is_asked()>
                <div class="stack inset">
                    <Code editor key code=question.code.clone() />
                    <KindPicker editor key kind />
                    <Wording editor key question=question.clone() />
                </div>
            </CellGroup>
            {has_options(kind).then(|| view! { <Options editor key question=line.question.clone() /> })}
            <Answer editor key line=line.clone() />
            <Conditions editor key question=line.question />
        }
    })
}

/// Moves, copies, deletes.
#[component]
fn Acts(editor: Editor, key: u32) -> impl IntoView {
    let may_go_in = Memo::new(move |_| {
        let sketch = editor.sketch.read();
        sketch.place(key).is_some_and(|at| sketch.may_go_in(at))
    });
    let delete = move || {
        let place = editor.sketch.with_untracked(|sketch| sketch.place(key)).unwrap_or_default();
        let deleted = editor.edit(|sketch| sketch.delete(key));
        let next = editor.sketch.with_untracked(|sketch| {
            let at = place.min(sketch.lines.len().saturating_sub(1));
            sketch.lines.get(at).map(|line| line.key)
        });
        editor.deleted.set(deleted);
        editor.chosen.set(next);
    };
    let copy = move || {
        if let Some(copy) = editor.edit(|sketch| sketch.duplicate(key)) {
            editor.choose(Some(copy));
        }
    };
    view! {
        <div class="editor__acts">
            <Button kind=ButtonKind::Plain icon=IconName::Up on_press=move || editor.move_key(key, |sketch| sketch.move_up(key))>{w::move_up()}</Button>
            <Button kind=ButtonKind::Plain icon=IconName::Down on_press=move || editor.move_key(key, |sketch| sketch.move_down(key))>{w::move_down()}</Button>
            <Show when=move || may_go_in.get()>
                <Button kind=ButtonKind::Plain on_press=move || editor.move_key(key, |sketch| sketch.move_in(key))>{w::move_in()}</Button>
            </Show>
            <Button kind=ButtonKind::Plain on_press=copy>{w::duplicate()}</Button>
            <Button kind=ButtonKind::Quiet icon=IconName::Close on_press=delete>{w::delete()}</Button>
        </div>
    }
}

#[component]
fn Code(editor: Editor, key: u32, code: String) -> impl IntoView {
    use crate::features::checklists::{check::What, words::trouble};
    let problem = Memo::new(move |_| {
        let checked = editor.checked.read();
        let of_code = checked.troubles.iter().find(|one| {
            let is_code = match &one.what {
                What::Fault(FaultWhy::Code(code) | FaultWhy::Twice(code)) => *code == one.code,
                _ => false,
            };
            one.key == Some(key) && is_code
        });
        of_code.map(trouble).unwrap_or_default()
    });
    let change = move |text: String| {
        editor.edit_line(key, |line| text.trim().clone_into(&mut line.question.code));
    };
    view! {
        <Field
            words=FieldWords::label(w::code()).hint(w::code_says()).must()
            kind=FieldKind::Code
            value=RwSignal::new(code)
            problem
            on_change=change
        />
    }
}

#[component]
fn KindPicker(editor: Editor, key: u32, kind: QuestionKind) -> impl IntoView {
    let place = KINDS.iter().position(|one| *one == kind).unwrap_or_default();
    let options: Vec<Opt> = KINDS
        .iter()
        .enumerate()
        .map(|(place, kind)| Opt::new(place.to_string(), kind_words(*kind)))
        .collect();
    let pick = move |place: String| {
        if let Some(kind) = place.parse::<usize>().ok().and_then(|place| KINDS.get(place)) {
            editor.edit(|sketch| sketch.set_kind(key, *kind));
        }
    };
    view! {
        <Picker
            words=FieldWords::label(w::kind())
            options=Signal::stored(options)
            chosen=Signal::stored(place.to_string())
            on_pick=pick
        />
    }
}

#[component]
fn Wording(editor: Editor, key: u32, question: Question) -> impl IntoView {
    let hint = question.hint.unwrap_or_else(|| Words { zh: String::new(), en: None });
    let (zh, en) = (RwSignal::new(question.text.zh), RwSignal::new(question.text.en.unwrap_or_default()));
    let (hint_zh, hint_en) = (RwSignal::new(hint.zh), RwSignal::new(hint.en.unwrap_or_default()));
    let say = move |_: String| {
        editor.edit_line(key, |line| {
            line.question.text = Words { zh: zh.get_untracked(), en: filled(en.get_untracked()) };
            let hint = filled(hint_zh.get_untracked());
            line.question.hint = hint.map(|zh| Words { zh, en: filled(hint_en.get_untracked()) });
        });
    };
    view! {
        <Field words=FieldWords::label(w::text()).must() kind=FieldKind::Long value=zh on_change=say />
        <Field words=FieldWords::label(w::text_en()) value=en on_change=say />
        <Field words=FieldWords::label(w::hint()) value=hint_zh on_change=say />
        <Show when=move || !hint_zh.read().trim().is_empty()>
            <Field words=FieldWords::label(w::hint_en()) value=hint_en on_change=say />
        </Show>
    }
}

/// Whether it must be answered, and what counts as an answer.
#[component]
fn Answer(editor: Editor, key: u32, line: Line) -> impl IntoView {
    let kind = line.question.kind;
    if matches!(kind, QuestionKind::Parts | QuestionKind::Note) {
        return ().into_any();
    }
    let Question { may_refuse, paper, as_last, shared, .. } = line.question;
    let switch = move |label: &'static str, on: bool, set: fn(&mut Question, bool)| {
        let on = RwSignal::new(on);
        let turn = move |now: bool| {
            on.set(now);
            editor.edit_line(key, |line| set(&mut line.question, now));
        };
        view! { <Switch label=label on on_switch=turn /> }
    };
    let is_asked = takes(kind, Slot::Required);
    view! {
        <CellGroup title=w::answer()>
            {is_asked.then(|| view! { <MustAnswer editor key line /> })}
            {has_limits(kind)
                .then(|| {
                    view! {
                        <div class="editor__pair inset">
                            <Typed editor key at=Slot::Min />
                            <Typed editor key at=Slot::Max />
                        </div>
                    }
                })}
            {(kind == QuestionKind::Signature).then(|| switch(w::may_refuse(), may_refuse, |question, on| question.may_refuse = on))}
            {(kind == QuestionKind::Photo).then(|| switch(w::paper(), paper, |question, on| question.paper = on))}
            {is_asked.then(|| switch(w::as_last(), as_last, |question, on| question.as_last = on))}
            {may_be_shared(kind).then(|| switch(w::shared(), shared, |question, on| question.shared = on))}
        </CellGroup>
    }
    .into_any()
}

/// No, yes, or when something holds.
#[component]
fn MustAnswer(editor: Editor, key: u32, line: Line) -> impl IntoView {
    let is_when = line.typed.iter().any(|(slot, _)| *slot == Slot::Required);
    let now = match (&line.question.required, is_when) {
        (Required::When(_), _) | (_, true) => "when",
        (Required::Yes, _) => "yes",
        (Required::No, _) => "no",
    };
    let chosen = RwSignal::new(now.to_owned());
    let options = vec![
        Opt::new("yes", w::required_yes()),
        Opt::new("no", w::required_no()),
        Opt::new("when", w::required_when()),
    ];
    let choose = move |one: Vec<String>| {
        let one = one.concat();
        editor.edit_line(key, |line| {
            line.require(if one == "yes" { Required::Yes } else { Required::No });
            if one == "when" {
                line.type_in(Slot::Required, "");
            }
        });
        chosen.set(one);
    };
    view! {
        <div class="stack inset">
            <Choice
                words=FieldWords::label(w::required())
                kind=ChoiceKind::One
                options
                chosen=Signal::derive(move || vec![chosen.get()])
                on_choose=choose
            />
            <Show when=move || *chosen.read() == "when">
                <Typed editor key at=Slot::Required />
            </Show>
        </div>
    }
}

/// When it is shown, what must hold, what stands there.
#[component]
fn Conditions(editor: Editor, key: u32, question: Question) -> impl IntoView {
    let kind = question.kind;
    view! {
        <CellGroup title=w::conditions() note=w::conditions_say()>
            <div class="stack inset">
                <Typed editor key at=Slot::ShowIf />
                {takes(kind, Slot::Validate).then(|| view! { <Constraint editor key question /> })}
                {takes(kind, Slot::Derive).then(|| view! { <Typed editor key at=Slot::Derive /> })}
                {takes(kind, Slot::Default).then(|| view! { <Typed editor key at=Slot::Default /> })}
            </div>
        </CellGroup>
    }
}

/// What an answer must fulfil, and what is said when it does not.
#[component]
fn Constraint(editor: Editor, key: u32, question: Question) -> impl IntoView {
    let say = question.validate.map(|rule| rule.say);
    let say = say.unwrap_or_else(|| Words { zh: String::new(), en: None });
    let (zh, en) = (RwSignal::new(say.zh), RwSignal::new(say.en.unwrap_or_default()));
    let put = move || {
        editor.edit_line(key, |line| {
            if let Some(rule) = &mut line.question.validate {
                rule.say = Words { zh: zh.get_untracked(), en: filled(en.get_untracked()) };
            }
        });
    };
    let has_rule = Memo::new(move |_| {
        let sketch = editor.sketch.read();
        sketch.line(key).is_some_and(|line| line.question.validate.is_some())
    });
    view! {
        <Typed editor key at=Slot::Validate on_read=put />
        <Show when=move || has_rule.get()>
            <Field words=FieldWords::label(w::constraint_message()) value=zh on_change=move |_: String| put() />
            <Field words=FieldWords::label(w::constraint_message_en()) value=en on_change=move |_: String| put() />
        </Show>
    }
}

/// Something typed that is read at once: an expression or a number. It begins with what the sketch holds when it is built.
#[component]
pub(super) fn Typed(
    editor: Editor,
    key: u32,
    /// Which.
    at: Slot,
    /// It was read; what belongs to it is to be set again.
    #[prop(optional, into)]
    on_read: Option<Callback<()>>,
) -> impl IntoView {
    let of = |line: &Line| (line.text(at), line.question.kind);
    let Some((text, of_kind)) = editor.sketch.with_untracked(|sketch| sketch.line(key).map(of)) else {
        return ().into_any();
    };
    let value = RwSignal::new(text);
    let problem = Memo::new(move |_| {
        let sketch = editor.sketch.read();
        sketch.line(key).and_then(|line| line.unread(at)).map(|why| unread(&why)).unwrap_or_default()
    });
    let change = move |text: String| {
        editor.edit_line(key, |line| line.type_in(at, &text));
        if let Some(on_read) = on_read {
            on_read.run(());
        }
    };
    let kind = if matches!(at, Slot::Min | Slot::Max) { FieldKind::Number } else { FieldKind::Code };
    view! { <Field words=words_of(at, of_kind) kind value problem on_change=change /> }.into_any()
}

fn words_of(slot: Slot, kind: QuestionKind) -> FieldWords {
    let hint = match slot {
        Slot::ShowIf => w::show_if_says("${A02} = '未见到'"),
        Slot::Required => w::required_if_says("${A01} = '入户'"),
        Slot::Validate => w::constraint_says(". <= ${B16}"),
        Slot::Derive if kind == QuestionKind::Repeat => w::repeat_count_says("${B07}"),
        Slot::Derive => w::calculation_says("${B16} - ${B17}"),
        Slot::Default => w::default_says("${recipient.mobile}"),
        Slot::Filter => w::choice_filter_says("town = ${A06}"),
        Slot::Min | Slot::Max => limit_of(kind).to_owned(),
    };
    FieldWords::label(crate::features::checklists::words::slot(slot)).hint(hint)
}

/// What the limits of a kind count.
fn limit_of(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Money => w::limit_yuan(),
        QuestionKind::Text => w::limit_signs(),
        QuestionKind::Photo => w::limit_photos(),
        QuestionKind::Multi => w::limit_options(),
        QuestionKind::Repeat => w::limit_times(),
        _ => w::limit_value(),
    }
}
