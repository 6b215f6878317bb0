//! A person's file with what hangs below it, as every ledger reads it.

use super::{Fields, Given, Source};
use crate::day_text::day_of_ms;
use domain::{
    age_alarm::Born,
    category::Category,
    checklist::{Checklist, Question, builtin, builtin_ids},
    completeness::{self, Completeness, Entitled},
    day::Day,
    departure, guardian,
    visit::{PlanFacts, PriorityFacts, VisitKind, is_away},
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};
use uuid::Uuid;

/// The forms that come with the program, read once: a ledger asks them for every answer.
static FORMS: LazyLock<BTreeMap<&str, Checklist>> =
    LazyLock::new(|| builtin_ids().filter_map(|id| Some((id, builtin(id)?))).collect());

/// A recipient and the records below it. Visits that will not take place are left out.
pub(super) struct File<'a> {
    pub(super) recipient: &'a Source,
    /// How the ledger calls the village that it lies in.
    pub(super) village: &'a str,
    pub(super) entitlements: Vec<&'a Source>,
    pub(super) visits: Vec<&'a Source>,
    pub(super) needs: Vec<&'a Source>,
    pub(super) measures: Vec<&'a Source>,
}

/// Every file, by village and name; one that is gone only where the source has it.
pub(super) fn files<'a>(given: &Given<'a>) -> Vec<File<'a>> {
    let places = given.sources.places.iter().enumerate();
    let places: BTreeMap<Uuid, (usize, &str)> =
        places.map(|(index, place)| (place.id, (index, place.name.as_str()))).collect();
    let mut files = gather(&given.sources.records);
    files.sort_by_cached_key(|file| {
        let place = places.get(&file.recipient.area).map_or(places.len(), |(index, _)| *index);
        (place, file.text("name"), file.recipient.e)
    });
    for file in &mut files {
        file.village = places.get(&file.recipient.area).map_or("", |(_, name)| name);
    }
    files
}

/// Every file among the records, by its id.
pub(super) fn gather(records: &[Arc<Source>]) -> Vec<File<'_>> {
    let mut files: BTreeMap<Uuid, File<'_>> = BTreeMap::new();
    for recipient in records.iter().filter(|source| source.kind == "recipient") {
        let (entitlements, visits, needs, measures) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        files.insert(recipient.e, File { recipient, village: "", entitlements, visits, needs, measures });
    }
    for source in records {
        let Some(file) = source.parent.and_then(|parent| files.get_mut(&parent)) else { continue };
        match source.kind {
            "visit" if is_cancelled(source) => {}
            "visit" => file.visits.push(source),
            "need" => file.needs.push(source),
            "measure" => file.measures.push(source),
            "entitlement" => file.entitlements.push(source),
            _ => {}
        }
    }
    files.into_values().collect()
}

/// A reason, whatever its form, says that the visit will not take place.
fn is_cancelled(visit: &Source) -> bool {
    visit.fields.get("cancelled").is_some_and(|reason| !reason.is_null() && reason != "")
}

impl File<'_> {
    pub(super) fn text(&self, field: &str) -> String {
        text(&self.recipient.fields, field)
    }

    /// Whether the person is on the register today.
    pub(super) fn is_on_register(&self) -> bool {
        self.recipient.dates.gone.is_none() && matches!(self.text("status").as_str(), "" | "active")
    }

    /// Whether any entitlement runs; of a file that has none yet, nothing has ended.
    pub(super) fn runs(&self) -> bool {
        self.entitlements.is_empty()
            || self.entitlements.iter().any(|one| departure::runs(&text(&one.fields, "state")))
    }

    /// The household, by its own id; a person without one is one by himself.
    pub(super) fn household(&self) -> String {
        Some(self.text("household_id")).filter(|id| !id.is_empty()).unwrap_or(self.recipient.e.to_string())
    }

    /// The categories of a person, who may have several.
    pub(super) fn categories(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        for word in self.entitlements.iter().map(|one| category(&text(&one.fields, "category"))) {
            if !word.is_empty() && !words.contains(&word) {
                words.push(word);
            }
        }
        words.join("、")
    }

    pub(super) fn id_no(&self, full: bool) -> String {
        number(self.recipient.fields.get("id_no"), full, id_shown)
    }

    pub(super) fn phone(&self, full: bool) -> String {
        let fields = &self.recipient.fields;
        let phone = fields.get("mobile").filter(|value| !value.is_null()).or(fields.get("phone2"));
        number(phone, full, phone_shown)
    }

    /// The visits that took place, oldest first, each with its day.
    pub(super) fn made(&self) -> Vec<(Day, &Source)> {
        let mut made: Vec<(Day, &Source)> =
            self.visits.iter().filter_map(|visit| Some((made_on(visit)?, *visit))).collect();
        made.sort_by_key(|(day, _)| *day);
        made
    }

    /// Those of one kind.
    pub(super) fn made_of(&self, kind: VisitKind) -> impl Iterator<Item = (Day, &Source)> {
        let is_kind = move |visit: &Source| text(&visit.fields, "kind") == kind.word();
        self.made().into_iter().filter(move |(_, visit)| is_kind(visit))
    }

    /// What is known of the person's age.
    pub(super) fn born(&self) -> Option<Born> {
        self.recipient.fields.get("birth").and_then(guardian::shown)
    }

    /// Whether a guardian consented.
    pub(super) fn has_consent(&self) -> bool {
        self.recipient.fields.get(guardian::FIELD).is_some_and(|value| !completeness::is_blank(value))
    }

    /// How whole the file is, as the office has it; `is_child`: whether a guardian is asked on the day.
    pub(super) fn completeness(&self, is_child: bool) -> Completeness {
        let is_filled = |source: &Source, field: &str| {
            source.fields.get(field).is_some_and(|value| !completeness::is_blank(value))
        };
        let known = self.entitlements.iter().filter_map(|one| {
            let category: Category = text(&one.fields, "category").parse().ok()?;
            Some((category, move |field: &str| is_filled(one, field)))
        });
        let known: Vec<_> = known.collect();
        let entitled: Vec<Entitled<'_>> =
            known.iter().map(|(category, filled)| (*category, filled as &dyn Fn(&str) -> bool)).collect();
        completeness::completeness(&|field| is_filled(self.recipient, field), is_child, &entitled)
    }

    /// What the county's plan asks of the family.
    pub(super) fn facts(&self) -> PlanFacts {
        let mut facts = PlanFacts::default();
        facts.priority = PriorityFacts::of_file(|name| self.recipient.fields.get(name));
        facts.needs_plaque = PlanFacts::plaque(&self.text("plaque"));
        facts.since = PlanFacts::made_on(self.recipient.e);
        for need in &self.needs {
            facts.needed(&text(&need.fields, "state"), &text(&need.fields, "urgency"));
        }
        for one in &self.entitlements {
            let grade = one.fields.get("grade").and_then(grade);
            facts.entitled(&text(&one.fields, "category"), &text(&one.fields, "state"), grade);
        }
        for (on, visit) in self.made() {
            let said = |field: &str| text(&visit.fields, field);
            facts.visited(&said("kind"), is_away(&said("place")), on, said("next_due").parse().ok());
        }
        facts
    }
}

/// The day of a completed visit in China's one time zone; none if it is not completed.
pub(super) fn made_on(visit: &Source) -> Option<Day> {
    match visit.fields.get("completed_at")? {
        Value::String(day) => day.get(..10)?.parse().ok(),
        Value::Number(ms) => day_of_ms(ms.as_i64()?).parse().ok(),
        _ => None,
    }
}

/// An answer of a visit as its form words it; empty where there is none.
pub(super) fn answer(visit: &Source, code: &str) -> String {
    let Some(value) = raw_answer(visit, code) else { return String::new() };
    let form = visit.fields.get("template").and_then(Value::as_str).and_then(|form| FORMS.get(form));
    words_of(form.and_then(|form| form.question(code)), value)
}

/// Whether a ledger reads this answer of a form; the others are not kept for it.
pub(crate) fn is_read(code: &str) -> bool {
    const READ: [&str; 14] =
        ["A01", "A02", "A10", "A19", "A25", "A26", "A27", "B05", "B06", "C01", "C13", "M01", "M02", "M04.1"];
    READ.contains(&code) || code.starts_with('F')
}

/// The same as it is stored.
pub(super) fn raw_answer<'v>(visit: &'v Source, code: &str) -> Option<&'v Value> {
    debug_assert!(is_read(code), "{code} is not kept for ledgers");
    visit.fields.get("answers")?.get(code)
}

/// An answer as the form words it; a code that the form does not know stays as it is.
pub(super) fn words_of(question: Option<&Question>, value: &Value) -> String {
    match value {
        Value::String(code) => {
            question.and_then(|question| question.choice(code)).map_or(code, |choice| &choice.text.zh).clone()
        }
        Value::Bool(true) => "是".to_owned(),
        Value::Bool(false) => "否".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => {
            let words: Vec<String> = list.iter().map(|item| words_of(question, item)).collect();
            words.join("、")
        }
        _ => String::new(),
    }
}

/// The short word of a category; its code where this build does not know it.
pub(super) fn category(code: &str) -> String {
    code.parse::<Category>().map_or_else(|_| code.to_owned(), |category| category.short().to_owned())
}

/// The grade of a disability.
pub(super) fn grade(value: &Value) -> Option<u8> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|grade| u8::try_from(grade).ok()),
    }
}

pub(super) fn text(fields: &Fields, name: &str) -> String {
    fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A day, or nothing.
pub(super) fn day_text(day: Option<Day>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// Those that say something, with a sign between them.
pub(super) fn join(parts: &[String], between: &str) -> String {
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(between)
}

/// So many of so many, as a share; nothing of none.
pub(super) fn share(part: usize, whole: usize) -> String {
    part.saturating_mul(100).checked_div(whole).map(|percent| format!("{percent}%")).unwrap_or_default()
}

fn number(value: Option<&Value>, full: bool, shown: fn(&str) -> String) -> String {
    match value {
        Some(Value::String(whole)) if full => whole.clone(),
        Some(Value::String(whole)) => shown(whole),
        Some(Value::Object(part)) => part.get("show").and_then(Value::as_str).map(shown).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The last four of an ID number behind stars.
fn id_shown(whole: &str) -> String {
    let digits: String = whole.chars().filter(char::is_ascii_alphanumeric).collect();
    if digits.is_empty() {
        return String::new();
    }
    let tail = digits.len().saturating_sub(4);
    format!("**************{}", &digits[tail..])
}

/// The first three and last four of a telephone number.
fn phone_shown(whole: &str) -> String {
    let chars: Vec<char> = whole.chars().collect();
    if chars.len() < 8 {
        return whole.to_owned();
    }
    let (head, tail) = (&chars[..3], &chars[chars.len() - 4..]);
    format!("{}****{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
}
