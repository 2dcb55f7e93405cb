//! The floor under every call: into a WebAssembly function that does nothing, and back, with fuel counted.

use anyhow::{Result, anyhow};
use wasmtime::{
    Config, Engine, Instance, InstanceAllocationStrategy, Module, PoolingAllocationConfig, Store, TypedFunc,
};

/// `(module (func (export "run")))`, byte by byte.
const EMPTY: &[u8] = &[
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version
    0x01, 0x04, 0x01, 0x60, 0x00, 0x00, // one type: nothing to nothing
    0x03, 0x02, 0x01, 0x00, // one function, of that type
    0x07, 0x07, 0x01, 0x03, b'r', b'u', b'n', 0x00, 0x00, // exported as "run"
    0x0a, 0x04, 0x01, 0x02, 0x00, 0x0b, // its body: no locals, end
];

/// What a call is given; never used up.
const FUEL: u64 = 10_000_000;

/// An instance of the empty module.
pub struct EmptyCall {
    store: Store<()>,
    run: TypedFunc<(), ()>,
}

impl EmptyCall {
    /// Compiles and instantiates, with what matters of the sandbox's own configuration.
    ///
    /// # Errors
    /// An engine that cannot be set up on this machine.
    pub fn new() -> Result<EmptyCall> {
        let set_up = || -> wasmtime::Result<EmptyCall> {
            let mut pool = PoolingAllocationConfig::new();
            pool.total_core_instances(1).total_memories(1).total_tables(1);
            let mut config = Config::new();
            config
                .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
                .consume_fuel(true)
                .wasm_backtrace_max_frames(None);
            let engine = Engine::new(&config)?;
            let module = Module::new(&engine, EMPTY)?;
            let mut store = Store::new(&engine, ());
            let instance = Instance::new(&mut store, &module, &[])?;
            let run = instance.get_typed_func(&mut store, "run")?;
            Ok(EmptyCall { store, run })
        };
        set_up().map_err(|e| anyhow!("{e:#}"))
    }

    /// One call, with its fuel set first.
    ///
    /// # Errors
    /// None that can happen.
    #[inline]
    pub fn call(&mut self) -> wasmtime::Result<()> {
        self.store.set_fuel(FUEL)?;
        self.run.call(&mut self.store, ())
    }

    /// Fuel that the last call took.
    ///
    /// # Errors
    /// None that can happen.
    pub fn used(&self) -> Result<u64> {
        let left = self.store.get_fuel().map_err(|e| anyhow!("{e:#}"))?;
        Ok(FUEL - left)
    }
}
