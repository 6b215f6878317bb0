//! What 今日 says, decided without a screen.

use crate::{
    data::{Counted, DueRow, Lack, NeedRow, Readiness, SyncStatus, VisitRow},
    features::needs_order,
};
use domain::{
    day::{Day, Timestamp},
    order::{Gather, Order},
    visit::{Due, VisitKind},
};
use std::collections::BTreeSet;
use sync::id::AreaId;
use uuid::Uuid;

/// Families of one village that are due, in the order of a walk.
pub(super) struct Village {
    pub(super) name: String,
    pub(super) rows: Vec<DueRow>,
}

/// What is due in a village until one day, or should have been.
pub(super) struct Errand {
    pub(super) area: AreaId,
    pub(super) village: String,
    pub(super) due: Due,
    pub(super) day: Day,
    /// Who shares one is visited in one go.
    pub(super) doors: BTreeSet<Uuid>,
}

/// Households and people among those who are due.
pub(super) fn counted(due: &[DueRow]) -> Counted {
    Counted::of(due.iter().map(|row| &*row.recipient))
}

/// The kinds that are due, each with how many people, in the order of their table.
pub(super) fn kinds(due: &[DueRow]) -> Vec<(VisitKind, usize)> {
    let count = |kind| due.iter().filter(|row| row.dues.iter().any(|one| one.kind == kind)).count();
    VisitKind::ALL.into_iter().map(|kind| (kind, count(kind))).filter(|(_, n)| *n > 0).collect()
}

/// Who is due, by village; of one kind alone where one is chosen, which is then said first. The rows come village by village.
pub(super) fn villages(due: &[DueRow], only: Option<VisitKind>) -> Vec<Village> {
    let mut villages: Vec<(AreaId, Village)> = Vec::new();
    for row in due.iter().filter(|row| only.is_none_or(|kind| row.dues.iter().any(|one| one.kind == kind))) {
        let area = row.recipient.area;
        if villages.last().is_none_or(|(last, _)| *last != area) {
            villages.push((area, Village { name: row.recipient.village.clone(), rows: Vec::new() }));
        }
        if let Some((_, village)) = villages.last_mut() {
            let mut row = row.clone();
            row.dues.order_by_key(|one| only.is_some_and(|kind| one.kind != kind));
            village.rows.push(row);
        }
    }
    villages.into_iter().map(|(_, village)| village).collect()
}

/// What is due, counted by village, kind and last day. What is overdue or has no last day is for today.
pub(super) fn errands(due: &[DueRow], today: Day) -> Vec<Errand> {
    let mut errands: Vec<Errand> = Vec::new();
    for row in due {
        for one in &row.dues {
            let (area, day) = (row.recipient.area, one.closes.unwrap_or(today).max(today));
            let is_same =
                |errand: &&mut Errand| (errand.area, errand.due.kind, errand.day) == (area, one.kind, day);
            if let Some(errand) = errands.iter_mut().find(is_same) {
                errand.doors.insert(row.recipient.door());
                continue;
            }
            let village = row.recipient.village.clone();
            errands.push(Errand { area, village, due: *one, day, doors: [row.recipient.door()].into() });
        }
    }
    errands
}

/// How many families were visited: one may have had two visits.
pub(super) fn families(done: &[VisitRow]) -> usize {
    done.iter().map(|visit| visit.recipient).gather::<BTreeSet<Uuid>>().len()
}

/// The evening's sentence: what was done today, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evening {
    /// Nothing was done today.
    Nothing,
    /// Everything is at the office, known at that time.
    AllThere { families: usize, at: i64 },
    /// The words are at the office, photos are not.
    PhotosWait { families: usize, at: i64, photos: usize },
    /// Words wait on this phone.
    OnPhone { families: usize, saves: usize },
}

/// The evening's sentence.
pub(super) fn evening(done: usize, status: &SyncStatus) -> Evening {
    let photos = status.photos_waiting as usize;
    match (done, status.on_phone, status.last_contact) {
        (0, ..) => Evening::Nothing,
        (families, 0, Some(at)) if photos == 0 => Evening::AllThere { families, at },
        (families, 0, Some(at)) => Evening::PhotosWait { families, at, photos },
        (families, saves, _) => Evening::OnPhone { families, saves: saves as usize },
    }
}

/// What is missing before leaving, the most serious; nothing when all is here.
pub(super) fn lack(readiness: &Readiness) -> Option<&Lack> {
    let weight = |lack: &&Lack| match lack {
        Lack::NeverSynced => 0,
        Lack::AreasIncomplete { .. } => 1,
        Lack::AppNotStored => 2,
        Lack::Space => 3,
        Lack::Stale => 4,
    };
    readiness.lacks.iter().min_by_key(weight)
}

/// What a worker is told whose browser did not promise to keep what lies in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeping {
    /// That it is so, and that he should sync every day.
    MayBeLost,
    /// That he has not today.
    SyncToday,
}

/// What is to be said of it; nothing before anything was saved here, when the browser has not been asked.
pub(super) fn keeping(status: &SyncStatus, today: Day) -> Option<Keeping> {
    let has_saved = status.on_phone + status.at_office + status.drafts > 0;
    if status.storage.persisted != Some(false) || !has_saved {
        return None;
    }
    let is_today = status.last_contact.is_some_and(|at| Timestamp::from_ms(at).day() == today);
    Some(if is_today { Keeping::MayBeLost } else { Keeping::SyncToday })
}

/// Open needs that cannot wait, the most pressing first.
pub(super) fn urgent(mut needs: Vec<NeedRow>) -> Vec<NeedRow> {
    needs.retain(|need| needs_order::is_open(&need.state) && needs_order::is_urgent(&need.urgency));
    needs.order_by_key(|need| needs_order::rank(&need.urgency));
    needs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(on_phone: u32, photos_waiting: u32) -> SyncStatus {
        SyncStatus { on_phone, photos_waiting, last_contact: Some(7), ..SyncStatus::default() }
    }

    #[test]
    fn the_evening_says_where_the_work_is() {
        assert_eq!(evening(0, &status(3, 1)), Evening::Nothing);
        assert_eq!(evening(9, &status(0, 0)), Evening::AllThere { families: 9, at: 7 });
        assert_eq!(evening(9, &status(0, 2)), Evening::PhotosWait { families: 9, at: 7, photos: 2 });
        assert_eq!(evening(9, &status(4, 2)), Evening::OnPhone { families: 9, saves: 4 });
    }

    #[test]
    fn a_browser_that_promised_nothing_is_told_of_and_a_sync_asked_for_every_day() {
        let today: Day = "2026-11-28".parse().expect("a day");
        let at = |day: Day| Some(Timestamp::start_of(day).ms() + 1);
        let of = |persisted, on_phone, last_contact| {
            let mut status = SyncStatus { last_contact, ..status(on_phone, 0) };
            status.storage.persisted = persisted;
            keeping(&status, today)
        };
        let yesterday = today.plus_days(-1).expect("a day");
        assert_eq!(of(Some(false), 1, at(today)), Some(Keeping::MayBeLost));
        assert_eq!(of(Some(false), 1, at(yesterday)), Some(Keeping::SyncToday));
        assert_eq!(of(Some(false), 1, None), Some(Keeping::SyncToday), "never in reach");
        assert_eq!(of(Some(true), 1, None), None);
        assert_eq!(of(None, 1, None), None, "not measured yet");
        assert_eq!(of(Some(false), 0, None), None, "nothing is here to be lost");
        let mut sent = SyncStatus { at_office: 3, ..SyncStatus::default() };
        sent.storage.persisted = Some(false);
        assert_eq!(keeping(&sent, today), Some(Keeping::SyncToday), "what is saved next would be");
    }

    #[test]
    fn the_most_serious_lack_comes_first() {
        let readiness = Readiness {
            lacks: vec![Lack::Stale, Lack::AreasIncomplete { areas: 2 }],
            ..Readiness::default()
        };
        assert_eq!(lack(&readiness), Some(&Lack::AreasIncomplete { areas: 2 }));
        assert_eq!(lack(&Readiness::default()), None);
    }
}
