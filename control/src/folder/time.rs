//! Times in attachment files: RFC 3339, possibly written by hand.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time that a text in RFC 3339 represents, with any offset; `None` if it is invalid, or before 1970.
pub(super) fn parse_rfc3339(text: &str) -> Option<SystemTime> {
    let toml::value::Datetime { date: Some(date), time: Some(time), offset: Some(offset) } = text.parse().ok()? else {
        return None;
    };
    let east = match offset {
        toml::value::Offset::Z => 0,
        toml::value::Offset::Custom { minutes } => i64::from(minutes) * 60,
    };
    let days = i64::try_from(days(date.year.into(), date.month.into(), date.day.into())?).ok()?;
    let of_day = i64::from(time.hour) * 3600 + i64::from(time.minute) * 60 + i64::from(time.second.unwrap_or(0));
    let seconds = u64::try_from(days * 86_400 + of_day - east).ok()?;
    UNIX_EPOCH.checked_add(Duration::new(seconds, time.nanosecond.unwrap_or(0)))
}

/// Days from 1970-01-01 to a day of the Gregorian calendar; `None` before.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    // Years begin in March, so that leap days end them; 146,097 days are 400 years.
    let year = year.checked_sub(u64::from(month <= 2))?;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day.checked_sub(1)?;
    let (era, of_era) = (year / 400, year % 400);
    (era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year).checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use tenterhook::operate::rfc3339;

    use super::*;

    #[test]
    fn times_are_read_with_their_offset_and_as_they_were_written() {
        for seconds in (0..4_200_000_000).step_by(7_654_321) {
            let time = UNIX_EPOCH + Duration::new(seconds, 123_456_000);
            assert_eq!(parse_rfc3339(&rfc3339(time)), Some(time));
        }
        assert_eq!(parse_rfc3339("2026-11-24T14:49:49+01:00"), parse_rfc3339("2026-11-24T13:49:49Z"));
        for text in
            ["", "yesterday", "2026-11-24", "2026-11-24T13:49:49", "1969-12-31T23:59:59Z", "2026-13-01T00:00:00Z"]
        {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
    }
}
