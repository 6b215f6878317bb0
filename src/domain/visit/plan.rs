//! Who is to be visited for what, until when and why: the county's plan, computed from the file and what was done, and never stored.

use super::{Cause, PlanRules, PriorityFacts, VisitKind};
use crate::{
    category::{Category, RegularPay},
    day::{Day, Timestamp},
    entitlement, lunar,
    need::{NeedState, Urgency},
    order::Order,
};
use uuid::Uuid;

/// So often somebody comes to the door, whatever is done by telephone between (§4.1: contact each quarter, home visit once a year at least).
const AT_HOME_MONTHS: u8 = 12;
/// What comes too late to be made up for, such as a festival, stays on the list for so many days.
const MISSED_SHOWN_DAYS: i64 = 30;

/// What a visit is due for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Occasion {
    /// 上次约好的日子
    Promised,
    /// 每隔几个月
    Interval {
        /// How many.
        months: u8,
    },
    /// 一年至少入户一次: since the last visit at home there was contact by telephone or elsewhere only.
    AtHome,
    /// 还没走访过
    Never,
    /// 春节
    SpringFestival,
    /// 八一
    ArmyDay,
    /// 清明
    Qingming,
    /// 烈士纪念日, 30 September
    MartyrsDay,
    /// The county's time of the yearly confirmation.
    Confirmation,
}

/// How a due visit stands to the day; the more pressing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DueState {
    /// 逾期: not completed when its window closed.
    Missed,
    /// 该走访: the window is open.
    Open,
    /// The window opens later.
    Ahead,
}

/// A visit that is due, or will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// How it stands to the day.
    pub state: DueState,
    /// The last day on which it is in time; none for whoever was never visited: as soon as can be.
    pub closes: Option<Day>,
    /// Which kind of visit it asks for.
    pub kind: VisitKind,
    /// What for.
    pub occasion: Occasion,
}

impl Due {
    /// Whether its window has begun.
    pub fn has_begun(&self) -> bool {
        self.state != DueState::Ahead
    }
}

/// A visit that took place.
#[derive(Clone, Copy, Debug)]
struct Made {
    kind: Option<VisitKind>,
    /// By telephone, or not at the family's home.
    away: bool,
    on: Day,
    promised: Option<Day>,
}

/// All of a file, and of what lies below it, that the plan looks at.
#[derive(Clone, Debug, Default)]
pub struct PlanFacts {
    /// What decides on the class.
    pub priority: PriorityFacts,
    /// The plaque (光荣牌) is to be hung or changed.
    pub needs_plaque: bool,
    /// The day on which the file was made: what closed before it was not missed.
    pub since: Option<Day>,
    three_kin: bool,
    martyr_kin: bool,
    visits: Vec<Made>,
}

impl PlanFacts {
    /// Adds an entitlement: its category's code, the word of its state, a disability's grade.
    pub fn entitled(&mut self, category: &str, state: &str, grade: Option<u8>) {
        let is_paid = entitlement::is_paid(state);
        let pays = category.parse::<Category>().is_ok_and(|category| category.pay() != RegularPay::Nothing);
        self.priority.regular_pay |= is_paid && pays;
        self.priority.badly_disabled |= matches!(grade, Some(1..=4));
        // Kin stay kin when their pay is stopped.
        let has_ended = matches!(state, "refused" | "cancelled" | "died" | "moved");
        self.three_kin |= !has_ended && matches!(category, "21" | "22" | "23");
        self.martyr_kin |= !has_ended && category == "21";
    }

    /// Adds a need: the words of its state and of its urgency.
    pub fn needed(&mut self, state: &str, urgency: &str) {
        let presses = Urgency::from_word(urgency).is_some_and(|urgency| urgency > Urgency::Normal);
        self.priority.urgent_need |= presses && NeedState::is_open_word(state);
    }

    /// Adds a visit that was completed: the word of its kind, whether it was [away](super::is_away) from home, the day, and the day that was
    /// promised for the next.
    pub fn visited(&mut self, kind: &str, away: bool, on: Day, promised: Option<Day>) {
        self.visits.push(Made { kind: VisitKind::from_word(kind), away, on, promised });
    }

    /// Whether a plaque of this state is to be hung or changed.
    pub fn plaque(state: &str) -> bool {
        matches!(state, "none" | "damaged" | "lost")
    }

    /// The day on which a file was made, by its id; none where that is not made from a time.
    pub fn made_on(file: Uuid) -> Option<Day> {
        let (seconds, _) = file.get_timestamp()?.to_unix();
        Some(Timestamp::from_ms(i64::try_from(seconds).ok()?.checked_mul(1_000)?).day())
    }

    /// Why the class is what it is.
    pub fn cause(&self) -> Option<Cause> {
        self.priority.cause()
    }
}

/// A time in which a visit of one occasion is made.
#[derive(Clone, Copy, Debug)]
struct Window {
    occasion: Occasion,
    opens: Day,
    closes: Day,
}

/// The windows next to a day: the last that has opened, and the first that will.
#[derive(Clone, Copy, Debug, Default)]
struct Round {
    past: Option<Window>,
    next: Option<Window>,
}

impl Round {
    fn of(today: Day, windows: impl Fn(i32) -> [Option<Window>; 2]) -> Round {
        let years = today.year() - 1..=today.year() + 1;
        let all: Vec<Window> = years.flat_map(|year| windows(year).into_iter().flatten()).collect();
        let has_opened = |window: &&Window| window.opens <= today;
        Round {
            past: all.iter().filter(has_opened).max_by_key(|window| window.opens).copied(),
            next: all.iter().filter(|window| !has_opened(window)).min_by_key(|window| window.opens).copied(),
        }
    }
}

/// The plan as it stands on a day. Made once, asked for every family.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    rules: PlanRules,
    today: Day,
    festival: Round,
    plaque: Round,
    three_kin: Round,
    martyr_kin: Round,
    confirmation: Round,
}

impl Plan {
    /// The plan of a county on a day.
    pub fn new(rules: PlanRules, today: Day) -> Plan {
        let festivals = |days: u8| {
            Round::of(today, move |year| {
                [
                    before(Occasion::SpringFestival, lunar::new_year(year), days),
                    before(Occasion::ArmyDay, Day::new(year, 8, 1), days),
                ]
            })
        };
        let martyrs = |year| until(Occasion::MartyrsDay, Day::new(year, 9, 30), rules.martyr_days);
        let qingming = |year| until(Occasion::Qingming, lunar::qingming(year), rules.qingming_days);
        let confirmation = |year| {
            let (opens, closes) = rules.confirm?.of(year)?;
            Some(Window { occasion: Occasion::Confirmation, opens, closes })
        };
        Plan {
            rules,
            today,
            festival: festivals(rules.festival_days),
            plaque: festivals(rules.plaque_days),
            three_kin: Round::of(today, |year| [martyrs(year), None]),
            martyr_kin: Round::of(today, |year| [qingming(year), martyrs(year)]),
            confirmation: Round::of(today, |year| [confirmation(year), None]),
        }
    }

    /// The rules and the day that it was made of.
    pub fn is_of(&self, rules: &PlanRules, today: Day) -> bool {
        self.rules == *rules && self.today == today
    }

    /// What is due to a family, the most pressing first; what lies ahead too, each kind once.
    pub fn dues(&self, facts: &PlanFacts) -> Vec<Due> {
        let priority = facts.priority.priority();
        let mut dues: Vec<Due> = self.follow_up(facts).into_iter().collect();
        let mut add = |kind, round: &Round, stays| dues.extend(self.of_round(facts, kind, round, stays));
        if facts.priority.regular_pay {
            add(VisitKind::AnnualConfirmation, &self.confirmation, true);
        }
        // Who is not visited at a festival is called.
        let kind = if priority <= self.rules.festival_to { VisitKind::Festival } else { VisitKind::Contact };
        add(kind, &self.festival, false);
        if facts.martyr_kin {
            add(VisitKind::MartyrDay, &self.martyr_kin, false);
        } else if facts.three_kin {
            add(VisitKind::MartyrDay, &self.three_kin, false);
        }
        if facts.needs_plaque {
            add(VisitKind::Plaque, &self.plaque, true);
        }
        dues.order_by_key(|due| (due.state, due.closes));
        dues
    }

    /// When the next follow-up visit is due: on the day promised at the last, but not later than the interval allows, nor than a year after
    /// somebody was at the door.
    pub fn follow_up(&self, facts: &PlanFacts) -> Option<Due> {
        let made = || facts.visits.iter().filter(|made| answers(made.kind, VisitKind::FollowUp));
        let Some(last) = made().max_by_key(|made| made.on) else {
            let since = facts.since.filter(|since| *since <= self.today).unwrap_or(self.today);
            return Some(self.due(VisitKind::FollowUp, Occasion::Never, since, None));
        };
        let months = self.rules.months(facts.priority.priority());
        let by_interval = last.on.plus_months(months.into())?;
        // A promise for a day before the visit is a slip of the pen.
        let promised = last.promised.filter(|day| *day > last.on && *day < by_interval);
        let contact_by = promised.unwrap_or(by_interval);
        // Whoever was never seen at home has a year from the first contact.
        let at_door = made().filter(|made| !made.away).map(|made| made.on).max();
        let at_home_by = at_door.or(made().map(|made| made.on).min())?.plus_months(AT_HOME_MONTHS.into())?;
        let closes = contact_by.min(at_home_by);
        // Whoever was just visited is not on the list again at once.
        let opens = closes.plus_days(-i64::from(self.rules.follow_up_days))?.max(last.on.plus_days(1)?);
        let occasion = match promised {
            _ if last.away && at_home_by <= contact_by => Occasion::AtHome,
            Some(_) => Occasion::Promised,
            None => Occasion::Interval { months },
        };
        Some(self.due(VisitKind::FollowUp, occasion, opens, Some(closes)))
    }

    /// The window that is open or was missed, else the one that comes. What `stays` is made up for until the next opens.
    fn of_round(&self, facts: &PlanFacts, kind: VisitKind, round: &Round, stays: bool) -> Option<Due> {
        let is_open_to = |window: &Window| {
            let is_answered =
                facts.visits.iter().any(|made| made.on >= window.opens && answers(made.kind, kind));
            let is_older = facts.since.is_some_and(|since| window.closes < since);
            let is_past = !stays && self.today.days_since(window.closes) > MISSED_SHOWN_DAYS;
            !is_answered && !is_older && !is_past
        };
        let window = round.past.filter(is_open_to).or(round.next)?;
        Some(self.due(kind, window.occasion, window.opens, Some(window.closes)))
    }

    fn due(&self, kind: VisitKind, occasion: Occasion, opens: Day, closes: Option<Day>) -> Due {
        let state = match closes {
            Some(closes) if closes < self.today => DueState::Missed,
            _ if opens <= self.today => DueState::Open,
            _ => DueState::Ahead,
        };
        Due { state, closes, kind, occasion }
    }
}

/// Whether a visit of one kind does what another was due for. A kind that this build does not know, or none, is a visit like most.
fn answers(made: Option<VisitKind>, due: VisitKind) -> bool {
    use VisitKind::{AnnualConfirmation, Contact, Festival, FollowUp, MartyrDay, MeritNotice, Plaque};
    match due {
        FollowUp => !matches!(made, Some(Contact | Plaque | MeritNotice | AnnualConfirmation)),
        Contact => true,
        MartyrDay => matches!(made, None | Some(MartyrDay | Festival | FollowUp)),
        other => made == Some(other),
    }
}

/// The days before a day; none where they are none.
fn before(occasion: Occasion, day: Option<Day>, days: u8) -> Option<Window> {
    let day = day.filter(|_| days > 0)?;
    Some(Window { occasion, opens: day.plus_days(-i64::from(days))?, closes: day.plus_days(-1)? })
}

/// The same with the day itself.
fn until(occasion: Occasion, day: Option<Day>, days: u8) -> Option<Window> {
    let window = before(occasion, day, days)?;
    Some(Window { closes: day?, ..window })
}

#[cfg(test)]
mod tests;
