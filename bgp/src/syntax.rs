//! The text format of communities.
//!
//! | syntax | texts | bounds |
//! | --- | --- | --- |
//! | `community` (RFC 1997) | `65000:100`, or a well-known name such as `no-export` | two numbers, 0..65535 each |
//! | `large_community` (RFC 8092) | `65000:1:2` | three numbers, 0..4294967295 each |
//! | `extended_community` (RFC 4360) | `rt:65000:1`, `soo:192.0.2.1:5`, `0x` and 16 hexadecimal digits | see below |
//!
//! An extended community in words is an AS number up to 65535 and a value up to 4294967295, or a larger AS number (but not
//! 4294967295, which RFC 7300 reserves) or an IPv4 address and a value up to 65535.
//!
//! FRR's bgpd parses every text that is accepted here to exactly one community, in each version that the module
//! supports. bgpd accepts more: for instance, it wraps numbers that are too large, and so makes a community that nobody
//! wrote.

use std::net::Ipv4Addr;

use tenterhook_hooks::schema::Syntax;

/// One community.
pub static COMMUNITY: Syntax = Syntax::new(
    "community",
    "community: a name such as no-export, or two numbers of 0..65535 such as 65000:100",
    "65000:100",
    |text| WELL_KNOWN.contains(&text) || numbers(text, [0xffff; 2]),
);

/// One large community.
pub static LARGE_COMMUNITY: Syntax = Syntax::new(
    "large_community",
    "large community: three numbers of 0..4294967295 such as 65000:1:2",
    "65000:1:2",
    |text| numbers(text, [u32::MAX; 3]),
);

/// One extended community.
pub static EXTENDED_COMMUNITY: Syntax = Syntax::new(
    "extended_community",
    "extended community such as rt:65000:1, soo:192.0.2.1:5, or 0x and 16 hexadecimal digits",
    "rt:65000:1",
    extended,
);

/// All syntaxes, for reading declarations that another program wrote.
pub static ALL: [&Syntax; 3] = [&COMMUNITY, &LARGE_COMMUNITY, &EXTENDED_COMMUNITY];

/// Names of communities: RFC 1997, 3765, 7611, 7999, 8326, 9494, and those of route filters. `internet` is not among
/// them, because newer versions of FRR no longer support it.
const WELL_KNOWN: [&str; 14] = [
    "graceful-shutdown",
    "accept-own",
    "route-filter-translated-v4",
    "route-filter-v4",
    "route-filter-translated-v6",
    "route-filter-v6",
    "llgr-stale",
    "no-llgr",
    "accept-own-nexthop",
    "blackhole",
    "no-export",
    "no-advertise",
    "local-AS",
    "no-peer",
];

/// Whether the text consists of N numbers separated by colons, each up to its bound.
fn numbers<const N: usize>(text: &str, most: [u32; N]) -> bool {
    let mut parts = text.split(':');
    most.iter().all(|most| parts.next().and_then(number).is_some_and(|value| value <= *most)) && parts.next().is_none()
}

/// A number of up to ten digits, and nothing else.
fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn extended(text: &str) -> bool {
    if let Some(digits) = text.strip_prefix("0x") {
        return digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    let Some((administrator, value)) =
        text.strip_prefix("rt:").or_else(|| text.strip_prefix("soo:")).and_then(|text| text.split_once(':'))
    else {
        return false;
    };
    let Some(value) = number(value) else { return false };
    match number(administrator) {
        Some(0..=0xffff) => true,
        Some(u32::MAX) => false,
        Some(_) => value <= 0xffff,
        None => value <= 0xffff && administrator.parse::<Ipv4Addr>().is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_accepted_up_to_their_bounds() {
        let long = "1".repeat(11);
        let cases: [(&Syntax, &[&str], &[&str]); 3] = [
            (
                &COMMUNITY,
                &["0:0", "65000:100", "65534:65534", "65535:65535", "00001:1", "no-export", "local-AS", "blackhole"],
                &[
                    "",
                    ":",
                    "1",
                    "1:",
                    ":1",
                    "65536:1",
                    "1:65536",
                    "70000:1",
                    "4294967297:1",
                    "1:2:3",
                    "1:2 3:4",
                    " 1:2",
                    "1:2 ",
                    "-1:2",
                    "+1:2",
                    "0x1:2",
                    "x:y",
                    "no-exports",
                    "NO-EXPORT",
                    "internet",
                    "1:2\0",
                ],
            ),
            (
                &LARGE_COMMUNITY,
                &["0:0:0", "65000:1:2", "4294967294:0:0", "4294967295:4294967295:4294967295"],
                &["", "1:2", "1:2:3:4", "4294967296:1:2", "1:4294967296:2", "1:2:4294967296", "1::2", "a:b:c", &long],
            ),
            (
                &EXTENDED_COMMUNITY,
                &[
                    "rt:0:0",
                    "rt:65535:4294967295",
                    "soo:65536:65535",
                    "rt:4294967294:1",
                    "rt:192.0.2.1:65535",
                    "0x0123456789abcdef",
                    "0x0123456789ABCDEF",
                ],
                &[
                    "",
                    "rt:",
                    "rt:1",
                    "rt:1:",
                    "rt:x",
                    "rt:65535:4294967296",
                    "rt:65536:65536",
                    "rt:4294967295:1",
                    "rt:4294967296:1",
                    "rt:192.0.2.1:65536",
                    "rt:192.0.2:1",
                    "rt:192.0.2.256:1",
                    "RT:1:2",
                    "ab:1:2",
                    "1:2",
                    "0x0123456789abcde",
                    "0x0123456789abcdef0",
                    "0x0123456789abcdeg",
                    "0X0123456789abcdef",
                    "rt:1:2 rt:3:4",
                ],
            ),
        ];
        for (syntax, good, bad) in cases {
            for text in good {
                assert!(syntax.accepts(text.as_bytes()), "{syntax:?} {text:?}");
            }
            for text in bad {
                assert!(!syntax.accepts(text.as_bytes()), "{syntax:?} {text:?}");
            }
            assert!(syntax.accepts(syntax.example().as_bytes()) && !syntax.accepts(b"\xff"), "{syntax:?}");
            assert_eq!(ALL.iter().filter(|known| known.name() == syntax.name()).count(), 1);
        }
        assert!(WELL_KNOWN.iter().all(|name| COMMUNITY.accepts(name.as_bytes())));
    }
}
