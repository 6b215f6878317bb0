//! What the engine may not fetch for itself: the time and randomness.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// The world at the moment of an event.
pub struct Env<'a> {
    /// Milliseconds since 1970 UTC by the device's clock. It may be wrong, and may jump.
    pub now: i64,
    /// Seeded from the platform's entropy, in the simulator from the seed.
    pub rng: &'a mut Generator,
}

/// ChaCha8 from a seed: the same seed gives the same numbers in every release.
#[derive(Clone, Debug)]
pub struct Generator(ChaCha8Rng);

impl Generator {
    /// The generator of a 32-byte seed.
    pub fn from_seed(seed: [u8; 32]) -> Generator {
        Generator(ChaCha8Rng::from_seed(seed))
    }

    /// The generator of a number.
    pub fn from_number(seed: u64) -> Generator {
        Generator(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Any 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `end`; 0 when `end` is 0. The bias is below 2⁻³² for the small bounds used here.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0.next_u64().checked_rem(end).unwrap_or(0)
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}
