//! By what somebody was let in.

/// What a login rested on, as the audit chain names it: no secret, and nothing from which one could be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    Password,
    /// A password of the office's, which the login itself changed.
    OneTimePassword,
    /// The device's grant.
    Grant,
    /// A code of the clock (RFC 6238).
    Totp,
    RecoveryCode,
    /// Whoever has the machine: nobody typed anything.
    CommandLine,
}

impl Factor {
    /// Its word in the chain.
    pub fn word(self) -> &'static str {
        match self {
            Factor::Password => "password",
            Factor::OneTimePassword => "one_time_password",
            Factor::Grant => "grant",
            Factor::Totp => "totp",
            Factor::RecoveryCode => "recovery_code",
            Factor::CommandLine => "command_line",
        }
    }
}
