//! Randomness from the browser.

/// Fresh random bytes.
///
/// # Panics
/// In a browser without a source of randomness, which nothing here could run in.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("every browser with WebAssembly has a source of randomness");
    bytes
}

/// A new id, sorted by the time passed in.
pub(crate) fn uuid(now_ms: i64) -> uuid::Uuid {
    sync::id::uuid_v7(now_ms, bytes())
}
