//! Children under 14: what is kept of them needs the consent of a guardian (PIPL §31, domain.md §10).

use crate::{age_alarm::Born, day::Day};
use serde_json::{Value, json};

/// The field of a file that holds the consent.
pub const FIELD: &str = "guardian_consent";
/// From this age on a person's own word counts.
const AGE: i32 = 14;

/// A guardian's consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Who gave it.
    pub name: String,
    /// What he is to the child.
    pub relation: String,
    /// The day, as stored.
    pub on: String,
    /// The version of the notice that he was shown.
    pub notice: String,
}

impl Consent {
    /// As it is stored; nothing where who, what, when or the version is missing.
    pub fn read(value: &Value) -> Option<Consent> {
        let text = |name: &str| value[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        Some(Consent {
            name: text("name")?,
            relation: text("relation")?,
            on: text("on")?,
            notice: text("notice")?,
        })
    }

    /// To be stored.
    pub fn to_value(&self) -> Value {
        let Consent { name, relation, on, notice } = self;
        json!({ "name": name, "relation": relation, "on": on, "notice": notice })
    }
}

/// What a stored birth says, a day or as much of it as a device is shown.
pub fn born(birth: &str) -> Option<Born> {
    let year = || birth.get(..4)?.parse().ok().map(Born::In);
    birth.parse().ok().map(Born::On).or_else(year)
}

/// The same of the stored value: of a sealed one, by what is shown of it.
pub fn shown(birth: &Value) -> Option<Born> {
    birth.as_str().or(birth["show"].as_str()).and_then(born)
}

/// Whether a guardian is asked on a day for somebody of whom this is known; nobody is where nothing is.
pub fn is_asked(born: Option<Born>, today: Day) -> bool {
    born.is_some_and(|born| may_be_under_14(born, today))
}

/// Whether a person is under 14, or may be where the year alone is known.
pub fn may_be_under_14(born: Born, today: Day) -> bool {
    match born {
        Born::On(day) => day.plus_months(AGE * 12).is_some_and(|birthday| today < birthday),
        Born::In(year) => today.year() - year <= AGE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(birth: &str) -> bool {
        is_asked(born(birth), "2026-11-28".parse().unwrap())
    }

    #[test]
    fn a_guardian_is_asked_until_the_fourteenth_birthday() {
        assert!(asks("2012-11-29") && !asks("2012-11-28"));
        assert!(asks("2026-11-28") && !asks("1948-03-12"));
        assert!(asks("2012") && asks("2012年") && !asks("2011"), "the year alone");
        assert!(!asks("") && !asks("不详"));
        assert_eq!(shown(&json!({"show": "2012"})), Some(Born::In(2012)));
        assert_eq!(shown(&json!("2012-11-29")), born("2012-11-29"));
        assert_eq!(shown(&Value::Null), None);
    }

    #[test]
    fn a_consent_says_who_and_what_and_when_and_to_which_notice() {
        let consent = Consent {
            name: "李梅".to_owned(),
            relation: "母亲".to_owned(),
            on: "2026-11-28".to_owned(),
            notice: "2027-1".to_owned(),
        };
        assert_eq!(Consent::read(&consent.to_value()), Some(consent.clone()));
        for lacks in ["name", "relation", "on", "notice"] {
            let mut value = consent.to_value();
            value[lacks] = json!("");
            assert_eq!(Consent::read(&value), None, "{lacks}");
        }
        assert_eq!(Consent::read(&Value::Null), None);
    }
}
