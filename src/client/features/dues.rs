//! What a visit is due for, in words: 季度回访（低保特困），11 月 30 日前.

use super::days;
use crate::locale::words::dues as w;
use domain::day::Day;
use domain::visit::{Cause, Due, DueState, Occasion, VisitKind};

/// What for, why so often, until when.
pub(crate) fn sentence(due: &Due, cause: Option<Cause>, today: Day) -> String {
    let Some(closes) = due.closes else { return w::never().to_owned() };
    let what = match (due.kind, cause.and_then(cause_words)) {
        (VisitKind::FollowUp, Some(cause)) => w::because(what(due), cause),
        _ => what(due),
    };
    if closes == today {
        return w::last_day(what);
    }
    let day = days::said_on(closes, today);
    if due.state == DueState::Missed { w::missed(what, day) } else { w::until(what, day) }
}

/// What for.
pub(crate) fn what(due: &Due) -> String {
    let festival = match due.occasion {
        Occasion::ArmyDay => w::army_day(),
        _ => w::spring_festival(),
    };
    match (due.kind, due.occasion) {
        (VisitKind::Festival, _) => w::festival_visit(festival),
        (VisitKind::Contact, _) => w::festival_call(festival),
        (VisitKind::Plaque, _) => w::plaque().to_owned(),
        (VisitKind::AnnualConfirmation, _) => w::confirmation().to_owned(),
        (_, Occasion::Qingming) => w::qingming().to_owned(),
        (_, Occasion::MartyrsDay) => w::martyrs_day().to_owned(),
        (_, Occasion::AtHome) => w::at_home().to_owned(),
        (_, Occasion::Promised) => w::promised().to_owned(),
        (_, Occasion::Interval { months }) => interval(months),
        _ => w::follow_up().to_owned(),
    }
}

/// A kind of due visit as one chooses it.
pub(crate) fn kind(kind: VisitKind) -> &'static str {
    match kind {
        VisitKind::Festival => w::festival(),
        VisitKind::Contact => w::call(),
        VisitKind::Plaque => w::plaque(),
        VisitKind::AnnualConfirmation => w::confirmation(),
        VisitKind::MartyrDay => w::martyrs(),
        _ => w::follow_up(),
    }
}

fn interval(months: u8) -> String {
    match months {
        1 => w::monthly().to_owned(),
        3 => w::quarterly().to_owned(),
        6 => w::half_yearly().to_owned(),
        12 => w::yearly().to_owned(),
        months => w::every(months),
    }
}

/// Regular pay is the rule, and no reason that one has to hear.
fn cause_words(cause: Cause) -> Option<&'static str> {
    match cause {
        Cause::UrgentNeed => Some(w::urgent_need()),
        Cause::LoneElder => Some(w::lone_elder()),
        Cause::BadlyDisabled => Some(w::badly_disabled()),
        Cause::Frail => Some(w::frail()),
        Cause::OnRelief => Some(w::on_relief()),
        Cause::RegularPay => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::visit::{Plan, PlanFacts, PlanRules};

    fn said(facts: &PlanFacts, today: &str) -> Vec<String> {
        let today: Day = today.parse().expect("a day");
        let plan = Plan::new(PlanRules::default(), today);
        let due = plan.dues(facts).into_iter().filter(Due::has_begun);
        due.map(|due| sentence(&due, facts.cause(), today)).collect()
    }

    #[test]
    fn a_due_visit_says_what_for_why_and_until_when() {
        let mut facts = PlanFacts::default();
        facts.priority.on_relief = true;
        facts.visited("follow_up", false, "2026-08-30".parse().expect("a day"), None);
        assert_eq!(said(&facts, "2026-11-26"), ["季度回访（低保特困），11 月 30 日前"]);
        facts.entitled("21", "stopped", None);
        facts.visited("follow_up", false, "2027-01-10".parse().expect("a day"), None);
        assert_eq!(said(&facts, "2027-02-01"), ["春节走访，2 月 5 日前"]);
        assert_eq!(
            said(&facts, "2027-04-12"),
            ["逾期：清明走访，应在 4 月 5 日前", "逾期：季度回访（低保特困），应在 4 月 10 日前"]
        );
        assert_eq!(said(&PlanFacts::default(), "2026-11-26"), ["还没走访过，尽快去一次"]);
        let mut called = PlanFacts::default();
        called.visited("follow_up", true, "2026-01-20".parse().expect("a day"), None);
        called.visited("follow_up", true, "2026-11-20".parse().expect("a day"), None);
        assert_eq!(
            said(&called, "2027-01-18"),
            ["入户走访（一年至少一次），1 月 20 日前", "春节电话问候，2 月 5 日前"]
        );
    }
}
