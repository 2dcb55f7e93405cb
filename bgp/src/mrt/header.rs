//! The common header of MRT records, and which headers are plausible.

use super::cursor::Reason;

/// Bytes of the common header: seconds, type, subtype, length.
pub(super) const HEADER: usize = 12;

pub(super) const TABLE_DUMP: u16 = 12;
pub(super) const TABLE_DUMP_V2: u16 = 13;
pub(super) const BGP4MP: u16 = 16;
pub(super) const BGP4MP_ET: u16 = 17;

/// 1990-01-01 in seconds; MRT is younger.
const EPOCH: u32 = 631_152_000;

/// The longest body of any type. It bounds how far the reader looks ahead and how much memory a record takes.
///
/// In a damaged file the 32-bit length field is the first to be wrong, so it must not decide how much is read. Only the
/// records of TABLE_DUMP_V2 have no bound of their own. The largest sensible ones are a peer index table of 65,535 IPv6
/// peers (1.7 MiB with the longest view name) and a RIB record of a few thousand paths of a few hundred bytes each; 4
/// MiB is enough for both.
pub(super) const MAX_BODY: u32 = 4 << 20;

/// The largest size of a single attribute section or BGP message (16-bit length) with the fields around it: two IPv6
/// addresses, two AS numbers and so on, at most 48 bytes.
const MAX_SINGLE: u32 = 0xffff + 48;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) seconds: u32,
    pub(super) kind: u16,
    pub(super) subtype: u16,
    pub(super) length: u32,
}

impl Header {
    /// Returns `None` if fewer than [`HEADER`] bytes are left.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (seconds, rest) = bytes.split_first_chunk()?;
        let (kind, rest) = rest.split_first_chunk()?;
        let (subtype, rest) = rest.split_first_chunk()?;
        Some(Self {
            seconds: u32::from_be_bytes(*seconds),
            kind: u16::from_be_bytes(*kind),
            subtype: u16::from_be_bytes(*subtype),
            length: u32::from_be_bytes(*rest.first_chunk()?),
        })
    }

    /// The size of header and body together.
    pub(super) fn total(self) -> usize {
        // usize has at least 32 bits wherever std has files of this size; saturating is safe even with 16 bits.
        HEADER.saturating_add(usize::try_from(self.length).unwrap_or(usize::MAX))
    }

    /// Checks whether a writer of MRT can have produced this header; the error says why not.
    pub(super) fn check(self) -> Result<(), Reason> {
        let Some((least, most)) = self.bounds() else {
            let Self { kind, subtype, .. } = self;
            return Err(format!("MRT type {kind} subtype {subtype} is not known"));
        };
        if self.length < least || self.length > most {
            return Err(format!(
                "a length of {} is impossible for MRT type {} subtype {}",
                self.length, self.kind, self.subtype
            ));
        }
        Ok(())
    }

    /// Whether [`check`](Self::check) accepts the header and its record can contain routes, at a time when MRT existed.
    pub(super) fn is_candidate(self) -> bool {
        matches!(self.kind, TABLE_DUMP | TABLE_DUMP_V2 | BGP4MP | BGP4MP_ET)
            && self.seconds >= EPOCH
            && self.check().is_ok()
    }

    /// The smallest and largest body of this type, in bytes. Types and subtypes are those of IANA's registry; the
    /// deprecated types 0 to 10 are left out, because otherwise every run of zeros would be a chain of headers.
    fn bounds(self) -> Option<(u32, u32)> {
        match (self.kind, self.subtype) {
            (TABLE_DUMP, 1) => Some((22, MAX_SINGLE)),
            (TABLE_DUMP, 2) => Some((46, MAX_SINGLE)),
            (TABLE_DUMP_V2, 1..=12) => Some((7, MAX_BODY)),
            (BGP4MP, 0..=11) => Some((8, MAX_SINGLE)),
            (BGP4MP_ET, 0..=11) => Some((12, MAX_SINGLE + 4)),
            // OSPFv2, IS-IS, OSPFv3: valid records without BGP routes
            (11 | 32 | 33 | 48 | 49, _) => Some((0, MAX_SINGLE)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(kind: u16, subtype: u16, length: u32) -> Header {
        Header { seconds: 1_000_000_000, kind, subtype, length }
    }

    #[test]
    fn lengths_are_bounded_by_type() {
        for (kind, subtype, least, most) in [
            (TABLE_DUMP, 1, 22, MAX_SINGLE),
            (TABLE_DUMP, 2, 46, MAX_SINGLE),
            (TABLE_DUMP_V2, 1, 7, MAX_BODY),
            (BGP4MP, 4, 8, MAX_SINGLE),
            (BGP4MP_ET, 4, 12, MAX_SINGLE + 4),
        ] {
            for (length, good) in
                [(least - 1, false), (least, true), (most, true), (most + 1, false), (u32::MAX, false)]
            {
                let header = header(kind, subtype, length);
                assert_eq!(header.check().is_ok(), good, "{header:?}");
                assert_eq!(header.is_candidate(), good, "{header:?}");
            }
        }
    }

    #[test]
    fn unknown_types_and_impossible_times_are_no_candidates() {
        assert!(header(0, 0, 0).check().is_err());
        assert!(header(14, 1, 100).check().is_err());
        assert!(header(BGP4MP, 12, 100).check().is_err());
        assert!(header(32, 0, 100).check().is_ok() && !header(32, 0, 100).is_candidate());
        let early = Header { seconds: EPOCH - 1, ..header(BGP4MP, 4, 100) };
        assert!(early.check().is_ok() && !early.is_candidate());
    }

    #[test]
    fn parses_big_endian_and_needs_twelve_bytes() {
        let bytes = [0, 0, 0, 1, 0, 16, 0, 4, 0, 0, 1, 2];
        let header = Header::parse(&bytes).unwrap();
        assert_eq!((header.seconds, header.kind, header.subtype), (1, 16, 4));
        assert_eq!(header.total(), 12 + 258);
        assert_eq!(Header::parse(&bytes[..11]), None);
    }
}
