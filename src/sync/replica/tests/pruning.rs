//! How long what the office has stays on the phone (R5).

use super::phone::{Phone, VILLAGE, e, hello_at, part, receipt, verdict};
use crate::{
    limits::{ACKED_KEPT_BYTES, ACKED_KEPT_MS},
    replica::Attention,
    wire::VerdictState,
};
use serde_json::json;

/// Two changesets with their verdicts, shown by the records, and no word of a backup.
fn acknowledged() -> Phone {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("2"));
    phone.save(e(1), "health", json!("good"));
    phone.tap();
    let ids = phone.saved_ids();
    let verdicts = [(0, 1, 6), (1, 2, 7)].map(|(i, seq, at)| verdict(ids[i], seq, VerdictState::Applied, at));
    let row = part(1, VILLAGE, 7, &[("mobile", json!("2")), ("health", json!("good"))]);
    phone.push_and_page(Some(receipt(2, 0, verdicts.to_vec())), vec![row], 7, false);
    assert!(phone.out.values().all(|row| row.0.settled));
    phone
}

fn sync(phone: &mut Phone) {
    phone.tap();
    phone.page(Vec::new(), 7, false);
}

fn kept(phone: &Phone) -> Vec<u64> {
    phone.out.values().map(|row| row.0.seq).collect()
}

fn is_warned(phone: &Phone) -> bool {
    phone.attentions().contains(&&Attention::PrunedWithoutBackup)
}

#[test]
fn r5_without_backups_what_is_old_goes_with_a_word() {
    let mut phone = acknowledged();
    phone.now += ACKED_KEPT_MS;
    sync(&mut phone);
    assert_eq!((kept(&phone), is_warned(&phone)), (vec![1, 2], false));
    phone.now += 1;
    sync(&mut phone);
    assert_eq!((kept(&phone), is_warned(&phone)), (vec![], true));
    assert_eq!((phone.meta().pruned, phone.replica.status().at_office), (2, 2));
}

#[test]
fn r5_without_backups_what_is_too_much_goes_oldest_first() {
    let cases = [
        (ACKED_KEPT_BYTES / 2, vec![1, 2]),
        (ACKED_KEPT_BYTES / 2 + 1, vec![2]),
        (ACKED_KEPT_BYTES + 1, vec![]),
    ];
    for (bytes, left) in cases {
        let mut phone = acknowledged();
        phone.out.values_mut().for_each(|row| row.0.bytes = bytes);
        phone.start();
        sync(&mut phone);
        assert_eq!((kept(&phone), is_warned(&phone)), (left.clone(), left.len() < 2), "{bytes} bytes each");
    }
}

#[test]
fn r5_where_backups_run_age_takes_nothing_away() {
    let mut phone = acknowledged();
    let first = phone.out.values().next().unwrap().0.id;
    phone.tap();
    phone.answer(|answer| {
        let mut hello = hello_at(2);
        (hello.durable, hello.id_at_durable) = (1, Some(first));
        answer.hello = Some(hello);
    });
    phone.now += 2 * ACKED_KEPT_MS;
    sync(&mut phone);
    assert_eq!((kept(&phone), is_warned(&phone)), (vec![2], false));
}
