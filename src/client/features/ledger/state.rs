//! A ledger on the desk: what is asked for, and the page that came.

use super::kind::{Ledger, Span};
use crate::{
    data::AreaRow,
    features::days::{half_year, months},
    routes,
};
use domain::day::Day;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A page of a ledger, as the office sends it.
#[derive(Clone, PartialEq, Deserialize)]
pub(crate) struct LedgerPage {
    pub(super) page: usize,
    pub(super) pages: usize,
    pub(super) total: usize,
    /// The keys of the columns, as they stand on paper.
    pub(super) cols: Vec<String>,
    pub(super) rows: Vec<Map<String, Value>>,
    /// Sums of the columns, where it is a table of numbers.
    pub(super) sums: Option<Map<String, Value>>,
    #[serde(default)]
    pub(super) totals: Map<String, Value>,
    /// The area that it covers.
    #[serde(default)]
    pub(super) unit: String,
    /// Of one that is printed, by whom and when.
    #[serde(default)]
    pub(super) by: String,
    #[serde(default)]
    pub(super) at: i64,
}

impl LedgerPage {
    /// Something that it counts.
    pub(super) fn count(&self, name: &str) -> usize {
        let n = self.totals.get(name).and_then(Value::as_u64).unwrap_or_default();
        usize::try_from(n).unwrap_or_default()
    }
}

/// Which lines are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LedgerQuery {
    pub(super) ledger: Ledger,
    /// Id of an area; empty: the whole scope.
    pub(super) area: String,
    /// ISO days; empty: open.
    pub(super) from: String,
    pub(super) to: String,
    /// A word of [`Ledger::states`], or one that a number of the overview names.
    pub(super) state: String,
    /// The account that answers for the families; empty: whoever does.
    pub(super) worker: String,
    /// The key of the column by which they are ordered, and whether the last comes first; empty: as they come.
    pub(super) sort: (String, bool),
    pub(super) page: usize,
}

/// Lines on one page of the screen.
pub(super) const PAGE_ROWS: usize = 50;

impl LedgerQuery {
    /// A ledger as it is first seen: of the running quarter, month or year.
    pub(super) fn first(ledger: Ledger, area: String, today: Day) -> LedgerQuery {
        let (from, to) = match ledger.span() {
            Span::Days => months(today, (today.month() - 1) / 3 * 3 + 1, 3),
            Span::Month => months(today, today.month(), 1),
            Span::Half => half_year(today),
            Span::Year => months(today, 1, 12),
            Span::Today => None,
        }
        .unwrap_or_default();
        LedgerQuery { ledger, area, from, to, ..LedgerQuery::default() }
    }

    /// What an address names, by the names that [`LedgerQuery::address`] writes.
    pub(super) fn of_address(named: impl Fn(&str) -> String, today: Day) -> LedgerQuery {
        let first = LedgerQuery::first(Ledger::of(&named("ledger")), named("area"), today);
        if named("ledger").is_empty() {
            return first;
        }
        let state = Some(named("state")).filter(|state| first.ledger.state_word(state).is_some());
        LedgerQuery {
            from: named("from"),
            to: named("to"),
            state: state.unwrap_or_default(),
            worker: named("worker"),
            sort: (named("sort"), named("down") == "true"),
            ..first
        }
    }

    /// The address of a page that shows the same.
    pub(super) fn address(&self, page: &str) -> String {
        self.with_wanted(format!("{page}?ledger={}", self.ledger.word()))
    }

    /// The same in words as a saved view holds them: by the names of the address.
    pub(super) fn words(&self) -> Vec<(String, String)> {
        let down = if self.sort.1 { "true" } else { "" };
        let also = [("ledger", self.ledger.word()), ("sort", &self.sort.0), ("down", down)];
        self.wanted().into_iter().chain(also).map(|(name, word)| (name.to_owned(), word.to_owned())).collect()
    }

    /// Orders by a column; by the same once more, the other way round.
    pub(super) fn sort_by(&mut self, key: &str) {
        let down = self.sort.0 == key && !self.sort.1;
        self.sort = (key.to_owned(), down);
        self.page = 0;
    }

    /// The path of the request for what is on the screen, after `/api/v1/`.
    pub(super) fn path(&self) -> String {
        let page = self.page;
        self.with_wanted(format!("lists/{}?page={page}&size={PAGE_ROWS}", self.ledger.word()))
    }

    /// The path of the request for what is printed; its body is that of an export.
    pub(super) fn paper_path(&self) -> String {
        format!("lists/{}/paper", self.ledger.word())
    }

    fn with_wanted(&self, path: String) -> String {
        let down = if self.sort.1 { "true" } else { "" };
        let order = [("sort", self.sort.0.as_str()), ("down", down)];
        routes::asking(&path, &[&self.wanted()[..], &order].concat())
    }

    /// The body of an export.
    pub(super) fn export(&self, full: bool, reason: Option<&str>) -> Value {
        let mut body = json!({ "full": full, "ledger": self.ledger.word() });
        let (sort, down) = &self.sort;
        if !sort.is_empty() {
            body["sort"] = json!(sort);
            body["down"] = json!(down);
        }
        for (name, value) in self.wanted().into_iter().chain([("reason", reason.unwrap_or_default())]) {
            if !value.is_empty() {
                body[name] = json!(value);
            }
        }
        body
    }

    fn wanted(&self) -> [(&'static str, &str); 5] {
        let Self { area, from, to, state, worker, .. } = self;
        [("area", area), ("from", from), ("to", to), ("state", state), ("worker", worker)]
    }

    /// Whether the days are in order.
    pub(super) fn is_in_order(&self) -> bool {
        self.from.is_empty() || self.to.is_empty() || self.from <= self.to
    }
}

/// How many people the device has in an area and below it; in all areas where none is named.
pub(super) fn on_register(areas: &[AreaRow], area: &str) -> usize {
    let lies_within = |row: &AreaRow| {
        let mut at = Some(row.id);
        // No tree is deeper than its areas are many.
        for _ in 0..=areas.len() {
            match at {
                Some(id) if id.to_string() == area => return true,
                Some(id) => at = areas.iter().find(|row| row.id == id).and_then(|row| row.parent),
                None => return false,
            }
        }
        false
    };
    areas.iter().filter(|row| area.is_empty() || lies_within(row)).map(|row| row.counted.people).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Counted;
    use sync::id::AreaId;

    fn first(ledger: Ledger, today: &str) -> LedgerQuery {
        LedgerQuery::first(ledger, String::new(), today.parse().expect("a day"))
    }

    #[test]
    fn each_ledger_begins_with_the_running_days_of_its_kind() {
        for (ledger, today, from, to) in [
            (Ledger::FollowUp, "2026-11-23", "2026-10-01", "2026-12-31"),
            (Ledger::Help, "2026-02-09", "2026-01-01", "2026-03-31"),
            (Ledger::Changes, "2026-02-09", "2026-02-01", "2026-02-28"),
            (Ledger::Confirmation, "2026-02-09", "2026-01-01", "2026-12-31"),
            (Ledger::Coverage, "2026-06-30", "2026-01-01", "2026-06-30"),
            (Ledger::Roster, "2026-02-09", "", ""),
        ] {
            let query = first(ledger, today);
            assert_eq!((query.from.as_str(), query.to.as_str()), (from, to), "{ledger:?}");
        }
    }

    #[test]
    fn the_request_names_only_what_is_asked() {
        let mut query = LedgerQuery { from: "2026-10-01".to_owned(), ..LedgerQuery::default() };
        assert_eq!(query.path(), "lists/follow_up?page=0&size=50&from=2026-10-01");
        query.state = "overdue".to_owned();
        query.area = "a1".to_owned();
        query.sort_by("name");
        let asked = "lists/follow_up?page=0&size=50&area=a1&from=2026-10-01&state=overdue&sort=name";
        assert_eq!(query.path(), asked);
        query.page = 3;
        query.sort_by("name");
        assert_eq!(query.path(), format!("{asked}&down=true"), "the other way round, from its beginning");
        assert_eq!(query.paper_path(), "lists/follow_up/paper");
    }

    #[test]
    fn an_address_names_what_it_shows() {
        let today = "2026-11-23".parse().expect("a day");
        let mut query = LedgerQuery::first(Ledger::Help, "a1".to_owned(), today);
        query.state = "N-MED".to_owned();
        query.worker = "none".to_owned();
        query.sort_by("name");
        let address = query.address("/x");
        let named = |name: &str| {
            let pairs = address.split_once('?').map_or("", |(_, rest)| rest).split('&');
            let mut found = pairs.filter_map(|pair| pair.split_once('=')).filter(|(key, _)| *key == name);
            found.next().map(|(_, value)| value.to_owned()).unwrap_or_default()
        };
        assert_eq!(LedgerQuery::of_address(named, today), query);
        let words = query.words();
        let said = |name: &str| {
            words.iter().find(|(key, _)| key == name).map(|(_, word)| word.clone()).unwrap_or_default()
        };
        assert_eq!(LedgerQuery::of_address(said, today), query);
        assert_eq!(LedgerQuery::of_address(|_| String::new(), today), first(Ledger::FollowUp, "2026-11-23"));
    }

    #[test]
    fn whole_numbers_go_out_only_with_a_reason() {
        let query = LedgerQuery { ledger: Ledger::Help, ..LedgerQuery::default() };
        assert_eq!(query.export(false, None), json!({"full": false, "ledger": "help"}));
        for full in [true, false] {
            assert_eq!(
                query.export(full, Some("县局抽查")),
                json!({"full": full, "ledger": "help", "reason": "县局抽查"})
            );
        }
    }

    #[test]
    fn the_register_of_a_township_holds_its_villages() {
        let area = |n: u128, parent: Option<u128>, people| AreaRow {
            id: AreaId(uuid::Uuid::from_u128(n)),
            code: String::new(),
            name: String::new(),
            parent: parent.map(|n| AreaId(uuid::Uuid::from_u128(n))),
            counted: Counted { people, households: people },
            complete: true,
        };
        let areas = [area(1, None, 0), area(2, Some(1), 30), area(3, Some(1), 12), area(4, None, 5)];
        assert_eq!(on_register(&areas, ""), 47);
        assert_eq!(on_register(&areas, &areas[0].id.to_string()), 42);
        assert_eq!(on_register(&areas, &areas[2].id.to_string()), 12);
    }

    #[test]
    fn days_in_the_wrong_order_are_noticed() {
        let query = LedgerQuery {
            from: "2026-12-01".to_owned(),
            to: "2026-11-01".to_owned(),
            ..LedgerQuery::default()
        };
        assert!(!query.is_in_order());
    }
}
