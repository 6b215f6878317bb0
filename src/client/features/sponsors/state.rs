//! The list of sponsors: what it is narrowed to and in which order, and their codes in words.

use crate::{
    data::{Amount, SponsorRow, Tally},
    features::{days, labels},
    locale::words::sponsors as w,
    search::{Keys, Terms},
    ui::{Opt, Tone},
};
use domain::{
    day::Day,
    money::Money,
    order::Order,
    sponsor::{Agreement, AgreementState, CreditCode, CreditCodeError, SponsorKind},
};
use std::cmp::Reverse;

/// What is asked of the list.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Asked {
    pub(super) text: String,
    pub(super) sort: Sort,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sort {
    #[default]
    Name,
    /// Whose agreement ends first.
    End,
    /// Who promised most.
    Pledged,
    /// Who owes most of it.
    Owed,
}

impl Sort {
    pub(super) const ALL: [Sort; 4] = [Sort::Name, Sort::End, Sort::Pledged, Sort::Owed];

    pub(super) fn word(self) -> &'static str {
        match self {
            Sort::Name => "name",
            Sort::End => "end",
            Sort::Pledged => "pledged",
            Sort::Owed => "owed",
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Sort::Name => w::sort_name(),
            Sort::End => w::sort_end(),
            Sort::Pledged => w::sort_pledged(),
            Sort::Owed => w::sort_owed(),
        }
    }
}

/// The sponsors that fit, in order.
pub(super) fn shown(rows: &[SponsorRow], asked: &Asked) -> Vec<SponsorRow> {
    let terms = Terms::new(&asked.text);
    let mut found: Vec<(String, SponsorRow)> = Vec::new();
    for row in rows {
        let of_name = Keys::new(&row.name, "", None, &row.phone);
        let of_contact = Keys::new(&row.contact, "", None, "");
        if terms.rank(&of_name, &[]).is_some() || terms.rank(&of_contact, &[]).is_some() {
            found.push((of_name.sound(), row.clone()));
        }
    }
    found.order_by_key(|(sound, row)| (sound.clone(), row.id));
    match asked.sort {
        Sort::Name => {}
        Sort::End => found.order_by_key(|(_, row)| {
            let end = row.agreement.as_ref().and_then(|agreement| agreement.to);
            (end.is_none(), end)
        }),
        Sort::Pledged => found.order_by_key(|(_, row)| Reverse(row.tally.pledged.money)),
        Sort::Owed => found.order_by_key(|(_, row)| Reverse(owed(row.tally))),
    }
    found.into_iter().map(|(_, row)| row).collect()
}

/// What of the money promised has not come; what came besides is not counted against it.
fn owed(tally: Tally) -> Money {
    let money = |amount: Amount| amount.money.unwrap_or_default();
    money(tally.pledged).checked_sub(money(tally.delivered)).unwrap_or_default()
}

/// What a sponsor is; the word itself where this build knows none.
pub(super) fn kind(word: &str) -> String {
    SponsorKind::from_word(word).map_or_else(|| word.to_owned(), |kind| labels::sponsor_kind(kind).to_owned())
}

/// Every kind, to choose from.
pub(super) fn kinds() -> Vec<Opt> {
    SponsorKind::ALL.map(|kind| Opt::new(kind.word(), labels::sponsor_kind(kind))).to_vec()
}

/// From when to when.
pub(super) fn term(agreement: &Agreement) -> String {
    let said = |day: Option<Day>| day.map(|day| days::whole(&day.to_string()));
    match (said(agreement.from), said(agreement.to)) {
        (Some(from), Some(to)) => w::from_to(from, to),
        (Some(from), None) => w::from(from),
        (None, Some(to)) => w::to(to),
        (None, None) => w::no_term().to_owned(),
    }
}

/// Where an agreement stands.
pub(super) fn standing(state: AgreementState) -> (Tone, &'static str) {
    match state {
        AgreementState::Ahead => (Tone::Plain, w::agreement_ahead()),
        AgreementState::Running => (Tone::Good, w::agreement_running()),
        AgreementState::Ending => (Tone::Soon, w::agreement_ending()),
        AgreementState::Over => (Tone::Bad, w::agreement_over()),
    }
}

/// The code to store; nothing typed is none. Else what is wrong with it.
pub(super) fn credit_code(typed: &str) -> Result<Option<String>, String> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    match CreditCode::read(typed) {
        Ok(code) => Ok(Some(code.as_str().to_owned())),
        Err(CreditCodeError::Length { found }) => Err(w::code_length(found)),
        Err(CreditCodeError::Sign(sign)) => Err(w::code_sign(sign)),
        Err(CreditCodeError::Checksum) => Err(w::code_checksum().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync::{id::AreaId, wire::Fields};
    use uuid::Uuid;

    fn sponsor(n: u128, name: &str, to: Option<&str>, pledged: i64, delivered: i64) -> SponsorRow {
        let amount = |fen| Amount { money: Some(Money::from_fen(fen)), goods: 0 };
        SponsorRow {
            id: Uuid::from_u128(n),
            area: AreaId(Uuid::nil()),
            name: name.to_owned(),
            kind: "private".to_owned(),
            credit_code: String::new(),
            contact: "陈立".to_owned(),
            phone: format!("1380000000{n}"),
            agreement: to.map(|to| Agreement { to: to.parse().ok(), ..Agreement::default() }),
            tally: Tally { pledged: amount(pledged), delivered: amount(delivered), adopted: 0 },
            unsent: false,
            fields: Fields::new(),
        }
    }

    #[test]
    fn the_list_is_sorted_and_searched() {
        let rows = [
            sponsor(1, "远大建材", Some("2027-05-01"), 100, 100),
            sponsor(2, "安民药房", None, 300, 0),
            sponsor(3, "红日粮油", Some("2026-12-01"), 500, 400),
        ];
        for (text, sort, names) in [
            ("", Sort::Name, "安民药房 红日粮油 远大建材"),
            ("", Sort::End, "红日粮油 远大建材 安民药房"),
            ("", Sort::Pledged, "红日粮油 安民药房 远大建材"),
            ("", Sort::Owed, "安民药房 红日粮油 远大建材"),
            ("粮油", Sort::Name, "红日粮油"),
            ("hrly", Sort::Name, "红日粮油"),
            ("陈立", Sort::Name, "安民药房 红日粮油 远大建材"),
            ("0002", Sort::Name, "安民药房"),
            ("银行", Sort::Name, ""),
        ] {
            let asked = Asked { text: text.to_owned(), sort };
            let found: Vec<String> = shown(&rows, &asked).into_iter().map(|row| row.name).collect();
            assert_eq!(found.join(" "), names, "{text} {sort:?}");
        }
    }

    #[test]
    fn a_wrong_code_is_refused_in_words() {
        assert_eq!(credit_code(" "), Ok(None));
        assert_eq!(credit_code("91350100m000100y43"), Ok(Some("91350100M000100Y43".to_owned())));
        for (typed, said) in
            [("9135", "4 位"), ("9135O100M000100Y43", "“O”"), ("91350100M000100Y44", "对不上")]
        {
            assert!(credit_code(typed).is_err_and(|why| why.contains(said)), "{typed}");
        }
    }
}
