//! The people and areas of an office, and what can be done about whom.

use crate::{locale::words::staff as w, ui::Opt};
use domain::{access::Role, day::Timestamp};
use serde_json::Value;

/// The answer of the office.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Staff {
    pub(crate) people: Vec<Person>,
    pub(crate) deputies: Vec<Deputy>,
    pub(crate) areas: Vec<Area>,
}

/// An account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) areas: Vec<String>,
    /// He left.
    pub(crate) ended: bool,
    /// His one-time password was not changed yet.
    pub(crate) one_time: bool,
    pub(crate) own: bool,
}

/// Somebody who stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deputy {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) absent: String,
    /// The first and the last day.
    pub(crate) from: String,
    pub(crate) to: String,
}

/// An area of the scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) valid_from: String,
    pub(crate) valid_to: String,
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn rows<T>(value: &Value, name: &str, row: fn(&Value) -> T) -> Vec<T> {
    value[name].as_array().map(|rows| rows.iter().map(row).collect()).unwrap_or_default()
}

impl Staff {
    /// Reads the answer; a member that an older office lacks is empty.
    pub(crate) fn read(answer: &Value) -> Staff {
        Staff {
            people: rows(answer, "people", person),
            deputies: rows(answer, "deputies", deputy),
            areas: rows(answer, "areas", area),
        }
    }

    /// The name of a person; empty for one who is not the caller's.
    pub(crate) fn name(&self, id: &str) -> String {
        self.people
            .iter()
            .find(|person| person.id == id)
            .map(|person| person.name.clone())
            .unwrap_or_default()
    }

    /// The names of areas, in one line.
    pub(crate) fn places(&self, ids: &[String]) -> String {
        let named = self.areas.iter().filter(|area| ids.contains(&area.id)).map(|area| area.name.clone());
        named.collect::<Vec<_>>().join(w::between())
    }

    /// Whether all of `below` lie in an area, by their codes.
    pub(crate) fn is_above(&self, area: &str, below: &[String]) -> bool {
        let code =
            |id: &str| self.areas.iter().find(|area| area.id == id).map_or("", |area| area.code.as_str());
        !code(area).is_empty() && below.iter().all(|id| code(id).starts_with(code(area)))
    }

    /// The areas that somebody of this role can be given: villages for a worker, townships and counties for an office.
    pub(crate) fn areas_for(&self, role: &str) -> Vec<Opt> {
        let fits = |area: &&Area| Role::from_word(role).is_some_and(|role| role.works_in(&area.code));
        let option = |area: &Area| Opt::new(area.id.clone(), area.name.clone());
        self.areas.iter().filter(|area| area.valid_to.is_empty()).filter(fits).map(option).collect()
    }

    /// Village workers who are there.
    pub(crate) fn workers(&self) -> Vec<&Person> {
        self.people.iter().filter(|person| is_worker(person) && !person.ended).collect()
    }

    /// Who stands in for this person, and for whom he stands in.
    pub(crate) fn leaves_of(&self, id: &str) -> Vec<&Deputy> {
        self.deputies.iter().filter(|deputy| deputy.absent == id || deputy.account == id).collect()
    }
}

/// Whether he works in villages: these alone are an office's to give villages to.
pub(crate) fn is_worker(person: &Person) -> bool {
    Role::from_word(&person.role) == Some(Role::VillageWorker)
}

fn person(value: &Value) -> Person {
    let areas = value["areas"].as_array().map(Vec::as_slice).unwrap_or_default();
    Person {
        id: text(value, "id"),
        name: text(value, "name"),
        role: text(value, "role"),
        areas: areas.iter().filter_map(|area| area.as_str().map(str::to_owned)).collect(),
        ended: value["ended_at"].is_number(),
        one_time: value["password_until"].is_number(),
        own: value["own"] == true,
    }
}

fn deputy(value: &Value) -> Deputy {
    let day = |ms: i64| Timestamp::from_ms(ms).day().to_string();
    let at = |name: &str| value[name].as_i64().unwrap_or_default();
    Deputy {
        id: text(value, "id"),
        account: text(value, "account"),
        absent: text(value, "absent"),
        from: day(at("from_at")),
        to: day(at("to_at") - 1),
    }
}

fn area(value: &Value) -> Area {
    Area {
        id: text(value, "id"),
        code: text(value, "code"),
        name: text(value, "name"),
        valid_from: text(value, "valid_from"),
        valid_to: text(value, "valid_to"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn staff() -> Staff {
        Staff::read(&json!({
            "people": [
                {"id": "a", "name": "陈建国", "role": "village_worker", "areas": ["v1", "v2"], "ended_at": null, "password_until": 5, "own": false},
                {"id": "b", "name": "周敏", "role": "township_clerk", "areas": ["t"], "ended_at": 3, "own": true},
            ],
            "deputies": [{"id": "d", "account": "b", "absent": "a", "from_at": 1_795_449_600_000_i64, "to_at": 1_795_622_400_000_i64}],
            "areas": [
                {"id": "c", "code": "339999", "name": "示范县"}, {"id": "t", "code": "339999100", "name": "双桥镇"},
                {"id": "v1", "code": "339999100201", "name": "红旗村"}, {"id": "v2", "code": "339999100202", "name": "石桥村"},
                {"id": "v3", "code": "339999100203", "name": "并掉的村", "valid_to": "2026-01-01"},
            ],
        }))
    }

    #[test]
    fn the_answer_of_the_office_is_read_and_what_it_lacks_is_empty() {
        let staff = staff();
        assert!(staff.people[0].one_time && !staff.people[0].ended && staff.people[1].ended);
        assert_eq!(staff.places(&staff.people[0].areas), "红旗村、石桥村");
        assert_eq!(
            (staff.deputies[0].from.as_str(), staff.deputies[0].to.as_str()),
            ("2026-11-24", "2026-11-25")
        );
        assert_eq!(Staff::read(&json!({})), Staff::default());
    }

    #[test]
    fn each_role_is_given_the_areas_that_it_works_in() {
        let names = |role: &str| staff().areas_for(role).into_iter().map(|one| one.label).collect::<Vec<_>>();
        assert_eq!(names("village_worker"), ["红旗村", "石桥村"]);
        assert_eq!(names("township_lead"), ["双桥镇"]);
        assert_eq!(names("admin"), ["示范县"]);
    }

    #[test]
    fn only_workers_who_are_there_take_families() {
        assert_eq!(staff().workers().len(), 1);
        assert_eq!(staff().leaves_of("a").len(), 1);
    }
}
