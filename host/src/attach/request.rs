//! Requests of programs and operators to attach a script.

use std::collections::BTreeMap;
use std::sync::Arc;

use tenterhook_hooks::schema::{Declaration, Fingerprint};
use tenterhook_policies::{Rules, State};

use super::attachment::Attachment;
use super::bundle::Bundle;
use super::position::Position;
use super::text::lua;
use crate::admit::Loading;

/// A request to attach a script.
#[derive(Debug, Clone)]
#[must_use]
pub struct Request {
    pub(crate) hook: String,
    pub(crate) tenant: String,
    pub(crate) name: String,
    pub(crate) script: String,
    pub(crate) bundle: Bundle,
    pub(crate) position: Option<Position>,
    pub(crate) enabled: bool,
    pub(crate) rules: Option<Rules>,
    pub(crate) state: Option<State>,
    pub(crate) fingerprint: Option<(Fingerprint, Option<Arc<Declaration>>)>,
    /// Whether it will be saved on disk.
    pub(crate) kept: bool,
    pub(crate) loading: Loading,
}

impl Request {
    /// Requests to attach `source` at the hook point of that name, for `tenant`.
    pub fn new(hook: impl Into<String>, tenant: impl Into<String>, source: impl Into<Vec<u8>>) -> Request {
        let hook = hook.into();
        let handler = hook.rsplit('.').next().unwrap_or(&hook).to_owned();
        Request {
            tenant: tenant.into(),
            script: format!("{handler}.lua"),
            name: handler,
            hook,
            bundle: Bundle { main: source.into(), modules: BTreeMap::new() },
            position: None,
            enabled: true,
            rules: None,
            state: None,
            fingerprint: None,
            kept: false,
            loading: Loading::Counted,
        }
    }

    /// Sets the attachment's name; the default is the handler's.
    pub fn name(mut self, name: impl Into<String>) -> Request {
        self.name = name.into();
        self
    }

    /// Sets the script's name in tracebacks; the default is the handler's with `.lua`.
    pub fn script(mut self, script: impl Into<String>) -> Request {
        self.script = script.into();
        self
    }

    /// Adds a Lua module that the script finds by `require(name)`. Tracebacks name its file, in which dots of the name
    /// stand for folders. Script and modules together have at most the policy's `script_size`, and there are at most 64
    /// modules, none of them called `main`.
    pub fn module(mut self, name: impl Into<String>, source: impl Into<Vec<u8>>) -> Request {
        self.bundle.modules.insert(name.into(), source.into());
        self
    }

    /// Sets its order in the chain: lower runs earlier, equal orders run in order of attaching. The default is 0 or the
    /// nearest order that the policy allows.
    pub fn order(self, order: i32) -> Request {
        self.position(Position::Order(order))
    }

    /// Sets its position in the chain, possibly beside another attachment.
    pub fn position(mut self, position: Position) -> Request {
        self.position = Some(position);
        self
    }

    /// Sets whether it is called at once; the default is true.
    pub fn enabled(mut self, enabled: bool) -> Request {
        self.enabled = enabled;
        self
    }

    /// Sets rules of its own, in place of the host's policy.
    pub fn rules(mut self, rules: Rules) -> Request {
        self.rules = Some(rules);
        self
    }

    /// Sets whether state lasts from call to call, in place of the policy.
    pub fn state(mut self, state: State) -> Request {
        self.state = Some(state);
        self
    }

    /// Sets the fingerprint of the declaration that the script was written against; another one is rejected. If that
    /// declaration is given, the error shows the difference.
    pub fn written_against(mut self, fingerprint: Fingerprint, declaration: Option<Arc<Declaration>>) -> Request {
        self.fingerprint = Some((fingerprint, declaration));
        self
    }
    /// Sets script and modules as another attachment has them, in place of those given so far.
    pub fn bundle(mut self, bundle: Bundle) -> Request {
        self.bundle = bundle;
        self
    }

    /// Sets whether the attachment will be saved on disk: then its size counts towards the tenant's quota `disk`. The
    /// default is false.
    pub fn kept(mut self, kept: bool) -> Request {
        self.kept = kept;
        self
    }

    /// The tenant.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The text that Lua compiles from the file that error messages call `file`: the script or one of its modules.
    /// `None` if there is no such file, or it is not text.
    pub fn text_of(&self, file: &str) -> Option<&[u8]> {
        let file = if file == self.script {
            &self.bundle.main
        } else {
            self.bundle.modules.get(&file.strip_suffix(".lua")?.replace('/', "."))?
        };
        lua(file).ok()
    }

    /// The differences from the request that an attachment was made from, except hook point and place: `script` (or a
    /// module), `script's name`, `state`.
    pub fn differences(&self, from: &Attachment) -> Vec<&'static str> {
        let differences = [
            ("script", from.bundle != self.bundle),
            ("script's name", from.context.script != self.script),
            ("state", from.asked_state != self.state),
        ];
        differences.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what).collect()
    }
}
