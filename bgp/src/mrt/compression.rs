//! Detects a file's compression by its first bytes, and decompresses it.
//!
//! A compressed file is a sequence of members, sometimes with zeros behind each: `gzip` and `bzip2` append, parallel
//! compressors write many members, tapes pad. The next member may even have another format. Memory is bounded by the
//! formats' windows, and those by [`MOST_MEMORY`]; output is passed on as it is produced.

use std::io::{BufRead, Read};

use bzip2::bufread::BzDecoder;
use flate2::bufread::GzDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::input::Input;

/// The largest window, in bytes, that a decoder may keep: the default limit of `zstd` itself, and twice what `xz -9`
/// uses. gzip keeps 32 KiB, bzip2 about 4 MiB.
const MOST_MEMORY: u64 = 128 << 20;

/// The memory that the xz decoder needs beyond the dictionary, in KiB.
const XZ_OVERHEAD: u32 = 104;

/// The number of bytes that identify a format.
const MAGIC: usize = 8;

/// The compression of a file, or of a member of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// No compression.
    None,
    /// gzip (RFC 1952).
    Gzip,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
    /// zstd (RFC 8878).
    Zstd,
}

impl Compression {
    /// The format identified by `head`, the first bytes.
    pub(super) fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Self::Bzip2,
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            // a frame that decoders skip: parallel compressors begin with one
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            _ => Self::None,
        }
    }

    /// Its name: `gzip`, `bzip2`, `xz`, `zstd`, `none`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
        }
    }
}

/// Why a file ends early.
pub(super) struct Broken(pub(super) String);

/// A file, decompressed.
pub(super) struct Unpacked<R: Read> {
    member: Member<R>,
    /// The compression of the file's first member.
    compression: Compression,
}

enum Member<R: Read> {
    Plain(Input<R>),
    /// Before the next member, with the format of the last one.
    Between(Input<R>, Compression),
    // These are boxed because their state is large.
    Gzip(Box<GzDecoder<Input<R>>>),
    Bzip2(Box<BzDecoder<Input<R>>>),
    Xz(Box<XzReader<Input<R>>>),
    Zstd(Box<FrameDecoder>, Input<R>),
    Ended,
}

impl<R: Read> Unpacked<R> {
    /// Detects the format by the first bytes, because the names of archives are not reliable.
    ///
    /// # Errors
    ///
    /// The first bytes cannot be read.
    pub(super) fn new(reader: R) -> std::io::Result<Self> {
        let mut input = Input::new(reader);
        let compression = Compression::of(input.ahead(MAGIC)?);
        let member = match compression {
            Compression::None => Member::Plain(input),
            _ => Member::Between(input, compression),
        };
        Ok(Self { member, compression })
    }

    pub(super) fn compression(&self) -> Compression {
        self.compression
    }

    /// The next bytes; none at the end.
    pub(super) fn read(&mut self, into: &mut [u8]) -> Result<usize, Broken> {
        loop {
            let read = match &mut self.member {
                Member::Plain(input) => {
                    return input.read(into).map_err(|error| Broken(format!("reading failed: {error}")));
                }
                Member::Between(..) => {
                    self.begin()?;
                    continue;
                }
                Member::Gzip(decoder) => decoder.read(into).map_err(|error| error.to_string()),
                Member::Bzip2(decoder) => decoder.read(into).map_err(|error| error.to_string()),
                Member::Xz(decoder) => decoder.read(into).map_err(|error| match error.kind() {
                    std::io::ErrorKind::OutOfMemory => {
                        format!("decompression takes more than {MOST_MEMORY} bytes of memory")
                    }
                    _ => error.to_string(),
                }),
                Member::Zstd(decoder, input) => unpack_zstd(decoder, input, into),
                Member::Ended => return Ok(0),
            };
            match read {
                Ok(0) => self.finish(),
                Ok(read) => return Ok(read),
                Err(error) => return Err(self.broken(&error)),
            }
        }
    }

    /// Begins the next member, or ends if there is none.
    fn begin(&mut self) -> Result<(), Broken> {
        let Member::Between(mut input, last) = std::mem::replace(&mut self.member, Member::Ended) else {
            return Ok(());
        };
        let reading = |error: std::io::Error| Broken(format!("reading failed: {error}"));
        // Zeros are padding; no format begins with a zero.
        loop {
            let bytes = input.fill_buf().map_err(reading)?;
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            if zeros == 0 {
                break;
            }
            input.consume(zeros);
        }
        let head = input.ahead(MAGIC).map_err(reading)?;
        if head.is_empty() {
            return Ok(());
        }
        self.member = match Compression::of(head) {
            Compression::Gzip => Member::Gzip(Box::new(GzDecoder::new(input))),
            Compression::Bzip2 => Member::Bzip2(Box::new(BzDecoder::new(input))),
            Compression::Xz => {
                let kibibytes = u32::try_from(MOST_MEMORY / 1024).unwrap_or(u32::MAX).saturating_add(XZ_OVERHEAD);
                Member::Xz(Box::new(XzReader::new_mem_limit(input, false, kibibytes)))
            }
            Compression::Zstd => begin_zstd(input)?,
            Compression::None => {
                let (name, at) = (last.name(), input.offset());
                return Err(Broken(format!("what follows the {name} data at byte {at} of the file is not {name}")));
            }
        };
        Ok(())
    }

    /// Steps past a member that was read to its end.
    fn finish(&mut self) {
        self.member = match std::mem::replace(&mut self.member, Member::Ended) {
            Member::Gzip(decoder) => Member::Between(decoder.into_inner(), Compression::Gzip),
            Member::Bzip2(decoder) => Member::Between(decoder.into_inner(), Compression::Bzip2),
            Member::Xz(decoder) => Member::Between(decoder.into_inner(), Compression::Xz),
            Member::Zstd(_, input) => Member::Between(input, Compression::Zstd),
            other => other,
        };
    }

    /// Describes where and why a member does not decompress. It is not read any further.
    fn broken(&mut self, error: &str) -> Broken {
        let (compression, input) = match &self.member {
            Member::Gzip(decoder) => (Compression::Gzip, decoder.get_ref()),
            Member::Bzip2(decoder) => (Compression::Bzip2, decoder.get_ref()),
            Member::Xz(decoder) => (Compression::Xz, decoder.inner()),
            Member::Zstd(_, input) => (Compression::Zstd, input),
            Member::Plain(_) | Member::Between(..) | Member::Ended => return Broken(error.to_owned()),
        };
        let broken = described(compression, input, error);
        self.member = Member::Ended;
        broken
    }
}

fn described<R: Read>(compression: Compression, input: &Input<R>, error: &str) -> Broken {
    let (name, at) = (compression.name(), input.offset());
    Broken(match (input.failure(), input.is_at_end()) {
        (Some(failure), _) => format!("reading failed at byte {at} of the file: {failure}"),
        (None, true) => format!("the {name} data is cut short: the file ends at byte {at}"),
        (None, false) => format!("the {name} data is damaged before byte {at} of the file: {error}"),
    })
}

/// Begins a frame, or skips a skippable one.
fn begin_zstd<R: Read>(mut input: Input<R>) -> Result<Member<R>, Broken> {
    if let Ok([0x50..=0x5f, 0x2a, 0x4d, 0x18, a, b, c, d]) = input.ahead(MAGIC) {
        let mut left = u64::from(u32::from_le_bytes([*a, *b, *c, *d])) + MAGIC as u64;
        while left > 0 {
            let there = input.fill_buf().map_or(0, <[u8]>::len);
            if there == 0 {
                return Err(described(Compression::Zstd, &input, "a skippable frame"));
            }
            let step = usize::try_from(left).unwrap_or(usize::MAX).min(there);
            input.consume(step);
            left -= step as u64;
        }
        return Ok(Member::Between(input, Compression::Zstd));
    }
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(MOST_MEMORY);
    match decoder.init(&mut input) {
        Ok(()) => Ok(Member::Zstd(Box::new(decoder), input)),
        Err(error) => Err(described(Compression::Zstd, &input, &error.to_string())),
    }
}

/// The next bytes of a frame; none at its end, where its checksum is compared.
fn unpack_zstd<R: Read>(decoder: &mut FrameDecoder, input: &mut Input<R>, into: &mut [u8]) -> Result<usize, String> {
    while decoder.can_collect() == 0 && !decoder.is_finished() {
        decoder.decode_blocks(&mut *input, BlockDecodingStrategy::UptoBlocks(1)).map_err(|error| error.to_string())?;
    }
    let read = decoder.read(into).map_err(|error| error.to_string())?;
    let promised = decoder.get_checksum_from_data();
    if read == 0 && promised.is_some() && promised != decoder.get_calculated_checksum() {
        return Err("its checksum does not match".to_owned());
    }
    Ok(read)
}
