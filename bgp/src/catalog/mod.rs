//! Hook points that several programs share: the command lists and tests them, the FRR module fires them.
//!
//! | name | when | chain |
//! | --- | --- | --- |
//! | [`bgp.route_match`](bgp::RouteMatch) | a route map decides about a route | first |
//! | [`bgp.route_set`](bgp::RouteSet) | a route map's entry changes a route | first |
//! | [`bgp.process`](bgp::BgpProcess) | a route was learned, changed or withdrawn | observe |
//! | [`bgp.peer_open`](bgp::PeerOpen) | a peer opens a session | first |
//! | [`bgp.peer_status`](bgp::PeerStatus) | a session changes its state | observe |
//! | [`bgp.rpki_prefix_status`](bgp::RpkiPrefixStatus) | a route's origin is looked up | observe |
//! | [`zebra.next_hop_match`](zebra::NextHopMatch) | a route map of zebra decides about a next hop | first |
//! | [`zebra.rib_update`](zebra::RibUpdate) | the routing table changes | observe |
//! | [`zebra.interface_add`](zebra::InterfaceAdd) | an interface is known | observe |
//! | [`zebra.interface_del`](zebra::InterfaceDel) | an interface is forgotten | observe |
//! | [`zebra.interface_up`](zebra::InterfaceUp) | an interface went up | observe |
//! | [`zebra.interface_down`](zebra::InterfaceDown) | an interface went down | observe |

pub mod bgp;
pub mod zebra;

use std::sync::Arc;

use tenterhook_hooks::codec::{ArgumentReader, Encoder};
use tenterhook_hooks::point::HookPoint;
use tenterhook_hooks::schema::Declaration;
use tenterhook_hooks::value::Value;

/// The declarations, in the order of the table above.
pub fn all() -> Vec<&'static Arc<Declaration>> {
    vec![
        bgp::RouteMatch::declaration(),
        bgp::RouteSet::declaration(),
        bgp::BgpProcess::declaration(),
        bgp::PeerOpen::declaration(),
        bgp::PeerStatus::declaration(),
        bgp::RpkiPrefixStatus::declaration(),
        zebra::NextHopMatch::declaration(),
        zebra::RibUpdate::declaration(),
        zebra::InterfaceAdd::declaration(),
        zebra::InterfaceDel::declaration(),
        zebra::InterfaceUp::declaration(),
        zebra::InterfaceDown::declaration(),
    ]
}

/// The declaration of this name.
pub fn find(name: &str) -> Option<&'static Arc<Declaration>> {
    all().into_iter().find(|d| d.name == name)
}

/// Sample arguments of the hook point with this name, for testing scripts.
pub fn sample(name: &str) -> Option<Vec<Value>> {
    match name {
        "bgp.route_match" => values::<bgp::RouteMatch>(&bgp::RouteMatch::sample()),
        "bgp.route_set" => values::<bgp::RouteSet>(&bgp::RouteSet::sample()),
        "bgp.process" => values::<bgp::BgpProcess>(&bgp::BgpProcess::sample()),
        "bgp.peer_open" => values::<bgp::PeerOpen>(&bgp::PeerOpen::sample()),
        "bgp.peer_status" => values::<bgp::PeerStatus>(&bgp::PeerStatus::sample()),
        "bgp.rpki_prefix_status" => values::<bgp::RpkiPrefixStatus>(&bgp::RpkiPrefixStatus::sample()),
        "zebra.next_hop_match" => values::<zebra::NextHopMatch>(&zebra::NextHopMatch::sample()),
        "zebra.rib_update" => values::<zebra::RibUpdate>(&zebra::RibUpdate::sample()),
        "zebra.interface_add" => values::<zebra::InterfaceAdd>(&zebra::InterfaceAddArgs { interface: &interface() }),
        "zebra.interface_del" => values::<zebra::InterfaceDel>(&zebra::InterfaceDelArgs { interface: &interface() }),
        "zebra.interface_up" => values::<zebra::InterfaceUp>(&zebra::InterfaceUpArgs { interface: &interface() }),
        "zebra.interface_down" => values::<zebra::InterfaceDown>(&zebra::InterfaceDownArgs { interface: &interface() }),
        _ => None,
    }
}

fn interface() -> zebra::Interface<'static> {
    zebra::Interface::sample()
}

fn values<P: HookPoint>(args: &P::Args<'_>) -> Option<Vec<Value>> {
    let declaration = P::declaration();
    let mut out = Encoder::new();
    out.begin(declaration.head());
    P::encode(args, &mut out);
    let reader = ArgumentReader::new(out.bytes());
    (0..declaration.arguments.len()).map(|position| reader.argument(declaration, position)).collect()
}
