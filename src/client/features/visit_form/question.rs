//! One question: its words, the right control for its kind, and its problem right below.

use super::{
    Work,
    pictures::{PhotoAnswer, SignatureAnswer},
    position::PositionAnswer,
    state,
};
use crate::{
    data::{AreaRow, Loaded, Topic, use_data},
    features::{
        answer_words::{self, words, yuan},
        days, labels,
    },
    locale::words::form as w,
    platform::scroll,
    ui::{
        Button, ButtonKind, Choice, ChoiceKind, DatePicker, Field, FieldKind, FieldWords, Opt, Picker,
        focus_id,
    },
};
use domain::{
    checklist::{Question, QuestionKind, Required, Why},
    visit::Heed,
};
use leptos::prelude::*;
use serde_json::{Value, json};

/// Brings a question into view and gives it the focus.
pub(super) fn show(code: &str) {
    let id = element_id(code);
    if let Some(element) = document().get_element_by_id(&id) {
        element.scroll_into_view();
    }
    focus_id(&id);
}

/// Brings a question into view where the page around it stays; the focus stays too.
pub(super) fn scroll_to(code: &str) {
    scroll::into_sight(&element_id(code));
}

fn element_id(code: &str) -> String {
    format!("q-{code}")
}

/// What a control needs: the question, its answer, and what is wrong with it.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) work: Work,
    pub(super) question: Question,
    pub(super) words: FieldWords,
    pub(super) value: Memo<Value>,
    pub(super) problem: Signal<String>,
}

impl Asked {
    pub(super) fn code(&self) -> &str {
        &self.question.code
    }
}

#[component]
pub(super) fn QuestionView(code: String, work: Work) -> impl IntoView {
    let Some(question) = work.form.with_untracked(|form| form.question(&code).cloned()) else {
        return ().into_any();
    };
    // In a repeat its answers lie under the code with the instance.
    let question = Question { code: code.clone(), ..question };
    let value = {
        let code = code.clone();
        Memo::new(move |_| work.look(&code, |form| form.value(&code)))
    };
    let problem = {
        let (code, question) = (code.clone(), question.clone());
        Memo::new(move |_| {
            let strict = work.strict.get();
            let said = |form: &state::Form| {
                form.problem(&code, strict).map(|why| said(&question, &why, &form.value(&code)))
            };
            work.look(&code, said).unwrap_or_default()
        })
    };
    let last = work.form.with_untracked(|form| form.last(&code));
    let last = last.map(|last| same_as_last(work, &question, code.clone(), last));
    let heed = Heed::of(&code).map(|heed| heeded(work, code.clone(), heed));
    let words = heading(&question);
    let asked = Asked { work, words, question, value, problem: problem.into() };
    let entered = {
        let code = code.clone();
        move |_| work.current(code.clone())
    };
    view! {
        <section class="question" id=element_id(&code) tabindex="-1" on:focusin=entered>
            <p class="question__code" aria-hidden="true">{code.clone()}</p>
            {control(asked)}
            {heed}
            {last}
        </section>
    }
    .into_any()
}

/// What the answer means for the office, as soon as it is given.
fn heeded(work: Work, code: String, heed: Heed) -> AnyView {
    let is_said = Memo::new(move |_| work.look(&code, |form| form.says(heed)));
    let words = move || if is_said.get() { labels::heed(heed) } else { "" };
    view! { <p class="question__heed" role="status">{words}</p> }.into_any()
}

/// The control; made anew when an answer changes that its words name.
fn control(asked: Asked) -> AnyView {
    if !asked.words.label.contains("${") {
        return view! { <Control asked /> }.into_any();
    }
    let (work, code, label) = (asked.work, asked.code().to_owned(), asked.words.label.clone());
    let filled = Memo::new(move |_| work.form.read().filled(&label, &code));
    (move || {
        let words = FieldWords { label: filled.get(), ..asked.words.clone() };
        view! { <Control asked=Asked { words, ..asked.clone() } /> }
    })
    .into_any()
}

fn heading(question: &Question) -> FieldWords {
    let hint = question.hint.as_ref().map(words).unwrap_or_default();
    let hint = if question.kind == QuestionKind::Geo && hint.is_empty() {
        w::position_hint().to_owned()
    } else {
        hint
    };
    let unit = if question.kind == QuestionKind::Money { w::unit_yuan().to_owned() } else { String::new() };
    FieldWords { label: words(&question.text), hint, unit, must: question.required != Required::No }
}

#[component]
fn Control(asked: Asked) -> AnyView {
    match asked.question.kind {
        QuestionKind::Single => refiltered(asked, |asked| single(asked, true)),
        QuestionKind::Multi => refiltered(asked, multi),
        QuestionKind::Bool => single(asked, false),
        QuestionKind::Rating => rating(asked),
        QuestionKind::Int => typed(asked, FieldKind::Number),
        QuestionKind::Decimal => typed(asked, FieldKind::Text),
        QuestionKind::Money => typed(asked, FieldKind::Money),
        QuestionKind::Phone => typed(asked, FieldKind::Phone),
        QuestionKind::Text => typed(asked, FieldKind::Long),
        QuestionKind::Date => date(asked),
        QuestionKind::Region => view! { <Region asked /> }.into_any(),
        QuestionKind::Photo => view! { <PhotoAnswer asked /> }.into_any(),
        QuestionKind::Signature => view! { <SignatureAnswer asked /> }.into_any(),
        QuestionKind::Geo => view! { <PositionAnswer asked /> }.into_any(),
        QuestionKind::Note => note(asked),
        QuestionKind::Repeat => repeat(asked),
        // Parts are shown as questions of their own, and what is computed in silence is not.
        QuestionKind::Parts | QuestionKind::Calculate => ().into_any(),
    }
}

/// The options that are offered now.
fn options(asked: &Asked) -> Vec<Opt> {
    let offered = asked.work.form.with_untracked(|form| form.offered(asked.code()));
    let all = asked.question.options.iter().enumerate();
    let shown = all.filter(|(place, _)| offered.as_ref().is_none_or(|offered| offered.contains(place)));
    shown.map(|(_, choice)| Opt::new(&choice.code, words(&choice.text))).collect()
}

/// A choice whose options follow other answers is made anew when they change.
fn refiltered(asked: Asked, make: fn(Asked) -> AnyView) -> AnyView {
    if asked.question.filter.is_none() {
        return make(asked);
    }
    let (work, code) = (asked.work, asked.code().to_owned());
    let offered = Memo::new(move |_| work.form.read().offered(&code));
    (move || {
        // Read, not only tracked: a memo that nobody has read hears of nothing.
        offered.with(|_| make(asked.clone()))
    })
    .into_any()
}

/// One option, or yes and no.
fn single(asked: Asked, by_code: bool) -> AnyView {
    let options =
        if by_code { options(&asked) } else { vec![Opt::new("true", w::yes()), Opt::new("false", w::no())] };
    let value = asked.value;
    let chosen = Signal::derive(move || match value.get() {
        Value::String(code) => vec![code],
        Value::Bool(yes) => vec![yes.to_string()],
        _ => Vec::new(),
    });
    let (work, code) = (asked.work, asked.code().to_owned());
    let choose = move |chosen: Vec<String>| {
        let Some(one) = chosen.into_iter().next() else { return };
        work.answer(&code, if by_code { Value::from(one) } else { Value::from(one == "true") });
    };
    view! { <Choice words=asked.words kind=ChoiceKind::One options chosen on_choose=choose problem=asked.problem /> }.into_any()
}

/// What was answered last time, to be taken over.
fn same_as_last(work: Work, question: &Question, code: String, last: Value) -> impl IntoView + use<> {
    let said = answer_words::answer(question, &last);
    let take = move || work.answer(&code, last.clone());
    view! { <Button kind=ButtonKind::Plain on_press=take>{w::as_last(said)}</Button> }
}

/// Words alone.
fn note(asked: Asked) -> AnyView {
    view! {
        <p class="answer__words">{asked.words.label}</p>
        <p class="quiet">{asked.words.hint}</p>
    }
    .into_any()
}

/// One instance more, or the last one out; where the number is computed there is nothing to press.
fn repeat(asked: Asked) -> AnyView {
    let (work, problem, label) = (asked.work, asked.problem, asked.words.label.clone());
    if asked.question.derive.is_some() {
        return ().into_any();
    }
    let (more, less) = (asked.code().to_owned(), asked.code().to_owned());
    let add = move || work.change(work.form.with_untracked(|form| form.one_more(&more)));
    let drop = move || work.change(work.form.with_untracked(|form| form.one_less(&less)));
    let (words_more, words_less) = (w::one_more(&label), w::one_less(&label));
    view! {
        <div class="stack">
            <Button kind=ButtonKind::Plain on_press=add>{words_more}</Button>
            <Button kind=ButtonKind::Plain on_press=drop>{words_less}</Button>
            <p role="alert">{problem}</p>
        </div>
    }
    .into_any()
}

fn multi(asked: Asked) -> AnyView {
    let options = options(&asked);
    let value = asked.value;
    let chosen = Signal::derive(move || texts(&value.read()));
    let (work, question) = (asked.work, asked.question);
    let choose = move |after: Vec<String>| {
        let after = state::chosen(&question, &chosen.get_untracked(), after);
        work.answer(&question.code, if after.is_empty() { Value::Null } else { json!(after) });
    };
    view! { <Choice words=asked.words kind=ChoiceKind::Many options chosen on_choose=choose problem=asked.problem /> }.into_any()
}

fn rating(asked: Asked) -> AnyView {
    let (least, most) = asked.question.limits();
    let options: Vec<Opt> =
        (least..=most).map(|stars| Opt::new(stars.to_string(), stars.to_string())).collect();
    let value = asked.value;
    let chosen =
        Signal::derive(move || value.read().as_i64().map(|stars| stars.to_string()).into_iter().collect());
    let (work, code) = (asked.work, asked.code().to_owned());
    let choose = move |chosen: Vec<String>| {
        let stars = chosen.first().and_then(|text| text.parse::<i64>().ok());
        work.answer(&code, stars.map_or(Value::Null, Value::from));
    };
    let words = FieldWords { hint: w::rating_hint().to_owned(), ..asked.words };
    view! { <Choice words kind=ChoiceKind::One options chosen on_choose=choose problem=asked.problem /> }
        .into_any()
}

/// Something typed. What is not yet a number is kept as it stands, and said to be none.
fn typed(asked: Asked, kind: FieldKind) -> AnyView {
    let shown = match (kind, asked.value.get_untracked()) {
        (FieldKind::Money, Value::Number(fen)) => fen.as_i64().map(yuan).unwrap_or_default(),
        (_, Value::String(text)) => text,
        (_, Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let (work, code) = (asked.work, asked.code().to_owned());
    let of = asked.question.kind;
    let change = move |text: String| {
        let value = match of {
            QuestionKind::Decimal => domain::checklist::decimal_answer(&text),
            _ => typed_value(kind, &text),
        };
        work.answer(&code, value);
    };
    view! { <Field words=asked.words kind value=RwSignal::new(shown) problem=asked.problem on_change=change /> }.into_any()
}

fn typed_value(kind: FieldKind, text: &str) -> Value {
    let tidy = domain::text::narrow(text);
    let tidy = tidy.trim();
    if tidy.is_empty() {
        return Value::Null;
    }
    match kind {
        FieldKind::Number => tidy.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        FieldKind::Money => domain::money::Money::parse_yuan(tidy)
            .map_or_else(|| Value::from(text), |money| Value::from(money.fen())),
        FieldKind::Phone => Value::from(tidy),
        _ => Value::from(text),
    }
}

fn date(asked: Asked) -> AnyView {
    let (work, code) = (asked.work, asked.code().to_owned());
    let today = work.form.with_untracked(state::Form::today);
    let value = asked.value;
    let day = Signal::derive(move || value.read().as_str().unwrap_or_default().to_owned());
    // The last question names the next visit, the others days that were.
    let quick = if code.starts_with("A30") {
        [(3, w::in_3_months()), (6, w::in_6_months()), (12, w::in_12_months())]
            .into_iter()
            .filter_map(|(months, words)| Some((today.plus_months(months)?.to_string(), words.to_owned())))
            .collect()
    } else {
        days::recent(today)
    };
    let pick = move |day: String| work.answer(&code, Value::from(day));
    view! { <DatePicker words=asked.words day today=today.to_string() quick on_pick=pick problem=asked.problem /> }.into_any()
}

/// A place: a village that the phone knows, or elsewhere, and what stands on the door.
#[component]
fn Region(asked: Asked) -> impl IntoView {
    let data = use_data();
    let areas = Loaded::new(move || {
        data.changed(Topic::Areas).track();
        async move { data.areas().await }
    });
    let options = Signal::derive(move || {
        let villages = areas
            .get()
            .unwrap_or_default()
            .into_iter()
            .filter(|area: &AreaRow| area.code.len() >= 12 || area.counted.people > 0);
        let mut options: Vec<Opt> = villages.map(|area| Opt::new(area.code, area.name)).collect();
        options.push(Opt::new("", w::elsewhere()));
        options
    });
    let value = asked.value;
    let part =
        move |name: &str| value.read().get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let chosen = Signal::derive(move || part("code"));
    let addr = RwSignal::new(
        asked.value.get_untracked().get("addr").and_then(Value::as_str).unwrap_or_default().to_owned(),
    );
    let (work, code) = (asked.work, asked.code().to_owned());
    let give = move |area: String, addr: String| {
        let answer = match (area.is_empty(), addr.trim().is_empty()) {
            (true, true) => Value::Null,
            (true, false) => json!({ "addr": addr }),
            (false, _) => json!({ "code": area, "addr": addr }),
        };
        work.answer(&code, answer);
    };
    let give_area = give.clone();
    view! {
        <div class="stack">
            <Picker words=asked.words options chosen on_pick=move |area: String| give_area(area, addr.get_untracked()) />
            <Field
                words=FieldWords::label(w::door()).hint(w::door_hint())
                value=addr
                problem=asked.problem
                on_change=move |text: String| give(chosen.get_untracked(), text)
            />
        </div>
    }
}

/// The texts of a list.
pub(super) fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What is wrong with an answer, in words.
fn said(question: &Question, why: &Why, value: &Value) -> String {
    let is_money = question.kind == QuestionKind::Money;
    let is_number = is_money || question.kind == QuestionKind::Int;
    match why {
        Why::Missing => w::why_missing().to_owned(),
        Why::Kind if is_number => not_a_number(question, value.as_str().unwrap_or_default()),
        Why::Less(_) | Why::More(_) if is_number && range(question).is_some() => {
            w::why_between(range(question).unwrap_or_default())
        }
        Why::Kind | Why::Option => w::why_kind().to_owned(),
        Why::Alone => w::why_alone().to_owned(),
        Why::Less(least) if is_money => w::why_less(yuan(*least)),
        Why::More(most) if is_money => w::why_more(yuan(*most)),
        Why::Less(least) => match question.kind {
            QuestionKind::Photo => w::why_fewer_photos(least),
            _ => w::why_less(least),
        },
        Why::More(most) => match question.kind {
            QuestionKind::Text => w::why_longer(most),
            QuestionKind::Photo => w::why_more_photos(most),
            _ => w::why_more(most),
        },
        Why::Phone => w::why_phone().to_owned(),
        Why::Area => w::why_area().to_owned(),
        Why::Refused => w::why_refused().to_owned(),
        Why::Rule => question.validate.as_ref().map(|rule| words(&rule.say)).unwrap_or_default(),
    }
}

/// The limits of a number in words, if it has both.
fn range(question: &Question) -> Option<String> {
    match question.limits() {
        (i64::MIN, _) | (_, i64::MAX) => None,
        (least, most) if question.kind == QuestionKind::Money => Some(w::range_yuan(yuan(least), yuan(most))),
        (least, most) => Some(w::range(least, most)),
    }
}

/// Why a text is not the number that is asked for.
fn not_a_number(question: &Question, text: &str) -> String {
    let tidy = domain::text::narrow(text);
    let is_numeric = tidy.chars().any(|c| c.is_ascii_digit())
        && tidy.trim().chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+'));
    let range = range(question);
    match (is_numeric, tidy.contains('.'), question.kind == QuestionKind::Money) {
        (true, true, false) => w::why_whole().to_owned(),
        (true, true, true) => w::why_two_decimals().to_owned(),
        (true, false, _) => range.map_or_else(|| w::why_number().to_owned(), w::why_between),
        (false, ..) => range.map_or_else(|| w::why_number().to_owned(), w::why_number_between),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_stored_as_its_kind_or_kept_as_typed() {
        for (kind, text, value) in [
            (FieldKind::Number, "２", json!(2)),
            (FieldKind::Number, "二", json!("二")),
            (FieldKind::Money, "3500.50", json!(350_050)),
            (FieldKind::Money, "三千", json!("三千")),
            (FieldKind::Long, " ", Value::Null),
            (FieldKind::Phone, " 13800000000", json!("13800000000")),
        ] {
            assert_eq!(typed_value(kind, text), value, "{text}");
        }
    }

    #[test]
    fn a_number_that_is_none_is_told_why() {
        let checklist =
            domain::checklist::builtin(domain::checklist::FOLLOWUP).expect("the form is built in");
        let (count, money) =
            (checklist.question("A20").expect("a count"), checklist.question("A12").expect("an amount"));
        let kind = |question, text: &str| said(question, &Why::Kind, &json!(text));
        assert_eq!(kind(count, "2.5"), w::why_whole());
        assert!(kind(count, "99999999999999999999").contains("10"), "the limits are said");
        assert!(kind(count, "三").contains("数字") && kind(count, "三").contains("10"));
        assert_eq!(kind(money, "3500.505"), w::why_two_decimals());
        assert!(said(count, &Why::More(10), &json!(11)).contains("0 到 10"));
        assert!(said(money, &Why::Less(0), &json!(-1)).contains("元"));
    }
}
