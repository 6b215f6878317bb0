//! Who may do what: the roles, and what a role may do with a group of fields.

use serde::{Deserialize, Serialize};

/// What an account is, with its scope the whole of its rights (domain.md §9.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 村级走访员: assigned villages, writes what he can see, proposes the rest.
    VillageWorker,
    /// 乡镇经办: one township, keeps its files.
    TownshipClerk,
    /// 乡镇分管领导: clerk rights, approves the township's step.
    TownshipLead,
    /// 县级经办: one county, publishes standards.
    CountyClerk,
    /// 县级领导: one county, approves.
    CountyLead,
    /// 成员单位联络员: own plan tasks, no recipient data.
    UnitContact,
    /// Reads the audit log, no personal fields.
    Auditor,
    /// Users, areas, templates; no recipient data.
    Admin,
}

impl Role {
    /// Every role, in the order of the table of rights.
    pub const ALL: [Role; 8] = [
        Role::VillageWorker,
        Role::TownshipClerk,
        Role::TownshipLead,
        Role::CountyClerk,
        Role::CountyLead,
        Role::UnitContact,
        Role::Auditor,
        Role::Admin,
    ];

    /// The word on the wire, in commands and in the database.
    pub fn word(self) -> &'static str {
        match self {
            Role::VillageWorker => "village_worker",
            Role::TownshipClerk => "township_clerk",
            Role::TownshipLead => "township_lead",
            Role::CountyClerk => "county_clerk",
            Role::CountyLead => "county_lead",
            Role::UnitContact => "unit_contact",
            Role::Auditor => "auditor",
            Role::Admin => "admin",
        }
    }

    /// The role of a wire word; the type's own name (`TownshipClerk`) is understood too, for commands.
    pub fn from_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word || format!("{role:?}") == word)
    }

    /// Whether this role works at an office: it may delete, resolve, decide and merge.
    pub fn is_office(self) -> bool {
        matches!(self, Role::TownshipClerk | Role::TownshipLead | Role::CountyClerk | Role::CountyLead)
    }

    /// Whether this role works in the county's office.
    pub fn is_county(self) -> bool {
        matches!(self, Role::CountyClerk | Role::CountyLead)
    }

    /// Whether this role looks after the account and the devices of somebody in `other`: those of its own rank and of the ranks below. Whoever
    /// gives a code or wipes a phone holds its person's work in his hand, so nobody does it upwards; auditors and contacts of units are an
    /// administrator's.
    pub fn looks_after(self, other: Role) -> bool {
        other <= self
    }

    /// Whether a login needs the second factor where there is no enrolled device: that of whoever works for more than one township.
    pub fn needs_second_factor(self) -> bool {
        self.is_county() || matches!(self, Role::Admin | Role::Auditor)
    }

    /// Whether the area of a code is of the kind that this role works in: villages for a worker, townships for their office, counties for all others.
    /// A village may have no code yet (domain.md §9.2).
    pub fn works_in(self, code: &str) -> bool {
        match self {
            Role::VillageWorker => code.is_empty() || code.len() == 12,
            Role::TownshipClerk | Role::TownshipLead => code.len() == 9,
            _ => code.len() == 6,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn every_word_finds_its_role_again_and_serde_agrees() {
        for role in Role::ALL {
            assert_eq!(Role::from_word(role.word()), Some(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.word());
        }
        assert_eq!(Role::from_word("TownshipClerk"), Some(Role::TownshipClerk));
        assert_eq!(Role::from_word("root"), None);
    }

    #[test]
    fn nobody_looks_after_a_rank_above_his_own() {
        let looked_after = |by: Role| Role::ALL.into_iter().filter(|role| by.looks_after(*role)).count();
        assert_eq!(Role::ALL.map(looked_after), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert!(Role::TownshipLead.looks_after(Role::TownshipClerk));
        assert!(!Role::TownshipClerk.looks_after(Role::TownshipLead));
        assert!(!Role::CountyLead.looks_after(Role::Admin) && !Role::CountyLead.looks_after(Role::Auditor));
    }

    #[test]
    fn each_role_works_in_areas_of_its_own_kind() {
        let kinds = ["339999", "339999100", "339999100201", ""];
        let fits = |role: Role| kinds.map(|code| role.works_in(code));
        assert_eq!(fits(Role::VillageWorker), [false, false, true, true]);
        assert_eq!(fits(Role::TownshipLead), [false, true, false, false]);
        for role in [Role::CountyClerk, Role::CountyLead, Role::UnitContact, Role::Auditor, Role::Admin] {
            assert_eq!(fits(role), [true, false, false, false]);
        }
    }
}
