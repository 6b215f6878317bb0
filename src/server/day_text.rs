//! Days as ISO text in China's one time zone, for ledgers and demo data.

use time::{OffsetDateTime, UtcOffset};

/// The calendar day of a time.
pub fn day_of_ms(ms: i64) -> String {
    let at = local(ms);
    format!("{:04}-{:02}-{:02}", at.year(), u8::from(at.month()), at.day())
}

/// The day and minute of a time.
pub fn minute_of_ms(ms: i64) -> String {
    let at = local(ms);
    format!("{} {:02}:{:02}", day_of_ms(ms), at.hour(), at.minute())
}

/// The year of a time.
pub fn year_of(ms: i64) -> i64 {
    i64::from(local(ms).year())
}

fn local(ms: i64) -> OffsetDateTime {
    const HOURS_EAST: i8 = 8;
    let offset = UtcOffset::from_hms(HOURS_EAST, 0, 0).unwrap_or(UtcOffset::UTC);
    OffsetDateTime::from_unix_timestamp(ms.div_euclid(1000))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .to_offset(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_midnight_in_china() {
        assert_eq!(day_of_ms(1_795_449_599_000), "2026-11-23");
        assert_eq!(day_of_ms(1_795_449_600_000), "2026-11-24");
        assert_eq!(minute_of_ms(1_795_449_600_000), "2026-11-24 00:00");
    }
}
