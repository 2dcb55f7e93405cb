//! The same script as FRR runs scripts: for every route a new native Lua state, the script loaded into it, all of the
//! prefix, the attributes and the peer as tables, one call, the answer read back, the state closed. Nothing limits the
//! script. FRR opens none of Lua's standard libraries, which is cheaper; this script needs them, so they are opened here.

use tenterhook_bgp::routes::Route;

use super::drive::Decision;

/// The result of the comparison.
#[derive(Debug, Clone, Copy)]
pub struct FrrWay {
    pub routes: u64,
    pub ns_per_route: u64,
    /// Decisions that are the same as in the sandbox.
    pub agreeing: u64,
}

/// Runs the script over the routes; `None` if this build has no native Lua.
#[cfg(not(feature = "native"))]
pub fn measure(_script: &str, _routes: &[Route], _decisions: &[Decision]) -> anyhow::Result<Option<FrrWay>> {
    Ok(None)
}

/// Runs the script over the routes.
#[cfg(feature = "native")]
pub fn measure(script: &str, routes: &[Route], decisions: &[Decision]) -> anyhow::Result<Option<FrrWay>> {
    use std::time::Instant;

    // mlua's errors stay on their thread, so only their messages are passed on.
    let failed = |error: mlua::Error| anyhow::anyhow!("native Lua: {error}");
    let mut agreeing = 0;
    let start = Instant::now();
    for (route, expected) in routes.iter().zip(decisions) {
        let decision = native::decide(script, route).map_err(failed)?;
        agreeing += u64::from(decision == *expected);
    }
    let ns = u64::try_from(start.elapsed().as_nanos())?;
    Ok(Some(FrrWay { routes: routes.len() as u64, ns_per_route: ns / (routes.len() as u64).max(1), agreeing }))
}

#[cfg(feature = "native")]
mod native {
    use mlua::{Function, Lua, Result, Table, Value};
    use tenterhook::hooks::value::Prefix;
    use tenterhook_bgp::catalog::bgp::{Attributes, Origin, Peer, PeerState, PeerStats, RouteAction, Timers};
    use tenterhook_bgp::routes::Route;

    use super::super::drive::Decision;

    const ACTIONS: [RouteAction; 4] =
        [RouteAction::Failure, RouteAction::NoMatch, RouteAction::Match, RouteAction::MatchAndChange];

    pub fn decide(script: &str, route: &Route) -> Result<Decision> {
        let lua = Lua::new();
        lua.load(script).set_name("@acme.lua").exec()?;
        let handler: Function = lua.globals().get("route_match")?;
        let given = route.attributes.view();
        let arguments = (
            prefix(&lua, route.prefix)?,
            attributes(&lua, &given)?,
            peer(&lua, &route.peer.view(PeerState::Established, route.time))?,
        );
        let answer: Table = handler.call((arguments.0, arguments.1, arguments.2, 0, 1, 2, 3))?;
        let action: usize = answer.get("action")?;
        let action = ACTIONS.get(action).copied().ok_or_else(|| mlua::Error::runtime("no such action"))?;
        let changed: Option<Table> = answer.get("attributes")?;
        let field = |name: &str, given: u32| -> Result<Option<u32>> {
            let Some(changed) = &changed else { return Ok(None) };
            let value: Option<u32> = changed.get(name)?;
            Ok(value.filter(|value| *value != given))
        };
        Ok(Decision { action, metric: field("metric", given.metric)?, localpref: field("localpref", given.localpref)? })
    }

    fn prefix(lua: &Lua, prefix: Prefix) -> Result<Table> {
        let table = lua.create_table()?;
        table.raw_set("network", prefix.to_string())?;
        table.raw_set("length", prefix.length())?;
        table.raw_set("family", if prefix.address().is_ipv4() { 2 } else { 10 })?;
        Ok(table)
    }

    fn address(lua: &Lua, address: Option<std::net::IpAddr>) -> Result<Value> {
        let Some(address) = address else { return Ok(Value::Nil) };
        let table = lua.create_table()?;
        if let std::net::IpAddr::V4(v4) = address {
            table.raw_set("value", u32::from_ne_bytes(v4.octets()))?;
        }
        table.raw_set("string", address.to_string())?;
        Ok(Value::Table(table))
    }

    fn attributes(lua: &Lua, attributes: &Attributes<'_>) -> Result<Table> {
        let table = lua.create_table()?;
        table.raw_set("metric", attributes.metric)?;
        table.raw_set("ifindex", attributes.ifindex)?;
        table.raw_set("aspath", attributes.aspath)?;
        table.raw_set("localpref", attributes.localpref)?;
        let origin = match attributes.origin {
            Origin::Igp => "IGP",
            Origin::Egp => "EGP",
            Origin::Incomplete => "INCOMPLETE",
        };
        table.raw_set("origin", origin)?;
        table.raw_set("next_hop", address(lua, attributes.next_hop)?)?;
        let communities = attributes.communities.0.iter().map(|c| format!("{}:{}", c >> 16, c & 0xffff));
        table.raw_set("communities", lua.create_sequence_from(communities)?)?;
        let large = attributes.large_communities.0.iter().map(|[a, b, c]| format!("{a}:{b}:{c}"));
        table.raw_set("large_communities", lua.create_sequence_from(large)?)?;
        table.raw_set("as_path", lua.create_sequence_from(attributes.as_path.iter().copied())?)?;
        table.raw_set("weight", attributes.weight)?;
        table.raw_set("tag", attributes.tag)?;
        Ok(table)
    }

    fn timers(lua: &Lua, timers: &Timers) -> Result<Table> {
        let table = lua.create_table()?;
        table.raw_set("hold", timers.hold)?;
        table.raw_set("keepalive", timers.keepalive)?;
        table.raw_set("connect", timers.connect)?;
        table.raw_set("route_advertisement", timers.route_advertisement)?;
        Ok(table)
    }

    fn stats(lua: &Lua, stats: &PeerStats) -> Result<Table> {
        let table = lua.create_table()?;
        table.raw_set("open_in", stats.open_in)?;
        table.raw_set("open_out", stats.open_out)?;
        table.raw_set("update_in", stats.update_in)?;
        table.raw_set("update_out", stats.update_out)?;
        table.raw_set("update_time", stats.update_time)?;
        table.raw_set("keepalive_in", stats.keepalive_in)?;
        table.raw_set("keepalive_out", stats.keepalive_out)?;
        table.raw_set("notify_in", stats.notify_in)?;
        table.raw_set("notify_out", stats.notify_out)?;
        table.raw_set("refresh_in", stats.refresh_in)?;
        table.raw_set("refresh_out", stats.refresh_out)?;
        table.raw_set("dynamic_cap_in", stats.dynamic_cap_in)?;
        table.raw_set("dynamic_cap_out", stats.dynamic_cap_out)?;
        table.raw_set("times_established", stats.times_established)?;
        table.raw_set("times_dropped", stats.times_dropped)?;
        Ok(table)
    }

    fn peer(lua: &Lua, peer: &Peer<'_>) -> Result<Table> {
        let table = lua.create_table()?;
        table.raw_set("remote_as", peer.remote_as)?;
        table.raw_set("local_as", peer.local_as)?;
        table.raw_set("remote_id", address(lua, Some(peer.remote_id.into()))?)?;
        table.raw_set("local_id", address(lua, Some(peer.local_id.into()))?)?;
        table.raw_set("local_address", address(lua, peer.local_address)?)?;
        table.raw_set("remote_address", address(lua, Some(peer.remote_address))?)?;
        table.raw_set("state", "Established")?;
        table.raw_set("description", peer.description)?;
        table.raw_set("uptime", peer.uptime)?;
        table.raw_set("last_readtime", peer.last_readtime)?;
        table.raw_set("last_resettime", peer.last_resettime)?;
        table.raw_set("capabilities", peer.capabilities)?;
        table.raw_set("flags", peer.flags)?;
        let both = lua.create_table()?;
        both.raw_set("configured", timers(lua, &peer.timers.configured)?)?;
        both.raw_set("negotiated", timers(lua, &peer.timers.negotiated)?)?;
        table.raw_set("timers", both)?;
        table.raw_set("stats", stats(lua, &peer.stats)?)?;
        Ok(table)
    }
}
