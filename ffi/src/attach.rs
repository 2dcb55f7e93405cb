//! Attaching scripts, and listing what is attached.

use std::ffi::{CString, c_char, c_void};
use std::path::Path;

use serde_json::{Map, Value as Json};
use tenterhook::policies::{QuotaField, State};
use tenterhook::{AttachError, AttachmentId, AttachmentInfo, AttachmentStats, Gone, Request};

use crate::host::th_host;
use crate::pointer::{optional_text, shared, slice, store, text};
use crate::status::{ApiError, c_text, guard, th_status};

/// Whether a script's state lasts from call to call.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum th_state {
    /// As the policy sets it.
    TH_STATE_POLICY = 0,
    /// Every call starts from the image of the script.
    TH_STATE_FRESH = 1,
    /// State lasts; calls are cheaper.
    TH_STATE_KEPT = 2,
}

/// A request to attach a script. Fill it with zeros, then set what differs from the default.
#[repr(C)]
pub struct th_attach {
    /// The hook point.
    pub hook: *const c_char,
    /// The tenant.
    pub tenant: *const c_char,
    /// The attachment's name; null: the handler's.
    pub name: *const c_char,
    /// The script's file. Set either this or `source`.
    pub path: *const c_char,
    /// The script itself.
    pub source: *const c_char,
    /// Its length in bytes.
    pub source_len: usize,
    /// Its order in the chain: lower runs earlier.
    pub order: i32,
    /// A `th_state`.
    pub state: u32,
}

/// An attachment and the statistics of its calls, for listings. The texts are valid until the callback returns.
#[repr(C)]
pub struct th_attachment {
    /// Its id.
    pub id: u64,
    /// The hook point.
    pub hook: *const c_char,
    /// The tenant.
    pub tenant: *const c_char,
    /// Its name.
    pub name: *const c_char,
    /// The script's name.
    pub script: *const c_char,
    /// Its order in the chain: lower runs earlier.
    pub order: i32,
    /// Whether calls reach it.
    pub enabled: bool,
    /// Whether its state lasts.
    pub kept: bool,
    /// Fuel that a call may use.
    pub fuel_budget: u64,
    /// Memory that a call may use, in bytes.
    pub memory_budget: u64,
    /// The memory that its image takes in the host, in bytes.
    pub image_bytes: u64,
    /// Calls, including failed and denied ones.
    pub calls: u64,
    /// Calls that returned an answer.
    pub answers: u64,
    /// Calls in which the script failed.
    pub faults: u64,
    /// Calls that the policy denied.
    pub denied: u64,
    /// Fuel used, over all calls.
    pub fuel: u64,
    /// The most fuel that a call used.
    pub fuel_max: u64,
    /// Median latency of the calls that were timed, in nanoseconds.
    pub latency_p50_ns: u64,
    /// 99th percentile of the latency, in nanoseconds.
    pub latency_p99_ns: u64,
    /// The most memory at the end of a call, in bytes.
    pub memory_max: u64,
    /// Log lines that were dropped because they exceeded the budget or the rate.
    pub log_lines_dropped: u64,
    /// Faults and denials by cause, as a JSON object: `{"fuel":3}`.
    pub causes_json: *const c_char,
    /// The last fault; empty if there was none.
    pub last_fault: *const c_char,
}

/// Receives one attachment.
///
/// # Safety
/// Called with the context that was passed, and an attachment that lives until it returns.
pub type th_attachment_fn = Option<unsafe extern "C" fn(context: *mut c_void, attachment: *const th_attachment)>;

/// # Safety
/// The request's texts are null or end with a NUL, and its source points to as many bytes as it says.
unsafe fn request(of: &th_attach) -> Result<Request, ApiError> {
    // SAFETY: the caller's promise.
    let (hook, tenant, name, path) = unsafe {
        (
            text(of.hook, "the hook point")?,
            text(of.tenant, "the tenant")?,
            optional_text(of.name, "the name")?,
            optional_text(of.path, "the path")?,
        )
    };
    let (source, script) = match path {
        Some(path) => (file(Path::new(path))?, Path::new(path).file_name().map(|n| n.to_string_lossy().into_owned())),
        // SAFETY: the caller's promise.
        None => (unsafe { slice(of.source.cast::<u8>(), of.source_len, "the source") }?.to_vec(), None),
    };
    let mut request = Request::new(hook, tenant, source).order(of.order);
    if let Some(name) = name {
        request = request.name(name);
    }
    if let Some(script) = script {
        request = request.script(script);
    }
    match of.state {
        s if s == th_state::TH_STATE_POLICY as u32 => Ok(request),
        s if s == th_state::TH_STATE_FRESH as u32 => Ok(request.state(State::Fresh)),
        s if s == th_state::TH_STATE_KEPT as u32 => Ok(request.state(State::Kept)),
        other => Err(ApiError::new(th_status::TH_RANGE, format!("{other} is not a th_state"))),
    }
}

/// Reads a script's file, of at most as many bytes as a policy can allow; the host checks the policy's own limit.
fn file(path: &Path) -> Result<Vec<u8>, ApiError> {
    let most = QuotaField::ScriptSize.info().max;
    let wrong = |reason: String| ApiError::new(th_status::TH_FILE, format!("{}: {reason}", path.display()));
    let source = crate::file::read(path, most).map_err(|error| wrong(error.to_string()))?;
    if source.len() as u64 > most {
        return Err(wrong(format!("larger than {most} bytes")));
    }
    Ok(source)
}

fn refused(error: AttachError) -> ApiError {
    let status = match &error {
        AttachError::NoHookPoint { .. } | AttachError::Name { .. } => th_status::TH_NAME,
        AttachError::Tenant(_) | AttachError::Disposition(_) => th_status::TH_POLICY,
        AttachError::Gone(_) => th_status::TH_GONE,
        _ => th_status::TH_SCRIPT,
    };
    ApiError::new(status, error.to_string())
}

fn gone(error: Gone) -> ApiError {
    ApiError::new(th_status::TH_GONE, error.to_string())
}

fn id(number: u64) -> Result<AttachmentId, ApiError> {
    let none = || ApiError::new(th_status::TH_GONE, "attachment #0 is gone");
    AttachmentId::from_number(number).ok_or_else(none)
}

/// Loads a script and attaches it. It stays until it is detached; `id` names it.
///
/// # Safety
/// `host` is null or live; `what` is null or points to a request whose texts are null or end with a NUL and whose source
/// points to `source_len` bytes; `id` is null or points to room for an id.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_host_attach(host: *const th_host, what: *const th_attach, id: *mut u64) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let (host, request) = unsafe { (shared(host, "host")?, request(shared(what, "what")?)?) };
        // SAFETY: the caller's promise. It is checked before anything is attached, so that no attachment is left
        // without its id.
        unsafe { store(id, 0, "room for the id") }?;
        let link = host.host.attach(request).map_err(refused)?;
        // SAFETY: the caller's promise.
        unsafe { store(id, link.keep().number(), "room for the id") }
    })
}

/// Loads a script and replaces another one with it in one step; the id stays the same. On an error the old one stays.
///
/// # Safety
/// As `th_host_attach`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_host_replace(host: *const th_host, number: u64, what: *const th_attach) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let (host, request) = unsafe { (shared(host, "host")?, request(shared(what, "what")?)?) };
        host.host.replace(id(number)?, request).map_err(refused)
    })
}

/// Detaches. Calls in flight finish with what they began with.
///
/// # Safety
/// `host` is null or live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_host_detach(host: *const th_host, number: u64) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let host = unsafe { shared(host, "host") }?;
        let id = id(number)?;
        host.host.detach(id).map_err(gone)
    })
}

/// Passes every attachment to `each`, hook point by hook point in the order of their chains.
///
/// # Safety
/// `host` is null or live; `each` may be called with `context`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_host_each_attachment(
    host: *const th_host,
    each: th_attachment_fn,
    context: *mut c_void,
) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let host = unsafe { shared(host, "host") }?;
        let each = each.ok_or_else(|| ApiError::new(th_status::TH_NULL, "each is null"))?;
        let stats = host.host.stats();
        for hook in host.host.hook_points() {
            for of in host.host.attachments(&hook.name) {
                if let Some(counts) = stats.iter().find(|counts| counts.id == of.id) {
                    // SAFETY: the caller's promise.
                    unsafe { report(&of, counts, |attachment| each(context, attachment)) };
                }
            }
        }
        Ok(())
    })
}

/// Passes C's form of an attachment to `each`.
///
/// # Safety
/// `each` may be called.
unsafe fn report(of: &AttachmentInfo, counts: &AttachmentStats, each: impl FnOnce(&th_attachment)) {
    let causes: Map<String, Json> = (counts.faults.iter().map(|(cause, count)| (cause.to_string(), (*count).into())))
        .chain(counts.denials.iter().map(|(cause, count)| (cause.to_string(), (*count).into())))
        .collect();
    let causes = c_text(&Json::Object(causes).to_string());
    let last_fault = c_text(&counts.last_fault.as_ref().map(|last| last.fault.to_string()).unwrap_or_default());
    let texts: [CString; 4] = [&of.hook, &of.tenant, &of.name, &of.script].map(|text| c_text(text));
    let [hook, tenant, name, script] = texts.each_ref().map(|text| text.as_ptr());
    each(&th_attachment {
        id: of.id.number(),
        hook,
        tenant,
        name,
        script,
        order: of.order,
        enabled: of.enabled,
        kept: of.state == State::Kept,
        fuel_budget: of.rules.budget.fuel.get(),
        memory_budget: of.rules.budget.memory.get(),
        image_bytes: of.image_bytes as u64,
        calls: counts.calls,
        answers: counts.results.iter().map(|(_, count)| count).sum(),
        faults: counts.faults.iter().map(|(_, count)| count).sum(),
        denied: counts.denials.iter().map(|(_, count)| count).sum(),
        fuel: counts.fuel.total,
        fuel_max: counts.fuel.max,
        latency_p50_ns: counts.latency_ns.p50,
        latency_p99_ns: counts.latency_ns.p99,
        memory_max: counts.memory_peak_bytes,
        log_lines_dropped: counts.log_lines_dropped,
        causes_json: causes.as_ptr(),
        last_fault: last_fault.as_ptr(),
    });
}
