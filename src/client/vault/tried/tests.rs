use super::*;
use crate::store::{AnyStore, Memory};
use crypto::{
    hpke::ServerKeyPair,
    vault::{NewVault, ServerKey},
};
use futures::executor::block_on;
use sync::id::DeviceId;

const NOW: i64 = 1_790_000_000_000;
const ANSWER: [u8; 32] = [7; 32];

fn code(byte: u8) -> Key {
    Key::from_bytes([byte; 32])
}

fn second() -> Second {
    Second::new(vec![4; 20], [6; 32], &ANSWER)
}

fn answered(answer: [u8; 32]) -> Result<Answered, VaultError> {
    Answered::again(second(), Zeroizing::new(answer))
}

/// A vault that code 1 opens, together with an authenticator's answer if there is one.
fn store(second: Option<&Second>) -> VaultStore {
    let pair = ServerKeyPair::from_seed([9; 32]);
    let wrapping = wrapping_key(&code(1), second.map(|_| &ANSWER));
    let keys = Unlocked::create(NewVault {
        vault: "0102030405060708",
        code: CodeKey { wrapping: &wrapping, salt: [2; 16], second, phrase: false },
        server: ServerKey { kid: "k1", public: pair.public() },
        out_id: "01900000-0000-7000-8000-00000000000a",
        blob_id: "01900000-0000-7000-8000-00000000000b",
        seed: [5; 32],
    })
    .expect("the key can be sealed to");
    let store = VaultStore::new(AnyStore::Memory(Memory::default()), DeviceId([3; 16]));
    block_on(store.put_wraps(keys.wraps())).unwrap();
    store
}

fn tried(store: &VaultStore, byte: u8) -> Tried {
    let code_wrap = block_on(store.wraps()).unwrap().and_then(|wraps| wraps.code).expect("a code opens it");
    Tried { stretched: code(byte), salt: code_wrap.salt().expect("16 bytes"), second: code_wrap.second }
}

fn open(store: &VaultStore, byte: u8, answer: Option<&Answered>) -> Result<Unlocked, VaultError> {
    block_on(tried(store, byte).open(store, answer, NOW))
}

fn wrong(store: &VaultStore) -> u32 {
    block_on(attempts(store)).unwrap().wrong
}

#[test]
fn a_finger_that_was_taken_away_and_an_answer_of_another_count_as_no_wrong_code() {
    let store = store(Some(&second()));
    assert_eq!(open(&store, 1, None).unwrap_err(), VaultError::FingerLeft);
    assert_eq!(answered([8; 32]).err(), Some(VaultError::Estranged));
    assert_eq!(wrong(&store), 0);
}

#[test]
fn a_wrong_code_beside_the_right_answer_counts_and_ten_end_it() {
    let store = store(Some(&second()));
    let answered = answered(ANSWER).expect("the answer of before");
    for n in 1..WRONG_MAX {
        assert_eq!(open(&store, 2, Some(&answered)).unwrap_err(), VaultError::Wrong);
        assert_eq!(wrong(&store), n);
    }
    assert_eq!(open(&store, 2, Some(&answered)).unwrap_err(), VaultError::Forgotten);
    let wraps = block_on(store.wraps()).unwrap().expect("the seals to the office stay");
    assert!(wraps.code.is_none(), "the credential's id went with the code");
}

#[test]
fn code_and_answer_open_together_and_the_count_begins_anew() {
    let store = store(Some(&second()));
    let answered = answered(ANSWER).expect("the answer of before");
    open(&store, 2, Some(&answered)).unwrap_err();
    open(&store, 1, Some(&answered)).expect("both are right");
    assert_eq!(wrong(&store), 0);
}

#[test]
fn the_answer_joins_the_code_and_leaves_it_again() {
    let store = store(None);
    store.take_keys(open(&store, 1, None).expect("the code alone"));
    let first = Answered::first(vec![4; 20], [6; 32], Zeroizing::new(ANSWER));
    block_on(rewrap(&store, &code(1), [8; 16], Some(&first), false)).unwrap();
    let wrap = block_on(store.wraps()).unwrap().and_then(|wraps| wraps.code).expect("a code opens");
    assert!(wrap.prf && wrap.second == Some(second()));
    assert_eq!(wrap.salt(), Some([8; 16]), "a salt of its own");
    open(&store, 1, Some(&answered(ANSWER).expect("the answer"))).expect("both");
    block_on(rewrap(&store, &code(1), [9; 16], None, false)).unwrap();
    let wrap = block_on(store.wraps()).unwrap().and_then(|wraps| wraps.code).expect("a code opens");
    assert!(!wrap.prf && wrap.second.is_none());
    open(&store, 1, None).expect("the code alone");
}

#[test]
fn a_code_that_changed_while_the_finger_was_awaited_costs_nothing() {
    let store = store(None);
    let early = tried(&store, 1);
    store.take_keys(open(&store, 1, None).expect("the code"));
    block_on(rewrap(&store, &code(2), [8; 16], None, false)).unwrap();
    assert_eq!(block_on(early.open(&store, None, NOW)).unwrap_err(), VaultError::Wrong);
    assert_eq!(wrong(&store), 0);
    let late = tried(&store, 2);
    block_on(forget(&store, Locked::new(block_on(store.wraps()).unwrap().expect("stored")))).unwrap();
    assert_eq!(block_on(late.open(&store, None, NOW)).unwrap_err(), VaultError::Forgotten);
    assert_eq!(wrong(&store), 0);
}
