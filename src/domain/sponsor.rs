//! Firms, associations and people that help: what they agreed to, what they promise and what they give (domain.md §5.4).

mod agreement;
mod credit_code;
mod promise;
pub mod sheet;

pub use agreement::{Agreement, AgreementState};
pub use credit_code::{CreditCode, CreditCodeError};
pub use promise::{Donation, Pledge, Standing, standing, sum};

/// What a sponsor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SponsorKind {
    /// 民营企业
    PeopleRun,
    /// 私营企业
    Private,
    /// 国企
    StateOwned,
    /// 社会组织
    Association,
    /// 个人
    Person,
    /// 机关
    PublicBody,
}

impl SponsorKind {
    /// Every kind, in the order of their list.
    pub const ALL: [SponsorKind; 6] = [
        SponsorKind::PeopleRun,
        SponsorKind::Private,
        SponsorKind::StateOwned,
        SponsorKind::Association,
        SponsorKind::Person,
        SponsorKind::PublicBody,
    ];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            SponsorKind::PeopleRun => "people_run",
            SponsorKind::Private => "private",
            SponsorKind::StateOwned => "state_owned",
            SponsorKind::Association => "association",
            SponsorKind::Person => "person",
            SponsorKind::PublicBody => "public_body",
        }
    }

    /// The kind of a word on the wire.
    pub fn from_word(word: &str) -> Option<SponsorKind> {
        SponsorKind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether it is registered under a credit code; a person has an ID number, which nobody asks a sponsor for.
    pub fn has_credit_code(self) -> bool {
        self != SponsorKind::Person
    }
}

#[cfg(test)]
mod tests {
    use super::SponsorKind;

    #[test]
    fn every_word_finds_its_kind_again() {
        for kind in SponsorKind::ALL {
            assert_eq!(SponsorKind::from_word(kind.word()), Some(kind));
        }
        assert_eq!(SponsorKind::from_word("village"), None);
    }
}
