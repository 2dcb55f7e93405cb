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
use crate::state::StoreData;
use crate::ticks::Ticks;
use crate::work::HostWork;

/// Address space per executor. With 4 GiB, every 32-bit address lies inside, and Cranelift leaves bounds checks out;
/// with less, everything takes twice as long.
const RESERVATION: u64 = 4 << 30;
/// Unmapped address space behind it, for constant offsets.
const GUARD: u64 = 32 << 20;
/// The guest's initial memory; the same amount stays mapped when an executor is replaced.
const RESIDENT: usize = 192 << 10;
/// Native stack per call, for guest code and the host functions in between: enough for 150 nested pcalls in a debug
/// build. A calling thread needs as much to spare, and some for the frames around the call.
pub const NATIVE_STACK: usize = 1 << 20;

/// The most fuel for the interpreter's start, some hundred times what it needs. A module in its place whose start does
/// not end is rejected within seconds.
const START_FUEL: Fuel = Fuel::new(500_000_000);

/// What the sandbox may take from its host.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// The most executors at once, over all threads and all attachments that keep state. Each reserves 4 GiB of address
    /// space and uses as much memory as its scripts do.
    pub max_executors: u32,
    /// The most executors per shelf: a thread that calls up to this many attachments in turn pays for each call what it
    /// would pay for calling one of them repeatedly. Each executor takes 192 KiB. Over all shelves, the executors
    /// beyond the first of each are at most a quarter of `max_executors`, and are given up when another executor is
    /// needed. 1 to 256.
    pub executors_per_shelf: u32,
    /// The most memory per shelf, in bytes, for executors whose scripts' images are larger than the interpreter's own.
    /// A larger image than this gets a new executor for every call.
    pub large_per_shelf: Bytes,
    /// The most memory of one executor, which no policy can exceed. At most 1 GiB.
    pub max_memory: Bytes,
    /// The most fuel for loading a script: compiling it, running it once, collecting its garbage. A policy's
    /// `load_fuel` cannot exceed it.
    pub load_fuel: Fuel,
    /// Where the compiled interpreter is stored between runs; `None` compiles it at each start (0.2–0.5 s).
    pub cache: Option<std::path::PathBuf>,
    /// Whether policies may set deadlines. If so, compiled code is a little slower, whether they do or not.
    pub deadlines: bool,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        SandboxOptions {
            max_executors: 1000,
            executors_per_shelf: 16,
            large_per_shelf: Bytes::new(4 << 20),
            max_memory: Bytes::new(1 << 30),
            load_fuel: Fuel::new(QuotaField::LoadFuel.info().max),
            cache: cache::default_directory(),
            deadlines: false,
        }
    }
}

/// Why the sandbox could not be created.
#[derive(Debug, Error)]
pub enum StartError {
    /// The engine rejected its configuration, or could not reserve its address space.
    #[error("cannot set up the engine: {0}")]
    Engine(String),
    /// The interpreter did not compile or start.
    #[error("cannot start the interpreter: {0}")]
    Interpreter(String),
}

/// The engine, the compiled interpreter and its image. Executors and images belong to the sandbox that made them.
pub struct Sandbox {
    engine: Engine,
    pre: InstancePre<StoreData>,
    base: Arc<Image>,
    contents: Contents,
    load_fuel: Fuel,
    deadlines: bool,
    ticks: Ticks,
    /// Whether the last request for an executor failed.
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
        // Otherwise the sign of a NaN depends on the machine, and scripts can see it (tostring, string.pack).
        .cranelift_nan_canonicalization(true)
        .memory_reservation(RESERVATION)
        .memory_guard_size(GUARD)
        .memory_may_move(false)
        .max_wasm_stack(NATIVE_STACK)
        // Wasm frames are not used: scripts get Lua's traceback. Capturing the frames made throws ten times as slow.
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false);
    config
}

impl Sandbox {
    /// Creates a sandbox around a guest module: the built one, unless a test replaces it with a hostile one. Also
    /// returns why the cache could not be used, if it could not.
    ///
    /// # Errors
    /// The machine or the guest lacks something; [`StartError`] says what.
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

    /// Returns a new executor; `None` when the maximum is reached.
    pub fn executor(&self) -> Option<Executor> {
        match Executor::new(&self.engine, &self.pre) {
            Ok(executor) => {
                self.is_short.store(false, Ordering::Relaxed);
                Some(executor)
            }
            Err(error) => {
                // The warning is logged once until an executor is available again, because calls come here at any rate.
                if !self.is_short.swap(true, Ordering::Relaxed) {
                    tracing::warn!(target: "tenterhook::sandbox", "no executor: {error:#}");
                }
                None
            }
        }
    }

    /// Loads a script within the budget: compiles it, runs it once, finds its handler. The memory after that is the
    /// script's image. `work` is what the script may request meanwhile. Also returns the fuel used, whether the load
    /// succeeded or not.
    ///
    /// `executor` must be new; without one, nothing is loaded.
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

    /// Prepares for calls with deadlines; `false` if that is not possible.
    pub fn start_ticks(&self) -> bool {
        self.deadlines && self.ticks.start(&self.engine)
    }

    /// The size of the guest's initial memory in bytes.
    pub fn base_memory(&self) -> usize {
        self.base.memory_size()
    }
}

/// The interpreter's own image.
fn base(engine: &Engine, pre: &InstancePre<StoreData>, fuel: Fuel) -> Result<Image, String> {
    let mut executor = Executor::new(engine, pre).map_err(|e| format!("{e:#}"))?;
    executor.start(&Budget { fuel, ..Budget::DEFAULT })
}
