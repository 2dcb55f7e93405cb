//! Sandboxed Lua hook points for Rust and C programs.
//!
//! A program declares hook points; operators attach Lua scripts that nobody has to trust; every call runs in a Lua
//! interpreter compiled to WebAssembly, metered by fuel and bounded in memory, and can change only what the hook point
//! allows.
//!
//! ```
//! use tenterhook::{Host, Request, hook_point};
//!
//! hook_point! {
//!     /// Decides how often somebody is greeted.
//!     pub Greet = "demo.greet", version 1, chain first {
//!         /// Who is greeted.
//!         arg name: &'a str,
//!         /// How often.
//!         result times: u32 = 1,
//!     }
//! }
//!
//! let host = Host::builder().build()?;
//! let greet = host.declare::<Greet>()?;
//! let script = "function greet(name) return { times = #name } end";
//! let link = host.attach(Request::new("demo.greet", "acme", script))?;
//! assert_eq!(greet.invoke(&GreetArgs { name: "Ada" }).results.times, 3);
//! # drop(link);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ```text
//! Host ── declare ─▶ Hook<P> ── invoke ─▶ Outcome                       (host.rs, invoke/)
//!   └──── attach ──▶ Link                                                (attachments.rs, attach/)
//! invoke:  admit/ ─▶ tenterhook-sandbox ─▶ verdict/                       (design: ARCHITECTURE.md)
//! capability/  what scripts may request of the host
//! observe/     what operators see: events, statistics
//! operate/     what a plane for operators is built from
//! rate/        rates and the clock; id.rs: ids of attachments
//! ```

#![forbid(unsafe_code)]

mod admit;
mod atomic;
mod attach;
mod attachments;
mod capability;
mod host;
mod id;
mod invoke;
mod observe;
pub mod operate;
mod rate;
mod verdict;

pub use admit::{Denied, QuarantineChange, QuarantinePhase, Quarantined, TenantUsage};
pub use attach::{AttachError, AttachmentInfo, Closed, Gone, LastChange, Link, Missing, Position, Request};
pub use capability::{Argument, CallError, Caller, Capability, LogLine, LogSink, Reply, TracingSink};
pub use host::{DeclareError, DeclaredTwice, Host, HostBuilder, SandboxError};
pub use id::AttachmentId;
pub use invoke::{CallReport, DynamicHook, DynamicOutcome, Failure, FailureKind, Failures, Hook, Observer, Outcome};
pub use observe::{AttachmentStats, Distribution, Event, EventKind, EventReader, LastFault, Level, Subject};
pub use operate::{Protection, QuarantineInfo, RequiredInfo};
pub use rate::Clock;
pub use verdict::{DispositionError, PolicyProblem, PolicyRefused, check_policy};

pub use tenterhook_guest_lua::absent;
pub use tenterhook_hooks as hooks;
pub use tenterhook_hooks::{HookEnum, HookPoint, HookRecord, hook_point};
pub use tenterhook_policies as policies;
pub use tenterhook_sandbox::{Fault, SandboxOptions};

/// SHA-256 of the interpreter's module, in hexadecimal. It is the same everywhere, so fuel means the same everywhere.
pub const GUEST_SHA256: &str = tenterhook_guest_lua::SHA256;
