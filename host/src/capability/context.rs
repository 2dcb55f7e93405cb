//! On whose behalf a script runs, and what it may request of the host; the sandbox passes the guest's requests to it.

use std::sync::Arc;

use tenterhook_sandbox::{HostCall, HostWork};

use super::{Caller, Capabilities};
use crate::admit::Tenant;
use crate::observe::Subject;

/// On whose behalf a script runs. The executors of an attachment share it; capabilities see it.
pub(crate) struct Context {
    /// The name of the attachment in events.
    pub subject: Subject,
    /// The tenant that the attachment belongs to.
    pub tenant: String,
    /// The attachment's name.
    pub attachment: String,
    /// The script's name, as tracebacks show it.
    pub script: String,
    /// What the script may request of the host.
    pub capabilities: Capabilities,
    /// The tenant's account.
    pub account: Arc<Tenant>,
}

impl HostWork for Context {
    fn libraries(&self) -> Vec<u8> {
        self.capabilities.descriptor()
    }

    fn call(&self, call: HostCall<'_>, reply: &mut Vec<u8>) -> Result<(), String> {
        let HostCall { function, arguments, line, log } = call;
        let mut caller = Caller {
            tenant: &self.tenant,
            attachment: &self.attachment,
            script: &self.script,
            line,
            log,
            subject: &self.subject,
            account: &self.account,
        };
        self.capabilities.call(function, arguments, &mut caller, reply)
    }
}
