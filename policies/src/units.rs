//! Amounts: the newtypes of bounds, and their notation.
//!
//! No value of any of them means "unlimited"; zero is zero.

use std::fmt;
use std::str::FromStr;

use crate::text::shown;

/// What a number counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Unit {
    /// Units of deterministic guest work; written with the decimal powers K, M, G, T.
    Fuel,
    /// Bytes; written with B, KiB, MiB, GiB, or KB, MB, GB.
    Bytes,
    /// A number of things; written with the decimal powers K, M, G, T.
    Count,
    /// Milliseconds; written with ms, s, min, h.
    Millis,
}

/// Suffixes and their factors. The first list of a unit is the one that is printed, largest first.
const DECIMAL: &[(&str, u64)] =
    &[("T", 1_000_000_000_000), ("G", 1_000_000_000), ("M", 1_000_000), ("K", 1_000), ("", 1)];
const BINARY: &[(&str, u64)] = &[("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];
const TIMES: &[(&str, u64)] = &[("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1)];
const BINARY_AS_DECIMAL: &[(&str, u64)] = &[("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000)];

/// More digits than this after the point are not read; they would only overflow the exact arithmetic.
const MAX_FRACTION_DIGITS: usize = 18;

impl Unit {
    fn printed(self) -> &'static [(&'static str, u64)] {
        match self {
            Unit::Fuel | Unit::Count => DECIMAL,
            Unit::Bytes => BINARY,
            Unit::Millis => TIMES,
        }
    }

    fn only_read(self) -> &'static [(&'static str, u64)] {
        match self {
            Unit::Fuel | Unit::Count | Unit::Millis => &[],
            Unit::Bytes => BINARY_AS_DECIMAL,
        }
    }

    /// The suffix that stands for one.
    fn smallest(self) -> &'static str {
        self.printed().last().map_or("", |(suffix, _)| suffix)
    }

    /// Whether a number without a suffix is allowed; a bare time would leave its unit open.
    pub(crate) const fn may_be_bare(self) -> bool {
        !matches!(self, Unit::Millis)
    }

    /// What is counted, in the plural.
    pub const fn as_str(self) -> &'static str {
        match self {
            Unit::Fuel => "units of fuel",
            Unit::Bytes => "bytes",
            Unit::Count => "pieces",
            Unit::Millis => "milliseconds",
        }
    }

    /// The notation of this unit's amounts in a policy file, for messages.
    pub const fn expected(self) -> &'static str {
        match self {
            Unit::Fuel => r#"a whole number or a string such as "500K", "10M" or "2G""#,
            Unit::Bytes => r#"a whole number of bytes or a string such as "512B", "64KiB" or "4MB""#,
            Unit::Count => r#"a whole number or a string such as "500" or "10K""#,
            Unit::Millis => r#"a string such as "250ms", "10s", "5min" or "1h""#,
        }
    }

    /// Reads a number with its suffix, such as `10M` or `1.5 MiB`. Bytes and times need a suffix (`B` and `ms` among
    /// others); fuel and counts do not.
    ///
    /// # Errors
    ///
    /// The text is not such a number, is not a whole number, or exceeds [`u64::MAX`].
    pub fn parse(self, text: &str) -> Result<u64, UnitError> {
        let error = |kind: fn(Unit, String) -> UnitError| kind(self, shown(text));
        let no_number = || error(|unit, text| UnitError::NotAnAmount { unit, text });

        let end = text.find(|c: char| !matches!(c, '0'..='9' | '_' | '.')).unwrap_or(text.len());
        let (number, rest) = text.split_at(end);
        let suffix = match rest.strip_prefix(' ') {
            Some("") => return Err(no_number()),
            Some(suffix) => suffix,
            None => rest,
        };
        let scale = self
            .printed()
            .iter()
            .chain(self.only_read())
            .find(|(name, _)| *name == suffix)
            .map(|(_, scale)| u128::from(*scale))
            .ok_or_else(no_number)?;

        let (whole, fraction) = match number.split_once('.') {
            Some((whole, fraction)) => (whole, digits(fraction).ok_or_else(no_number)?),
            None => (number, String::new()),
        };
        let whole = digits(whole).ok_or_else(no_number)?;
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > MAX_FRACTION_DIGITS {
            return Err(no_number());
        }

        // Digits alone fail to parse only when there are too many of them.
        let too_large = || error(|unit, text| UnitError::TooLarge { unit, text });
        let whole: u128 = whole.parse().map_err(|_| too_large())?;
        let mut divisor = 1_u128;
        let mut parts = 0_u128;
        for digit in fraction.bytes() {
            // At most MAX_FRACTION_DIGITS rounds: both stay under 10^18, and parts * scale under 10^30.
            divisor *= 10;
            parts = parts * 10 + u128::from(digit - b'0');
        }
        if !(parts * scale).is_multiple_of(divisor) {
            return Err(error(|unit, text| UnitError::NotWhole { unit, text }));
        }
        whole
            .checked_mul(scale)
            .and_then(|value| value.checked_add(parts * scale / divisor))
            .and_then(|value| u64::try_from(value).ok())
            .ok_or_else(too_large)
    }
}

/// The digits of a number without its underscores, each of which must stand between two digits.
fn digits(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(text.len());
    for group in text.split('_') {
        if group.is_empty() || !group.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}

/// A text that is not an amount.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UnitError {
    /// Not a number with one of the unit's suffixes.
    #[error("{text} is not an amount: expected {}", .unit.expected())]
    NotAnAmount {
        /// The unit that was expected.
        unit: Unit,
        /// The text, in quotes, shortened when it is long.
        text: String,
    },
    /// An amount that is not whole.
    #[error("{text} is not a whole number of {}", .unit.as_str())]
    NotWhole {
        /// The unit that was expected.
        unit: Unit,
        /// The text, in quotes, shortened when it is long.
        text: String,
    },
    /// An amount over [`u64::MAX`].
    #[error("{text} is more {} than can be counted", .unit.as_str())]
    TooLarge {
        /// The unit that was expected.
        unit: Unit,
        /// The text, in quotes, shortened when it is long.
        text: String,
    },
}

/// A number and its unit, for printing fields of different units.
///
/// Printed exactly, in the largest unit that needs at most three decimals: `4 MiB`, `1.5 M`, `65537 B`. The
/// alternate form (`{:#}`) leaves out the space, as policy files are usually written: `4MiB`. Both read back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Amount {
    /// The number.
    pub value: u64,
    /// Its unit.
    pub unit: Unit,
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (suffix, scale) = self
            .unit
            .printed()
            .iter()
            .copied()
            .find(|(_, scale)| {
                self.value >= *scale && (u128::from(self.value) * 1000).is_multiple_of(u128::from(*scale))
            })
            // Only zero is below every factor; the last suffix of each list stands for one.
            .unwrap_or((self.unit.smallest(), 1));
        let mut text = (self.value / scale).to_string();
        let thousandths = u128::from(self.value % scale) * 1000 / u128::from(scale);
        if thousandths > 0 {
            text.push('.');
            text.push_str(format!("{thousandths:03}").trim_end_matches('0'));
        }
        if !suffix.is_empty() && !f.alternate() {
            text.push(' ');
        }
        text.push_str(suffix);
        f.pad(&text)
    }
}

macro_rules! amount {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(u64);

        impl $name {
            /// Makes the amount; no value means "unlimited".
            pub const fn new(value: u64) -> Self {
                Self(value)
            }

            /// The number.
            pub const fn get(self) -> u64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&Amount { value: self.0, unit: Unit::$name }, f)
            }
        }

        impl FromStr for $name {
            type Err = UnitError;

            fn from_str(text: &str) -> Result<Self, UnitError> {
                Unit::$name.parse(text).map(Self)
            }
        }
    };
}

amount! {
    /// Deterministic guest work. Prints as `10 M`, reads `500K`, `10M`, `2G`, `1T` or plain digits.
    Fuel
}
amount! {
    /// A size in bytes. Prints as `4 MiB`, reads `512B`, `64KiB`, `4MiB`, `1GiB`, `64KB`, `4MB`, `1GB`; always with
    /// a unit.
    Bytes
}
amount! {
    /// A number of things. Prints as `10 K`, reads `10K` or plain digits.
    Count
}
amount! {
    /// A time in milliseconds. Prints as `1.5 s`, reads `250ms`, `10s`, `5min`, `1h`; always with a unit.
    Millis
}

impl Millis {
    /// The same as a [`std::time::Duration`].
    pub const fn duration(self) -> std::time::Duration {
        std::time::Duration::from_millis(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read() {
        for (text, value) in [
            ("0", 0),
            ("10_000", 10_000),
            ("500K", 500_000),
            ("10M", 10_000_000),
            ("10 M", 10_000_000),
            ("2G", 2_000_000_000),
            ("1T", 1_000_000_000_000),
            ("1.5M", 1_500_000),
            ("1.50M", 1_500_000),
            ("0.001K", 1),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(Unit::Fuel.parse(text), Ok(value), "{text}");
            assert_eq!(Unit::Count.parse(text), Ok(value), "{text}");
        }
        for (text, value) in [
            ("0B", 0),
            ("512B", 512),
            ("64KiB", 65_536),
            ("4MiB", 4 << 20),
            ("1GiB", 1 << 30),
            ("64KB", 64_000),
            ("4MB", 4_000_000),
            ("1GB", 1_000_000_000),
            ("1.5MiB", 3 << 19),
            ("1.0000B", 1),
            ("0.0009765625KiB", 1),
        ] {
            assert_eq!(Unit::Bytes.parse(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "",
            " ",
            "K",
            "M10",
            "-1",
            "+1",
            "1 ",
            " 1",
            "1  K",
            "1k",
            "1Ki",
            "1KiB",
            "1.",
            ".5K",
            "1.5.5K",
            "1__0",
            "_1",
            "1_",
            "1_K",
            "1e3",
            "0x10",
            "ten",
            "1K ",
            "∞",
            "1.0000000000000000001K",
            "unlimited",
        ] {
            let error = text.parse::<Fuel>().expect_err("must be rejected");
            assert!(matches!(error, UnitError::NotAnAmount { .. }), "{text:?} gave {error:?}");
        }
        for text in ["65536", "1K", "1M", "1kib", "1mb", "1TiB", "1 "] {
            assert!(matches!(text.parse::<Bytes>(), Err(UnitError::NotAnAmount { .. })), "{text:?}");
        }
        for text in ["10", "10m", "10 seconds", "1d", "off"] {
            assert!(matches!(text.parse::<Millis>(), Err(UnitError::NotAnAmount { .. })), "{text:?}");
        }
        assert_eq!("1.5min".parse(), Ok(Millis::new(90_000)));
        assert!(matches!("0.5ms".parse::<Millis>(), Err(UnitError::NotWhole { .. })));
        for text in ["1.5", "1.0005K", "0.0000001M"] {
            assert!(matches!(text.parse::<Count>(), Err(UnitError::NotWhole { .. })), "{text:?}");
        }
        for text in ["18446744073709551616", "18446744073709551.616K", "99999999T", &"9".repeat(100)] {
            assert!(matches!(text.parse::<Fuel>(), Err(UnitError::TooLarge { .. })), "{text:?}");
        }
    }

    #[test]
    fn errors_say_what_was_expected() {
        assert_eq!(
            "10X".parse::<Fuel>().expect_err("must be rejected").to_string(),
            r#""10X" is not an amount: expected a whole number or a string such as "500K", "10M" or "2G""#
        );
        assert_eq!(
            "0.1B".parse::<Bytes>().expect_err("must be rejected").to_string(),
            r#""0.1B" is not a whole number of bytes"#
        );
        assert_eq!(
            "99999999T".parse::<Fuel>().expect_err("must be rejected").to_string(),
            r#""99999999T" is more units of fuel than can be counted"#
        );
    }

    #[test]
    fn amounts_print_for_people() {
        for (value, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1 K"),
            (1_500_000, "1.5 M"),
            (10_000_000, "10 M"),
            (1_234_567, "1234.567 K"),
            (1_000_000_000_000, "1 T"),
            (1_000_000_001, "1000000.001 K"),
        ] {
            assert_eq!(Fuel::new(value).to_string(), text);
        }
        for (value, text) in [
            (0, "0 B"),
            (1, "1 B"),
            (1 << 10, "1 KiB"),
            (1536, "1.5 KiB"),
            (4 << 20, "4 MiB"),
            (65_537, "65537 B"),
            ((1 << 30) + (1 << 27), "1.125 GiB"),
        ] {
            assert_eq!(Bytes::new(value).to_string(), text);
        }
        for (value, text) in [(0, "0 ms"), (250, "250 ms"), (1_500, "1.5 s"), (90_000, "1.5 min"), (3_600_000, "1 h")] {
            assert_eq!(Millis::new(value).to_string(), text);
        }
        assert_eq!(format!("{:#}", Bytes::new(4 << 20)), "4MiB");
        assert_eq!(format!("{:>8}|{:<8}|", Fuel::new(10_000), Count::new(7)), "    10 K|7       |");
    }

    #[test]
    fn what_is_printed_reads_back() {
        let mut value = 1_u64;
        let mut values = vec![0, u64::MAX];
        while let Some(next) = value.checked_mul(3) {
            values.extend([value - 1, value, value + 1, value.next_power_of_two()]);
            value = next;
        }
        for value in values {
            let (fuel, bytes, millis) = (Fuel::new(value), Bytes::new(value), Millis::new(value));
            for text in [millis.to_string(), format!("{millis:#}")] {
                assert_eq!(text.parse(), Ok(millis), "{text}");
            }
            for text in [fuel.to_string(), format!("{fuel:#}")] {
                assert_eq!(text.parse(), Ok(fuel), "{text}");
            }
            for text in [bytes.to_string(), format!("{bytes:#}")] {
                assert_eq!(text.parse(), Ok(bytes), "{text}");
            }
        }
    }
}
