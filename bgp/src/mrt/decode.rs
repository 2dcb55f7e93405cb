//! Decodes record bodies, by type: whose route, which prefixes, which attributes.
//!
//! A body has to be used up to its last byte. That distinguishes a correct length from a wrong one, and so lets the
//! reader decide whether to trust what follows (see [`super::resync`]).

use std::sync::Arc;

use super::attributes;
use super::cursor::{Afi, AsWidth, Cursor, Reason};
use super::family::Family;
use super::header::{BGP4MP, BGP4MP_ET, Header, TABLE_DUMP, TABLE_DUMP_V2};
use super::nlri::{self, PathPrefix};
use super::route::{Announced, Attributes, FsmState, PeerInfo, Prefix, Record, RecordKind, Safi, Timestamp, Withdrawn};

/// Marker, length and type.
const BGP_HEADER: usize = 19;

const PEER_INDEX_TABLE: u16 = 1;
const RIB_GENERIC: u16 = 6;
const RIB_GENERIC_ADDPATH: u16 = 12;

type Peers = Vec<Arc<PeerInfo>>;

/// A record, and the peers it introduces if it is a peer index table.
pub(super) struct Decoded {
    pub(super) record: Record,
    peers: Option<Peers>,
}

/// The state that earlier records establish for later ones.
pub(super) struct Decoder {
    /// By the index that RIB records use.
    peers: Peers,
    unknown: Arc<PeerInfo>,
    /// The last peer that a record contained in full: consecutive records of one peer share it.
    last: Arc<PeerInfo>,
}

impl Decoder {
    pub(super) fn new() -> Self {
        let unknown = Arc::new(PeerInfo::UNKNOWN);
        Self { peers: Peers::new(), last: Arc::clone(&unknown), unknown }
    }

    /// Decodes a body. It changes nothing that later records depend on, so that a guess can be tried.
    pub(super) fn decode(&mut self, header: Header, body: &[u8], offset: u64) -> Result<Decoded, Reason> {
        let mut cursor = Cursor(body);
        let microseconds = match header.kind {
            BGP4MP_ET => cursor.u32()?,
            _ => 0,
        };
        let timestamp = Timestamp { seconds: header.seconds, microseconds };
        let mut decoded = Decoded { record: Record::new(offset, timestamp, RecordKind::Keepalive), peers: None };
        let record = &mut decoded.record;
        record.kind = match (header.kind, header.subtype) {
            (TABLE_DUMP, 1) => self.table_dump(&mut cursor, Afi::Ipv4, record)?,
            (TABLE_DUMP, 2) => self.table_dump(&mut cursor, Afi::Ipv6, record)?,
            (TABLE_DUMP_V2, PEER_INDEX_TABLE) => {
                let peers = peer_index_table(&mut cursor)?;
                let kind = RecordKind::PeerIndexTable { peers: peers.len() };
                decoded.peers = Some(peers);
                kind
            }
            (TABLE_DUMP_V2, 7) => geo_peer_table(&mut cursor)?,
            (TABLE_DUMP_V2, subtype) => {
                let (afi, safi, add_path) = rib_family(subtype)?;
                self.rib(&mut cursor, afi, safi, add_path, record)?
            }
            (BGP4MP | BGP4MP_ET, subtype) => self.bgp4mp(subtype, &mut cursor, record)?,
            (kind, _) => return Err(format!("MRT type {kind} holds no BGP")),
        };
        match cursor.left() {
            0 => Ok(decoded),
            left => Err(format!("{left} bytes are left at its end")),
        }
    }

    /// Applies what a record says about later ones.
    pub(super) fn accept(&mut self, decoded: Decoded) -> Record {
        if let Some(peers) = decoded.peers {
            self.peers = peers;
        }
        decoded.record
    }

    /// A peer index table that cannot be read still invalidates the one before it.
    pub(super) fn reject(&mut self, header: Header) {
        if (header.kind, header.subtype) == (TABLE_DUMP_V2, PEER_INDEX_TABLE) {
            self.peers.clear();
        }
    }

    fn share(&mut self, peer: PeerInfo) -> Arc<PeerInfo> {
        if *self.last != peer {
            self.last = Arc::new(peer);
        }
        Arc::clone(&self.last)
    }

    /// Reads one route (RFC 6396 4.2). Some of the first writers are said to have put several into one record;
    /// accepting that would let a wrong length swallow the next record's header as a route without attributes.
    fn table_dump(&mut self, cursor: &mut Cursor<'_>, afi: Afi, record: &mut Record) -> Result<RecordKind, Reason> {
        cursor.take(4)?; // view, sequence
        let address = cursor.address(afi)?;
        let length = cursor.u8()?;
        let prefix = Prefix::new(address, length)
            .ok_or_else(|| format!("a prefix of {length} bits is impossible for {afi:?}"))?;
        cursor.take(5)?; // status, time
        let remote_address = cursor.address(afi)?;
        let peer = self.share(PeerInfo {
            remote_as: cursor.u16()?.into(),
            local_as: None,
            remote_address,
            local_address: None,
            remote_id: None,
        });
        let length = cursor.u16()?;
        let attributes = attributes::read(cursor.take(length.into())?, AsWidth::Two)?.of_table();
        record.malformed.extend_from_slice(&attributes.malformed);
        let attributes = Arc::new(attributes);
        record.announced.push(Announced { peer, prefix, safi: Safi::Unicast, path_id: None, attributes });
        Ok(RecordKind::TableDump)
    }

    /// The routes of all peers to one prefix (RFC 6396 4.3.2, RFC 8050 4).
    fn rib(
        &mut self,
        cursor: &mut Cursor<'_>,
        afi: Afi,
        safi: Safi,
        add_path: bool,
        record: &mut Record,
    ) -> Result<RecordKind, Reason> {
        cursor.take(4)?; // sequence
        let prefix = nlri::prefix(cursor, afi)?;
        let count = cursor.u16()?;
        for _ in 0..count {
            let index = usize::from(cursor.u16()?);
            cursor.take(4)?; // time
            let path_id = if add_path { Some(cursor.u32()?) } else { None };
            let length = cursor.u16()?;
            let attributes = attributes::read(cursor.take(length.into())?, AsWidth::Four)?.of_table();
            record.malformed.extend_from_slice(&attributes.malformed);
            let peer = self.peers.get(index).unwrap_or_else(|| {
                record.unknown_peers += 1;
                &self.unknown
            });
            let (peer, attributes) = (Arc::clone(peer), Arc::new(attributes));
            record.announced.push(Announced { peer, prefix, safi, path_id, attributes });
        }
        Ok(RecordKind::Rib)
    }

    /// A message or a change of state (RFC 6396 4.4, RFC 8050 3).
    fn bgp4mp(&mut self, subtype: u16, cursor: &mut Cursor<'_>, record: &mut Record) -> Result<RecordKind, Reason> {
        let width = match subtype {
            0 | 1 | 6 | 8 | 10 => AsWidth::Two,
            4 | 5 | 7 | 9 | 11 => AsWidth::Four,
            _ => return Err(format!("BGP4MP subtype {subtype} is deprecated")),
        };
        record.local = matches!(subtype, 6 | 7 | 10 | 11);
        let remote_as = cursor.asn(width)?;
        let local_as = cursor.asn(width)?;
        cursor.take(2)?; // interface
        let number = cursor.u16()?;
        let afi = Afi::from_number(number).ok_or_else(|| format!("peers have no addresses of family {number}"))?;
        let remote_address = cursor.address(afi)?;
        let local_address = cursor.address(afi)?;
        let peer = self.share(PeerInfo {
            remote_as,
            local_as: Some(local_as),
            remote_address,
            local_address: Some(local_address),
            remote_id: None,
        });
        record.peer = Some(Arc::clone(&peer));
        if matches!(subtype, 0 | 5) {
            return Ok(RecordKind::StateChange {
                old: FsmState::from_number(cursor.u16()?),
                new: FsmState::from_number(cursor.u16()?),
            });
        }
        message(cursor, width, subtype >= 8, &peer, record)
    }
}

/// A BGP message with its header (RFC 4271 4.1).
fn message(
    cursor: &mut Cursor<'_>,
    width: AsWidth,
    add_path: bool,
    peer: &Arc<PeerInfo>,
    record: &mut Record,
) -> Result<RecordKind, Reason> {
    let all = cursor.left();
    cursor.take(16)?; // marker
    let length = usize::from(cursor.u16()?);
    let kind = cursor.u8()?;
    if length < BGP_HEADER || length != all {
        return Err(format!("a BGP message of {length} bytes in a record with {all} bytes for it"));
    }
    let mut body = Cursor(cursor.rest());
    match kind {
        1 => Ok(RecordKind::Open),
        2 => update(&mut body, width, add_path, peer, record),
        3 => Ok(RecordKind::Notification),
        4 => Ok(RecordKind::Keepalive),
        5 => Ok(RecordKind::RouteRefresh),
        _ => Err(format!("BGP message type {kind} is not known")),
    }
}

/// An UPDATE (RFC 4271 4.3, RFC 4760).
fn update(
    cursor: &mut Cursor<'_>,
    width: AsWidth,
    add_path: bool,
    peer: &Arc<PeerInfo>,
    record: &mut Record,
) -> Result<RecordKind, Reason> {
    let length = cursor.u16()?;
    let withdrawn = nlri::prefixes(cursor.take(length.into())?, Afi::Ipv4, add_path)?;
    let length = cursor.u16()?;
    let mut section = attributes::read(cursor.take(length.into())?, width)?;
    let announced = nlri::prefixes(cursor.rest(), Afi::Ipv4, add_path)?;
    let reach = section.reach.map(|value| nlri::reach(value, add_path)).transpose()?;
    let unreach = section.unreach.map(|value| nlri::unreach(value, add_path)).transpose()?;
    if !announced.is_empty() || reach.is_some() {
        section.require_mandatory(!announced.is_empty());
    }
    let attributes = section.attributes;
    record.malformed.extend_from_slice(&attributes.malformed);

    withdraw(record, peer, Safi::Unicast, withdrawn);
    if let Some(unreach) = unreach {
        match unreach.safi {
            Some(safi) => withdraw(record, peer, safi, unreach.prefixes),
            None => record.other_families.push(unreach.family),
        }
    }
    if let Some(reach) = reach {
        match reach.safi {
            Some(safi) => {
                // the same attributes, but for the next hop
                let mut of_reach = attributes.clone();
                of_reach.next_hop = reach.next_hop;
                announce(record, peer, safi, reach.prefixes, of_reach);
            }
            None => record.other_families.push(reach.family),
        }
    }
    announce(record, peer, Safi::Unicast, announced, attributes);
    let identified =
        record.announced.iter().map(|route| route.path_id).chain(record.withdrawn.iter().map(|route| route.path_id));
    record.unlabelled = !add_path && { identified }.any(|path_id| path_id.is_some());
    Ok(RecordKind::Update)
}

fn withdraw(record: &mut Record, peer: &Arc<PeerInfo>, safi: Safi, list: Vec<PathPrefix>) {
    let routes = list.into_iter().map(|(prefix, path_id)| Withdrawn { peer: Arc::clone(peer), prefix, safi, path_id });
    record.withdrawn.extend(routes);
}

fn announce(record: &mut Record, peer: &Arc<PeerInfo>, safi: Safi, list: Vec<PathPrefix>, attributes: Attributes) {
    if list.is_empty() {
        return;
    }
    let attributes = Arc::new(attributes);
    let routes = list.into_iter().map(|(prefix, path_id)| Announced {
        peer: Arc::clone(peer),
        prefix,
        safi,
        path_id,
        attributes: Arc::clone(&attributes),
    });
    record.announced.extend(routes);
}

/// The family of a RIB that is not read, which a generic one contains behind its sequence number (RFC 6396 4.3.3).
pub(super) fn generic_family(header: Header, body: &[u8]) -> Option<Family> {
    match (header.kind, header.subtype, body) {
        (TABLE_DUMP_V2, RIB_GENERIC | RIB_GENERIC_ADDPATH, &[_, _, _, _, high, low, safi, ..]) => {
            Some(Family { afi: u16::from_be_bytes([high, low]), safi })
        }
        _ => None,
    }
}

/// Family and add-path of a RIB subtype.
fn rib_family(subtype: u16) -> Result<(Afi, Safi, bool), Reason> {
    match subtype {
        2 => Ok((Afi::Ipv4, Safi::Unicast, false)),
        3 => Ok((Afi::Ipv4, Safi::Multicast, false)),
        4 => Ok((Afi::Ipv6, Safi::Unicast, false)),
        5 => Ok((Afi::Ipv6, Safi::Multicast, false)),
        8 => Ok((Afi::Ipv4, Safi::Unicast, true)),
        9 => Ok((Afi::Ipv4, Safi::Multicast, true)),
        10 => Ok((Afi::Ipv6, Safi::Unicast, true)),
        11 => Ok((Afi::Ipv6, Safi::Multicast, true)),
        // RIB_GENERIC is for other families, and writers disagree with RFC 8050 about its add-path form.
        _ => Err(format!("TABLE_DUMP_V2 subtype {subtype} is not read")),
    }
}

fn peer_index_table(cursor: &mut Cursor<'_>) -> Result<Peers, Reason> {
    cursor.take(4)?; // the collector's identifier
    let view = cursor.u16()?;
    cursor.take(view.into())?;
    let count = cursor.u16()?;
    // no memory is reserved for `count`, because it is only a claim; the bytes are not
    (0..count).map(|_| peer(cursor).map(Arc::new)).collect()
}

fn peer(cursor: &mut Cursor<'_>) -> Result<PeerInfo, Reason> {
    let kind = cursor.u8()?;
    let remote_id = cursor.ipv4()?;
    let afi = if kind & 1 == 0 { Afi::Ipv4 } else { Afi::Ipv6 };
    let width = if kind & 2 == 0 { AsWidth::Two } else { AsWidth::Four };
    Ok(PeerInfo {
        remote_address: cursor.address(afi)?,
        remote_as: cursor.asn(width)?,
        local_as: None,
        local_address: None,
        remote_id: Some(remote_id),
    })
}

fn geo_peer_table(cursor: &mut Cursor<'_>) -> Result<RecordKind, Reason> {
    cursor.take(4)?; // the collector's identifier
    let view = cursor.u16()?;
    cursor.take(usize::from(view) + 8)?; // and its place
    let count = cursor.u16()?;
    for _ in 0..count {
        peer(cursor)?;
        cursor.take(8)?; // latitude, longitude
    }
    Ok(RecordKind::GeoPeerTable)
}
