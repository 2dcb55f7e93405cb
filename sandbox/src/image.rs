//! A script's memory right after a load.
//!
//! ```text
//! base     what the interpreter's memory holds after its start, kept once
//! content  the lines (64 bytes) in which a loaded program differs from it; equal programs share one
//! image    an attachment's own: a content, and a number that no other image has
//! ```
//!
//! A restore covers every byte of an executor's memory: it writes the lines of the content, then those of the base that
//! are not zero; all other memory must be zero, and is checked, and cleared where it is not. Restoring the same image
//! on the same executor covers only the memory that a correct interpreter can have written and still reads: variables,
//! and the heap up to the end of the image's heap. The stack below is not restored (its frames are dead), nor is the
//! heap above (blocks that the image never had). Images are therefore distinct even where their contents are equal:
//! another attachment's calls may have left anything in the rest.
//!
//! Most of that heap is *settled*: strings, prototypes and types, which no call writes unless it collects garbage, and
//! buffers, whose content belongs to one call (free memory is one). The guest lists the settled memory, and sets a flag
//! when a call writes to it. Without that flag only the rest is restored, from one packed copy that stays in the
//! processor's nearest cache; with it, everything but the buffers is.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use tenterhook_guest_lua as guest_lua;
use tenterhook_policies::PAGE;

use crate::guest::{Info, slice};
use crate::imports::RESTORE_PAGE;

/// The granularity of the difference, in bytes.
const LINE: usize = 64;
/// The size from which a buffer counts as free memory; buffers of arguments, answers and replies are smaller.
const LARGE_BUFFER: usize = 16 << 10;

static NEXT: AtomicU64 = AtomicU64::new(1);

/// Memory and layout of a loaded script, or of the bare interpreter.
pub struct Image {
    /// Unique in this process, never reused.
    pub(crate) id: u64,
    content: Arc<Content>,
    /// What each call is charged for the restore, in units of fuel.
    pub fuel: u64,
    /// Value of the stack pointer between calls.
    pub(crate) stack_pointer: u32,
    /// Where the guest sets the flag that settled memory was written.
    unsettled: usize,
    /// Where arguments go, and how many bytes fit.
    pub(crate) args: (u32, u32),
    /// Where replies of host calls go, and how many bytes fit.
    pub(crate) reply: (u32, u32),
}

/// The content of memory.
#[derive(PartialEq, Eq, Hash)]
struct Content {
    /// Size of linear memory in bytes.
    size: usize,
    /// Where it differs from the base (from zeros if there is no base), in whole lines, ascending; and the content
    /// there, concatenated. The parts below are left out.
    runs: Box<[Range<u32>]>,
    lines: Box<[u8]>,
    /// What the same image has to restore: static data and heap, less the buffers in them; ascending.
    lasting: Box<[Range<u32>]>,
    /// The parts of these that are not settled, and their content, concatenated.
    parts: Box<[Range<u32>]>,
    packed: Box<[u8]>,
    base: Base,
}

/// The interpreter's own content, which all others share.
#[derive(Clone)]
struct Base(Option<Arc<Content>>);

impl PartialEq for Base {
    fn eq(&self, other: &Base) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        }
    }
}

impl Eq for Base {}

impl Hash for Base {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

/// Contents that are in use, by hash.
#[derive(Default)]
pub(crate) struct Contents {
    known: Mutex<HashMap<u64, Weak<Content>>>,
    hasher: RandomState,
}

impl Contents {
    /// Makes the image share its content with an equal image, if there is one.
    pub fn share(&self, image: &mut Image) {
        let hash = self.hasher.hash_one(&*image.content);
        let mut known = self.known.lock();
        match known.get(&hash).and_then(Weak::upgrade) {
            Some(same) if same == image.content => image.content = same,
            // A different content with the same hash is no longer found, which does no harm.
            _ => {
                if known.len() == known.capacity() {
                    known.retain(|_, content| content.strong_count() > 0);
                }
                known.insert(hash, Arc::downgrade(&image.content));
            }
        }
    }
}

impl Image {
    /// Takes the image of `memory` as the difference from `base`. `Err` if the layout that the guest reports is
    /// impossible.
    pub(crate) fn take(
        base: Option<&Arc<Image>>,
        memory: &[u8],
        info: &Info,
        stack_pointer: u32,
    ) -> Result<Image, String> {
        // A correct interpreter does not write constants. A corrupted one ends its calls with a trap, or harms only its
        // own script.
        let constants_end = if info.abi == guest_lua::ABI_VERSION { guest_lua::WRITABLE_FROM } else { 0 };
        let (start, end) = (info.data_start.max(constants_end), info.heap_high);
        if start > end || end as usize > memory.len() {
            return Err(format!("the guest's memory is laid out as {start}..{end} of {} bytes", memory.len()));
        }
        let args_fit = (info.args as usize).checked_add(info.args_cap as usize).is_some_and(|end| end <= memory.len());
        if !args_fit || stack_pointer as usize > memory.len() {
            return Err("the guest's buffers lie outside of its memory".to_owned());
        }
        let own = base.map_or(memory.len(), |base| base.memory_size());
        // The stack lies below everything else: what is below its pointer now belongs to calls that have ended.
        let mut memory = memory.to_vec();
        if let Some(dead) = memory.get_mut(..stack_pointer.min(start) as usize) {
            dead.fill(0);
        }
        // No call reads what the load left in a buffer. Large buffers are free memory, which the guest has cleared.
        for (buffer, is_buffer) in settled(&memory, info) {
            if is_buffer
                && buffer.len() <= LARGE_BUFFER
                && let Some(buffer) = memory.get_mut(range_of(&buffer))
            {
                buffer.fill(0);
            }
        }
        let memory = &*memory;
        Ok(Image {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            content: Arc::new(Content::take(base.map(|base| &base.content), memory, info, start..end)),
            fuel: restore_fuel(own, memory.len()),
            stack_pointer,
            unsettled: info.unsettled as usize,
            args: (info.args, info.args_cap),
            reply: (info.reply, info.reply_cap),
        })
    }

    /// The size of linear memory that an executor needs for it, in bytes.
    #[inline]
    pub fn memory_size(&self) -> usize {
        self.content.size
    }

    /// The memory that it takes in the host, in bytes, unless it shares an equal image's content.
    pub fn footprint(&self) -> usize {
        let Content { runs, lines, lasting, parts, packed, .. } = &*self.content;
        let ranges = size_of_val(&**runs) + size_of_val(&**lasting) + size_of_val(&**parts);
        lines.len() + packed.len() + ranges + size_of::<Content>() + size_of::<Image>()
    }

    /// Restores all of `memory`, whatever it held.
    pub(crate) fn restore_all(&self, memory: &mut [u8]) {
        self.content.restore(memory, 0..memory.len());
        self.content.restore_parts(memory);
    }

    /// Restores the memory that a call of this same image can have written. `memory` must have been restored to this
    /// image before that call.
    #[inline]
    pub(crate) fn restore_touched(&self, memory: &mut [u8]) {
        let noted = memory.get(self.unsettled..).and_then(|rest| rest.first_chunk::<4>());
        if noted != Some(&[0; 4]) {
            self.content.restore_lasting(memory);
        }
        self.content.restore_parts(memory);
    }

    /// For tests: the number of bytes that differ from the image, among those that a call of this image may have
    /// written and a later one may read. It is 0 after a restore.
    #[cfg(feature = "inspect")]
    pub(crate) fn differences(&self, memory: &[u8]) -> usize {
        let mut expected = memory.to_vec();
        self.content.restore_lasting(&mut expected);
        self.content.restore_parts(&mut expected);
        if expected == memory { 0 } else { expected.iter().zip(memory).filter(|(a, b)| a != b).count() }
    }
}

impl Content {
    fn take(base: Option<&Arc<Content>>, memory: &[u8], info: &Info, touched: Range<u32>) -> Content {
        let settled = settled(memory, info);
        let lasting = without(&settled, |buffer| buffer, touched.clone());
        // No call starts from the base itself.
        let parts = if base.is_some() { without(&settled, |_| true, touched) } else { Box::default() };
        let packed = parts.iter().filter_map(|part| memory.get(range_of(part))).flatten().copied().collect();
        // The memory without this script; the parts are left as they are, because they have a copy of their own.
        let mut before = vec![0; memory.len()];
        if let Some(base) = base {
            base.restore(&mut before, 0..memory.len());
        }
        for part in &parts {
            if let (Some(before), Some(now)) = (before.get_mut(range_of(part)), memory.get(range_of(part))) {
                before.copy_from_slice(now);
            }
        }
        let (mut runs, mut lines): (Vec<Range<u32>>, Vec<u8>) = (Vec::new(), Vec::new());
        for (number, (line, before)) in memory.chunks(LINE).zip(before.chunks(LINE)).enumerate() {
            if line == before {
                continue;
            }
            let start = (number * LINE) as u32;
            match runs.last_mut() {
                Some(run) if run.end == start => run.end += line.len() as u32,
                _ => runs.push(start..start + line.len() as u32),
            }
            lines.extend_from_slice(line);
        }
        // The base fills every gap between its images' runs, so it is a single run itself.
        if let (None, [first, .., last]) = (base, &*runs) {
            let all = first.start..last.end;
            lines = memory.get(range_of(&all)).unwrap_or_default().to_vec();
            runs = vec![all];
        }
        let (runs, lines, base) = (runs.into(), lines.into(), Base(base.cloned()));
        Content { size: memory.len(), runs, lines, lasting, parts, packed, base }
    }

    /// Restores a range of memory, except the parts.
    fn restore(&self, memory: &mut [u8], range: Range<usize>) {
        let range = range.start..range.end.min(memory.len());
        let (mut at, mut lines) = (range.start, &*self.lines);
        for run in &self.runs {
            let run = range_of(run);
            let Some((now, later)) = lines.split_at_checked(run.len()) else { break };
            lines = later;
            let (start, end) = (run.start.max(range.start), run.end.min(range.end));
            if start >= end {
                continue;
            }
            self.restore_below(memory, at..start);
            // Both are within the run, and the run is within memory of this content's size.
            if let Some(target) = memory.get_mut(start..end) {
                target.copy_from_slice(&now[start - run.start..end - run.start]);
            }
            at = end;
        }
        self.restore_below(memory, at..range.end);
    }

    /// Restores a range in which this content equals its base.
    fn restore_below(&self, memory: &mut [u8], range: Range<usize>) {
        match &self.base.0 {
            _ if range.is_empty() => {}
            Some(base) => base.restore(memory, range),
            None => clear(memory.get_mut(range).unwrap_or_default()),
        }
    }

    fn restore_lasting(&self, memory: &mut [u8]) {
        for part in &self.lasting {
            self.restore(memory, range_of(part));
        }
    }

    #[inline]
    fn restore_parts(&self, memory: &mut [u8]) {
        let mut packed = &*self.packed;
        for part in &self.parts {
            let part = range_of(part);
            // Both are in bounds: the parts were taken from memory of this size, and the packed copy from the parts.
            let (Some(target), Some((now, later))) =
                (memory.get_mut(part.clone()), packed.split_at_checked(part.len()))
            else {
                return;
            };
            target.copy_from_slice(now);
            packed = later;
        }
    }
}

#[inline]
fn range_of(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// Clears bytes that are not zero. Reading is cheaper than writing, and most memory that must be zero already is.
fn clear(memory: &mut [u8]) {
    const EMPTY: &[u8; 4096] = &[0; 4096];
    for piece in memory.chunks_mut(EMPTY.len()) {
        if *piece != EMPTY[..piece.len()] {
            piece.fill(0);
        }
    }
}

/// The fuel that a call is charged for its memory beyond the interpreter's own. All of it may have to be requested and
/// written, and returned to the system afterwards. Whether it has to be depends on what the executor held before, so
/// that is not considered: the same call uses the same fuel everywhere.
fn restore_fuel(own: usize, size: usize) -> u64 {
    (size.saturating_sub(own) as u64).div_ceil(PAGE.get()) * RESTORE_PAGE
}

/// Set in the size of a settled span that is a buffer.
const BUFFER: u32 = 1 << 31;

/// The spans that the guest reports as settled, ascending, and whether each is a buffer. A guest that lies harms only
/// calls of its own script.
fn settled(memory: &[u8], info: &Info) -> Vec<(Range<u32>, bool)> {
    let spans = info.settled_len.checked_mul(8).and_then(|len| slice(memory, info.settled, len)).unwrap_or_default();
    let mut settled: Vec<(Range<u32>, bool)> = spans
        .as_chunks::<8>()
        .0
        .iter()
        .map(|[a, b, c, d, e, f, g, h]| {
            let (start, size) = (u32::from_le_bytes([*a, *b, *c, *d]), u32::from_le_bytes([*e, *f, *g, *h]));
            (start..start.saturating_add(size & !BUFFER), size & BUFFER != 0)
        })
        .collect();
    settled.sort_by_key(|(span, _)| span.start);
    settled
}

/// `touched` without the settled spans for which `out`, given whether they are buffers, returns true.
fn without(settled: &[(Range<u32>, bool)], out: impl Fn(bool) -> bool, touched: Range<u32>) -> Box<[Range<u32>]> {
    let mut parts = Vec::new();
    let mut at = touched.start;
    for (span, _) in settled.iter().filter(|(_, buffer)| out(*buffer)) {
        let end = span.start.min(touched.end);
        if at < end {
            parts.push(at..end);
        }
        at = at.max(span.end);
    }
    if at < touched.end {
        parts.push(at..touched.end);
    }
    parts.into()
}
