//! The files of a replay, which are found and examined before anything is replayed and opened one at a time.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, anyhow, bail};
use indicatif::ProgressBar;
use tenterhook_bgp::mrt::{Compression, Event, Reader, Skipped};

use crate::input;

/// The most bytes that may be skipped before the first record for a file to count as MRT.
const PROBED: u64 = 1 << 20;

/// A source of routes.
pub struct Input {
    /// The file's name, or `standard input`.
    pub name: String,
    /// `None` for standard input.
    path: Option<PathBuf>,
    /// Its size in bytes; unknown for standard input.
    pub bytes: Option<u64>,
}

impl Input {
    /// All named files, `-` for standard input, which the script may already use. A wrong name, or a file of another
    /// format, should not cost a replay of the others.
    pub fn all(paths: &[PathBuf], script: &Path) -> Result<Vec<Input>> {
        let named = paths.iter().map(PathBuf::as_path).chain([script]);
        if named.filter(|path| input::is_standard(path)).count() > 1 {
            bail!("--mrt -: standard input can be given only once");
        }
        paths.iter().map(|path| Input::find(path)).collect()
    }

    fn find(path: &Path) -> Result<Input> {
        let name = input::name(path);
        if input::is_standard(path) {
            return Ok(Input { name, path: None, bytes: None });
        }
        let found = Input { name, path: Some(path.to_owned()), bytes: None };
        let file = input::open(path).with_context(|| found.about())?;
        let bytes = Some(file.metadata().with_context(|| found.about())?.len());
        Reader::new(file).map_err(Error::from).and_then(probe).with_context(|| found.about())?;
        Ok(Input { bytes, ..found })
    }

    /// Its reader, which moves the progress bar.
    pub fn reader(&self, bar: &ProgressBar) -> Result<Reader<Box<dyn Read>>> {
        let source: Box<dyn Read> = match &self.path {
            Some(path) => Box::new(input::open(path).with_context(|| self.about())?),
            None => Box::new(io::stdin()),
        };
        Reader::new(Box::new(bar.wrap_read(source)) as Box<dyn Read>).with_context(|| self.about())
    }

    /// The beginning of error messages.
    pub fn about(&self) -> String {
        match self.path {
            Some(_) => format!("MRT file {}", self.name),
            None => self.name.clone(),
        }
    }
}

/// Reads up to the first record.
fn probe(mut reader: Reader<File>) -> Result<()> {
    let mut first = None;
    while let Some(event) = reader.next() {
        match event {
            Event::Record(_) => return Ok(()),
            Event::Skipped(_) if reader.summary().bytes >= PROBED && reader.looks_like().is_none() => return Ok(()),
            Event::Skipped(skipped) => first = first.or(Some(skipped)),
        }
    }
    Err(no_mrt(&reader, first.as_ref()))
}

/// The error for a file without a record, where `first` is the first stretch that was skipped.
pub fn no_mrt<R: Read>(reader: &Reader<R>, first: Option<&Skipped>) -> Error {
    let packed = match reader.compression() {
        Compression::None => String::new(),
        packed => format!(", compressed with {}", packed.name()),
    };
    match (reader.looks_like(), first) {
        (Some(what), _) => anyhow!("expected MRT records, found {what}{packed}"),
        (None, Some(Skipped { offset, reason, .. })) => {
            anyhow!("expected MRT records, found none{packed}: at byte {offset}, {reason}")
        }
        (None, None) if packed.is_empty() => anyhow!("expected MRT records, found an empty file"),
        (None, None) => anyhow!("expected MRT records, found nothing{packed}"),
    }
}
