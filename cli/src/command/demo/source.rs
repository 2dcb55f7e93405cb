//! The source of the demo's routes: generated, or an MRT file.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use tenterhook_bgp::mrt::{Event, Reader, Record};
use tenterhook_bgp::routes::{Generator, Importer, LeftOut, Route};

use crate::{input, text};

/// Seed of the generated routes.
const SEED: u64 = 1;

/// The number of routes that a thread takes at once.
const BATCH: usize = 256;

/// Distributes routes to several threads.
pub struct Source {
    feed: Mutex<Feed>,
    skipped: Arc<AtomicU64>,
}

struct Feed {
    routes: Box<dyn Iterator<Item = Result<Route>> + Send>,
    /// The first routes, for the comparison.
    sample: Vec<Route>,
    sample_size: usize,
}

impl Source {
    /// Generated routes.
    pub fn generated(routes: u64, sample_size: usize) -> Source {
        let most = usize::try_from(routes).unwrap_or(usize::MAX);
        Source::new(Generator::new(SEED).take(most).map(Ok), sample_size, Arc::default())
    }

    /// The announced routes of an MRT file, at most this many.
    pub fn mrt(path: &Path, routes: Option<u64>, sample_size: usize) -> Result<Source> {
        let name = || format!("MRT file {}", text::path(path));
        let reader = Reader::new(input::open(path).with_context(name)?).with_context(name)?;
        let most = routes.map_or(usize::MAX, |routes| usize::try_from(routes).unwrap_or(usize::MAX));
        let mut importer = Importer::default();
        let skipped: Arc<AtomicU64> = Arc::default();
        let counter = Arc::clone(&skipped);
        let routes = reader.flat_map(move |event| match event {
            Event::Record(record) => asked_about(&mut importer, &record),
            Event::Skipped(_) => {
                counter.fetch_add(1, Ordering::Relaxed);
                Vec::new()
            }
        });
        let routes = routes.take(most);
        Ok(Source::new(routes, sample_size, skipped))
    }

    fn new(
        routes: impl Iterator<Item = Result<Route>> + Send + 'static,
        sample_size: usize,
        skipped: Arc<AtomicU64>,
    ) -> Source {
        Source { feed: Mutex::new(Feed { routes: Box::new(routes), sample: Vec::new(), sample_size }), skipped }
    }

    /// The stretches of the file so far that are not records.
    pub fn skipped(&self) -> u64 {
        self.skipped.load(Ordering::Relaxed)
    }

    /// The next routes; empty at the end.
    pub fn batch(&self) -> Result<Vec<Route>> {
        let mut feed = self.feed.lock().unwrap_or_else(PoisonError::into_inner);
        let batch = feed.routes.by_ref().take(BATCH).collect::<Result<Vec<Route>>>()?;
        let missing = feed.sample_size - feed.sample.len();
        let more = batch.iter().take(missing).cloned();
        feed.sample.extend(more);
        Ok(batch)
    }

    /// The first routes that were distributed.
    pub fn into_sample(self) -> Vec<Route> {
        self.feed.into_inner().unwrap_or_else(PoisonError::into_inner).sample
    }
}

/// The routes of a record for which a router would call its scripts.
fn asked_about(importer: &mut Importer, record: &Record) -> Vec<Result<Route>> {
    let announced = record.announced.iter().filter(|announced| LeftOut::announced(record, announced).is_none());
    announced.map(|announced| Ok(importer.route(record, announced)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_handed_out_once_and_the_first_are_kept() -> Result<()> {
        let source = Source::generated(1_000, 10);
        let mut routes = Vec::new();
        loop {
            let batch = source.batch()?;
            if batch.is_empty() {
                break;
            }
            routes.extend(batch);
        }
        assert_eq!(routes, Generator::new(SEED).take(1_000).collect::<Vec<_>>());
        assert_eq!(source.into_sample(), routes[..10]);
        Ok(())
    }
}
