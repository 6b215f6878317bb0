//! What the editor says: kinds of questions, and what is wrong, in words.

use super::{
    check::{Trouble, What},
    state::Slot,
    text::Unread,
};
use crate::{
    data::OfficeError,
    locale::{self, Lang, words::checklists as w},
};
use domain::{
    checklist::{CHOICES_MAX, FaultWhy, LEVELS_MAX, QUESTIONS_MAX, QuestionKind, published::BYTES_MAX},
    expr::{ParseError, RegexError, Why},
};
use serde_json::Value;

/// Every kind, in the order in which they are offered.
pub(super) const KINDS: [QuestionKind; 18] = [
    QuestionKind::Single,
    QuestionKind::Multi,
    QuestionKind::Bool,
    QuestionKind::Text,
    QuestionKind::Int,
    QuestionKind::Money,
    QuestionKind::Date,
    QuestionKind::Phone,
    QuestionKind::Region,
    QuestionKind::Photo,
    QuestionKind::Signature,
    QuestionKind::Rating,
    QuestionKind::Decimal,
    QuestionKind::Geo,
    QuestionKind::Note,
    QuestionKind::Calculate,
    QuestionKind::Parts,
    QuestionKind::Repeat,
];

pub(super) fn kind(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Single => w::kind_single(),
        QuestionKind::Multi => w::kind_multi(),
        QuestionKind::Bool => w::kind_bool(),
        QuestionKind::Int => w::kind_int(),
        QuestionKind::Decimal => w::kind_decimal(),
        QuestionKind::Money => w::kind_money(),
        QuestionKind::Date => w::kind_date(),
        QuestionKind::Text => w::kind_text(),
        QuestionKind::Phone => w::kind_phone(),
        QuestionKind::Region => w::kind_region(),
        QuestionKind::Photo => w::kind_photo(),
        QuestionKind::Signature => w::kind_signature(),
        QuestionKind::Geo => w::kind_geo(),
        QuestionKind::Rating => w::kind_rating(),
        QuestionKind::Parts => w::kind_parts(),
        QuestionKind::Repeat => w::kind_repeat(),
        QuestionKind::Note => w::kind_note(),
        QuestionKind::Calculate => w::kind_calculate(),
    }
}

pub(super) fn slot(slot: Slot) -> &'static str {
    match slot {
        Slot::ShowIf => w::show_if(),
        Slot::Required => w::required_if(),
        Slot::Validate => w::constraint(),
        Slot::Derive => w::calculation(),
        Slot::Default => w::default_value(),
        Slot::Filter => w::choice_filter(),
        Slot::Min => w::least(),
        Slot::Max => w::most(),
    }
}

/// What is wrong, and what to do.
pub(super) fn trouble(trouble: &Trouble) -> String {
    match &trouble.what {
        What::NoTitle => w::no_title().to_owned(),
        What::NoWords => w::no_words().to_owned(),
        What::TooLarge(bytes) => w::too_large(bytes / 1024, BYTES_MAX / 1024),
        What::Unread(at, why) => w::unread(slot(*at), unread(why)),
        What::Fault(why) => fault(&trouble.code, why),
    }
}

fn fault(code: &str, why: &FaultWhy) -> String {
    match why {
        FaultWhy::TooMany if code.is_empty() => w::too_many_questions(QUESTIONS_MAX),
        FaultWhy::TooMany => w::too_many_options(CHOICES_MAX, LEVELS_MAX),
        FaultWhy::Nothing if code.is_empty() => w::no_questions().to_owned(),
        FaultWhy::Nothing => w::nothing_in_it().to_owned(),
        FaultWhy::Code(wrong) if wrong.trim().is_empty() => w::no_code().to_owned(),
        FaultWhy::Code(wrong) => w::wrong_code(wrong),
        FaultWhy::Twice(twice) if twice == code => w::twice(twice),
        FaultWhy::Twice(twice) => w::option_twice(twice),
        FaultWhy::Parts => w::no_group().to_owned(),
        FaultWhy::Limits => w::wrong_limits().to_owned(),
        FaultWhy::Unknown(name) => w::unknown(name),
        FaultWhy::Circle => w::circle().to_owned(),
        FaultWhy::Zero => w::zero().to_owned(),
    }
}

/// Why a text cannot be read, and where in it.
pub(super) fn unread(why: &Unread) -> String {
    match why {
        Unread::Number => w::not_a_number().to_owned(),
        Unread::Nothing => w::required_empty().to_owned(),
        Unread::Expression(ParseError { at, why }) => w::at_sign(at + 1, expression(why)),
    }
}

fn expression(why: &Why) -> String {
    match why {
        Why::Expected(what) => expected(what).to_owned(),
        Why::Character(sign) => w::wrong_sign(sign),
        Why::Unclosed => w::unclosed().to_owned(),
        Why::UnknownFunction(name) => w::unknown_function(name),
        Why::Arguments { name, min, max, found } if min == max => w::arguments_exactly(name, min, found),
        Why::Arguments { name, min, max: usize::MAX, found } => w::arguments_least(name, min, found),
        Why::Arguments { name, min, max, found } => w::arguments(name, min, max, found),
        Why::Pattern(RegexError::Unsupported) => w::pattern_unsupported().to_owned(),
        Why::Pattern(_) => w::pattern_wrong().to_owned(),
        Why::TooLarge => w::expression_large().to_owned(),
    }
}

/// What should stand there, by the parser's own words for it.
fn expected(what: &str) -> &'static str {
    match what {
        "a value" => w::expected_value(),
        "a name" => w::expected_name(),
        "a number" => w::expected_number(),
        "an operator or the end" => w::expected_operator(),
        "an opening bracket" => w::expected_opening(),
        "a closing bracket" => w::expected_closing(),
        "a comma or a closing bracket" => w::expected_comma(),
        _ => w::expected_other(),
    }
}

/// What the office says of a form, in the language of the screen.
pub(super) fn of_form(line: &Value) -> &str {
    let own = if locale::active() == Lang::Zh { "zh" } else { "message" };
    line[own].as_str().unwrap_or_default()
}

/// Why the office did not publish it.
pub(super) fn refusal(error: &OfficeError) -> String {
    let OfficeError::Refused { err, body, .. } = error else {
        return match error {
            OfficeError::Offline => w::offline(),
            OfficeError::Login => w::login(),
            _ => w::failed(),
        }
        .to_owned();
    };
    match err.as_str() {
        "forbidden" => w::forbidden().to_owned(),
        "checklist_too_large" => w::refused_large(BYTES_MAX / 1024),
        "no_village" => w::no_village().to_owned(),
        "not_applied" => w::not_applied().to_owned(),
        "form_has_errors" => {
            let errors = body["errors"].as_array().into_iter().flatten();
            let said = errors.map(of_form).take(5).collect::<Vec<_>>();
            w::form_errors(said.join("; "))
        }
        _ => w::failed().to_owned(),
    }
}
