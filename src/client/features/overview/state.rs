//! What is asked for, and the numbers that came.

use crate::{features::days, routes, ui::percent};
use domain::day::Day;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Numbers and words of one area, worker, kind … by name.
pub(super) type Row = Map<String, Value>;

/// The answer of the office.
#[derive(Clone, PartialEq, Deserialize)]
pub(super) struct Overview {
    pub(super) unit: String,
    pub(super) all: Row,
    pub(super) visits: usize,
    pub(super) areas: Vec<Row>,
    pub(super) workers: Vec<Row>,
    pub(super) kinds: Vec<Row>,
    pub(super) ages: Vec<Row>,
    pub(super) help: Row,
    pub(super) stars: Vec<Row>,
}

impl Overview {
    /// Whether nobody is there whom it could be about.
    pub(super) fn is_empty(&self) -> bool {
        n(&self.all, "people") == 0 && self.visits == 0 && n(&self.all, "open") == 0
    }

    /// What the stars say.
    pub(super) fn content(&self) -> Content {
        let of = |stars: &Row| (n(stars, "stars"), n(stars, "visits"));
        let sum = |count: fn((usize, usize)) -> usize| self.stars.iter().map(of).map(count).sum::<usize>();
        let rated = sum(|(_, visits)| visits);
        let good = sum(|(stars, visits)| if stars >= GOOD_STARS { visits } else { 0 });
        let tenths = (sum(|(stars, visits)| stars * visits) * 10).checked_div(rated).unwrap_or_default();
        Content { rated, good, mean: format!("{}.{}", tenths / 10, tenths % 10) }
    }
}

/// From so many stars on a family is content.
const GOOD_STARS: usize = 4;

/// How content families are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Content {
    /// Visits at which they said it.
    pub(super) rated: usize,
    /// Those with four stars or five.
    pub(super) good: usize,
    /// Stars on average, cut to a tenth.
    pub(super) mean: String,
}

/// A number of a row.
pub(super) fn n(row: &Row, name: &str) -> usize {
    row.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or_default()
}

/// A word of a row.
pub(super) fn text<'r>(row: &'r Row, name: &str) -> &'r str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// One of two numbers of a row as a share of the other: 45%; a stroke where there is nothing.
pub(super) fn share(part: usize, whole: usize) -> String {
    if whole == 0 { "—".to_owned() } else { format!("{}%", percent(part, whole)) }
}

/// Of which area and days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct OverviewQuery {
    /// Id of an area; empty: the whole scope.
    pub(super) area: String,
    pub(super) from: String,
    pub(super) to: String,
}

impl OverviewQuery {
    /// What an address names; the running half-year where it names no days.
    pub(super) fn of_address(named: impl Fn(&str) -> String, today: Day) -> OverviewQuery {
        let (from, to) = (named("from"), named("to"));
        let is_named = !from.is_empty() && !to.is_empty();
        let (from, to) = if is_named { (from, to) } else { days::half_year(today).unwrap_or_default() };
        OverviewQuery { area: named("area"), from, to }
    }

    /// Its days as a choice has them.
    pub(super) fn days(&self) -> String {
        format!("{}/{}", self.from, self.to)
    }

    /// Takes the days of a choice.
    pub(super) fn pick(&mut self, days: &str) {
        if let Some((from, to)) = days.split_once('/') {
            (self.from, self.to) = (from.to_owned(), to.to_owned());
        }
    }

    /// The address of a page about the same.
    pub(super) fn address(&self, page: &str) -> String {
        routes::asking(page, &self.wanted())
    }

    /// The path of the request, after `/api/v1/`.
    pub(super) fn path(&self) -> String {
        self.address("lists/overview")
    }

    /// The path of what a ledger counts. Some know no days.
    pub(super) fn totals(&self, ledger: &str, knows_days: bool) -> String {
        let path = format!("lists/{ledger}?size=0");
        if knows_days { self.address(&path) } else { routes::asking(&path, &[("area", &self.area)]) }
    }

    /// The address of the list behind a number: of a ledger, in the words that narrow it.
    pub(super) fn list(&self, ledger: &str, narrowed: &[(&str, &str)]) -> String {
        let is_named = |name: &str| narrowed.iter().any(|(other, _)| *other == name);
        let rest = self.wanted().into_iter().filter(|(name, _)| !is_named(name));
        let wanted: Vec<(&str, &str)> =
            std::iter::once(("ledger", ledger)).chain(narrowed.iter().copied()).chain(rest).collect();
        routes::asking(routes::LEDGER, &wanted)
    }

    fn wanted(&self) -> [(&str, &str); 3] {
        [("area", &self.area), ("from", &self.from), ("to", &self.to)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overview(stars: &str) -> Overview {
        let text = format!(
            r#"{{"unit": "双桥镇", "from": "2026-07-01", "all": {{"people": 2}}, "visits": 3, "areas": [], "workers": [], "kinds": [],
            "ages": [], "help": {{}}, "stars": {stars}}}"#
        );
        domain::json::from_str(&text).expect("as the office writes it")
    }

    #[test]
    fn content_is_four_stars_and_more() {
        let told =
            overview(r#"[{"stars": 5, "visits": 2}, {"stars": 4, "visits": 1}, {"stars": 1, "visits": 1}]"#);
        assert_eq!(told.content(), Content { rated: 4, good: 3, mean: "3.7".to_owned() });
        assert!(!told.is_empty());
        assert_eq!(overview("[]").content(), Content { rated: 0, good: 0, mean: "0.0".to_owned() });
    }

    #[test]
    fn a_number_leads_to_its_list_of_the_same_area_and_days() {
        let today = "2026-11-23".parse().expect("a day");
        let query = OverviewQuery::of_address(
            |name| if name == "area" { "a1".to_owned() } else { String::new() },
            today,
        );
        assert_eq!(query.path(), "lists/overview?area=a1&from=2026-07-01&to=2026-12-31");
        assert_eq!(
            query.list("coverage", &[("state", "overdue"), ("area", "v1")]),
            "/office/ledger?ledger=coverage&state=overdue&area=v1&from=2026-07-01&to=2026-12-31"
        );
        assert_eq!(query.totals("plaques", false), "lists/plaques?size=0&area=a1");
        let mut other = query.clone();
        other.pick("2026-01-01/2026-06-30");
        assert_eq!(other.days(), "2026-01-01/2026-06-30");
        let named = |name: &str| match name {
            "from" => "2026-01-01".to_owned(),
            "to" => "2026-06-30".to_owned(),
            _ => "a1".to_owned(),
        };
        assert_eq!(OverviewQuery::of_address(named, today), other);
    }

    #[test]
    fn of_nothing_there_is_no_share() {
        assert_eq!((share(1, 3).as_str(), share(0, 0).as_str()), ("33%", "—"));
    }
}
