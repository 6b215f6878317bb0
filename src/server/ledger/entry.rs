//! Lines of the ledger out of records.

use super::words::LedgerWords;
use crate::day_text::day_of_ms;
use domain::{
    checklist::{Question, builtin},
    day::Day,
    visit::{DueState, Plan, PlanFacts, PriorityFacts},
};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A record as the ledger reads it: a recipient, or an entitlement, visit or need with the recipient as its parent.
#[derive(Clone, Debug)]
pub struct Source {
    pub e: Uuid,
    pub kind: String,
    pub parent: Option<Uuid>,
    /// The name of the village it lies in.
    pub village: String,
    pub fields: Map<String, Value>,
}

/// First and last day of a ledger, both included, as ISO text; an empty text is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {
    pub from: String,
    pub to: String,
}

impl Period {
    fn holds(&self, day: &str) -> bool {
        !day.is_empty()
            && (self.from.is_empty() || day >= self.from.as_str())
            && (self.to.is_empty() || day <= self.to.as_str())
    }
}

/// Whether a family was visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryState {
    Done,
    Due,
    Overdue,
}

impl EntryState {
    /// The word of the screen's filter.
    pub fn word(self) -> &'static str {
        match self {
            EntryState::Done => "done",
            EntryState::Due => "due",
            EntryState::Overdue => "overdue",
        }
    }
}

/// One line. Days are ISO text, empty if unknown; numbers are as the caller may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub recipient: Uuid,
    pub visit: Option<Uuid>,
    pub village: String,
    pub name: String,
    pub id_no: String,
    pub category: String,
    pub phone: String,
    pub due_on: String,
    pub visited_on: String,
    pub way: String,
    pub met: String,
    pub health: String,
    pub wishes: String,
    pub result: String,
    pub rating: String,
    pub visitors: String,
    pub next_due: String,
    pub state: EntryState,
}

/// What the last line of the ledger counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub families: usize,
    pub visits: usize,
    pub visited: usize,
    /// Not visited in the period, overdue ones included.
    pub due: usize,
    pub overdue: usize,
}

/// The lines of a period, by village, then name. Who is due and until when is the plan's word, as on a phone. A family whose next visit lies
/// after the period is no line.
///
/// `full` prints whole ID and telephone numbers where the source holds them.
pub fn entries(sources: &[Source], period: &Period, plan: &Plan, full: bool) -> Vec<Entry> {
    let mut children: BTreeMap<Uuid, Children<'_>> = BTreeMap::new();
    for source in sources {
        let Some(parent) = source.parent else { continue };
        match source.kind.as_str() {
            "visit" if text(&source.fields, "cancelled").is_empty() => {
                children.entry(parent).or_default().visits.push(source);
            }
            "need" => children.entry(parent).or_default().needs.push(source),
            "entitlement" => children.entry(parent).or_default().entitlements.push(source),
            _ => {}
        }
    }
    let none = Children::default();
    let mut lines: Vec<Entry> = sources
        .iter()
        .filter(|source| source.kind == "recipient")
        .flat_map(|recipient| {
            family(recipient, children.get(&recipient.e).unwrap_or(&none), period, plan, full)
        })
        .collect();
    lines.sort_by(|a, b| {
        (&a.village, &a.name, a.recipient, &a.visited_on).cmp(&(
            &b.village,
            &b.name,
            b.recipient,
            &b.visited_on,
        ))
    });
    lines
}

/// Counts families and visits.
pub fn totals(entries: &[Entry]) -> Totals {
    let mut families: BTreeMap<Uuid, EntryState> = BTreeMap::new();
    for entry in entries {
        let state = families.entry(entry.recipient).or_insert(entry.state);
        *state = (*state).min(entry.state);
    }
    let count = |wanted: EntryState| families.values().filter(|state| **state == wanted).count();
    let overdue = count(EntryState::Overdue);
    Totals {
        families: families.len(),
        visits: entries.iter().filter(|entry| entry.visit.is_some()).count(),
        visited: count(EntryState::Done),
        due: count(EntryState::Due) + overdue,
        overdue,
    }
}

#[derive(Default)]
struct Children<'a> {
    visits: Vec<&'a Source>,
    needs: Vec<&'a Source>,
    entitlements: Vec<&'a Source>,
}

fn family(
    recipient: &Source,
    children: &Children<'_>,
    period: &Period,
    plan: &Plan,
    full: bool,
) -> Vec<Entry> {
    let mut visits: Vec<(String, &Source)> = children
        .visits
        .iter()
        .map(|visit| (visited_on(visit), *visit))
        .filter(|(day, _)| !day.is_empty())
        .collect();
    visits.sort_by(|a, b| a.0.cmp(&b.0));
    let made: Vec<Entry> = visits
        .iter()
        .filter(|(day, _)| period.holds(day))
        .map(|(day, visit)| visited(recipient, visit, day, children, full))
        .collect();
    if !made.is_empty() {
        return made;
    }
    let due = plan.follow_up(&facts(recipient, children, &visits));
    let due_on = due.and_then(|due| due.closes).map(|day| day.to_string()).unwrap_or_default();
    if !period.to.is_empty() && !due_on.is_empty() && due_on > period.to {
        return Vec::new();
    }
    let is_overdue = due.is_some_and(|due| due.state == DueState::Missed);
    let state = if is_overdue { EntryState::Overdue } else { EntryState::Due };
    vec![Entry { due_on, state, ..blank(recipient, children, full) }]
}

/// What the plan asks of a family.
fn facts(recipient: &Source, children: &Children<'_>, visits: &[(String, &Source)]) -> PlanFacts {
    let mut facts = PlanFacts::default();
    facts.priority = PriorityFacts::of_file(&recipient.fields);
    facts.needs_plaque = PlanFacts::plaque(&text(&recipient.fields, "plaque"));
    facts.since = PlanFacts::made_on(recipient.e);
    for need in &children.needs {
        facts.needed(&text(&need.fields, "state"), &text(&need.fields, "urgency"));
    }
    for one in &children.entitlements {
        let grade = one.fields.get("grade").and_then(grade);
        facts.entitled(&text(&one.fields, "category"), &text(&one.fields, "state"), grade);
    }
    for (day, visit) in visits {
        if let Ok(on) = day.parse::<Day>() {
            facts.visited(&text(&visit.fields, "kind"), on, text(&visit.fields, "next_due").parse().ok());
        }
    }
    facts
}

fn grade(value: &Value) -> Option<u8> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|grade| u8::try_from(grade).ok()),
    }
}

fn visited(recipient: &Source, visit: &Source, day: &str, children: &Children<'_>, full: bool) -> Entry {
    let answers = visit.fields.get("answers").and_then(Value::as_object).cloned().unwrap_or_default();
    let checklist = builtin(&text(&visit.fields, "template"));
    let answer = |code: &str| {
        let question = checklist.as_ref().and_then(|checklist| checklist.question(code));
        answers.get(code).map(|value| words_of(question, value)).unwrap_or_default()
    };
    Entry {
        visit: Some(visit.e),
        due_on: text(&visit.fields, "due_on"),
        visited_on: day.to_owned(),
        way: answer("A01"),
        met: answer("A02"),
        health: answer("A10"),
        wishes: join(&[answer("A26"), answer("A27")]),
        result: result_of(visit, &children.needs),
        rating: answer("A25"),
        visitors: visit.fields.get("visitors").map(|names| words_of(None, names)).unwrap_or_default(),
        next_due: text(&visit.fields, "next_due"),
        state: EntryState::Done,
        ..blank(recipient, children, full)
    }
}

fn blank(recipient: &Source, children: &Children<'_>, full: bool) -> Entry {
    let fields = &recipient.fields;
    Entry {
        recipient: recipient.e,
        visit: None,
        village: recipient.village.clone(),
        name: text(fields, "name"),
        id_no: number(fields.get("id_no"), full, id_shown),
        category: categories(&children.entitlements),
        phone: number(
            fields.get("mobile").filter(|v| !v.is_null()).or(fields.get("phone2")),
            full,
            phone_shown,
        ),
        due_on: String::new(),
        visited_on: String::new(),
        way: String::new(),
        met: String::new(),
        health: String::new(),
        wishes: String::new(),
        result: String::new(),
        rating: String::new(),
        visitors: String::new(),
        next_due: String::new(),
        state: EntryState::Due,
    }
}

/// The categories of a person, who may have several.
fn categories(entitlements: &[&Source]) -> String {
    let words: Vec<String> =
        entitlements.iter().map(|entitlement| category(text(&entitlement.fields, "category"))).collect();
    words.join("、")
}

fn category(code: String) -> String {
    code.parse::<domain::category::Category>().map_or(code, |category| category.short().to_owned())
}

/// What came of the visit: the needs it found, each with where it stands now; else what the visitor wrote.
fn result_of(visit: &Source, needs: &[&Source]) -> String {
    let id = visit.e.to_string();
    let found: Vec<String> = needs
        .iter()
        .filter(|need| {
            text(&need.fields, "found_by") == id
                || need
                    .fields
                    .get("evidence")
                    .and_then(Value::as_array)
                    .is_some_and(|list| list.iter().any(|item| item.as_str() == Some(&id)))
        })
        .map(|need| {
            format!(
                "{}:{}",
                LedgerWords::need(&text(&need.fields, "kind")),
                LedgerWords::need_state(&text(&need.fields, "state"))
            )
        })
        .collect();
    if found.is_empty() { text(&visit.fields, "result") } else { found.join(";") }
}

/// The day of a completed visit in China's one time zone; empty if it is not completed.
fn visited_on(visit: &Source) -> String {
    const DAY_CHARS: usize = 10;
    match visit.fields.get("completed_at") {
        Some(Value::String(day)) => day.chars().take(DAY_CHARS).collect(),
        Some(Value::Number(ms)) => ms.as_i64().map(day_of_ms).unwrap_or_default(),
        _ => String::new(),
    }
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

/// An answer as the form words it; a code that the form does not know stays as it is.
fn words_of(question: Option<&Question>, value: &Value) -> String {
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

fn join(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(":")
}

fn text(fields: &Map<String, Value>, name: &str) -> String {
    fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
