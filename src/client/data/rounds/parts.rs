//! What an event gives to its families, and how far each is.

use super::FAMILIES_MAX;
use crate::{
    data::{
        SaveError, Share,
        drafts::{answers_of, begun},
        file::area_of,
    },
    driver::Driver,
    platform::clock,
    vault_store::{
        DraftBody,
        entry::{Columns, Entry},
    },
};
use domain::{
    checklist::{Answers, Checklist, Facts},
    visit::Stand,
};
use std::rc::Rc;
use sync::id::made_alike;
use uuid::Uuid;

/// How a draft belongs to an event.
pub(in crate::data) fn share(driver: &Driver, body: &DraftBody) -> Share {
    if body.event.is_some() {
        return Share::Event;
    }
    let found = body.part_of.filter(|_| !body.reopened).and_then(|event| {
        let families = driver.store.draft(event)?.event?.families;
        let place = families.iter().position(|one| *one == body.recipient)? + 1;
        Some(Share::Family { event, place, all: families.len() })
    });
    found.unwrap_or(Share::Alone)
}

/// The visit to a family of an event. Its time is the event's. It is no id that two sides may make alike: where the office has such a visit
/// already, though this device knows nothing of it, a person is to see both.
pub(super) fn visit_of(event: Uuid, family: Uuid) -> Uuid {
    let mut bytes = made_alike("visit", &[&event.to_string(), &family.to_string()]).into_bytes();
    bytes[..6].copy_from_slice(&event.as_bytes()[..6]);
    bytes[6] = bytes[6] & 0x0f | 0x70;
    Uuid::from_bytes(bytes)
}

pub(super) fn limited(families: Vec<Uuid>) -> Result<Vec<Uuid>, SaveError> {
    if families.len() > FAMILIES_MAX { Err(SaveError::TooLarge) } else { Ok(families) }
}

/// How far each family is, in the order of the round.
pub(super) fn stands(driver: &Driver, event: Uuid, body: &DraftBody) -> Vec<Stand> {
    let Some(round) = &body.event else { return Vec::new() };
    let index = driver.store.index();
    let stand = |family: &Uuid| {
        let visit = visit_of(event, *family);
        let is_cancelled =
            |entry: &Rc<Entry>| matches!(&entry.columns, Some(Columns::Visit(one)) if one.cancelled);
        let entry = index.get(visit);
        if entry.is_some_and(|entry| !is_cancelled(entry)) {
            Stand::Done
        } else if entry.is_some() && !driver.store.has_draft(visit) {
            Stand::Cancelled
        } else if driver.store.has_draft(visit) {
            Stand::Begun
        } else if round.absent.contains(family) {
            Stand::Absent
        } else {
            Stand::Open
        }
    };
    round.families.iter().map(stand).collect()
}

/// The visit to a family as it stands before anything is answered for it.
pub(super) async fn fresh(
    driver: &Driver,
    event: Uuid,
    family: Uuid,
    round: &DraftBody,
    checklist: &Checklist,
) -> Result<DraftBody, SaveError> {
    let area = area_of(driver, family)?;
    let mut body = begun(driver, visit_of(event, family), family, area, checklist).await;
    body.answers.retain(|code, _| !checklist.is_shared(code));
    body.companions.clone_from(&round.companions);
    body.part_of = Some(event);
    Ok(body)
}

/// A family's visit with what all have in common: photos by their hashes, so that they lie here and travel once.
pub(super) fn taken_over(mut body: DraftBody, round: &DraftBody, checklist: &Checklist) -> DraftBody {
    for (code, answer) in checklist.taken_over(&answers_of(round), &answers_of(&body)) {
        if let Some(blobs) = round.blobs.get(&code) {
            body.blobs.insert(code.clone(), blobs.clone());
        }
        body.answers.insert(code, answer);
    }
    body
}

/// What was given for a family alone.
fn own(body: &DraftBody, checklist: &Checklist) -> (Answers, usize, usize) {
    let blobs = body.blobs.iter().filter(|(code, _)| !checklist.is_shared(code));
    (checklist.own(&answers_of(body)), body.corrections.len(), blobs.count())
}

/// Whether nothing was given for a family alone.
pub(in crate::data) async fn is_untouched_in_round(
    driver: &Driver,
    event: Uuid,
    round: &DraftBody,
    body: &DraftBody,
    checklist: &Checklist,
) -> bool {
    let fresh = fresh(driver, event, body.recipient, round, checklist).await;
    fresh.is_ok_and(|fresh| own(body, checklist) == own(&fresh, checklist))
}

/// How many of the questions that all have in common are answered, of those that must be.
pub(super) fn shared(checklist: &Checklist, body: &DraftBody) -> (usize, usize) {
    let view = checklist.look(&answers_of(body), &Facts::default(), clock::today_day());
    view.progress_of(|code| checklist.is_shared(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault_store::BlobRef;
    use domain::checklist::{FESTIVAL, builtin};
    use serde_json::{Value, json};
    use sync::id::BlobHash;

    fn draft(answers: Value) -> DraftBody {
        domain::json::from_value(json!({
            "recipient": Uuid::nil(), "area": Uuid::nil(), "template": FESTIVAL, "template_version": 1, "kind": "festival",
            "started_at": 0, "saved_at": 0, "answers": answers,
        }))
        .expect("a draft")
    }

    fn with_photo(mut body: DraftBody, n: u8) -> DraftBody {
        let blob = BlobRef { blob: BlobHash([n; 32]), kind: "photo".to_owned(), bytes: 7 };
        body.answers.insert("F09".to_owned(), json!([blob.blob]));
        body.blobs.insert("F09".to_owned(), vec![blob]);
        body
    }

    #[test]
    fn a_family_takes_the_photo_of_the_event_over_unless_it_has_its_own() {
        let checklist = builtin(FESTIVAL).expect("it is built in");
        let round = with_photo(draft(json!({"F01": "镇政府", "F04": 50_000})), 1);
        let family = taken_over(draft(json!({"F04": 80_000})), &round, &checklist);
        assert_eq!(family.answers["F01"], json!("镇政府"));
        assert_eq!(family.answers["F04"], json!(80_000), "what differs here stays");
        assert!(family.blobs == round.blobs);
        let other = taken_over(with_photo(draft(json!({})), 2), &round, &checklist);
        assert_eq!(other.blobs["F09"][0].blob, BlobHash([2; 32]));
    }

    #[test]
    fn only_what_is_the_familys_own_counts_as_begun() {
        let checklist = builtin(FESTIVAL).expect("it is built in");
        let fresh = draft(json!({}));
        let shared = with_photo(draft(json!({"F01": "镇政府"})), 1);
        assert!(own(&shared, &checklist) == own(&fresh, &checklist));
        assert!(own(&draft(json!({"F03": "本人"})), &checklist) != own(&fresh, &checklist));
        let mut corrected = draft(json!({}));
        corrected.corrections.insert("mobile".to_owned(), json!("13800000000"));
        assert!(own(&corrected, &checklist) != own(&fresh, &checklist));
    }

    #[test]
    fn a_family_has_one_visit_in_an_event_and_another_in_the_next() {
        let [event, other, family] = [1, 2, 3].map(Uuid::from_u128);
        assert_eq!(visit_of(event, family), visit_of(event, family));
        assert_ne!(visit_of(event, family), visit_of(other, family));
        assert_ne!(visit_of(event, family), visit_of(family, event));
        let event: Uuid = "01936b2c-7d00-7000-8000-000000000001".parse().expect("an id");
        let visit = visit_of(event, family);
        assert_eq!((visit.get_version_num(), &visit.as_bytes()[..6]), (7, &event.as_bytes()[..6]));
    }

    #[test]
    fn an_event_has_a_limit() {
        assert!(limited(vec![Uuid::nil(); FAMILIES_MAX]).is_ok());
        assert_eq!(limited(vec![Uuid::nil(); FAMILIES_MAX + 1]), Err(SaveError::TooLarge));
    }
}
