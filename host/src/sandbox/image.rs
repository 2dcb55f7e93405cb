//! A program's memory just after load.
//!
//! ```text
//! base    what the interpreter's memory holds after its start, kept once
//! image   the pages (4 KiB) in which a loaded program differs from it
//! ```
//!
//! Restoring writes every page of an executor's memory: the image's where it has one, the base's where that is not
//! empty, zeros elsewhere. The same image again on the same executor writes only what a correct interpreter can have
//! touched and still reads: variables and the heap up to where the image's ends. The stack below needs nothing (dead
//! frames), nor does the heap above (blocks the image never had).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tenterhook_guest_lua as guest_lua;
use tenterhook_policies::{Budget, Fuel};
use wasmtime::{Engine, InstancePre};

use super::executor::Executor;
use super::guest::Info;
use super::state::State;

/// Granularity of the difference.
const PAGE: usize = 4096;

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
    /// Start and end of what the same image has to restore.
    touched: std::ops::Range<usize>,
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
        Ok(Image {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            base: base.map(Arc::clone),
            pages,
            size: memory.len(),
            stack_pointer,
            touched: start..end,
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
        self.pages.len() * (PAGE + 16) + size_of::<Image>()
    }

    /// Writes all of `memory`, whatever it held.
    pub fn restore_all(&self, memory: &mut [u8]) {
        self.restore(memory, 0..memory.len());
    }

    /// Writes what a call of this same image can have changed. `memory` was restored to this image before that call.
    pub fn restore_touched(&self, memory: &mut [u8]) {
        self.restore(memory, self.touched.clone());
    }

    /// Walks the two sorted lists of pages along with memory; gaps are zeros.
    fn restore(&self, memory: &mut [u8], range: std::ops::Range<usize>) {
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
