//! A standard in words, as its texts came from the office.

use crate::{features::days, locale::words::standards as w};
use serde_json::Value;

/// The texts of a standard.
pub(super) struct Said<'a>(&'a Value);

impl<'a> Said<'a> {
    pub(super) fn of(said: &'a Value) -> Said<'a> {
        Said(said)
    }

    fn text(&self, name: &str) -> &'a str {
        self.0[name].as_str().unwrap_or_default()
    }

    /// What it is of.
    pub(super) fn item(&self) -> String {
        w::item(kind(self.text("kind")), of(self.text("of")))
    }

    /// How much.
    fn value(&self) -> String {
        let value = self.text("value");
        match (self.text("kind"), value.ends_with('%')) {
            ("reward", true) => w::of_stipend(self.text("base_year"), value),
            (_, true) => value.to_owned(),
            _ => w::yuan(value.strip_suffix(".00").unwrap_or(value)),
        }
    }

    fn days(&self) -> String {
        let from = days::whole(self.text("from"));
        match self.text("to") {
            "" => w::from_on(from),
            to => w::from_to(from, days::whole(to)),
        }
    }

    /// How much, when and by which document.
    pub(super) fn line(&self) -> String {
        w::line(self.value(), self.days(), self.text("doc_no"))
    }

    /// All that it says, each with its label.
    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        let text = |name: &str| self.text(name).to_owned();
        let basis = match self.text("income") {
            "" => String::new(),
            income => w::basis_of(income, self.text("ratio")),
        };
        let facts = vec![
            (w::value(), self.value()),
            (w::basis(), basis),
            (w::pay(), pay(self.text("pay")).to_owned()),
            (w::early(), early(self.text("early")).to_owned()),
            (w::doc_no(), text("doc_no")),
            (w::days(), self.days()),
        ];
        facts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

pub(super) const KINDS: [&str; 4] = ["stipend", "region", "supplement", "reward"];
pub(super) const PAYS: [&str; 3] = ["annual_full", "half_year", "monthly"];
pub(super) const EARLIES: [&str; 3] = ["actual_months", "ceil_half_year", "full_only"];
const DOMICILES: [&str; 3] = ["all", "rural", "urban"];
const REGIONS: [&str; 3] = ["tibet", "xinjiang", "plateau"];
const AWARDS: [&str; 11] = [
    "medal",
    "title",
    "war_1",
    "war_2",
    "war_3",
    "war_4",
    "merit_1",
    "merit_2",
    "merit_3",
    "excellent",
    "commendation",
];

/// For whom something of a kind may be.
pub(super) fn ofs(kind: &str) -> &'static [&'static str] {
    match kind {
        "stipend" => &DOMICILES,
        "region" => &REGIONS,
        "supplement" | "reward" => &AWARDS,
        _ => &[],
    }
}

pub(super) fn kind(word: &str) -> &str {
    match word {
        "stipend" => w::k_stipend(),
        "region" => w::k_region(),
        "supplement" => w::k_supplement(),
        "reward" => w::k_reward(),
        other => other,
    }
}

pub(super) fn of(word: &str) -> &str {
    match word {
        "all" => w::o_all(),
        "rural" => w::o_rural(),
        "urban" => w::o_urban(),
        "tibet" => w::o_tibet(),
        "xinjiang" => w::o_xinjiang(),
        "plateau" => w::o_plateau(),
        "medal" => w::o_medal(),
        "title" => w::o_title(),
        "war_1" => w::o_war_1(),
        "war_2" => w::o_war_2(),
        "war_3" => w::o_war_3(),
        "war_4" => w::o_war_4(),
        "merit_1" => w::o_merit_1(),
        "merit_2" => w::o_merit_2(),
        "merit_3" => w::o_merit_3(),
        "excellent" => w::o_excellent(),
        "commendation" => w::o_commendation(),
        other => other,
    }
}

pub(super) fn pay(word: &str) -> &str {
    match word {
        "annual_full" => w::p_annual_full(),
        "half_year" => w::p_half_year(),
        "monthly" => w::p_monthly(),
        other => other,
    }
}

pub(super) fn early(word: &str) -> &str {
    match word {
        "actual_months" => w::e_actual_months(),
        "ceil_half_year" => w::e_ceil_half_year(),
        "full_only" => w::e_full_only(),
        other => other,
    }
}

/// How a column is called.
pub(super) fn column(column: &str) -> &str {
    match column {
        "kind" => w::kind(),
        "of" => w::of(),
        "value" => w::value(),
        "income" => w::income(),
        "ratio" => w::ratio(),
        "base_year" => w::base_year(),
        "pay" => w::pay(),
        "early" => w::early(),
        "doc_no" => w::doc_no(),
        "from" => w::from(),
        "to" => w::to(),
        other => other,
    }
}

/// What is wrong in a column, and what is right there.
pub(super) fn fault(fault: &Value) -> String {
    let least = fault["least"].as_i64().unwrap_or_default();
    match fault["why"].as_str().unwrap_or_default() {
        "missing" => w::y_missing().to_owned(),
        "unknown" => w::y_unknown().to_owned(),
        "not_amount" => w::y_not_amount().to_owned(),
        "not_share" => w::y_not_share().to_owned(),
        "not_factor" => w::y_not_factor().to_owned(),
        "below_floor" => w::y_below_floor(domain::money::Money::from_fen(least).to_string()),
        "not_day" => w::y_not_day().to_owned(),
        "not_year" => w::y_not_year().to_owned(),
        "backwards" => w::y_backwards().to_owned(),
        "too_long" => w::y_too_long().to_owned(),
        "twice" => w::y_twice(usize::try_from(least).unwrap_or_default()),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_standard_is_said_in_a_line() {
        let stipend = json!({
            "kind": "stipend", "of": "rural", "value": "14272.00", "doc_no": "双拥〔2026〕3号", "from": "2026-01-01", "to": "2026-12-31",
        });
        let said = Said::of(&stipend);
        assert_eq!(said.item(), "优待金（农村）");
        assert_eq!(said.line(), "14272 元 · 2026 年 1 月 1 日至2026 年 12 月 31 日 · 双拥〔2026〕3号");
        let reward = json!({"kind": "reward", "of": "merit_3", "value": "30%", "base_year": "2025", "from": "2026-01-01"});
        assert!(Said::of(&reward).line().starts_with("2025 年优待金的 30%"));
    }

    #[test]
    fn every_item_of_the_domain_has_its_words_here() {
        for item in domain::stipend::Item::all() {
            let (kind_word, of_word) = item.words();
            assert!(KINDS.contains(&kind_word) && ofs(kind_word).contains(&of_word), "{item}");
            assert_ne!((kind(kind_word), of(of_word)), (kind_word, of_word));
        }
    }
}
