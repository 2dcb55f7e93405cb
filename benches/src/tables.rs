//! The arguments of `bgp.route_match` as tables: one walk, for every engine that builds them.
//!
//! Every field that the catalog has is there, as FRR would have it: nested tables, and addresses as tables of `value`
//! and `string`. Absent options are absent keys.

use std::net::IpAddr;

use tenterhook::hooks::value::{HookEnum, Prefix};
use tenterhook_bgp::catalog::bgp::{Attributes, Peer, PeerStats, Timers};

use crate::field::Field;
use crate::text::Text;

/// Linux's AF_INET and AF_INET6, as FRR's scripts see them.
const INET: i64 = 2;
const INET6: i64 = 10;

/// Builds tables. The innermost open one gets the fields; `close` puts it into the one around it.
pub trait Builder {
    /// Why it may fail.
    type Error;
    /// Opens a table that will have this many elements and fields.
    fn open(&mut self, elements: usize, fields: usize) -> Result<(), Self::Error>;
    /// Closes the innermost table, as a field of the one around it.
    fn close(&mut self, field: Field) -> Result<(), Self::Error>;
    /// Sets a field of the innermost table.
    fn integer(&mut self, field: Field, value: i64) -> Result<(), Self::Error>;
    /// Sets a field of the innermost table.
    fn text(&mut self, field: Field, text: &str) -> Result<(), Self::Error>;
    /// Sets an element of the innermost table, counting from 1.
    fn integer_at(&mut self, index: usize, value: i64) -> Result<(), Self::Error>;
    /// Sets an element of the innermost table, counting from 1.
    fn text_at(&mut self, index: usize, text: &str) -> Result<(), Self::Error>;
}

/// Opens the prefix's table and fills it; it stays open.
///
/// # Errors
/// Those of the builder, here and below.
pub fn prefix<B: Builder>(b: &mut B, prefix: &Prefix) -> Result<(), B::Error> {
    let (address, length) = (prefix.address(), u32::from(prefix.length()));
    b.open(0, 3)?;
    b.text(Field::Network, Text::default().address(address).push(b'/').decimal(length).as_str())?;
    b.integer(Field::Length, i64::from(length))?;
    b.integer(Field::Family, if address.is_ipv4() { INET } else { INET6 })
}

/// Opens the attributes' table and fills it; it stays open.
///
/// # Errors
/// Those of the builder.
pub fn attributes<B: Builder>(b: &mut B, of: &Attributes<'_>) -> Result<(), B::Error> {
    b.open(0, 14)?;
    b.integer(Field::Metric, i64::from(of.metric))?;
    b.integer(Field::Ifindex, i64::from(of.ifindex))?;
    b.text(Field::Aspath, of.aspath)?;
    b.integer(Field::Localpref, i64::from(of.localpref))?;
    b.text(Field::Origin, of.origin.name())?;
    optional_address(b, Field::NextHop, of.next_hop)?;

    b.open(of.communities.0.len(), 0)?;
    for (i, community) in (1..).zip(of.communities.0) {
        let mut text = Text::default();
        b.text_at(i, text.decimal(community >> 16).push(b':').decimal(community & 0xffff).as_str())?;
    }
    b.close(Field::Communities)?;

    b.open(of.large_communities.0.len(), 0)?;
    for (i, [global, first, second]) in (1..).zip(of.large_communities.0) {
        let mut text = Text::default();
        b.text_at(i, text.decimal(*global).push(b':').decimal(*first).push(b':').decimal(*second).as_str())?;
    }
    b.close(Field::LargeCommunities)?;

    b.open(of.extended_communities.0.len(), 0)?;
    for (i, community) in (1..).zip(of.extended_communities.0) {
        b.text_at(i, extended(&mut Text::default(), *community).as_str())?;
    }
    b.close(Field::ExtendedCommunities)?;

    numbers(b, Field::AsPath, of.as_path)?;
    numbers(b, Field::Prepend, of.prepend)?;
    b.integer(Field::Weight, i64::from(of.weight))?;
    b.integer(Field::Tag, i64::from(of.tag))?;
    if let Some(aggregator) = of.aggregator {
        b.open(0, 2)?;
        b.integer(Field::Asn, i64::from(aggregator.asn))?;
        address(b, Field::Address, aggregator.address)?;
        b.close(Field::Aggregator)?;
    }
    Ok(())
}

/// Opens the peer's table and fills it; it stays open.
///
/// # Errors
/// Those of the builder.
pub fn peer<B: Builder>(b: &mut B, of: &Peer<'_>) -> Result<(), B::Error> {
    b.open(0, 15)?;
    b.integer(Field::RemoteAs, i64::from(of.remote_as))?;
    b.integer(Field::LocalAs, i64::from(of.local_as))?;
    address(b, Field::RemoteId, IpAddr::V4(of.remote_id))?;
    address(b, Field::LocalId, IpAddr::V4(of.local_id))?;
    b.text(Field::State, of.state.name())?;
    b.text(Field::Description, of.description)?;
    b.integer(Field::Uptime, of.uptime)?;
    b.integer(Field::LastReadtime, of.last_readtime)?;
    b.integer(Field::LastResettime, of.last_resettime)?;
    optional_address(b, Field::LocalAddress, of.local_address)?;
    address(b, Field::RemoteAddress, of.remote_address)?;
    b.integer(Field::Capabilities, of.capabilities as i64)?;
    b.integer(Field::Flags, of.flags as i64)?;

    b.open(0, 2)?;
    timers(b, Field::Configured, &of.timers.configured)?;
    timers(b, Field::Negotiated, &of.timers.negotiated)?;
    b.close(Field::Timers)?;
    stats(b, &of.stats)
}

fn timers<B: Builder>(b: &mut B, field: Field, of: &Timers) -> Result<(), B::Error> {
    b.open(0, 4)?;
    b.integer(Field::Hold, i64::from(of.hold))?;
    b.integer(Field::Keepalive, i64::from(of.keepalive))?;
    b.integer(Field::Connect, i64::from(of.connect))?;
    b.integer(Field::RouteAdvertisement, i64::from(of.route_advertisement))?;
    b.close(field)
}

fn stats<B: Builder>(b: &mut B, of: &PeerStats) -> Result<(), B::Error> {
    b.open(0, 15)?;
    b.integer(Field::OpenIn, i64::from(of.open_in))?;
    b.integer(Field::OpenOut, i64::from(of.open_out))?;
    b.integer(Field::UpdateIn, i64::from(of.update_in))?;
    b.integer(Field::UpdateOut, i64::from(of.update_out))?;
    b.integer(Field::UpdateTime, of.update_time)?;
    b.integer(Field::KeepaliveIn, i64::from(of.keepalive_in))?;
    b.integer(Field::KeepaliveOut, i64::from(of.keepalive_out))?;
    b.integer(Field::NotifyIn, i64::from(of.notify_in))?;
    b.integer(Field::NotifyOut, i64::from(of.notify_out))?;
    b.integer(Field::RefreshIn, i64::from(of.refresh_in))?;
    b.integer(Field::RefreshOut, i64::from(of.refresh_out))?;
    b.integer(Field::DynamicCapIn, i64::from(of.dynamic_cap_in))?;
    b.integer(Field::DynamicCapOut, i64::from(of.dynamic_cap_out))?;
    b.integer(Field::TimesEstablished, i64::from(of.times_established))?;
    b.integer(Field::TimesDropped, i64::from(of.times_dropped))?;
    b.close(Field::Stats)
}

fn numbers<B: Builder>(b: &mut B, field: Field, numbers: &[u32]) -> Result<(), B::Error> {
    b.open(numbers.len(), 0)?;
    for (i, number) in (1..).zip(numbers) {
        b.integer_at(i, i64::from(*number))?;
    }
    b.close(field)
}

fn optional_address<B: Builder>(b: &mut B, field: Field, of: Option<IpAddr>) -> Result<(), B::Error> {
    of.map_or(Ok(()), |of| address(b, field, of))
}

/// `value` is the four bytes as they lie in memory, read as a little-endian integer; IPv6 addresses have none.
fn address<B: Builder>(b: &mut B, field: Field, of: IpAddr) -> Result<(), B::Error> {
    b.open(0, 2)?;
    if let IpAddr::V4(v4) = of {
        b.integer(Field::Value, i64::from(u32::from_le_bytes(v4.octets())))?;
    }
    b.text(Field::String, Text::default().address(of).as_str())?;
    b.close(field)
}

/// Route targets of two-byte AS numbers, and digits for all others: the kinds that the routes here have.
fn extended(text: &mut Text, community: [u8; 8]) -> &mut Text {
    let [kind, sub_kind, a, b, c, d, e, f] = community;
    if (kind, sub_kind) == (0x00, 0x02) {
        let asn = u32::from(u16::from_be_bytes([a, b]));
        return text.format(format_args!("rt:{asn}:{}", u32::from_be_bytes([c, d, e, f])));
    }
    text.format(format_args!("0x{:016x}", u64::from_be_bytes(community)))
}
