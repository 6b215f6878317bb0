//! Which acts a need offers to whom, what its list shows, and why a step is refused, in words.

use crate::{
    data::{NeedRow, StepError},
    features::{needs_order, problems},
    locale::words::needs as w,
    ui::Opt,
};
use domain::{
    access::Role,
    checklist::{FOLLOWUP, VERIFY},
    need::{Lack, MeasureKind, NeedState, offers},
    order::Order,
};

/// Something that can be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// A visit by this template; the step follows from it.
    Visit(&'static str),
    Step(NeedState),
}

/// How a need stands, as far as its acts depend on it.
#[derive(Clone, Copy)]
pub(super) struct Standing {
    pub(super) state: NeedState,
    /// The visit that comes before the next step was made.
    pub(super) was_seen: bool,
    pub(super) has_public_cash: bool,
}

/// The acts of a role, the one that leads on first.
pub(super) fn acts(now: Standing, role: Role) -> Vec<Act> {
    use NeedState as S;
    let Standing { state, was_seen, has_public_cash } = now;
    let visit = match state {
        S::Assigned | S::Objection => Some(VERIFY),
        S::Verifying if !was_seen => Some(VERIFY),
        S::AwaitFollowUp if !was_seen => Some(FOLLOWUP),
        _ => None,
    };
    let is_offered = |to: &NeedState| match to {
        // Begins with the visit.
        S::Verifying => false,
        S::Planned => state != S::Verifying || was_seen,
        S::PublicNotice => has_public_cash,
        S::InProgress => state != S::Planned || !has_public_cash,
        _ => true,
    };
    let visit = visit.map(Act::Visit).into_iter();
    visit.chain(offers(state, role).filter(is_offered).map(Act::Step)).collect()
}

/// Whether measures are planned in this state.
pub(super) fn takes_measures(state: NeedState) -> bool {
    matches!(state, NeedState::Verifying | NeedState::Planned | NeedState::InProgress | NeedState::Reopened)
}

/// The words of a button.
pub(super) fn go(act: Act) -> &'static str {
    use NeedState as S;
    match act {
        Act::Visit(FOLLOWUP) => w::go_follow_up(),
        Act::Visit(_) | Act::Step(S::Verifying | S::Found) => w::go_verify(),
        Act::Step(S::Assigned) => w::go_assigned(),
        Act::Step(S::Planned) => w::go_planned(),
        Act::Step(S::PublicNotice) => w::go_public_notice(),
        Act::Step(S::Approved) => w::go_approved(),
        Act::Step(S::Objection) => w::go_objection(),
        Act::Step(S::InProgress) => w::go_in_progress(),
        Act::Step(S::AllDone) => w::go_all_done(),
        Act::Step(S::AwaitFollowUp) => w::go_await_follow_up(),
        Act::Step(S::Closed) => w::go_closed(),
        Act::Step(S::Reopened) => w::go_reopened(),
        Act::Step(S::Dropped) => w::drop(),
        Act::Step(S::Rejected) => w::go_rejected(),
        Act::Step(S::Referred) => w::go_referred(),
    }
}

/// Who has the next step, where it is somebody else's; empty where nobody has one.
pub(super) fn waits_for(state: NeedState) -> &'static str {
    match state {
        NeedState::PublicNotice => w::waits_lead(),
        state if state.is_open() => w::waits_office(),
        _ => "",
    }
}

/// Why a step was not taken, and what mends it.
pub(super) fn refusal(error: &StepError) -> String {
    let words = match error {
        StepError::Save(error) => {
            let problem = problems::save(error);
            return format!("{}{}", problem.title, problem.advice);
        }
        StepError::Lacks(lack) => match lack {
            Lack::Way => w::lack_way(),
            Lack::Role => w::lack_role(),
            Lack::Reason => w::reason_missing(),
            Lack::Told => w::lack_told(),
            Lack::Responsible => w::lack_responsible(),
            Lack::Verification => w::lack_verification(),
            Lack::Untrue => w::lack_untrue(),
            Lack::County => w::lack_county(),
            Lack::Measure => w::lack_measure(),
            Lack::MeasureDay => w::lack_measure_day(),
            Lack::Notice => w::lack_notice(),
            Lack::NoCash => w::lack_no_cash(),
            Lack::NoticeDay => w::lack_notice_day(),
            Lack::NoticeHangs => w::lack_notice_hangs(),
            Lack::Undone => w::lack_undone(),
            Lack::FollowUpDay => w::lack_follow_up_day(),
            Lack::FollowUp => w::lack_follow_up(),
            Lack::NotCarriedOut => w::lack_not_carried_out(),
            Lack::Rating => w::lack_rating(),
            Lack::Signature => w::lack_signature(),
        },
    };
    words.to_owned()
}

/// The word of a kind of measure; the code itself where this build knows none.
pub(super) fn measure_kind(code: &str) -> String {
    code.parse().map_or_else(|_| code.to_owned(), |kind| measure_word(kind).to_owned())
}

/// Every kind of measure, to choose from.
pub(super) fn measure_kinds() -> Vec<Opt> {
    MeasureKind::all().map(|kind| Opt::new(kind.word(), measure_word(kind))).collect()
}

fn measure_word(kind: MeasureKind) -> &'static str {
    match kind {
        MeasureKind::Cash => w::m_cash(),
        MeasureKind::Goods => w::m_goods(),
        MeasureKind::MedicalReferral => w::m_medical_referral(),
        MeasureKind::ApplyRelief => w::m_apply_relief(),
        MeasureKind::HouseRepair => w::m_house_repair(),
        MeasureKind::JobPlacement => w::m_job_placement(),
        MeasureKind::Training => w::m_training(),
        MeasureKind::SchoolAid => w::m_school_aid(),
        MeasureKind::CareService => w::m_care_service(),
        MeasureKind::InsurancePremium => w::m_insurance_premium(),
        MeasureKind::Counselling => w::m_counselling(),
        MeasureKind::LegalAid => w::m_legal_aid(),
        MeasureKind::Pairing => w::m_pairing(),
        MeasureKind::SponsorAdoption => w::m_sponsor_adoption(),
        MeasureKind::Other => w::m_other(),
    }
}

/// What the desk's list is narrowed to; empty for all.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Narrow {
    pub(super) state: String,
    pub(super) village: String,
    pub(super) late: bool,
}

/// The lists of the page.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Parted {
    pub(super) mine: Vec<NeedRow>,
    pub(super) others: Vec<NeedRow>,
    pub(super) done: Vec<NeedRow>,
}

/// What is mine, what is open besides, and what is done with; of the open ones the overdue first, then the most pressing and the soonest due.
pub(super) fn parted(needs: Vec<NeedRow>, me: &str, today: &str, narrow: &Narrow) -> Parted {
    let is_late = |need: &NeedRow| need.due_on.as_deref().is_some_and(|due| due < today);
    let fits = |need: &NeedRow| {
        (narrow.state.is_empty() || need.state == narrow.state)
            && (narrow.village.is_empty() || need.village == narrow.village)
            && (!narrow.late || is_late(need))
    };
    let mut parted = Parted::default();
    for need in needs.into_iter().filter(fits) {
        match (needs_order::is_open(&need.state), need.responsible.as_deref() == Some(me)) {
            (true, true) => parted.mine.push(need),
            (true, false) => parted.others.push(need),
            (false, _) => parted.done.push(need),
        }
    }
    for open in [&mut parted.mine, &mut parted.others] {
        open.order_by_key(|need| {
            let due = need.due_on.clone().unwrap_or_else(|| "9999".to_owned());
            (!is_late(need), needs_order::rank(&need.urgency), due, need.village.clone())
        });
    }
    parted
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn check(state: NeedState, was_seen: bool, has_public_cash: bool, role: Role) -> Vec<Act> {
        acts(Standing { state, was_seen, has_public_cash }, role)
    }

    #[test]
    fn the_first_act_is_the_one_that_leads_on() {
        use {Act::*, NeedState as S};
        let (worker, clerk) = (Role::VillageWorker, Role::TownshipClerk);
        assert_eq!(check(S::Found, false, false, worker), [Step(S::Dropped)]);
        assert_eq!(check(S::Found, false, false, clerk), [Step(S::Assigned), Step(S::Dropped)]);
        assert_eq!(check(S::Assigned, false, false, worker), [Visit(VERIFY)]);
        assert_eq!(check(S::Verifying, false, false, worker), [Visit(VERIFY)]);
        assert_eq!(check(S::Verifying, true, false, worker), []);
        assert_eq!(
            check(S::Verifying, true, false, clerk),
            [Step(S::Planned), Step(S::Rejected), Step(S::Referred)]
        );
        assert_eq!(check(S::Planned, true, true, clerk), [Step(S::PublicNotice)]);
        assert_eq!(check(S::Planned, true, false, clerk), [Step(S::InProgress)]);
        assert_eq!(check(S::AwaitFollowUp, false, false, worker), [Visit(FOLLOWUP)]);
        assert_eq!(
            check(S::AwaitFollowUp, false, false, clerk),
            [Visit(FOLLOWUP), Step(S::Closed), Step(S::Reopened)]
        );
        assert_eq!(check(S::AwaitFollowUp, true, false, clerk)[0], Step(S::Closed));
        assert_eq!(check(S::Dropped, false, false, clerk), []);
    }

    fn need(n: u8, state: &str, urgency: &str, due: Option<&str>, responsible: Option<&str>) -> NeedRow {
        NeedRow {
            id: Uuid::from_u128(n.into()),
            recipient: Uuid::nil(),
            name: n.to_string(),
            village: if n.is_multiple_of(2) { "红旗村" } else { "石桥村" }.to_owned(),
            kind: "N-MED".to_owned(),
            urgency: urgency.to_owned(),
            state: state.to_owned(),
            due_on: due.map(str::to_owned),
            responsible: responsible.map(str::to_owned),
            found_by: None,
            rule: None,
            reason: None,
            evidence: Vec::new(),
            unsent: false,
        }
    }

    #[test]
    fn mine_stand_apart_and_the_overdue_come_first() {
        let needs = || {
            vec![
                need(1, "found", "特急", Some("2026-12-01"), None),
                need(2, "assigned", "一般", Some("2026-11-20"), Some("me")),
                need(3, "closed", "急", None, Some("me")),
                need(4, "verifying", "急", None, Some("other")),
                need(5, "planned", "特急", None, Some("me")),
                need(6, "planned", "一般", Some("2026-11-25"), Some("other")),
            ]
        };
        let names = |rows: &[NeedRow]| rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>().join(" ");
        for (narrow, mine, others, done) in [
            (Narrow::default(), "2 5", "6 1 4", "3"),
            (Narrow { state: "found".to_owned(), ..Narrow::default() }, "", "1", ""),
            (Narrow { village: "红旗村".to_owned(), ..Narrow::default() }, "2", "6 4", ""),
            (Narrow { late: true, ..Narrow::default() }, "2", "6", ""),
        ] {
            let parted = parted(needs(), "me", "2026-11-26", &narrow);
            let found = (names(&parted.mine), names(&parted.others), names(&parted.done));
            assert_eq!(found, (mine.to_owned(), others.to_owned(), done.to_owned()));
        }
    }
}
