//! What a program or an operator asks to have attached.

use std::collections::BTreeMap;
use std::sync::Arc;

use tenterhook_hooks::schema::{Declaration, Fingerprint};
use tenterhook_policies::{Rules, State};

use super::attachment::Attachment;
use super::bundle::Bundle;
use super::position::Position;
use super::text::lua;
use crate::admit::Loading;

/// What to attach, and where.
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
    /// Whether it is going to be kept on disk.
    pub(crate) kept: bool,
    pub(crate) loading: Loading,
}

impl Request {
    /// To attach `source` at the hook point of that name, for `tenant`.
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

    /// The attachment's name; the handler's unless said.
    pub fn name(mut self, name: impl Into<String>) -> Request {
        self.name = name.into();
        self
    }

    /// The script's name, as tracebacks show it; the handler's with `.lua` unless said.
    pub fn script(mut self, script: impl Into<String>) -> Request {
        self.script = script.into();
        self
    }

    /// A Lua module that the script finds by `require(name)`, in files of that name in its tracebacks: dots in the name
    /// stand for folders. Script and modules together have at most the policy's `script_size`, and there are at most 64
    /// modules, none of them called `main`.
    pub fn module(mut self, name: impl Into<String>, source: impl Into<Vec<u8>>) -> Request {
        self.bundle.modules.insert(name.into(), source.into());
        self
    }

    /// Its place in the chain: lower runs earlier, equals in order of attaching. Unless said, 0 or the nearest that the
    /// policy allows.
    pub fn order(self, order: i32) -> Request {
        self.position(Position::Order(order))
    }

    /// Its place in the chain, beside another attachment if need be.
    pub fn position(mut self, position: Position) -> Request {
        self.position = Some(position);
        self
    }

    /// Whether calls reach it at once; they do unless said.
    pub fn enabled(mut self, enabled: bool) -> Request {
        self.enabled = enabled;
        self
    }

    /// Rules of its own, instead of what the host's policy says of tenant and hook point.
    pub fn rules(mut self, rules: Rules) -> Request {
        self.rules = Some(rules);
        self
    }

    /// Whether state lasts from call to call, instead of what the policy says.
    pub fn state(mut self, state: State) -> Request {
        self.state = Some(state);
        self
    }

    /// The declaration's fingerprint that the script was written against; another one is refused. With the declaration
    /// it was, the refusal spells out the difference.
    pub fn written_against(mut self, fingerprint: Fingerprint, declaration: Option<Arc<Declaration>>) -> Request {
        self.fingerprint = Some((fingerprint, declaration));
        self
    }
    /// Script and modules as another attachment has them, instead of those given so far.
    pub fn bundle(mut self, bundle: Bundle) -> Request {
        self.bundle = bundle;
        self
    }

    /// Whether the attachment is going to be kept on disk: its size counts towards the tenant's quota `disk` then. It does
    /// not unless said.
    pub fn kept(mut self, kept: bool) -> Request {
        self.kept = kept;
        self
    }

    /// Whom it is for.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// What Lua compiles of the file that error messages call `file`: the script or one of its modules. `None` where there
    /// is no such file, or it is no text.
    pub fn text_of(&self, file: &str) -> Option<&[u8]> {
        let file = if file == self.script {
            &self.bundle.main
        } else {
            self.bundle.modules.get(&file.strip_suffix(".lua")?.replace('/', "."))?
        };
        lua(file).ok()
    }

    /// In what it differs from the request that an attachment was made of, but for hook point and place: `script` (or a
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
