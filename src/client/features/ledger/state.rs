//! The follow-up ledger on the desk: what is asked for, and the page that came.

use crate::data::AreaRow;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A page of the ledger, as the office sends it.
#[derive(Clone, PartialEq, Deserialize)]
pub(crate) struct LedgerPage {
    pub(crate) page: usize,
    pub(crate) pages: usize,
    pub(crate) total: usize,
    rows: Vec<Map<String, Value>>,
    #[serde(default)]
    pub(crate) totals: Totals,
}

impl LedgerPage {
    /// How many lines it has.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The lines, each by the names of the columns.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &Map<String, Value>> {
        self.rows.iter()
    }
}

/// What the last line counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Totals {
    pub(crate) families: usize,
    pub(crate) visits: usize,
    pub(crate) visited: usize,
    pub(crate) due: usize,
    pub(crate) overdue: usize,
}

/// Which lines are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LedgerQuery {
    /// Id of an area; empty: the whole scope.
    pub(crate) area: String,
    /// ISO days; empty: open.
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) state: StateFilter,
    pub(crate) page: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum StateFilter {
    #[default]
    All,
    Done,
    Due,
    Overdue,
}

impl StateFilter {
    pub(crate) const ALL: [StateFilter; 4] =
        [StateFilter::All, StateFilter::Done, StateFilter::Due, StateFilter::Overdue];

    /// The word of the request; empty for all.
    pub(crate) fn word(self) -> &'static str {
        match self {
            StateFilter::All => "",
            StateFilter::Done => "done",
            StateFilter::Due => "due",
            StateFilter::Overdue => "overdue",
        }
    }
}

/// Lines on one page of the screen.
pub(crate) const PAGE_ROWS: usize = 50;

impl LedgerQuery {
    /// The quarter that `today` lies in.
    pub(crate) fn quarter_of(today: &str) -> LedgerQuery {
        let (from, to) = quarter(today).unwrap_or_default();
        LedgerQuery { from, to, ..LedgerQuery::default() }
    }

    /// The path of the request, after `/api/v1/`.
    pub(crate) fn path(&self) -> String {
        let mut path = format!("lists/follow_up_ledger?page={}&size={PAGE_ROWS}", self.page);
        for (name, value) in [
            ("area", &self.area),
            ("from", &self.from),
            ("to", &self.to),
            ("state", &self.state.word().to_owned()),
        ] {
            if !value.is_empty() {
                path.push_str(&format!("&{name}={value}"));
            }
        }
        path
    }

    /// The body of an export.
    pub(crate) fn export(&self, full: bool, reason: Option<&str>) -> Value {
        let mut body = json!({ "full": full });
        let wanted = [
            ("area", self.area.as_str()),
            ("from", &self.from),
            ("to", &self.to),
            ("state", self.state.word()),
            ("reason", reason.unwrap_or_default()),
        ];
        for (name, value) in wanted {
            if !value.is_empty() {
                body[name] = json!(value);
            }
        }
        body
    }

    /// Whether the days are in order.
    pub(crate) fn is_in_order(&self) -> bool {
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

fn quarter(today: &str) -> Option<(String, String)> {
    let (year, rest) = today.split_once('-')?;
    let month: u32 = rest.get(..2)?.parse().ok()?;
    let (first, last, last_day) = match month {
        1..=3 => (1, 3, 31),
        4..=6 => (4, 6, 30),
        7..=9 => (7, 9, 30),
        _ => (10, 12, 31),
    };
    Some((format!("{year}-{first:02}-01"), format!("{year}-{last:02}-{last_day}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Counted;
    use sync::id::AreaId;

    #[test]
    fn the_first_view_is_the_running_quarter() {
        let query = LedgerQuery::quarter_of("2026-11-23");
        assert_eq!((query.from.as_str(), query.to.as_str()), ("2026-10-01", "2026-12-31"));
        assert_eq!(LedgerQuery::quarter_of("2026-02-09").to, "2026-03-31");
        assert_eq!(LedgerQuery::quarter_of(""), LedgerQuery::default());
    }

    #[test]
    fn the_request_names_only_what_is_asked() {
        let mut query = LedgerQuery { from: "2026-10-01".to_owned(), ..LedgerQuery::default() };
        assert_eq!(query.path(), "lists/follow_up_ledger?page=0&size=50&from=2026-10-01");
        query.state = StateFilter::Overdue;
        query.area = "a1".to_owned();
        assert_eq!(
            query.path(),
            "lists/follow_up_ledger?page=0&size=50&area=a1&from=2026-10-01&state=overdue"
        );
    }

    #[test]
    fn whole_numbers_go_out_only_with_a_reason() {
        let query = LedgerQuery::default();
        assert_eq!(query.export(false, None), json!({"full": false}));
        assert_eq!(query.export(true, Some("县局抽查")), json!({"full": true, "reason": "县局抽查"}));
        assert_eq!(query.export(false, Some("县局抽查")), json!({"full": false, "reason": "县局抽查"}));
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
