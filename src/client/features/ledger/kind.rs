//! Which ledgers there are, what each is called, of which days it is, and what its columns are.

use crate::{features::help_words as help, locale::words::ledger as w};

/// A ledger of the office.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ledger {
    #[default]
    FollowUp,
    Help,
    Roster,
    Changes,
    Coverage,
    Festival,
    Confirmation,
    Plaques,
    Stipend,
    Merit,
}

/// Of which days a ledger is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// From any day to any other.
    Days,
    Month,
    Half,
    Year,
    /// It tells how things stand.
    Today,
}

/// The state that nothing is left out of.
const ALL_STATES: &str = "all";

impl Ledger {
    pub(super) const ALL: [Ledger; 10] = [
        Ledger::FollowUp,
        Ledger::Help,
        Ledger::Roster,
        Ledger::Changes,
        Ledger::Coverage,
        Ledger::Festival,
        Ledger::Confirmation,
        Ledger::Plaques,
        Ledger::Stipend,
        Ledger::Merit,
    ];

    /// The word in requests.
    pub(super) fn word(self) -> &'static str {
        match self {
            Ledger::FollowUp => "follow_up",
            Ledger::Help => "help",
            Ledger::Roster => "roster",
            Ledger::Changes => "changes",
            Ledger::Coverage => "coverage",
            Ledger::Festival => "festival",
            Ledger::Confirmation => "confirmation",
            Ledger::Plaques => "plaques",
            Ledger::Stipend => "stipend",
            Ledger::Merit => "merit",
        }
    }

    /// The ledger of a word; one that this build does not know is the first.
    pub(super) fn of(word: &str) -> Ledger {
        Ledger::named(word).unwrap_or_default()
    }

    /// The ledger of a word, if this build knows it.
    pub(super) fn named(word: &str) -> Option<Ledger> {
        Ledger::ALL.into_iter().find(|ledger| ledger.word() == word)
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Ledger::FollowUp => w::follow_up(),
            Ledger::Help => w::help(),
            Ledger::Roster => w::roster(),
            Ledger::Changes => w::changes(),
            Ledger::Coverage => w::coverage(),
            Ledger::Festival => w::festivals(),
            Ledger::Confirmation => w::confirmation(),
            Ledger::Plaques => w::plaques(),
            Ledger::Stipend => w::stipend(),
            Ledger::Merit => w::merit(),
        }
    }

    pub(super) fn span(self) -> Span {
        match self {
            Ledger::FollowUp | Ledger::Help => Span::Days,
            Ledger::Changes => Span::Month,
            Ledger::Coverage => Span::Half,
            Ledger::Festival | Ledger::Confirmation | Ledger::Stipend | Ledger::Merit => Span::Year,
            Ledger::Roster | Ledger::Plaques => Span::Today,
        }
    }

    /// The states that one may look at alone: the word of the request, and the one on the chip.
    pub(super) fn states(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Ledger::FollowUp => vec![
                ("", w::state_all()),
                ("done", w::state_done()),
                ("due", w::state_due()),
                ("overdue", w::state_overdue()),
            ],
            Ledger::Help => vec![
                ("", w::state_all()),
                ("open", w::state_open()),
                ("overdue", w::state_late()),
                ("ended", w::state_ended()),
            ],
            Ledger::Roster => {
                vec![("", w::state_active()), ("gone", w::state_gone()), (ALL_STATES, w::state_all())]
            }
            Ledger::Changes => vec![
                ("", w::state_all()),
                ("joined", w::state_joined()),
                ("left", w::state_left()),
                ("changed", w::state_changed()),
            ],
            Ledger::Coverage => vec![
                ("", w::state_all()),
                ("visited", w::state_visited()),
                ("unvisited", w::state_unvisited()),
                ("overdue", w::state_overdue()),
                ("never", w::state_never()),
                ("complete", w::state_complete()),
                ("incomplete", w::state_incomplete()),
            ],
            Ledger::Stipend | Ledger::Merit => {
                vec![("", w::state_all()), ("due", w::state_paid()), ("unclear", w::state_unclear())]
            }
            Ledger::Festival | Ledger::Confirmation | Ledger::Plaques => Vec::new(),
        }
    }

    /// How a state is called, also one that only a number of the overview leads to; none if it is none of this ledger.
    pub(super) fn state_word(self, state: &str) -> Option<String> {
        let known = self.states().into_iter().find(|(word, _)| *word == state);
        if let Some((_, words)) = known {
            return Some(words.to_owned());
        }
        match self {
            Ledger::FollowUp => state.strip_prefix("stars_").map(w::state_stars),
            Ledger::Help => match state.strip_prefix("overdue_") {
                Some(of) => help::state_word(of).map(w::state_late_of),
                None => help::state_word(state),
            },
            _ => None,
        }
    }

    /// Whether it has numbers that can be asked for in full.
    pub(super) fn names_numbers(self) -> bool {
        matches!(self, Ledger::FollowUp | Ledger::Roster | Ledger::Changes | Ledger::Stipend | Ledger::Merit)
    }

    /// The columns on the screen, where they are in another order than on paper: there what is due, or why it is not, is in sight.
    pub(super) fn columns(self, on_paper: &[String]) -> Vec<String> {
        let first: &[&str] = match self {
            Ledger::FollowUp => &["village", "name", "stand", "due_on", "visited_on"],
            Ledger::Stipend => {
                &["village", "name", "conscript", "enlisted_on", "months", "stipend", "all", "remark"]
            }
            Ledger::Merit => &["village", "name", "notice", "award", "delivered_on", "reward", "remark"],
            _ => &[],
        };
        let rest = on_paper.iter().map(String::as_str).filter(|key| !first.contains(key));
        first.iter().copied().chain(rest).map(str::to_owned).collect()
    }
}

/// How a column is called; by its key where this build does not know it.
pub(super) fn head(key: &str) -> String {
    let word = match key {
        "n" => w::col_n(),
        "village" => w::col_village(),
        "name" => w::col_name(),
        "id_no" => w::col_id(),
        "category" => w::col_category(),
        "phone" => w::col_phone(),
        "due_on" => w::col_due(),
        "visited_on" => w::col_visited(),
        "followed_on" => w::col_visited(),
        "way" => w::col_way(),
        "met" => w::col_met(),
        "health" => w::col_health(),
        "wishes" => w::col_wishes(),
        "result" => w::col_result(),
        "rating" => w::col_rating(),
        "visitors" => w::col_visitors(),
        "next_due" => w::col_next(),
        "stand" | "status" => w::col_state(),
        "hardship" => w::col_hardship(),
        "need" => w::col_need(),
        "measures" => w::col_measures(),
        "responsible" => w::col_responsible(),
        "limit_on" => w::col_limit(),
        "progress" => w::col_progress(),
        "outcome" => w::col_outcome(),
        "sex" => w::col_sex(),
        "birth" => w::col_birth(),
        "grade" => w::col_grade(),
        "address" => w::col_address(),
        "remark" => w::col_remark(),
        "turn" => w::col_turn(),
        "cause" => w::col_cause(),
        "happened_on" => w::col_happened(),
        "noted_on" => w::col_noted(),
        "why" => w::col_why(),
        "was" => w::col_was(),
        "festival" => w::col_festival(),
        "households" => w::col_households(),
        "people" => w::col_people(),
        "class" => w::col_class(),
        "visits" => w::col_visits(),
        "last_on" => w::col_last(),
        "covered" => w::col_covered(),
        "filled" => w::col_filled(),
        "lacks" => w::col_lacks(),
        "money" => w::col_money(),
        "goods" => w::col_goods(),
        "worth" => w::col_worth(),
        other => return paid_head(other).map_or_else(|| counted_head(other), str::to_owned),
    };
    word.to_owned()
}

/// The columns of what is paid by the standards.
fn paid_head(key: &str) -> Option<&'static str> {
    Some(match key {
        "conscript" => w::col_conscript(),
        "enlisted_on" => w::col_enlisted(),
        "domicile" => w::col_domicile(),
        "months" => w::col_months(),
        "stipend" => w::col_stipend(),
        "more_region" => w::col_more_region(),
        "more_merit" => w::col_more_merit(),
        "more_other" => w::col_more_other(),
        "all" => w::col_all(),
        "payee" => w::col_payee(),
        "standard" => w::col_standard(),
        "notice" => w::col_notice(),
        "award" => w::col_award(),
        "delivered_on" => w::col_delivered(),
        "reward" => w::col_reward(),
        "handed_over" => w::col_handed_over(),
        _ => return None,
    })
}

/// The columns of confirmations and plaques.
fn counted_head(key: &str) -> String {
    let word = match key {
        "to_confirm" => w::col_to_confirm(),
        "confirmed" => w::col_confirmed(),
        "station" => w::col_station(),
        "home" => w::col_home(),
        "video" => w::col_video(),
        "photo" => w::col_photo(),
        "other" => w::col_other(),
        "late" => w::col_late(),
        "postponed" => w::col_postponed(),
        "dismissed" => w::col_dismissed(),
        "unconfirmed" => w::col_unconfirmed(),
        "rate" => w::col_rate(),
        "to_hang" => w::col_to_hang(),
        "hung" => w::col_hung(),
        "unhung" => w::col_unhung(),
        "damaged" => w::col_damaged(),
        "lost" => w::col_lost(),
        "unknown" => w::col_unknown(),
        "unsuited" => w::col_unsuited(),
        "retired" => w::col_retired(),
        other => other,
    };
    word.to_owned()
}

/// Whether a column holds numbers.
pub(super) fn is_number(key: &str) -> bool {
    const PAID: [&str; 8] =
        ["months", "stipend", "more_region", "more_merit", "more_other", "all", "reward", "handed_over"];
    matches!(key, "households" | "people" | "money" | "worth" | "rate" | "n" | "visits" | "filled")
        || PAID.contains(&key)
        || counted_head(key) != key
}

/// Whether what stands in a column may be long.
pub(super) fn is_long(key: &str) -> bool {
    matches!(
        key,
        "wishes"
            | "result"
            | "measures"
            | "outcome"
            | "address"
            | "why"
            | "goods"
            | "remark"
            | "lacks"
            | "standard"
    )
}
