//! To which server key what is stored is sealed.

/// The key of a database beside those at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyStanding {
    /// The present one.
    Present,
    /// One of before, of that name: an exchange broke off, or the database is from before it.
    Earlier(String),
    /// None of them.
    Unknown(String),
}

/// What an exchange of the key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rekeyed {
    /// Values that were sealed anew.
    pub values: u64,
    /// Values that no key at hand opens, neither before nor after.
    pub unread: u64,
}

/// What is still sealed to a key of before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleSeals {
    /// Person and device: what these hold unsent is sealed to such a key, or nobody knows to which.
    pub devices: Vec<String>,
    /// Photos under way.
    pub uploads: u64,
    /// Stored values that no key at hand opens.
    pub unread: u64,
}
