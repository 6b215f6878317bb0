//! Pictures that are at hand without a signal.

use super::*;

#[test]
fn small_pictures_return_after_a_restart_and_leave_with_their_village() {
    let store = store();
    put(&store, 1, vec![record(1, 5, "李伟")]);
    let hash = |n: u8| BlobHash([n; 32]);
    let keep = |n: u8, at| {
        block_on(store.keep_small(hash(n), album::Kept { at, area: AREA }, b"\xFF\xD8 a picture")).unwrap()
    };
    keep(1, 20);
    keep(2, 10);
    let raw = block_on(store.rows.scan(Shelf::Kv, &[])).unwrap();
    assert!(
        raw.iter().all(|(_, row)| row.head.is_none() && !row.body.windows(7).any(|part| part == b"picture"))
    );
    block_on(store.keep_small(hash(3), album::Kept { at: 1, area: AREA }, &[0; 48 * 1024 + 1])).unwrap();
    assert!(!store.has_small(hash(3)), "too large for a row");

    let store = reopened(store);
    assert_eq!(block_on(store.small(hash(1))).as_deref(), Some(&b"\xFF\xD8 a picture"[..]));
    block_on(store.keep_only_small(|one| one != hash(1))).unwrap();
    assert_eq!((store.has_small(hash(1)), store.has_small(hash(2))), (false, true));
    store.lock();
    assert_eq!(block_on(store.small(hash(2))), None);

    let store = reopened(store);
    let mut batch = Batch::of(meta(2));
    batch.area_del = vec![AREA];
    block_on(store.commit(&batch)).unwrap();
    assert!(!store.has_small(hash(2)));
    assert_eq!(block_on(store.rows.keys(Shelf::Kv)).unwrap(), Vec::new());
}

#[test]
fn when_space_is_short_the_older_small_pictures_leave_first() {
    let store = store();
    put(&store, 1, vec![record(1, 5, "李伟")]);
    for n in 1..=150_u8 {
        let kept = album::Kept { at: u64::from(n), area: AREA };
        block_on(store.keep_small(BlobHash([n; 32]), kept, b"picture")).unwrap();
    }
    assert_eq!(block_on(store.drop_old_small()).unwrap(), 75);
    assert_eq!([75, 76].map(|n| store.has_small(BlobHash([n; 32]))), [false, true]);
    assert_eq!(block_on(store.drop_old_small()).unwrap(), 75);
    assert_eq!(block_on(store.drop_old_small()).unwrap(), 0);
}

#[test]
fn faces_stay_when_the_pictures_of_visits_leave() {
    let store = store();
    put(&store, 1, vec![record(1, 5, "李伟")]);
    let (face, visit) = (BlobHash([1; 32]), BlobHash([2; 32]));
    block_on(store.keep_small(face, album::Kept::face(AREA), b"picture")).unwrap();
    block_on(store.keep_small(visit, album::Kept::visit(Some(1_795_400_000_000), AREA), b"picture")).unwrap();
    let store = reopened(store);
    assert_eq!(block_on(store.drop_old_small()).unwrap(), 1);
    assert_eq!(block_on(store.drop_old_small()).unwrap(), 0);
    assert_eq!((store.has_small(face), store.has_small(visit)), (true, false));
    block_on(store.drop_faces()).unwrap();
    assert!(!store.has_small(face));
}
