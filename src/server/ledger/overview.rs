//! What an office has done and has still to do, in numbers: for all of it, for each area below it, and for each worker.

use super::{
    Period, coverage,
    facts::{AGES, FileFacts, Measure, NeedFacts, STARS},
};
use domain::{
    day::Day,
    need::NeedKind,
    visit::{Plan, PlanRules},
};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// An area below the one that is looked at, with the villages that lie in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: Uuid,
    pub name: String,
    pub villages: BTreeSet<Uuid>,
}

/// Somebody who answers for families.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    pub id: Uuid,
    pub name: String,
    pub has_left: bool,
}

/// What the overview is made of.
#[derive(Clone, Copy)]
pub struct Counting<'a> {
    pub files: &'a [Arc<Vec<FileFacts>>],
    pub groups: &'a [Group],
    /// Whose numbers are told too; nobody's where that is not asked.
    pub workers: Option<&'a [Worker]>,
    pub period: Period,
    pub rules: PlanRules,
    pub today: Day,
}

/// Numbers of families. Each is the number of lines of the ledger `coverage` of its word, but for those of households and needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Numbers {
    /// People on the register (在册), without those who died, moved or were struck off, and those whose file was made after the period (domain.md §2, §4.1).
    pub people: usize,
    /// Their households (户): a person without one is one by himself.
    pub households: usize,
    /// Of these people, who was visited in the period by any visit that took place (domain.md §4.2).
    pub visited: usize,
    /// Households of which somebody was.
    pub visited_households: usize,
    /// People who were never visited.
    pub never: usize,
    /// People whose follow-up visit should have been made before today (domain.md §4.1, §4.2 Missed).
    pub overdue: usize,
    /// People whose file lacks nothing that the forms ask for (domain.md §3.1–§3.3).
    pub complete: usize,
    /// Difficulties that are open today and were found before the period ended: lines of the ledger `help` of the word `open` (domain.md §5.3).
    pub open: usize,
    /// Of these, those whose day has passed: of the word `overdue`.
    pub late: usize,
}

/// The numbers of an area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AreaNumbers {
    pub id: Uuid,
    pub name: String,
    #[serde(flatten)]
    pub numbers: Numbers,
}

/// The numbers of the families that somebody answers for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct WorkerNumbers {
    /// Nobody answers for these families if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    pub name: String,
    /// The account has ended: these families are to be handed over.
    pub left: bool,
    #[serde(flatten)]
    pub numbers: Numbers,
}

/// Open difficulties of a kind or an age, a word of the ledger `help`; those whose day has passed are of the word behind `overdue_`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NeedNumbers {
    pub word: String,
    pub open: usize,
    pub late: usize,
}

/// What became of difficulties in the period, each a word of the ledger `help`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct HelpNumbers {
    pub found: usize,
    /// Closed, with the measures done by their day and the follow-up within its limit (domain.md §5.3).
    pub in_time: usize,
    pub late: usize,
}

/// How content families are with the help, in stars: lines of the ledger `follow_up` of the words `stars_1` to `stars_5` (A25, domain.md §4.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StarNumbers {
    pub word: String,
    pub stars: u8,
    pub visits: usize,
}

/// The whole.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Overview {
    #[schema(value_type = Option<String>)]
    pub from: Option<Day>,
    #[schema(value_type = Option<String>)]
    pub to: Option<Day>,
    /// The name of the area that is looked at.
    pub unit: String,
    pub all: Numbers,
    /// Visits that took place in the period, to whomever: lines of the ledger `follow_up` of the word `done`.
    pub visits: usize,
    /// Townships to a county, villages to a township.
    pub areas: Vec<AreaNumbers>,
    /// Of a township or village only: who they are is a township's to manage. Who answers for nobody is left out.
    pub workers: Vec<WorkerNumbers>,
    /// Kinds of which something is open.
    pub kinds: Vec<NeedNumbers>,
    pub ages: Vec<NeedNumbers>,
    pub help: HelpNumbers,
    pub stars: Vec<StarNumbers>,
}

/// Counts what the files say.
pub fn overview(unit: String, of: &Counting<'_>) -> Overview {
    let by = Measure { plan: Plan::new(of.rules, of.today), period: of.period, today: of.today };
    let files = || of.files.iter().flat_map(|files| files.iter());
    let areas = of.groups.iter().map(|group| AreaNumbers {
        id: group.id,
        name: group.name.clone(),
        numbers: Numbers::of(files().filter(|file| group.villages.contains(&file.area)), &by),
    });
    let needs: Vec<&NeedFacts> =
        files().flat_map(|file| &file.needs).filter(|need| need.was_dealt_with(of.period)).collect();
    let count = |word: &str| needs.iter().filter(|need| need.is(word, &by)).count();
    let visits = || files().flat_map(|file| file.visits_in(of.period));
    Overview {
        from: of.period.from,
        to: of.period.to,
        unit,
        all: Numbers::of(files(), &by),
        visits: visits().count(),
        areas: areas.collect(),
        workers: workers(of, &by),
        kinds: kinds(&needs, &by),
        ages: AGES.iter().map(|(word, _)| NeedNumbers::of(word, &needs, &by)).collect(),
        help: HelpNumbers { found: count("found"), in_time: count("in_time"), late: count("late") },
        stars: STARS
            .rev()
            .map(|stars| StarNumbers {
                word: format!("stars_{stars}"),
                stars,
                visits: visits().filter(|visit| visit.stars == Some(stars)).count(),
            })
            .collect(),
    }
}

impl Numbers {
    fn of<'f>(files: impl Iterator<Item = &'f FileFacts>, by: &Measure) -> Numbers {
        let mut numbers = Numbers::default();
        let (mut households, mut visited) = (BTreeSet::new(), BTreeSet::new());
        for file in files {
            for need in file.needs.iter().filter(|need| need.was_dealt_with(by.period)) {
                numbers.open += usize::from(need.is("open", by));
                numbers.late += usize::from(need.is("overdue", by));
            }
            if !file.is_counted(by) {
                continue;
            }
            let is = |word: &str| usize::from(coverage::is(file, word, by));
            numbers.people += 1;
            numbers.visited += is("visited");
            numbers.never += is("never");
            numbers.overdue += is("overdue");
            numbers.complete += is("complete");
            households.insert(file.household.as_str());
            if is("visited") > 0 {
                visited.insert(file.household.as_str());
            }
        }
        numbers.households = households.len();
        numbers.visited_households = visited.len();
        numbers
    }
}

impl NeedNumbers {
    fn of(word: &str, needs: &[&NeedFacts], by: &Measure) -> NeedNumbers {
        let open = needs.iter().filter(|need| need.is(word, by)).count();
        let late = needs.iter().filter(|need| need.is(&format!("overdue_{word}"), by)).count();
        NeedNumbers { word: word.to_owned(), open, late }
    }
}

/// In the order of their table; what this build does not know comes last.
fn kinds(needs: &[&NeedFacts], by: &Measure) -> Vec<NeedNumbers> {
    let known = NeedKind::ALL.map(NeedKind::code);
    let unknown = needs.iter().map(|need| need.kind.as_str()).filter(|kind| !known.contains(kind));
    let unknown: BTreeSet<&str> = unknown.filter(|kind| !kind.is_empty()).collect();
    let all = known.into_iter().chain(unknown).map(|kind| NeedNumbers::of(kind, needs, by));
    all.filter(|kind| kind.open > 0).collect()
}

/// By name; last the families that nobody answers for.
fn workers(of: &Counting<'_>, by: &Measure) -> Vec<WorkerNumbers> {
    let Some(known) = of.workers else { return Vec::new() };
    let numbers = |who: Option<Uuid>| {
        let is_his = |file: &&FileFacts| match who {
            Some(_) => file.responsible == who,
            None => file.responsible.is_none_or(|id| known.iter().all(|worker| worker.id != id)),
        };
        Numbers::of(of.files.iter().flat_map(|files| files.iter()).filter(is_his), by)
    };
    let mut told: Vec<WorkerNumbers> = known
        .iter()
        .map(|worker| WorkerNumbers {
            id: Some(worker.id),
            name: worker.name.clone(),
            left: worker.has_left,
            numbers: numbers(Some(worker.id)),
        })
        .collect();
    told.sort_by(|one, other| one.name.cmp(&other.name));
    told.push(WorkerNumbers { id: None, name: String::new(), left: false, numbers: numbers(None) });
    told.retain(|worker| worker.numbers != Numbers::default());
    told
}
