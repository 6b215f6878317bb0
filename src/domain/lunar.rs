//! The farmers' calendar (农历), 1900–2100, by an own table: browsers put some months a day wrong (Spring Festival 2027 among them).

use crate::day::Day;

/// The first year of the table.
const FIRST_YEAR: i32 = 1900;

/// One number a year. Bit `m` − 1: month `m` has 30 days, else 29. Bits 12–15: the month after which a leap month stands, 0 for none;
/// bit 16: that one has 30 days. From bit 17: days from 21 January to the first day of the year.
const YEARS: [u32; 201] = [
    0x148bd2, 0x3a0752, 0x240ea5, 0x105b2a, 0x34064b, 0x1c0a9b, 0x094aa6, 0x2e056a, 0x180b59, 0x022baa,
    0x280752, 0x126da5, 0x380b25, 0x200a4b, 0x0b5a4b, 0x3002ad, 0x1a056b, 0x0425b5, 0x2a0da9, 0x177e92,
    0x3c0e92, 0x240d25, 0x0e5d2d, 0x340a56, 0x1e02b6, 0x074ad5, 0x2e06d4, 0x180ea9, 0x042f4a, 0x280e92,
    0x1266a6, 0x36052b, 0x200a57, 0x0b5956, 0x300b5a, 0x1c06d4, 0x073761, 0x2a0749, 0x157b13, 0x3a0a93,
    0x24052b, 0x0d651b, 0x320aad, 0x1e056a, 0x094da5, 0x2e0ba4, 0x180b49, 0x022d4b, 0x280a95, 0x107aad,
    0x360536, 0x200aad, 0x0d5aca, 0x3005b2, 0x1a0da5, 0x073ea2, 0x2c0d4a, 0x148595, 0x380a97, 0x240556,
    0x0e6575, 0x320ad5, 0x1e06d2, 0x084755, 0x2e0ea5, 0x18064a, 0x00364f, 0x260a9b, 0x127ada, 0x36056a,
    0x200b69, 0x0c5bb2, 0x320b52, 0x1a0b25, 0x044b2b, 0x2a0a4b, 0x148aab, 0x3802ad, 0x22056d, 0x0f65a9,
    0x340da9, 0x1e0d92, 0x084e95, 0x2e0d25, 0x18ae4d, 0x3c0a56, 0x2602b6, 0x1062f5, 0x3606d5, 0x200ea9,
    0x0c5f52, 0x320e92, 0x1c0d26, 0x04352e, 0x280a57, 0x148ad6, 0x3a035a, 0x2206d5, 0x0e5b69, 0x340749,
    0x1e0693, 0x064a9b, 0x2c052b, 0x160a5b, 0x022aae, 0x26056a, 0x107dd5, 0x380ba4, 0x220b49, 0x0a5d53,
    0x300a95, 0x1a052d, 0x04455d, 0x280ab5, 0x149baa, 0x3a05d2, 0x240da5, 0x0f6e8a, 0x340d4a, 0x1e0c95,
    0x084a9e, 0x2c0556, 0x160ab5, 0x022ada, 0x2806d2, 0x106765, 0x360725, 0x20064b, 0x0a5657, 0x2e0cab,
    0x1a055a, 0x04356e, 0x2a0b69, 0x14bf52, 0x3a0b52, 0x240b25, 0x0f6d0b, 0x320a4b, 0x1c04ab, 0x0652bb,
    0x2c05ad, 0x160b6a, 0x022daa, 0x280d92, 0x127ea5, 0x360d25, 0x200a55, 0x0b5a4d, 0x3004b6, 0x1805b5,
    0x0536d2, 0x2a0ec9, 0x168f92, 0x3a0e92, 0x240d26, 0x0f6516, 0x320a57, 0x1c0556, 0x074365, 0x2c0755,
    0x180749, 0x00374b, 0x260693, 0x107aab, 0x36052b, 0x1e0a5b, 0x0a5aba, 0x30056a, 0x1a0b65, 0x044baa,
    0x2a0b4a, 0x148d95, 0x3a0a95, 0x22052d, 0x0c656d, 0x320ab5, 0x1e05aa, 0x0645d5, 0x2c0da5, 0x180d4a,
    0x023e4d, 0x260c96, 0x107cce, 0x360556, 0x200ab5, 0x0b5ad2, 0x3006d2, 0x1a0ea5, 0x06472a, 0x28068b,
    0x128697, 0x3804ab, 0x22055b, 0x0d6556, 0x320b6a, 0x1e0752, 0x084b95, 0x2c0b45, 0x160a8b, 0x002a4f,
    0x2604ab,
];

/// A day of the farmers' calendar that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LunarDay {
    year: i32,
    month: u8,
    is_leap: bool,
    day: u8,
}

impl LunarDay {
    /// The day of a year, month 1–12 and day; `None` if the calendar has none, or beyond the table.
    pub fn new(year: i32, month: u8, is_leap: bool, day: u8) -> Option<LunarDay> {
        let bits = bits(year)?;
        let (.., length) = months(bits).find(|(number, leap, _)| (*number, *leap) == (month, is_leap))?;
        (1..=length).contains(&day).then_some(LunarDay { year, month, is_leap, day })
    }

    /// What a calendar day is; `None` before 1900-01-31 and after 2101-01-28.
    pub fn of(day: Day) -> Option<LunarDay> {
        // Its year began in this calendar year or in the one before.
        let (year, first) = [day.year(), day.year() - 1]
            .into_iter()
            .find_map(|year| Some((year, new_year(year)?)).filter(|(_, first)| *first <= day))?;
        let mut left = day.days_since(first);
        for (month, is_leap, length) in months(bits(year)?) {
            if left < i64::from(length) {
                return Some(LunarDay { year, month, is_leap, day: u8::try_from(left).ok()? + 1 });
            }
            left -= i64::from(length);
        }
        None
    }

    /// Its day in the calendar.
    pub fn day(self) -> Option<Day> {
        let passed: i64 = months(bits(self.year)?)
            .take_while(|(number, leap, _)| (*number, *leap) != (self.month, self.is_leap))
            .map(|(.., length)| i64::from(length))
            .sum();
        new_year(self.year)?.plus_days(passed + i64::from(self.day) - 1)
    }

    /// As people say it: 正月初一, 闰六月初三, 腊月廿三.
    pub fn words(self) -> String {
        const MONTHS: [&str; 12] = ["正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊"];
        const DIGITS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
        let (month, last) = (usize::from(self.month) - 1, usize::from(self.day) - 1);
        let tens = match self.day {
            20 => "二",
            30 => "三",
            ..=10 => "初",
            11..=19 => "十",
            _ => "廿",
        };
        let leap = if self.is_leap { "闰" } else { "" };
        format!("{leap}{}月{tens}{}", MONTHS[month], DIGITS[last % 10])
    }
}

/// 春节: the first day of a lunar year, which begins in the calendar year of that number.
pub fn new_year(year: i32) -> Option<Day> {
    Day::new(year, 1, 21)?.plus_days(i64::from(bits(year)? >> 17))
}

/// 清明: the solar term, 4–6 April, by the length of the year.
pub fn qingming(year: i32) -> Option<Day> {
    bits(year)?;
    // Where it stands in the first year of the century, in ten thousandths of a day.
    let (years, start) = if year < 2_000 { (year - 1_900, 55_900) } else { (year - 2_000, 48_100) };
    let leap_days = years / 4 - years / 100;
    Day::new(year, 4, u8::try_from((years * 2_422 + start) / 10_000 - leap_days).ok()?)
}

fn bits(year: i32) -> Option<u32> {
    YEARS.get(usize::try_from(year - FIRST_YEAR).ok()?).copied()
}

/// The months of a year: number, whether it is the leap one, days.
fn months(bits: u32) -> impl Iterator<Item = (u8, bool, u8)> {
    let length = move |bit: u32| if bits >> bit & 1 == 1 { 30 } else { 29 };
    (1..=12_u8).flat_map(move |month| {
        let leap = (bits >> 12 & 15 == u32::from(month)).then(|| (month, true, length(16)));
        [Some((month, false, length(u32::from(month) - 1))), leap].into_iter().flatten()
    })
}

#[cfg(test)]
mod tests;
