//! A program's memory just after load.
//!
//! ```text
//! base    what the interpreter's memory holds after its start, kept once
//! image   the pages (4 KiB) in which a loaded program differs from it
//! ```
//!
//! Restoring writes every page of an executor's memory: the image's where it has one, the base's where that is not
//! empty, zeros elsewhere. The same image again on the same executor writes only what a correct interpreter can have
//! touched and still reads: variables, the heap up to where the image's ends, and the end of memory, where the allocator
//! keeps the size of the free block before it. The stack below needs nothing (dead frames), nor does the heap above
//! (blocks the image never had).
//!
//! Most of that heap is *settled*: strings, prototypes and types, which no call writes unless it collects garbage, and
//! buffers, whose content is of one call (free memory is one). The guest lists it, and notes in a word when a call did
//! write there. Without that note only the rest is written, from one packed copy that stays in the processor's nearest
//! cache; with it, all but the buffers is.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tenterhook_guest_lua as guest_lua;
use tenterhook_policies::{Budget, Fuel};
use wasmtime::{Engine, InstancePre};

use super::executor::Executor;
use super::guest::{Info, slice};
use super::state::State;

/// Granularity of the difference.
const PAGE: usize = 4096;
/// Bytes at the end of memory that belong to the allocator: the last free block's size, and what marks the end. A call
/// that took from that block has written a smaller size there; with it, the next call would merge blocks that do not
/// belong together as soon as memory grows.
const END_MARK: usize = 64;

static NEXT: AtomicU64 = AtomicU64::new(1);

/// Memory and layout of a loaded program, or of the bare interpreter.
pub(crate) struct Image {
    /// Unique in this process, never used again.
    pub id: u64,
    base: Option<Arc<Image>>,
    /// Pages that differ from the base (from zeros, where there is none), by number, ascending.
    pages: Vec<(u32, Box<[u8; PAGE]>)>,
    /// Size of linear memory in bytes.
    size: usize,
    /// Value of the stack pointer between calls.
    pub stack_pointer: u32,
    /// What the same image has to restore: static data and heap, less the buffers in it; ascending.
    lasting: Box<[Range<usize>]>,
    /// Of these, the parts that are not settled, and what they hold, one after the other.
    parts: Box<[Range<usize>]>,
    packed: Box<[u8]>,
    /// Where the guest notes that settled memory was written.
    unsettled: usize,
    /// Where arguments go, and how many bytes fit.
    pub args: (u32, u32),
    /// Where replies of host calls go, and how many bytes fit.
    pub reply: (u32, u32),
}

impl Image {
    /// The interpreter's own image.
    pub fn base(engine: &Engine, pre: &InstancePre<State>, fuel: Fuel) -> Result<Image, String> {
        let mut executor = Executor::new(engine, pre).map_err(|e| format!("{e:#}"))?;
        let budget = Budget { fuel, ..Budget::DEFAULT };
        executor.start(&budget)
    }

    /// Takes the image of `memory` against `base`. `Err` where the guest's own word about its layout cannot be true.
    pub fn take(base: Option<&Arc<Image>>, memory: &[u8], info: &Info, stack_pointer: u32) -> Result<Image, String> {
        // Constants are not written by an interpreter that is still correct; another one's calls end with a trap or are
        // its own program's affair.
        let constants_end = if info.abi == guest_lua::ABI_VERSION { guest_lua::WRITABLE_FROM } else { 0 };
        let (start, end) = (info.data_start.max(constants_end) as usize, info.heap_high as usize);
        if start > end || end > memory.len() {
            return Err(format!("the guest's memory is laid out as {start}..{end} of {} bytes", memory.len()));
        }
        let args_fit = (info.args as usize).checked_add(info.args_cap as usize).is_some_and(|end| end <= memory.len());
        if !args_fit || stack_pointer as usize > memory.len() {
            return Err("the guest's buffers lie outside of its memory".to_owned());
        }
        let mut pages = Vec::new();
        for (number, page) in memory.chunks_exact(PAGE).enumerate() {
            let same = match base.and_then(|base| base.page(number)) {
                Some(known) => page == known,
                None => page.iter().all(|byte| *byte == 0),
            };
            if !same {
                let mut copy = Box::new([0; PAGE]);
                copy.copy_from_slice(page);
                pages.push((number as u32, copy));
            }
        }
        let settled = settled(memory, info);
        let mark = end.max(memory.len().saturating_sub(END_MARK))..memory.len();
        let lasting = without(&settled, |buffer| buffer, start..end, mark.clone());
        let parts = without(&settled, |_| true, start..end, mark);
        let packed = parts.iter().flat_map(|part| &memory[part.clone()]).copied().collect();
        Ok(Image {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            base: base.map(Arc::clone),
            pages,
            size: memory.len(),
            stack_pointer,
            lasting,
            parts,
            packed,
            unsettled: info.unsettled as usize,
            args: (info.args, info.args_cap),
            reply: (info.reply, info.reply_cap),
        })
    }

    /// What this image has at that page: its own, else its base's; `None` means zeros.
    fn page(&self, number: usize) -> Option<&[u8; PAGE]> {
        match self.pages.binary_search_by_key(&(number as u32), |(number, _)| *number) {
            Ok(at) => Some(&self.pages[at].1),
            Err(_) => self.base.as_ref().and_then(|base| base.page(number)),
        }
    }

    /// Bytes of linear memory that an executor needs for it.
    pub fn memory_size(&self) -> usize {
        self.size
    }

    /// Bytes that it takes in the host.
    pub fn footprint(&self) -> usize {
        self.pages.len() * (PAGE + 16) + self.packed.len() + 2 * size_of_val(&*self.parts) + size_of::<Image>()
    }

    /// Writes all of `memory`, whatever it held.
    pub fn restore_all(&self, memory: &mut [u8]) {
        self.restore(memory, 0..memory.len());
    }

    /// Writes what a call of this same image can have changed. `memory` was restored to this image before that call.
    pub fn restore_touched(&self, memory: &mut [u8]) {
        let noted = memory.get(self.unsettled..).and_then(|rest| rest.first_chunk::<4>());
        if noted != Some(&[0; 4]) {
            for part in &self.lasting {
                self.restore(memory, part.clone());
            }
            return;
        }
        let mut packed = &*self.packed;
        for part in &self.parts {
            // Both lie within: the parts were made of memory of this size, and the packed copy of the parts.
            let (Some(target), Some((now, later))) =
                (memory.get_mut(part.clone()), packed.split_at_checked(part.len()))
            else {
                return;
            };
            target.copy_from_slice(now);
            packed = later;
        }
    }

    /// How many bytes of `memory`, among those that a call of this image may have changed and a later one may read, are
    /// not as the image has them. For tests: none after a restore.
    #[cfg(feature = "inspect")]
    pub fn differences(&self, memory: &[u8]) -> usize {
        let mut expected = memory.to_vec();
        for part in &self.lasting {
            self.restore(&mut expected, part.clone());
        }
        if expected == memory { 0 } else { expected.iter().zip(memory).filter(|(a, b)| a != b).count() }
    }

    /// Walks the two sorted lists of pages along with memory; gaps are zeros.
    fn restore(&self, memory: &mut [u8], range: Range<usize>) {
        let range = range.start..range.end.min(memory.len());
        let first = range.start / PAGE;
        let empty: &[(u32, Box<[u8; PAGE]>)] = &[];
        let base = self.base.as_ref().map_or(empty, |base| &base.pages);
        let mut own = self.pages[self.pages.partition_point(|(n, _)| (*n as usize) < first)..].iter().peekable();
        let mut base = base[base.partition_point(|(n, _)| (*n as usize) < first)..].iter().peekable();
        for number in first..range.end.div_ceil(PAGE) {
            let mine = own.next_if(|(n, _)| *n as usize == number);
            let theirs = base.next_if(|(n, _)| *n as usize == number);
            let start = (number * PAGE).max(range.start);
            let end = ((number + 1) * PAGE).min(range.end);
            let target = &mut memory[start..end];
            match mine.or(theirs) {
                Some((_, page)) => target.copy_from_slice(&page[start - number * PAGE..end - number * PAGE]),
                None => target.fill(0),
            }
        }
    }
}

/// Set in the size of a settled span that is a buffer.
const BUFFER: u32 = 1 << 31;

/// The spans that the guest says are settled, ascending, and which of them are buffers. A guest that lies harms its own
/// program's calls alone.
fn settled(memory: &[u8], info: &Info) -> Vec<(Range<usize>, bool)> {
    let spans = info.settled_len.checked_mul(8).and_then(|len| slice(memory, info.settled, len)).unwrap_or_default();
    let mut settled: Vec<(Range<usize>, bool)> = spans
        .as_chunks::<8>()
        .0
        .iter()
        .map(|[a, b, c, d, e, f, g, h]| {
            let (start, size) = (u32::from_le_bytes([*a, *b, *c, *d]), u32::from_le_bytes([*e, *f, *g, *h]));
            (start as usize..start as usize + (size & !BUFFER) as usize, size & BUFFER != 0)
        })
        .collect();
    settled.sort_by_key(|(span, _)| span.start);
    settled
}

/// `touched` without the settled spans that `out` chooses, by whether they are buffers; and `mark`, which lies behind.
fn without(
    settled: &[(Range<usize>, bool)],
    out: impl Fn(bool) -> bool,
    touched: Range<usize>,
    mark: Range<usize>,
) -> Box<[Range<usize>]> {
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
    parts.push(mark);
    parts.into()
}
