//! What the office decides about phones and passwords of its people and about their round of visits: one record of settings, told to every phone.

use crate::visit::PlanRules;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A minute, in milliseconds.
const MINUTE_MS: i64 = 60_000;
/// An hour, in milliseconds.
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// A day, in milliseconds.
const DAY_MS: i64 = 24 * HOUR_MS;

/// When a phone asks for the code again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RestartUnlock {
    /// At most once in 12 hours; a quick PIN in between, after a restart too.
    #[default]
    Daily,
    /// After each restart; a quick PIN only as long as the app stays open.
    Strict,
    /// Once in seven days.
    Relaxed,
}

/// What a village phone shows of a birth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BirthShown {
    /// The year.
    #[default]
    Year,
    /// Year and month.
    Month,
}

/// The office's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// When the code is asked.
    pub restart_unlock: RestartUnlock,
    /// Last characters of an ID, account or certificate number that a village phone has: 4, 2 or 0.
    pub id_tail: u8,
    /// What it has of a birth.
    pub birth_shown: BirthShown,
    /// Minutes without a touch after which a phone locks itself, 1–60.
    pub lock_minutes: u8,
    /// Days without contact after which the code opens nothing any more, 1–30.
    pub offline_days: u8,
    /// Of small letters, capitals, digits and other signs a new password has so many, 1–4. OWASP ASVS 6.2.5 is against such a rule, and an office that
    /// is graded by GB/T 22239-2019 (8.1.4.1) may have to have one.
    pub password_kinds: u8,
    /// Days after which a password is changed at the next login, 30–365; 0 is never. ASVS 6.2.10 and GB/T 22239-2019 differ about it too.
    pub password_days: u16,
    /// Who is visited how often, and when.
    pub plan: PlanRules,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            restart_unlock: RestartUnlock::default(),
            id_tail: 4,
            birth_shown: BirthShown::default(),
            lock_minutes: 5,
            offline_days: 14,
            password_kinds: 1,
            password_days: 0,
            plan: PlanRules::default(),
        }
    }
}

/// A setting that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingFault {
    /// No setting has this name.
    #[error("no such setting")]
    Name,
    /// The setting does not take this value.
    #[error("the values are {allowed}")]
    Value {
        /// What it takes, for people.
        allowed: &'static str,
    },
}

/// A change of settings that is not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {fault}")]
pub struct SettingRefused {
    /// The setting that was named.
    pub name: String,
    /// What is wrong with the change.
    pub fault: SettingFault,
}

impl Policy {
    /// The settings of how phones and accounts are guarded, with the values that they take.
    pub const SAFETY_SETTINGS: [(&'static str, &'static str); 7] = [
        ("restart_unlock", "daily, strict, relaxed"),
        ("id_tail", "4, 2, 0"),
        ("birth_shown", "year, month"),
        ("lock_minutes", "1 to 60"),
        ("offline_days", "1 to 30"),
        ("password_kinds", "1 to 4"),
        ("password_days", "0, 30 to 365"),
    ];

    /// Every setting with the values that it takes.
    pub fn settings() -> impl Iterator<Item = (&'static str, &'static str)> {
        Policy::SAFETY_SETTINGS.into_iter().chain(PlanRules::SETTINGS)
    }

    /// Changes one setting.
    ///
    /// # Errors
    /// When there is none of that name, or it does not take the value.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SettingFault> {
        let (_, allowed) = Policy::settings().find(|(known, _)| *known == name).ok_or(SettingFault::Name)?;
        self.take(name, value).ok_or(SettingFault::Value { allowed })
    }

    /// These settings with some changed, all of them or none.
    ///
    /// # Errors
    /// When one is none, or does not take its value; the first of them is named.
    pub fn changed<'a>(
        mut self,
        changes: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Policy, SettingRefused> {
        for (name, value) in changes {
            self.set(name, value).map_err(|fault| SettingRefused { name: name.to_owned(), fault })?;
        }
        Ok(self)
    }

    /// From the members of a record. What is missing, or of a later version and not understood, stays as it is by default.
    pub fn read(members: &BTreeMap<String, Value>) -> Policy {
        let mut policy = Policy::default();
        for (name, value) in members {
            let _ = match value {
                Value::String(text) => policy.take(name, text),
                Value::Number(number) => policy.take(name, &number.to_string()),
                _ => None,
            };
        }
        policy
    }

    /// As a record, the names and words as in [`Policy::settings`].
    pub fn members(self) -> Map<String, Value> {
        let mut members = Map::new();
        members.insert("restart_unlock".to_owned(), self.restart_unlock.word().into());
        members.insert("id_tail".to_owned(), self.id_tail.into());
        members.insert("birth_shown".to_owned(), self.birth_shown.word().into());
        members.insert("lock_minutes".to_owned(), self.lock_minutes.into());
        members.insert("offline_days".to_owned(), self.offline_days.into());
        members.insert("password_kinds".to_owned(), self.password_kinds.into());
        members.insert("password_days".to_owned(), self.password_days.into());
        for (name, _) in PlanRules::SETTINGS {
            members.extend(self.plan.text(name).map(|text| (name.to_owned(), text.into())));
        }
        members
    }

    /// For so long a quick PIN stands in for the code after it was given.
    pub fn code_lasts_ms(self) -> i64 {
        match self.restart_unlock {
            RestartUnlock::Daily | RestartUnlock::Strict => 12 * HOUR_MS,
            RestartUnlock::Relaxed => 7 * DAY_MS,
        }
    }

    /// Without a touch the vault locks itself after this time.
    pub fn lock_after_ms(self) -> i64 {
        i64::from(self.lock_minutes) * MINUTE_MS
    }

    /// Whether a password of that age is to be changed.
    pub fn is_password_over(self, age_ms: i64) -> bool {
        self.password_days > 0 && age_ms >= i64::from(self.password_days) * DAY_MS
    }

    /// Without contact the code opens the vault for so long.
    pub fn offline_ms(self) -> i64 {
        i64::from(self.offline_days) * DAY_MS
    }

    fn take(&mut self, name: &str, value: &str) -> Option<()> {
        let number =
            |least: u8, most: u8| value.parse().ok().filter(|number| (least..=most).contains(number));
        match name {
            "restart_unlock" => {
                let all = [RestartUnlock::Daily, RestartUnlock::Strict, RestartUnlock::Relaxed];
                self.restart_unlock = all.into_iter().find(|one| one.word() == value)?;
            }
            "id_tail" => self.id_tail = number(0, 4).filter(|tail| tail.is_multiple_of(2))?,
            "birth_shown" => {
                let all = [BirthShown::Year, BirthShown::Month];
                self.birth_shown = all.into_iter().find(|one| one.word() == value)?;
            }
            "lock_minutes" => self.lock_minutes = number(1, 60)?,
            "offline_days" => self.offline_days = number(1, 30)?,
            "password_kinds" => self.password_kinds = number(1, 4)?,
            "password_days" => {
                self.password_days =
                    value.parse().ok().filter(|days| *days == 0 || (30..=365).contains(days))?;
            }
            _ => self.plan.take(name, value)?,
        }
        Some(())
    }
}

impl RestartUnlock {
    fn word(self) -> &'static str {
        match self {
            RestartUnlock::Daily => "daily",
            RestartUnlock::Strict => "strict",
            RestartUnlock::Relaxed => "relaxed",
        }
    }
}

impl BirthShown {
    fn word(self) -> &'static str {
        match self {
            BirthShown::Year => "year",
            BirthShown::Month => "month",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(members: Value) -> Policy {
        Policy::read(&members.as_object().expect("an object").clone().into_iter().collect())
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let mut policy = Policy::default();
        for (name, value) in [
            ("restart_unlock", "strict"),
            ("id_tail", "2"),
            ("birth_shown", "month"),
            ("lock_minutes", "10"),
            ("offline_days", "30"),
            ("password_kinds", "3"),
            ("password_days", "90"),
            ("follow_up_a", "2"),
            ("festival_to", "c"),
            ("confirm", "08-01/08-31"),
        ] {
            assert_eq!(policy.set(name, value), Ok(()), "{name}");
        }
        assert_eq!(read(policy.members().into()), policy);
        assert_ne!(policy, Policy::default());
    }

    #[test]
    fn a_password_is_over_after_its_days_and_never_where_none_are_set() {
        let mut policy = Policy::default();
        assert!(!policy.is_password_over(i64::MAX));
        policy.set("password_days", "90").unwrap();
        assert!(!policy.is_password_over(90 * DAY_MS - 1) && policy.is_password_over(90 * DAY_MS));
    }

    #[test]
    fn what_is_missing_strange_or_out_of_bounds_is_the_default() {
        let strange = serde_json::json!({"restart_unlock": "weekly", "id_tail": 6, "lock_minutes": 0, "offline_days": 31,
                                         "birth_shown": null, "later": {"a": 1}});
        assert_eq!(read(strange), Policy::default());
        assert_eq!(read(serde_json::json!({})), Policy::default());
    }

    #[test]
    fn a_wrong_value_names_the_right_ones() {
        let mut policy = Policy::default();
        assert_eq!(policy.set("colour", "red"), Err(SettingFault::Name));
        for (name, value) in [
            ("id_tail", "3"),
            ("id_tail", "-2"),
            ("offline_days", "0"),
            ("lock_minutes", "61"),
            ("password_kinds", "5"),
            ("password_days", "29"),
            ("confirm", "11-01"),
        ] {
            assert!(matches!(policy.set(name, value), Err(SettingFault::Value { .. })), "{name} {value}");
        }
        assert_eq!(policy, Policy::default());
    }
}
