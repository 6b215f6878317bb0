use super::*;
use crate::{
    b64,
    hpke::{self, ServerKeyPair},
};

fn pair() -> ServerKeyPair {
    ServerKeyPair::from_seed([7; 32])
}

fn create(wrapping: &Key, seed: u8) -> Unlocked {
    new_vault(wrapping, seed, Unlocked::create)
}

fn new_vault(
    wrapping: &Key,
    seed: u8,
    make: impl FnOnce(NewVault<'_>) -> Result<Unlocked, BadPublicKey>,
) -> Unlocked {
    make(NewVault {
        vault: "v",
        code: CodeKey { wrapping, salt: [1; 16], second: None, phrase: false },
        server: ServerKey { kid: "k1", public: pair().public() },
        out_id: &format!("out-{seed}"),
        blob_id: &format!("blob-{seed}"),
        seed: [seed; 32],
    })
    .expect("a usable key")
}

fn wrapping(byte: u8) -> Key {
    Key::from_bytes([byte; 32])
}

#[test]
fn the_code_opens_all_keys_and_another_opens_none() {
    let mut vault = create(&wrapping(1), 1);
    vault.add_area("a", [2; 32]);
    let (out, area) = (*vault.out().1.expose(), *vault.area("a").expect("added").expose());
    let refused = vault.lock().unlock(&wrapping(2)).expect_err("another code");
    let vault = refused.vault.unlock(&wrapping(1)).expect("the code");
    assert_eq!(vault.out().1.expose(), &out);
    assert_eq!(vault.area("a").expect("kept").expose(), &area);
}

#[test]
fn a_sealed_field_opens_by_no_key_of_the_phone_that_sealed_it() {
    let mut vault = create(&wrapping(1), 1);
    vault.add_area("a", [2; 32]);
    let sealed = hpke::seal_to(pair().public(), Info::Field, b"e/id_no", b"33999919480312001X", [9; 32]);
    let Ok(hpke::Sealed { enc, ct }) = sealed else { panic!("a usable key") };
    let of_office = Key::from_bytes(pair().public().to_bytes());
    let area = vault.area("a").expect("added");
    let keys = [&wrapping(1), &vault.dek, vault.kv(), vault.out().1, vault.blob().1, area, &of_office];
    for key in keys {
        let opened = [ServerKeyPair::from_secret(key), ServerKeyPair::from_seed(*key.expose())]
            .map(|pair| hpke::open(&pair, Info::Field, b"e/id_no", &enc, &ct));
        assert_eq!(opened, [Err(OpenError::Shut), Err(OpenError::Shut)]);
    }
    hpke::open(&pair(), Info::Field, b"e/id_no", &enc, &ct).expect("the office's key");
}

#[test]
fn all_keys_differ() {
    let mut vault = create(&wrapping(1), 1);
    vault.add_area("a", [2; 32]);
    vault.add_area("b", [3; 32]);
    let keys = [
        vault.kv(),
        vault.out().1,
        vault.blob().1,
        vault.area("a").unwrap(),
        vault.area("b").unwrap(),
        &vault.dek,
    ];
    let different: std::collections::BTreeSet<_> = keys.iter().map(|key| *key.expose()).collect();
    assert_eq!(different.len(), keys.len());
}

#[test]
fn a_purged_area_cannot_come_back() {
    let mut vault = create(&wrapping(1), 1);
    vault.add_area("a", [2; 32]);
    vault.purge_area("a");
    assert!(vault.area("a").is_none());
    let vault = vault.lock().unlock(&wrapping(1)).expect("the code");
    assert!(vault.area("a").is_none());
    assert!(vault.damaged_areas().is_empty());
}

#[test]
fn an_area_keeps_its_key_when_added_again() {
    let mut vault = create(&wrapping(1), 1);
    vault.add_area("a", [2; 32]);
    let key = *vault.area("a").expect("added").expose();
    vault.add_area("a", [3; 32]);
    assert_eq!(vault.area("a").expect("kept").expose(), &key);
}

#[test]
fn a_new_code_opens_and_the_old_one_no_longer() {
    let mut vault = create(&wrapping(1), 1);
    let out = *vault.out().1.expose();
    let second = Second::new(vec![4; 20], [6; 32], &[7; 32]);
    let code = CodeKey { wrapping: &wrapping(2), salt: [9; 16], second: Some(&second), phrase: true };
    vault.rewrap(code, [5; 32]);
    let locked = vault.lock();
    let wrap = locked.wraps().code.as_ref().expect("a code opens it");
    assert_eq!((wrap.salt(), wrap.prf, wrap.second.as_ref()), (Some([9; 16]), true, Some(&second)));
    assert!(second.is_answer(&[7; 32]) && !second.is_answer(&[8; 32]));
    let locked = locked.unlock(&wrapping(1)).expect_err("the old code").vault;
    assert_eq!(locked.unlock(&wrapping(2)).expect("the new code").out().1.expose(), &out);
}

#[test]
fn what_is_stored_is_followed_and_what_was_not_stored_is_forgotten() {
    let mut vault = create(&wrapping(1), 1);
    vault.add_area("a1", [3; 32]);
    let stored = vault.wraps().clone();
    let mut other = Locked::new(stored.clone()).unlock(&wrapping(1)).expect("the code");
    other.add_area("a2", [4; 32]);
    other.purge_area("a1");
    let key = *other.area("a2").expect("just made").expose();
    vault.rewrap(CodeKey { wrapping: &wrapping(2), salt: [9; 16], second: None, phrase: false }, [5; 32]);
    vault.add_area("a2", [6; 32]);
    vault.follow(other.wraps().clone()).expect("the same keys");
    assert_eq!(vault.area("a2").map(Key::expose), Some(&key), "the key that is stored");
    assert!(vault.area("a1").is_none(), "destroyed by another");
    assert_eq!(vault.wraps(), other.wraps());
    vault.lock().unlock(&wrapping(1)).expect("the old code");
}

#[test]
fn a_vault_that_was_renewed_or_destroyed_is_not_followed() {
    let mut vault = create(&wrapping(1), 1);
    let before = vault.wraps().clone();
    let mut gone = Locked::new(before.clone());
    gone.destroy();
    vault.follow(gone.wraps().clone()).expect_err("its keys are destroyed");
    vault.follow(create(&wrapping(1), 2).wraps().clone()).expect_err("of other keys");
    assert_eq!(vault.wraps(), &before);
}

#[test]
fn a_quick_copy_opens_until_the_code_is_forgotten() {
    let vault = create(&wrapping(1), 1);
    let out = *vault.out().1.expose();
    let copy = vault.quick(&wrapping(3), [6; 32]);
    let locked = vault.lock();
    let locked = locked.unlock_quick(&copy, &wrapping(4)).expect_err("another PIN").vault;
    let opened = locked.unlock_quick(&copy, &wrapping(3)).expect("the PIN");
    assert_eq!(opened.out().1.expose(), &out);
    let mut locked = opened.lock();
    locked.forget_code();
    assert!(locked.unlock_quick(&copy, &wrapping(3)).is_err());
}

#[test]
fn a_quick_copy_is_no_wrap_of_the_code_and_of_no_other_vault() {
    let vault = create(&wrapping(1), 1);
    let copy = vault.quick(&wrapping(3), [6; 32]);
    let mut wraps = vault.lock().wraps().clone();
    wraps.code.as_mut().expect("there").wrap = copy.clone();
    assert!(Locked::new(wraps.clone()).unlock(&wrapping(3)).is_err());
    wraps.vault = "w".into();
    assert!(Locked::new(wraps).unlock_quick(&copy, &wrapping(3)).is_err());
}

#[test]
fn swapped_wraps_are_refused() {
    let vault = create(&wrapping(1), 1).lock();
    let mut wraps = vault.wraps().clone();
    std::mem::swap(&mut wraps.out.wrap, &mut wraps.blob.wrap);
    assert!(Locked::new(wraps).unlock(&wrapping(1)).is_err());
    let mut wraps = vault.wraps().clone();
    wraps.vault = "w".into();
    assert!(Locked::new(wraps).unlock(&wrapping(1)).is_err());
}

#[test]
fn swapped_areas_are_left_out_and_named() {
    let mut vault = create(&wrapping(1), 1);
    for (area, seed) in [("a", 2), ("b", 3), ("c", 4)] {
        vault.add_area(area, [seed; 32]);
    }
    let mut wraps = vault.lock().wraps().clone();
    let a = wraps.areas["a"].clone();
    let b = wraps.areas.insert("b".into(), a).expect("was there");
    wraps.areas.insert("a".into(), b);
    let vault = Locked::new(wraps).unlock(&wrapping(1)).expect("the code");
    assert_eq!(vault.damaged_areas(), ["a", "b"]);
    assert!(vault.area("a").is_none() && vault.area("b").is_none() && vault.area("c").is_some());
}

#[test]
fn after_a_wipe_only_the_server_opens_what_was_not_sent() {
    let vault = create(&wrapping(1), 1);
    let (out, blob) = (*vault.out().1.expose(), *vault.blob().1.expose());
    let mut locked = vault.lock();
    locked.destroy();
    let wraps = locked.wraps().clone();
    assert!(wraps.code.is_none() && wraps.kv.is_none() && wraps.areas.is_empty());
    assert!(locked.unlock(&wrapping(1)).is_err());
    assert_eq!(wraps.out.seal.open(&pair(), Info::Out).expect("sealed to it").expose(), &out);
    assert_eq!(wraps.blob.seal.open(&pair(), Info::Blob).expect("sealed to it").expose(), &blob);
}

#[test]
fn a_forgotten_code_leads_on_by_a_new_key_and_keeps_the_old_for_the_server() {
    let mut vault = create(&wrapping(1), 1);
    vault.add_area("a", [2; 32]);
    let old_out = *vault.out().1.expose();
    let mut locked = vault.lock();
    locked.forget_code();
    let locked = locked.unlock(&wrapping(1)).expect_err("the wrap is gone").vault;
    let vault = new_vault(&wrapping(2), 9, |new| locked.renew(new));
    assert!(vault.area("a").is_none(), "areas are pulled again under new keys");
    assert_ne!(vault.out().1.expose(), &old_out);
    let earlier = &vault.wraps().earlier_out[0];
    assert_eq!(earlier.id, "out-1");
    assert_eq!(earlier.open(&pair(), Info::Out).expect("sealed to it").expose(), &old_out);
    let again = vault.lock().unlock(&wrapping(2)).expect("the new code");
    assert_eq!(again.wraps().earlier_blob.len(), 1);
}

#[test]
fn a_new_server_key_gets_the_same_own_keys() {
    let next = ServerKeyPair::from_seed([8; 32]);
    let mut vault = create(&wrapping(1), 1);
    vault.seal_to(ServerKey { kid: "k2", public: next.public() }, [6; 32]).expect("a usable key");
    let seal = &vault.wraps().out.seal;
    assert_eq!(seal.kid, "k2");
    assert_eq!(seal.open(&next, Info::Out).expect("sealed to it").expose(), vault.out().1.expose());
    assert!(seal.open(&pair(), Info::Out).is_err());
}

#[test]
fn another_suite_is_refused() {
    let vault = create(&wrapping(1), 1);
    let mut seal = vault.wraps().out.seal.clone();
    seal.alg = "intl-0".into();
    assert_eq!(seal.open(&pair(), Info::Out).err(), Some(OpenError::Unknown));
}

#[test]
fn a_vault_of_a_newer_build_is_known_as_such_before_any_code_is_tried() {
    let wraps = create(&wrapping(1), 1).wraps().clone();
    assert!(!wraps.is_newer());
    let text = serde_json::to_string(&wraps).expect("wraps are JSON");
    let of = |wrap: &Wrap| serde_json::to_string(wrap).expect("a wrap is JSON");
    let kv = of(wraps.kv.as_ref().expect("a new vault has it"));
    let code = of(&wraps.code.as_ref().expect("a new vault has it").wrap);
    for wrap in [kv, code, of(wraps.out.wrap.as_ref().expect("a new vault has it"))] {
        let bytes = b64::decode(wrap.trim_matches('"')).expect("base64url");
        let mut newer = bytes.clone();
        newer[0] = 2;
        let changed = text.replace(&b64::encode(&bytes), &b64::encode(&newer));
        let wraps_of = |text: &str| serde_json::from_str::<Wraps>(text).expect("wraps");
        assert!(wraps_of(&changed).is_newer());
        newer[0] = 0;
        let damaged = text.replace(&b64::encode(&bytes), &b64::encode(&newer));
        assert!(!wraps_of(&damaged).is_newer());
    }
}

#[test]
fn nothing_secret_is_printed() {
    assert_eq!(format!("{:?}", create(&wrapping(1), 1)), r#"Unlocked { vault: "v", .. }"#);
}
