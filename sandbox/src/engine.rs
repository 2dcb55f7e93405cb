//! The engine: wasmtime's configuration, the compiled interpreter, and the interpreter's own image.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tenterhook_policies::{Budget, Bytes, Fuel, QuotaField};
use thiserror::Error;
use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, InstancePre, Linker, Module, OptLevel, PoolingAllocationConfig,
};

use crate::cache::{self, CacheError};
use crate::executor::Executor;
use crate::fault::Fault;
use crate::image::{Contents, Image};
use crate::imports;
use crate::script::Script;
use crate::state::State;
use crate::ticks::Ticks;
use crate::work::HostWork;

/// Address space per executor. With 4 GiB, every 32-bit address lies inside, and Cranelift leaves bounds checks out;
/// with less, everything takes twice as long.
const RESERVATION: u64 = 4 << 30;
/// Unmapped space behind it, for constant offsets.
const GUARD: u64 = 32 << 20;
/// The guest's memory at the start; as much is kept mapped when an executor is replaced.
const RESIDENT: usize = 192 << 10;
/// Native stack for guest code and the host functions between, per call: enough for 150 nested pcalls in a debug build.
/// Threads that call need as much to spare, and some for what surrounds the call.
pub const NATIVE_STACK: usize = 1 << 20;

/// The most fuel that the interpreter starts with, some hundred times what it needs: a module in its place that never ends
/// its start is refused within seconds.
const START_FUEL: Fuel = Fuel::new(500_000_000);

/// How much the sandbox may take of its host.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// The most executors at once, over all threads and all attachments that keep state. Each reserves 4 GiB of address
    /// space and uses what its scripts use.
    pub max_executors: u32,
    /// How many executors a place keeps, a place being what a thread holds during a call: for so many attachments that a
    /// thread calls in turn, a call costs what it costs when one is called again and again. Each takes 192 KiB.
    /// Over all places, those beyond the first of each are a quarter of `max_executors` at most, and given up where
    /// another executor is needed. 1 to 256.
    pub executors_per_place: u32,
    /// Bytes of memory that a place keeps of executors whose scripts' images are larger than the interpreter's own size.
    /// An image that is larger than this gets a new executor for every call.
    pub large_per_place: Bytes,
    /// The most memory of one executor; policies cannot give more. At most 1 GiB.
    pub max_memory: Bytes,
    /// The most fuel for loading a script: compiling it, running it once, collecting its garbage. Policies give less
    /// (`load_fuel`) and cannot give more.
    pub load_fuel: Fuel,
    /// Where the compiled interpreter is kept between runs; `None` compiles it anew (0.2–0.5 s).
    pub cache: Option<std::path::PathBuf>,
    /// Whether policies may set deadlines. Compiled code is a little slower then, whether they do or not.
    pub deadlines: bool,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        SandboxOptions {
            max_executors: 1000,
            executors_per_place: 16,
            large_per_place: Bytes::new(4 << 20),
            max_memory: Bytes::new(1 << 30),
            load_fuel: Fuel::new(QuotaField::LoadFuel.info().max),
            cache: cache::default_directory(),
            deadlines: false,
        }
    }
}

/// Why the sandbox could not be made.
#[derive(Debug, Error)]
pub enum StartError {
    /// The engine refused its configuration, or could not reserve its address space.
    #[error("cannot set up the engine: {0}")]
    Engine(String),
    /// The interpreter did not compile or start.
    #[error("cannot start the interpreter: {0}")]
    Interpreter(String),
}

/// The engine, the compiled interpreter and its image. Every executor and every image comes from one, and is of use with
/// that one alone.
pub struct Sandbox {
    engine: Engine,
    pre: InstancePre<State>,
    base: Arc<Image>,
    contents: Contents,
    load_fuel: Fuel,
    deadlines: bool,
    ticks: Ticks,
    /// Whether the last executor that was asked for could not be made.
    is_short: AtomicBool,
}

fn config(options: &SandboxOptions) -> Config {
    let memory = usize::try_from(options.max_memory.get()).unwrap_or(usize::MAX).min(1 << 30);
    let executors = options.max_executors.max(1);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(executors)
        .total_memories(executors)
        .total_tables(executors)
        .max_memories_per_module(1)
        .max_tables_per_module(1)
        .max_memory_size(memory)
        .table_elements(20_000)
        .linear_memory_keep_resident(RESIDENT)
        .table_keep_resident(RESIDENT);

    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .consume_fuel(true)
        .epoch_interruption(options.deadlines)
        .cranelift_opt_level(OptLevel::Speed)
        // Whether a NaN has a sign is up to the machine otherwise, and scripts can see it (tostring, string.pack).
        .cranelift_nan_canonicalization(true)
        .memory_reservation(RESERVATION)
        .memory_guard_size(GUARD)
        .memory_may_move(false)
        .max_wasm_stack(NATIVE_STACK)
        // Nobody reads Wasm frames: scripts get Lua's traceback. Capturing them made throws ten times as slow.
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false);
    config
}

impl Sandbox {
    /// A sandbox around this guest: ours, unless a test replaces it with a hostile one. Also says why the cache was of no
    /// use, if it was of none.
    ///
    /// # Errors
    /// [`StartError`] says what the machine or the guest does not do.
    pub fn with_guest(options: &SandboxOptions, wasm: &[u8]) -> Result<(Sandbox, Option<CacheError>), StartError> {
        let engine = Engine::new(&config(options)).map_err(|e| StartError::Engine(format!("{e:#}")))?;
        let (module, cache_problem) = match &options.cache {
            Some(directory) => cache::module(&engine, wasm, directory),
            None => (Module::new(&engine, wasm), None),
        };
        let interpreter = |e: wasmtime::Error| StartError::Interpreter(format!("{e:#}"));
        let module = module.map_err(interpreter)?;
        let mut linker = Linker::new(&engine);
        imports::define(&mut linker).map_err(interpreter)?;
        let pre = linker.instantiate_pre(&module).map_err(interpreter)?;
        let base = base(&engine, &pre, START_FUEL.min(options.load_fuel)).map_err(StartError::Interpreter)?;
        let (load_fuel, deadlines) = (options.load_fuel, options.deadlines);
        let sandbox = Sandbox {
            engine,
            pre,
            base: Arc::new(base),
            contents: Contents::default(),
            load_fuel,
            deadlines,
            ticks: Ticks::default(),
            is_short: AtomicBool::new(false),
        };
        Ok((sandbox, cache_problem))
    }

    /// A new executor; `None` when there are as many as there may be.
    pub fn executor(&self) -> Option<Executor> {
        match Executor::new(&self.engine, &self.pre) {
            Ok(executor) => {
                self.is_short.store(false, Ordering::Relaxed);
                Some(executor)
            }
            Err(error) => {
                // Once until there is one again: calls come here as often as they like.
                if !self.is_short.swap(true, Ordering::Relaxed) {
                    tracing::warn!(target: "tenterhook::sandbox", "no executor: {error:#}");
                }
                None
            }
        }
    }

    /// Loads a script within the budget: compiles it, runs it once, finds its handler. What its memory holds then is its
    /// image. `work` is what it may ask for meanwhile. Also says how much fuel that took, whether it loaded or not.
    ///
    /// `executor` has not been used before; without one, nothing is loaded.
    pub fn load(
        &self,
        script: &Script<'_>,
        work: Arc<dyn HostWork>,
        budget: &Budget,
        executor: Option<Executor>,
    ) -> (Result<Image, Fault>, u64) {
        let Some(mut executor) = executor else {
            return (Err(Fault::Host { message: "no executor is free to load the script".into() }), 0);
        };
        let budget = Budget { fuel: budget.fuel.min(self.load_fuel), ..*budget };
        let (mut image, fuel) = executor.load(&self.base, script, work, &budget);
        if let Ok(image) = &mut image {
            self.contents.share(image);
        }
        (image, fuel)
    }

    /// Whether calls can have deadlines.
    pub fn has_deadlines(&self) -> bool {
        self.deadlines
    }

    /// Gets ready for calls with deadlines; `false` where that cannot be.
    pub fn start_ticks(&self) -> bool {
        self.deadlines && self.ticks.start(&self.engine)
    }

    /// Bytes of the guest's memory at the start.
    pub fn base_memory(&self) -> usize {
        self.base.memory_size()
    }
}

/// The interpreter's own image.
fn base(engine: &Engine, pre: &InstancePre<State>, fuel: Fuel) -> Result<Image, String> {
    let mut executor = Executor::new(engine, pre).map_err(|e| format!("{e:#}"))?;
    executor.start(&Budget { fuel, ..Budget::DEFAULT })
}
