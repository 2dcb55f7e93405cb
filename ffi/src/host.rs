//! A host, created from a folder with a policy.

use std::ffi::{CString, c_char, c_void};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use tenterhook::Host;
use tenterhook::hooks::schema::{Chain, Declaration};
use tenterhook::policies::{MAX_FILE, Policy, Preset};

use crate::TH_ABI_VERSION;
use crate::builder::th_builder;
use crate::hook::{Point, th_hook};
use crate::log::{CallbackSink, th_log_fn};
use crate::pointer::{optional_text, shared, store};
use crate::served::Served;
use crate::status::{ApiError, c_text, guard, th_status};

/// A host. Several threads may use it at once.
pub struct th_host {
    pub(crate) host: Host,
    folder: Option<PathBuf>,
    /// Serves operators for as long as the host lives.
    pub(crate) control: Mutex<Option<Served>>,
}

/// The options of a host. Fill them with zeros, then set what differs from the default.
#[repr(C)]
pub struct th_host_options {
    /// `TH_ABI_VERSION`.
    pub abi: u32,
    /// The most threads in a call at once; further calls are denied as busy. 0: 64.
    pub threads: u32,
    /// The most executors, over all threads and all attachments that keep state. Each reserves 4 GiB of address space.
    /// 0: 1000.
    pub executors: u32,
    /// The folder with `policy.toml`; without that file, or with null, the preset "default" applies.
    pub folder: *const c_char,
    /// Folder for the compiled interpreter, which saves 0.2–0.5 s at the next start; null: none.
    pub cache: *const c_char,
    /// Receives scripts' log lines; null: they are dropped. Called on every thread that invokes.
    pub log: th_log_fn,
    /// Passed to `log`.
    pub log_context: *mut c_void,
}

/// A hook point of a host, for listings. The texts are valid until the callback returns.
#[repr(C)]
pub struct th_hook_info {
    /// Its full name.
    pub name: *const c_char,
    /// Its version.
    pub version: u32,
    /// Hash of its shape, in hexadecimal.
    pub fingerprint: *const c_char,
    /// What it is about.
    pub doc: *const c_char,
    /// Name of the Lua function that is called.
    pub handler: *const c_char,
    /// Whether every attachment is called and answers are discarded.
    pub observe: bool,
    /// The number of attached scripts.
    pub attachments: usize,
    /// The whole declaration as JSON.
    pub json: *const c_char,
}

/// Receives one hook point.
///
/// # Safety
/// Called with the context that was passed, and a hook point that lives until it returns.
pub type th_hook_fn = Option<unsafe extern "C" fn(context: *mut c_void, hook: *const th_hook_info)>;

/// Name of the policy's file in its folder.
const POLICY: &str = "policy.toml";

fn policy(folder: Option<&Path>) -> Result<Policy, ApiError> {
    let Some(folder) = folder else { return Ok(Policy::preset(Preset::Default)) };
    let path = folder.join(POLICY);
    let wrong = |error: std::io::Error| ApiError::new(th_status::TH_FILE, format!("{}: {error}", path.display()));
    // A file that is too large is returned with one byte more than allowed, which the policy's own error reports.
    let bytes = match crate::file::read(&path, MAX_FILE as u64) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Policy::preset(Preset::Default)),
        Err(error) => return Err(wrong(error)),
    };
    let text = String::from_utf8(bytes).map_err(|_| wrong(std::io::Error::other("expected UTF-8 text")))?;
    let name = path.display().to_string();
    Policy::parse(&text, &name).map_err(|error| ApiError::new(th_status::TH_POLICY, error.to_string()))
}

impl th_host {
    pub(crate) fn declare(&self, declaration: &Arc<Declaration>) -> Result<th_hook, ApiError> {
        let hook = self.host.declare_dynamic(declaration);
        let hook = hook.map_err(|error| ApiError::new(th_status::TH_DECLARATION, error.to_string()))?;
        Ok(th_hook { point: Arc::new(Point::new(hook)) })
    }
}

/// Creates a host. This compiles the interpreter, which takes 0.2–0.5 s, or takes it from the cache. A program that
/// forks does this after the fork. Free it with `th_host_free`.
///
/// # Safety
/// `options` is null or points to options whose texts are null or end with a NUL, and whose `log` may be called on any
/// thread that invokes, for as long as the host lives; `host` is null or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_host_new(options: *const th_host_options, host: *mut *mut th_host) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let options = unsafe { shared(options, "options") }?;
        if options.abi != TH_ABI_VERSION {
            let message = format!("compiled for ABI {}, this library has ABI {TH_ABI_VERSION}", options.abi);
            return Err(ApiError::new(th_status::TH_ABI, message));
        }
        // SAFETY: the caller's promise.
        let folder = unsafe { optional_text(options.folder, "folder") }?;
        // SAFETY: as above.
        let cache = unsafe { optional_text(options.cache, "cache") }?;
        let folder = folder.map(PathBuf::from);
        let mut sandbox = tenterhook::SandboxOptions { cache: cache.map(PathBuf::from), ..Default::default() };
        if options.executors != 0 {
            sandbox.max_executors = options.executors;
        }
        let mut builder = Host::builder().policy(policy(folder.as_deref())?).sandbox(sandbox);
        if options.threads != 0 {
            builder = builder.threads(options.threads as usize);
        }
        if let Some(callback) = options.log {
            builder = builder.log_sink(Arc::new(CallbackSink { callback, context: options.log_context }));
        }
        let built = builder.build().map_err(|error| ApiError::new(th_status::TH_SANDBOX, error.to_string()))?;
        let made = Box::into_raw(Box::new(th_host { host: built, folder, control: Mutex::new(None) }));
        // SAFETY: the caller's promise.
        unsafe { store(host, made, "room for the host") }.inspect_err(|_| {
            // SAFETY: it was created just now, and nothing else refers to it.
            drop(unsafe { Box::from_raw(made) });
        })
    })
}

/// Frees a host. Null is allowed. Hooks, arguments and outcomes made from it may outlive it, and still work.
///
/// # Safety
/// `host` is null or from `th_host_new`, not freed yet, not in use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_host_free(host: *mut th_host) {
    guard(|| {
        if !host.is_null() {
            // SAFETY: the caller's promise.
            drop(unsafe { Box::from_raw(host) });
        }
        Ok(())
    });
}

/// Reads the policy again. It applies to scripts that are attached or replaced from now on.
///
/// # Safety
/// `host` is null or live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_host_reload_policy(host: *const th_host) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let host = unsafe { shared(host, "host") }?;
        let policy = policy(host.folder.as_deref())?;
        host.host.set_policy(policy).map_err(|error| ApiError::new(th_status::TH_POLICY, error.to_string()))
    })
}

/// Declares the hook point of a builder; a repeated call returns another handle of the same hook point. Free the handle
/// with `th_hook_free`; the caller still owns the builder.
///
/// # Safety
/// `host` is null or live; `builder` is null or live, not in use elsewhere; `hook` is null or points to room for a
/// pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_hook_declare(
    host: *const th_host,
    builder: *const th_builder,
    hook: *mut *mut th_hook,
) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let (host, builder) = unsafe { (shared(host, "host")?, shared(builder, "builder")?) };
        let declared = host.declare(&builder.finish()?)?;
        // SAFETY: the caller's promise.
        unsafe { hand_over(declared, hook) }
    })
}

/// # Safety
/// `hook` is null or points to room for a pointer.
pub(crate) unsafe fn hand_over(declared: th_hook, hook: *mut *mut th_hook) -> Result<(), ApiError> {
    let made = Box::into_raw(Box::new(declared));
    // SAFETY: the caller's promise.
    unsafe { store(hook, made, "room for the hook") }.inspect_err(|_| {
        // SAFETY: it was created just now, and nothing else refers to it.
        drop(unsafe { Box::from_raw(made) });
    })
}

/// Passes every declared hook point to `each`, sorted by name.
///
/// # Safety
/// `host` is null or live; `each` may be called with `context`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_host_each_hook(host: *const th_host, each: th_hook_fn, context: *mut c_void) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let host = unsafe { shared(host, "host") }?;
        let each = each.ok_or_else(|| ApiError::new(th_status::TH_NULL, "each is null"))?;
        for of in host.host.hook_points() {
            let fingerprint = c_text(&of.fingerprint().to_string());
            let json = c_text(&of.to_json().to_string());
            let [name, doc, handler]: [CString; 3] = [&of.name, &of.doc, &of.handler].map(|text| c_text(text));
            let info = th_hook_info {
                name: name.as_ptr(),
                version: of.version,
                fingerprint: fingerprint.as_ptr(),
                doc: doc.as_ptr(),
                handler: handler.as_ptr(),
                observe: of.chain == Chain::Observe,
                attachments: host.host.attachments(&of.name).len(),
                json: json.as_ptr(),
            };
            // SAFETY: the caller's promise.
            unsafe { each(context, &info) };
        }
        Ok(())
    })
}
