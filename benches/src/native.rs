//! Native Lua through mlua: one state for all calls, arguments as tables.
//!
//! What was found fastest among mlua's safe ways to build a table of 15 fields, and is used here: `Lua::new` once,
//! handler and key strings kept as handles, tables made with their final size, fields set with `raw_set`. Text keys
//! (which Lua has to intern again each time) take about a tenth longer; `create_table_from` takes as long, and
//! serialising through serde longer than all of them.

use anyhow::{Result, anyhow};
use mlua::{Function, Lua, LuaString, Table};
use tenterhook_bgp::catalog::bgp::{RouteAction, RouteMatchArgs};

use crate::decision::Decision;
use crate::field::{Field, NAMES};
use crate::script::Script;
use crate::tables::{self, Builder};

/// A script loaded into a state of its own.
pub struct Native {
    lua: Lua,
    handler: Function,
    names: Vec<LuaString>,
    open: Vec<Table>,
}

impl Native {
    /// Loads a script.
    ///
    /// # Errors
    /// A script without the handler, or one that does not load.
    pub fn new(script: Script, handler: &str) -> Result<Native> {
        let lua = Lua::new();
        let load = || {
            lua.load(script.source).set_name(script.name).exec()?;
            let handler = lua.globals().get(handler)?;
            let names = NAMES.iter().map(|name| lua.create_string(name.to_bytes()));
            Ok((handler, names.collect::<mlua::Result<Vec<LuaString>>>()?))
        };
        let (handler, names) = load().map_err(|e: mlua::Error| anyhow!("{}: {e}", script.name))?;
        Ok(Native { lua, handler, names, open: Vec::with_capacity(8) })
    }

    /// One call of `integer`.
    ///
    /// # Errors
    /// The script's.
    pub fn integer(&self, n: i64) -> mlua::Result<i64> {
        let answer: Table = self.handler.call(n)?;
        answer.raw_get(self.name(Field::Next))
    }

    /// One call of `route_match`: tables, call, answer.
    ///
    /// # Errors
    /// The script's.
    pub fn route_match(&mut self, args: &RouteMatchArgs<'_>) -> mlua::Result<Decision> {
        tables::prefix(self, &args.prefix)?;
        let prefix = self.open.pop();
        tables::attributes(self, args.attributes)?;
        let attributes = self.open.pop();
        tables::peer(self, args.peer)?;
        let peer = self.open.pop();
        let constants = (
            RouteAction::Failure as i64,
            RouteAction::NoMatch as i64,
            RouteAction::Match as i64,
            RouteAction::MatchAndChange as i64,
        );
        let (failure, no_match, matching, change) = constants;
        let answer: Table = self.handler.call((prefix, attributes, peer, failure, no_match, matching, change))?;

        let action = answer.raw_get(self.name(Field::Action))?;
        let changed: Option<Table> = answer.raw_get(self.name(Field::Attributes))?;
        let (metric, localpref) = match changed {
            None => (None, None),
            Some(changed) => {
                (changed.raw_get(self.name(Field::Metric))?, changed.raw_get(self.name(Field::Localpref))?)
            }
        };
        Ok(Decision { action, metric, localpref })
    }

    #[inline]
    fn name(&self, field: Field) -> &LuaString {
        &self.names[field.index()]
    }

    #[inline]
    fn innermost(&self) -> mlua::Result<&Table> {
        self.open.last().ok_or_else(|| mlua::Error::runtime("no table is open"))
    }
}

impl Builder for Native {
    type Error = mlua::Error;

    #[inline]
    fn open(&mut self, elements: usize, fields: usize) -> mlua::Result<()> {
        self.open.push(self.lua.create_table_with_capacity(elements, fields)?);
        Ok(())
    }

    #[inline]
    fn close(&mut self, field: Field) -> mlua::Result<()> {
        let table = self.open.pop();
        self.innermost()?.raw_set(self.name(field), table)
    }

    #[inline]
    fn integer(&mut self, field: Field, value: i64) -> mlua::Result<()> {
        self.innermost()?.raw_set(self.name(field), value)
    }

    #[inline]
    fn text(&mut self, field: Field, text: &str) -> mlua::Result<()> {
        self.innermost()?.raw_set(self.name(field), text)
    }

    #[inline]
    fn integer_at(&mut self, index: usize, value: i64) -> mlua::Result<()> {
        self.innermost()?.raw_set(index, value)
    }

    #[inline]
    fn text_at(&mut self, index: usize, text: &str) -> mlua::Result<()> {
        self.innermost()?.raw_set(index, text)
    }
}
