//! What a family is paid in a span of days, as a line of the roster has it: 优待金额 + 进藏（进疆）增发 + 立功增发 + 其他增发 = 合计.

use super::{
    Award, Domicile, End, Item, PayRule, Region, Service, Standard, Standards, StipendError, TERM_MONTHS,
    Value,
};
use crate::{day::Day, money::Money};

/// The days that a roster is of, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub from: Day,
    /// The last.
    pub to: Day,
}

/// What is known of a family.
#[derive(Clone, Copy, Debug)]
pub struct Family<'a> {
    /// The service of its conscript.
    pub service: Service,
    /// Where the household is registered, if that is known.
    pub domicile: Option<Domicile>,
    /// Where he serves, if more is paid there.
    pub region: Option<Region>,
    /// The awards of the span.
    pub awards: &'a [Award],
    /// What is paid besides.
    pub other: Money,
}

/// What a family is paid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line<'a> {
    /// The months of service that it is for.
    pub months: i32,
    /// 优待金额
    pub stipend: Money,
    /// 进藏（进疆）增发
    pub region: Money,
    /// 立功增发
    pub merit: Money,
    /// 其他增发
    pub other: Money,
    /// 合计
    pub total: Money,
    /// Months that were due before the stipend was forfeited.
    pub to_recover: i32,
    /// Every row that was used, the stipend's first.
    pub standards: Vec<&'a Standard>,
}

/// What falls due for a family in a span; nothing where no month does.
///
/// Each month is paid by the standard that holds on the day on which it falls due; how it falls due says the one of the last day of the span. Of a
/// standard's months the amount is rounded once, to the fen. Of several awards the one that brings most counts, and one without a published share brings
/// nothing besides.
///
/// # Errors
/// When a standard is missing, or the file says too little to choose one.
pub fn year<'a>(
    family: &Family<'_>,
    standards: Standards<'a>,
    span: Span,
) -> Result<Option<Line<'a>>, StipendError> {
    let Some(last) = family.service.last_in(span) else { return Ok(None) };
    let rule = standards.stipend(family.domicile, last)?;
    let rule = rule.pay.ok_or(StipendError::NoStandard { item: rule.item, on: last })?;
    let mut line = Line::default();
    // What was paid in the years before comes back too.
    line.to_recover = family.service.to_recover(rule, span.to)?.iter().map(|due| due.months).sum();
    for Paid { standard, factor, months } in paid(family, standards, rule, span)? {
        let amount = part(amount_of(standard)?, months)?;
        line.months += months;
        line.stipend = sum(line.stipend, amount)?;
        if !line.standards.contains(&standard) {
            line.standards.push(standard);
        }
        if let Some(factor) = factor {
            let whole = amount.share_bp(share_of(factor)?).ok_or(StipendError::TooMuch)?;
            let more = whole.checked_sub(amount).ok_or(StipendError::TooMuch)?;
            line.region = sum(line.region, more)?;
            if !line.standards.contains(&factor) {
                line.standards.push(factor);
            }
        }
    }
    if line.months == 0 {
        return Ok((line.to_recover > 0).then_some(line));
    }
    if let Some((more, standard)) = supplement(family.awards, line.stipend, standards, last)? {
        line.merit = more;
        line.standards.push(standard);
    }
    line.other = family.other;
    line.total = [line.region, line.merit, line.other].into_iter().try_fold(line.stipend, sum)?;
    Ok(Some(line))
}

impl Service {
    /// The last day of a span on which anything can fall due; nothing where the service does not reach into it.
    pub fn last_in(&self, span: Span) -> Option<Day> {
        let end = match self.end {
            Some(End::On(end) | End::Forfeited(end)) => Some(end),
            None => self.from.plus_months(TERM_MONTHS),
        };
        let reaches = self.from <= span.to && end.is_none_or(|end| end >= span.from);
        reaches.then(|| end.map_or(span.to, |end| end.min(span.to)))
    }
}

/// Months that are paid by the same rows.
struct Paid<'a> {
    standard: &'a Standard,
    /// Of where the conscript serves.
    factor: Option<&'a Standard>,
    months: i32,
}

/// The months of the span by the rows that hold on the days on which they fall due.
fn paid<'a>(
    family: &Family<'_>,
    standards: Standards<'a>,
    rule: PayRule,
    span: Span,
) -> Result<Vec<Paid<'a>>, StipendError> {
    let mut rows: Vec<Paid<'a>> = Vec::new();
    for due in family.service.due(rule, span.to)?.into_iter().filter(|due| due.on >= span.from) {
        let standard = standards.stipend(family.domicile, due.on)?;
        let factor = family.region.map(|region| standards.on(Item::Region(region), due.on)).transpose()?;
        let is_same = |last: &&mut Paid<'a>| {
            last.standard.id == standard.id && last.factor.map(|one| one.id) == factor.map(|one| one.id)
        };
        match rows.last_mut().filter(is_same) {
            Some(last) => last.months += due.months,
            None => rows.push(Paid { standard, factor, months: due.months }),
        }
    }
    Ok(rows)
}

/// What the best of the awards brings besides.
fn supplement<'a>(
    awards: &[Award],
    stipend: Money,
    standards: Standards<'a>,
    on: Day,
) -> Result<Option<(Money, &'a Standard)>, StipendError> {
    let mut best: Option<(Money, &Standard)> = None;
    for standard in awards.iter().filter_map(|award| standards.find(Item::Supplement(*award), on)) {
        let more = stipend.share_bp(share_of(standard)?).ok_or(StipendError::TooMuch)?;
        if best.is_none_or(|(most, _)| more > most) {
            best = Some((more, standard));
        }
    }
    Ok(best)
}

/// So many twelfths of a year's amount, half a fen up.
fn part(amount: Money, months: i32) -> Result<Money, StipendError> {
    const MONTHS: i128 = 12;
    let product = i128::from(amount.fen()) * i128::from(months);
    let fen = (2 * product + MONTHS).div_euclid(2 * MONTHS);
    i64::try_from(fen).map(Money::from_fen).map_err(|_| StipendError::TooMuch)
}

fn amount_of(standard: &Standard) -> Result<Money, StipendError> {
    match standard.value {
        Value::Amount(amount) => Ok(amount),
        _ => Err(StipendError::NoStandard { item: standard.item, on: standard.from }),
    }
}

fn share_of(standard: &Standard) -> Result<i64, StipendError> {
    match standard.value {
        Value::Share(bp) => Ok(bp),
        _ => Err(StipendError::NoStandard { item: standard.item, on: standard.from }),
    }
}

fn sum(one: Money, other: Money) -> Result<Money, StipendError> {
    one.checked_add(other).ok_or(StipendError::TooMuch)
}
