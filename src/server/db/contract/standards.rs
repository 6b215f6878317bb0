//! Standards are entered, published, and never changed after that.

use domain::{
    access::Role,
    stipend::{Entered, Standard},
};
use uuid::Uuid;

use super::{
    ground::{Ground, NOW},
    work::{actions, chain},
};
use crate::{
    db::{Caller, DbError, StandardRefused},
    tokens,
};

fn reward(of: &str, value: &str, (from, to): (&str, &str), supersedes: Option<Uuid>) -> Standard {
    let text = str::to_owned;
    let said = Entered {
        kind: text("reward"),
        of: text(of),
        value: text(value),
        doc_no: text("双拥〔2026〕3号"),
        from: text(from),
        to: text(to),
        ..Entered::default()
    };
    said.judge(tokens::new_id(NOW), supersedes).unwrap()
}

/// For all of 2026 and after.
fn open(of: &str, value: &str) -> Standard {
    reward(of, value, ("2026-01-01", ""), None)
}

async fn county(ground: &Ground) -> Caller {
    let account = ground.account("county", Role::CountyClerk, &[ground.town]).await;
    ground.desk(&account).await
}

async fn entered(ground: &Ground, who: &Caller, rows: &[&Standard]) {
    let rows: Vec<Standard> = rows.iter().copied().cloned().collect();
    assert_eq!(ground.db.enter_standards(who, &rows, NOW).await.unwrap(), Ok(()));
}

async fn publish(ground: &Ground, who: &Caller, rows: &[&Standard]) -> Result<(), StandardRefused> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    ground.db.publish_standards(who, &ids, NOW).await.unwrap()
}

/// The ids of those in force.
async fn in_force(ground: &Ground) -> Vec<Uuid> {
    let rows = ground.db.standards().await.unwrap();
    rows.iter().filter(|row| row.is_in_force()).map(|row| row.standard.id).collect()
}

#[tokio::test]
async fn a_standard_that_is_published_stays_and_another_for_its_days_is_refused() {
    let ground = Ground::new().await;
    let who = county(&ground).await;
    let (first, second) =
        (open("merit_2", "5000"), reward("merit_2", "6000", ("2027-01-01", "2027-12-31"), None));
    let third = open("merit_3", "2000");
    entered(&ground, &who, &[&first, &second, &third]).await;
    assert!(in_force(&ground).await.is_empty(), "nobody goes by a draft");
    let meets = StandardRefused::Meets { standard: second.id, other: first.id };
    assert_eq!(publish(&ground, &who, &[&third, &first, &second]).await, Err(meets.clone()));
    assert!(in_force(&ground).await.is_empty(), "all of them or none");
    assert_eq!(publish(&ground, &who, &[&third, &first]).await, Ok(()));
    assert_eq!(publish(&ground, &who, &[&second]).await, Err(meets));
    assert_eq!(publish(&ground, &who, &[&first]).await, Err(StandardRefused::Published(first.id)));
    let discarded = ground.db.discard_standards(&who, &[first.id], NOW).await.unwrap();
    assert_eq!(discarded, Err(StandardRefused::Published(first.id)));
    let rows = ground.db.standards().await.unwrap();
    let stored = rows.iter().find(|row| row.standard.id == first.id).unwrap();
    assert_eq!((&stored.standard, stored.published_by), (&first, Some(who.account)));
}

#[tokio::test]
async fn a_published_standard_is_corrected_once_by_a_row_that_names_it() {
    let ground = Ground::new().await;
    let who = county(&ground).await;
    let wrong = open("merit_2", "500");
    entered(&ground, &who, &[&wrong]).await;
    let early = reward("merit_2", "5000", ("2026-01-01", ""), Some(wrong.id));
    let refused = ground.db.enter_standards(&who, std::slice::from_ref(&early), NOW).await.unwrap();
    assert_eq!(
        refused,
        Err(StandardRefused::NotToCorrect(early.id)),
        "a draft is discarded, and not corrected"
    );
    publish(&ground, &who, &[&wrong]).await.unwrap();
    let other_item = reward("merit_3", "5000", ("2026-01-01", ""), Some(wrong.id));
    let refused = ground.db.enter_standards(&who, std::slice::from_ref(&other_item), NOW).await.unwrap();
    assert_eq!(refused, Err(StandardRefused::NotToCorrect(other_item.id)));
    let again = reward("merit_2", "5500", ("2026-01-01", ""), Some(wrong.id));
    entered(&ground, &who, &[&early, &again]).await;
    let both = publish(&ground, &who, &[&early, &again]).await;
    assert_eq!(both, Err(StandardRefused::NotToCorrect(again.id)));
    assert_eq!(in_force(&ground).await, [wrong.id]);
    publish(&ground, &who, &[&early]).await.unwrap();
    assert_eq!(in_force(&ground).await, [early.id]);
    assert_eq!(publish(&ground, &who, &[&again]).await, Err(StandardRefused::NotToCorrect(again.id)));
    let rows = ground.db.standards().await.unwrap();
    let corrected = rows.iter().find(|row| row.standard.id == wrong.id).unwrap();
    assert_eq!(corrected.superseded_by, Some(early.id));
}

#[tokio::test]
async fn what_is_gone_is_told_and_every_step_stands_in_the_chain() {
    let ground = Ground::new().await;
    let who = county(&ground).await;
    let (one, other) = (open("merit_2", "5000"), open("merit_3", "2000"));
    entered(&ground, &who, &[&one, &other]).await;
    let discard = async |ids: &[Uuid]| ground.db.discard_standards(&who, ids, NOW).await.unwrap();
    let gone = tokens::new_id(NOW);
    assert_eq!(discard(&[one.id, gone]).await, Err(StandardRefused::Gone(gone)));
    assert_eq!(discard(&[one.id]).await, Ok(()));
    assert_eq!(publish(&ground, &who, &[&one]).await, Err(StandardRefused::Gone(one.id)));
    publish(&ground, &who, &[&other]).await.unwrap();
    let told = chain(&ground).await;
    let steps: Vec<&str> =
        actions(&told).into_iter().filter(|action| action.starts_with("standard_")).collect();
    assert_eq!(steps, ["standard_published", "standard_discarded", "standard_entered"]);
    let published = told.iter().find(|(_, entry, _)| entry["action"] == "standard_published").unwrap();
    assert_eq!(published.1["detail"]["standards"][0]["item"], "reward.merit_3");
}

#[tokio::test]
async fn whoever_is_no_clerk_any_more_enters_nothing() {
    let ground = Ground::new().await;
    let who = Caller { role: Role::CountyLead, ..county(&ground).await };
    let entered = ground.db.enter_standards(&who, &[open("merit_2", "5000")], NOW).await;
    assert!(matches!(entered, Err(DbError::Login)), "{entered:?}");
    assert!(ground.db.standards().await.unwrap().is_empty());
}
