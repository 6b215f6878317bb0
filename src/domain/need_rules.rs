//! From the answers of a visit to needs, tasks and cases (domain.md §4.7).
//!
//! Phone and server run the same rules; what they make has the id that both make alike from the visit and [`Finding::rule`].

mod codes;

pub use codes::{RULE_QUESTIONS, RuleQuestion};

use crate::order::Order;
use crate::{
    checklist::Answers,
    money::Money,
    need::{NeedKind, NeedState, TaskKind, Thresholds, Urgency},
    region::AreaCode,
};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a rule found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// A difficulty.
    Need(NeedKind),
    /// Something to be done.
    Task(TaskKind),
    /// A case of infringed rights, `C-RIGHT`: made by the office's side alone.
    RightsCase,
}

/// What the rules found in a visit, each thing once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub found: Found,
    /// The highest urgency of the conditions that hold.
    pub urgency: Urgency,
    /// The questions whose answers say so, in order.
    pub because: Vec<&'static str>,
}

/// A need of the same person that is not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenNeed {
    /// Its id.
    pub id: Uuid,
    /// What it is about.
    pub kind: NeedKind,
}

/// What becomes of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A new record, under the id made alike from the visit and the rule.
    Create(Finding),
    /// A need of this kind is open: the visit is added to its evidence.
    AddEvidence {
        /// That need.
        need: Uuid,
        /// What was found.
        finding: Finding,
    },
}

impl Finding {
    /// The name of the rule, for the id: `N-MED`, `D1`, `C-RIGHT`.
    pub fn rule(&self) -> &'static str {
        match self.found {
            Found::Need(kind) => kind.code(),
            Found::Task(task) => task.code(),
            Found::RightsCase => "C-RIGHT",
        }
    }

    /// The kind of record it becomes.
    pub fn record_kind(&self) -> &'static str {
        match self.found {
            Found::Need(_) => "need",
            Found::Task(_) => "task",
            Found::RightsCase => "case",
        }
    }

    /// The fields of the new record about this person.
    pub fn fields(&self, visit: Uuid, recipient: Uuid) -> Map<String, Json> {
        let visit = visit.to_string();
        let fields = match self.found {
            Found::Need(kind) => json!({
                "kind": kind.code(), "urgency": self.urgency.word(), "state": NeedState::Found.word(),
                "found_by": visit, "rule": self.rule(), "evidence": [visit],
            }),
            Found::Task(task) => {
                json!({"kind": task.code(), "state": "open", "found_by": visit, "rule": self.rule()})
            }
            Found::RightsCase => {
                json!({"kind": self.rule(), "state": "open", "person": recipient.to_string()})
            }
        };
        match fields {
            Json::Object(fields) => fields,
            _ => Map::new(),
        }
    }
}

/// Runs the rules over the answers that a finished visit stores (`View::stored`: no answers of hidden questions).
/// The order is that of the needs' list, then tasks, then the case.
pub fn findings(answers: &Answers, thresholds: &Thresholds) -> Vec<Finding> {
    let mut found: BTreeMap<Found, Finding> = BTreeMap::new();
    for hit in health(answers, thresholds)
        .into_iter()
        .chain(living(answers, thresholds))
        .chain(family(answers))
        .chain(changes(answers, thresholds))
    {
        let Hit { found: what, urgency, because } = hit;
        let finding = found.entry(what).or_insert(Finding { found: what, urgency, because: Vec::new() });
        finding.urgency = finding.urgency.max(urgency);
        finding.because.push(because);
    }
    let mut findings: Vec<Finding> = found.into_values().collect();
    let advised = urgency_advised(answers);
    for finding in &mut findings {
        if finding.because.iter().any(|because| because.starts_with('B')) {
            finding.urgency = advised.map_or(finding.urgency, |advised| advised.max(finding.urgency));
        }
        finding.because.order_by(Ord::cmp);
        finding.because.dedup();
    }
    findings
}

/// How urgent the check at home says that help is (B29); of needs that the rules open they are the least.
pub fn urgency_advised(answers: &Answers) -> Option<Urgency> {
    answers.text("B29.1").and_then(Urgency::from_word)
}

/// What becomes of findings, given the person's open needs: a need only if none of its kind is open.
pub fn outcomes(findings: Vec<Finding>, open: &[OpenNeed]) -> Vec<Outcome> {
    let become_one = |finding: Finding| {
        let same = |need: &&OpenNeed| finding.found == Found::Need(need.kind);
        match open.iter().filter(same).map(|need| need.id).min() {
            Some(need) => Outcome::AddEvidence { need, finding },
            None => Outcome::Create(finding),
        }
    };
    findings.into_iter().map(become_one).collect()
}

/// One condition that holds.
struct Hit {
    found: Found,
    urgency: Urgency,
    because: &'static str,
}

type Hits = Vec<Hit>;

/// Adds a hit when the condition holds.
fn when(hits: &mut Hits, holds: bool, found: Found, urgency: Urgency, because: &'static str) {
    if holds {
        hits.push(Hit { found, urgency, because });
    }
}

fn need(hits: &mut Hits, holds: bool, kind: NeedKind, urgency: Urgency, because: &'static str) {
    when(hits, holds, Found::Need(kind), urgency, because);
}

fn health(a: &Answers, thresholds: &Thresholds) -> Hits {
    let mut hits = Vec::new();
    let reaches = |code: &str| a.int(code).is_some_and(|fen| Money::from_fen(fen) >= thresholds.medical);
    for (holds, because) in [
        (a.has("A10", "重病"), "A10"),
        (reaches("A12"), "A12"),
        (a.has("A13", "有,未治疗"), "A13"),
        (reaches("B18"), "B18"),
    ] {
        need(&mut hits, holds, NeedKind::Medical, Urgency::Urgent, because);
    }
    let cannot_live_alone = a.has_any("A14", &["半自理", "需要护理"]);
    need(&mut hits, cannot_live_alone && a.has("A15", "无人"), NeedKind::Care, Urgency::Critical, "A15");
    need(&mut hits, a.has("A16", "未参加"), NeedKind::Insurance, Urgency::Normal, "A16");
    hits
}

fn living(a: &Answers, thresholds: &Thresholds) -> Hits {
    let mut hits = Vec::new();
    for code in ["A17", "B21"] {
        need(&mut hits, a.has_any(code, &["较重危房", "无房"]), NeedKind::Housing, Urgency::Urgent, code);
        need(&mut hits, a.has(code, "一般危房"), NeedKind::Housing, Urgency::Normal, code);
    }
    let unpaid = a.has_any("A09", &["未到账", "金额不对", "卡丢失或冻结"]);
    need(&mut hits, unpaid, NeedKind::Payment, Urgency::Urgent, "A09");
    let less_after_a_blow = a.has("A18", "减少") && !a.has("A19", "无");
    need(&mut hits, less_after_a_blow, NeedKind::Life, Urgency::Urgent, "A18");
    let poor = a.int("B13").is_some_and(|fen| Money::from_fen(fen) < thresholds.poverty_line);
    need(&mut hits, poor, NeedKind::Life, Urgency::Urgent, "B13");
    hits
}

fn family(a: &Answers) -> Hits {
    let mut hits = Vec::new();
    let (disaster, job, school) = (NeedKind::Disaster, NeedKind::Job, NeedKind::Education);
    let critical = Urgency::Critical;
    need(&mut hits, a.has_any("A19", &["火灾水灾", "意外伤害"]), disaster, critical, "A19");
    need(&mut hits, a.has_any("B05", &["因灾(火灾水灾)", "交通等意外"]), disaster, critical, "B05");
    need(&mut hits, a.has("A19", "失业"), job, Urgency::Normal, "A19");
    need(&mut hits, a.int("A20").is_some_and(|n| n > 0), job, Urgency::Normal, "A20");
    need(&mut hits, a.has("B05", "失业下岗"), job, Urgency::Normal, "B05");
    need(&mut hits, a.has("A19", "子女失学"), school, Urgency::Normal, "A19");
    need(&mut hits, a.has_any("A21", &["缺费用", "入学转学难"]), school, Urgency::Normal, "A21");
    need(&mut hits, a.has("B05", "因学"), school, Urgency::Normal, "B05");
    when(&mut hits, a.has("A26", "权益受侵害"), Found::RightsCase, Urgency::Urgent, "A26");
    // 有→转B表: what a greeting or a notice of merit hears of waits as a need for its check at home.
    for code in ["F07", "M06"] {
        need(&mut hits, a.has(code, "有"), NeedKind::Other, Urgency::Normal, code);
    }
    hits
}

fn changes(a: &Answers, thresholds: &Thresholds) -> Hits {
    let mut hits = Vec::new();
    let task = |hits: &mut Hits, holds, task, urgency, because| {
        when(hits, holds, Found::Task(task), urgency, because);
    };
    for code in ["A03", "C02"] {
        task(&mut hits, a.has(code, "去世"), TaskKind::Death, Urgency::Urgent, code);
    }
    task(&mut hits, a.day("D01").is_some(), TaskKind::Death, Urgency::Urgent, "D01");
    task(&mut hits, a.has("A03", "搬迁"), TaskKind::Transfer, Urgency::Normal, "A03");
    for (moved, because, place) in
        [(a.bool("A05") == Some(false), "A05", "A06"), (a.has("C07", "住址"), "C07", "C08")]
    {
        let elsewhere = moved && has_left_county(a, place, thresholds);
        task(&mut hits, elsewhere, TaskKind::Transfer, Urgency::Normal, because);
    }
    let plaque = a.has_any("A22", &["破损", "丢失", "未挂"]);
    task(&mut hits, plaque, TaskKind::Plaque, Urgency::Normal, "A22");
    task(&mut hits, a.has("R09", "光荣牌"), TaskKind::Plaque, Urgency::Normal, "R09");
    task(&mut hits, a.has_any("A23", &["未办", "丢失"]), TaskKind::Card, Urgency::Normal, "A23");
    task(&mut hits, a.has("R09", "优待证"), TaskKind::Card, Urgency::Normal, "R09");
    hits
}

/// A new address without a code lies outside the areas that the phone knows.
fn has_left_county(a: &Answers, place: &str, thresholds: &Thresholds) -> bool {
    let code = a.region(place).and_then(|region| region.code).and_then(|code| code.parse::<AreaCode>().ok());
    match (code, &thresholds.own_county) {
        (Some(code), Some(county)) => !code.full().starts_with(county.as_str()),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
