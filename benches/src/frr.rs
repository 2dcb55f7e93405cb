//! FRR's pattern: per call a new state, its libraries, the script's text, tables, the call, the answer, the end.
//!
//! FRR itself opens none of Lua's standard libraries (its documentation on scripting says so), and its scripts have none:
//! [`Frr::bare`] does likewise. With them it does what our scripts have as well, which takes more than twice as long.
//!
//! Through Lua's C API, as FRR's `frrscript` does it and without what a binding would add (a state of mlua's takes half
//! as long again to make). FRR also reads the script's file for each call; here it is in memory.

use std::convert::Infallible;
use std::ffi::{CStr, CString, c_int};

use anyhow::{Context, Result};
use mlua::ffi;
use tenterhook_bgp::catalog::bgp::{RouteAction, RouteMatchArgs};

use crate::decision::Decision;
use crate::field::Field;
use crate::script::Script;
use crate::tables::{self, Builder};

/// The handler's name.
const HANDLER: &CStr = c"route_match";
/// In the order of the handler's parameters.
const CONSTANTS: [RouteAction; 4] =
    [RouteAction::Failure, RouteAction::NoMatch, RouteAction::Match, RouteAction::MatchAndChange];

/// A script, in memory, and nothing prepared.
#[derive(Debug)]
pub struct Frr {
    name: CString,
    source: &'static str,
    libraries: bool,
}

impl Frr {
    /// For a script.
    ///
    /// # Errors
    /// A name that C cannot take.
    pub fn new(script: Script) -> Result<Frr> {
        Ok(Frr { name: CString::new(script.name).context("script name")?, source: script.source, libraries: true })
    }

    /// As FRR has it, without libraries; `None` for a script that needs them.
    ///
    /// # Errors
    /// As [`Frr::new`].
    pub fn bare(script: Script) -> Result<Option<Frr>> {
        let frr = Frr::new(script)?;
        Ok((!script.needs_libraries).then_some(Frr { libraries: false, ..frr }))
    }

    /// One call of `route_match`, from nothing to nothing. `None` where FRR would have logged an error.
    pub fn route_match(&self, args: &RouteMatchArgs<'_>) -> Option<Decision> {
        let mut state = LuaState::new(self.libraries)?;
        state.load(self.source, &self.name)?;
        state.call(args)
    }
}

/// A Lua state of our own, closed at the end. Its stack is used as the C API says, with what each step leaves on it in
/// its comment.
struct LuaState(*mut ffi::lua_State);

impl LuaState {
    fn new(libraries: bool) -> Option<LuaState> {
        // SAFETY: makes a state, or none where there is no memory; nobody else has it.
        let state = unsafe { ffi::luaL_newstate() };
        if state.is_null() {
            return None;
        }
        let state = LuaState(state);
        if libraries {
            // SAFETY: the state is there, and its stack is empty. Without memory this aborts, as it does in FRR.
            unsafe { ffi::luaL_openlibs(state.0) };
        }
        Some(state)
    }

    fn load(&mut self, source: &str, name: &CStr) -> Option<()> {
        // SAFETY: pointer and length are of one string, the name ends in a zero byte; the chunk pushed by the first call
        // is what the second one calls.
        unsafe {
            let (text, len) = (source.as_ptr().cast(), source.len());
            let loaded = ffi::luaL_loadbufferx(self.0, text, len, name.as_ptr(), std::ptr::null());
            (loaded == ffi::LUA_OK && ffi::lua_pcall(self.0, 0, 0, 0) == ffi::LUA_OK).then_some(())
        }
    }

    fn call(&mut self, args: &RouteMatchArgs<'_>) -> Option<Decision> {
        // SAFETY: what is pushed: the handler, three tables (the walks leave one each), four integers. That many values
        // and the nested tables stay below the 20 slots that Lua guarantees. The call takes them and leaves one.
        unsafe {
            ffi::lua_getglobal(self.0, HANDLER.as_ptr());
            let Ok(()) = tables::prefix(self, &args.prefix);
            let Ok(()) = tables::attributes(self, args.attributes);
            let Ok(()) = tables::peer(self, args.peer);
            for constant in CONSTANTS {
                ffi::lua_pushinteger(self.0, constant as i64);
            }
            if ffi::lua_pcall(self.0, 3 + CONSTANTS.len() as c_int, 1, 0) != ffi::LUA_OK || !self.is_table() {
                return None;
            }
        }
        let action = self.field(Field::Action)?;
        // SAFETY: the answer, a table, is on top; its field is pushed, and popped with the state.
        unsafe { ffi::lua_getfield(self.0, -1, Field::Attributes.name().as_ptr()) };
        let (metric, localpref) =
            if self.is_table() { (self.field(Field::Metric), self.field(Field::Localpref)) } else { (None, None) };
        let short = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
        Some(Decision { action, metric: short(metric), localpref: short(localpref) })
    }

    fn is_table(&self) -> bool {
        // SAFETY: every caller has something on the stack.
        unsafe { ffi::lua_type(self.0, -1) == ffi::LUA_TTABLE }
    }

    /// An integer in the table on top.
    fn field(&self, field: Field) -> Option<i64> {
        let mut is_integer = 0;
        // SAFETY: every caller has checked that a table is on top, one without a metatable: it was made by the script, and
        // should it have one, an error would abort, as it does in FRR. What is pushed is popped.
        let value = unsafe {
            ffi::lua_getfield(self.0, -1, field.name().as_ptr());
            let value = ffi::lua_tointegerx(self.0, -1, &mut is_integer);
            ffi::lua_pop(self.0, 1);
            value
        };
        (is_integer != 0).then_some(value)
    }
}

impl Drop for LuaState {
    fn drop(&mut self) {
        // SAFETY: the state is ours, and this is its last use.
        unsafe { ffi::lua_close(self.0) };
    }
}

/// As FRR's encoders do it: `lua_newtable` would let the tables grow, so these are a little better off.
impl Builder for LuaState {
    type Error = Infallible;

    #[inline]
    fn open(&mut self, elements: usize, fields: usize) -> Result<(), Infallible> {
        // SAFETY: pushes a table.
        unsafe { ffi::lua_createtable(self.0, elements as c_int, fields as c_int) };
        Ok(())
    }

    #[inline]
    fn close(&mut self, field: Field) -> Result<(), Infallible> {
        // SAFETY: the walk has two tables open; the inner one is popped.
        unsafe { ffi::lua_setfield(self.0, -2, field.name().as_ptr()) };
        Ok(())
    }

    #[inline]
    fn integer(&mut self, field: Field, value: i64) -> Result<(), Infallible> {
        // SAFETY: pushes, and pops into the table below.
        unsafe {
            ffi::lua_pushinteger(self.0, value);
            ffi::lua_setfield(self.0, -2, field.name().as_ptr());
        }
        Ok(())
    }

    #[inline]
    fn text(&mut self, field: Field, text: &str) -> Result<(), Infallible> {
        // SAFETY: pointer and length are of one string, which Lua copies; what is pushed is popped into the table below.
        unsafe {
            ffi::lua_pushlstring(self.0, text.as_ptr().cast(), text.len());
            ffi::lua_setfield(self.0, -2, field.name().as_ptr());
        }
        Ok(())
    }

    #[inline]
    fn integer_at(&mut self, index: usize, value: i64) -> Result<(), Infallible> {
        // SAFETY: pushes, and pops into the table below.
        unsafe {
            ffi::lua_pushinteger(self.0, value);
            ffi::lua_rawseti(self.0, -2, index as i64);
        }
        Ok(())
    }

    #[inline]
    fn text_at(&mut self, index: usize, text: &str) -> Result<(), Infallible> {
        // SAFETY: as in `text`.
        unsafe {
            ffi::lua_pushlstring(self.0, text.as_ptr().cast(), text.len());
            ffi::lua_rawseti(self.0, -2, index as i64);
        }
        Ok(())
    }
}
