//! The control socket, through which operators work on a running program.

use std::ffi::c_char;

use crate::host::th_host;
use crate::pointer::{optional_text, shared, text};
use crate::served;
use crate::status::{ApiError, guard, guard_value, th_status};

/// Serves the operators' plane on a Unix socket, for the `tenterhook` command and others, on threads of its own, until
/// the host is freed. With `attachments`, a folder, what operators attach is saved there and restored after a restart.
/// Declare hook points before; a program that forks calls this after the fork. A library that was built without the
/// control plane returns `TH_FILE`.
///
/// # Safety
/// `host` is null or live; `socket` and `attachments` are null or end with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_host_serve_control(
    host: *const th_host,
    socket: *const c_char,
    attachments: *const c_char,
) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let (host, socket) = unsafe { (shared(host, "host")?, text(socket, "socket")?) };
        // SAFETY: as above.
        let attachments = unsafe { optional_text(attachments, "attachments") }?;
        let mut control = host.control.lock();
        if control.is_some() {
            return Err(ApiError::new(th_status::TH_SEQUENCE, "the host already serves a control socket"));
        }
        let served = served::serve(&host.host, socket, attachments);
        *control = Some(served.map_err(|message| ApiError::new(th_status::TH_FILE, message))?);
        Ok(())
    })
}

/// The number of attachments of the folder that could not be attached when the control socket was first served; a
/// program should report it. `tenterhook list` shows them and the reasons. It is 0 if no control socket is served.
///
/// # Safety
/// `host` is null or live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_host_broken(host: *const th_host) -> usize {
    guard_value(0, || {
        // SAFETY: the caller's promise.
        let host = unsafe { shared(host, "host") }?;
        Ok(host.control.lock().as_ref().map_or(0, |control| control.broken()))
    })
}
