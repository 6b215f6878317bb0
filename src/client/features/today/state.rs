//! What 今日 says, decided without a screen.

use crate::{
    data::{Lack, NeedRow, Readiness, SyncStatus},
    features::needs_order,
};
use domain::order::Order;

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
    fn the_most_serious_lack_comes_first() {
        let readiness = Readiness {
            lacks: vec![Lack::Stale, Lack::AreasIncomplete { areas: 2 }],
            ..Readiness::default()
        };
        assert_eq!(lack(&readiness), Some(&Lack::AreasIncomplete { areas: 2 }));
        assert_eq!(lack(&Readiness::default()), None);
    }
}
