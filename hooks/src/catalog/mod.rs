//! Hook points that several programs share: the CLI lists and tries them, the FRR module fires them.
//!
//! | name | when | chain |
//! | --- | --- | --- |
//! | [`bgp.route_match`](bgp::RouteMatch) | a route map decides about a route | first |
//! | [`bgp.process`](bgp::BgpProcess) | a route was learned, changed or withdrawn | observe |
//! | [`bgp.peer_status`](bgp::PeerStatus) | a session changes its state | observe |

pub mod bgp;

use std::sync::Arc;

use crate::codec::{ArgumentReader, Encoder};
use crate::point::HookPoint;
use crate::schema::Declaration;
use crate::value::Value;

/// The declarations, in the order of the table above.
pub fn all() -> Vec<&'static Arc<Declaration>> {
    vec![bgp::RouteMatch::declaration(), bgp::BgpProcess::declaration(), bgp::PeerStatus::declaration()]
}

/// The declaration of this name.
pub fn find(name: &str) -> Option<&'static Arc<Declaration>> {
    all().into_iter().find(|d| d.name == name)
}

/// Sample arguments of the hook point of this name, for trying scripts out.
pub fn sample(name: &str) -> Option<Vec<Value>> {
    match name {
        "bgp.route_match" => values::<bgp::RouteMatch>(&bgp::RouteMatch::sample()),
        "bgp.process" => values::<bgp::BgpProcess>(&bgp::BgpProcess::sample()),
        "bgp.peer_status" => values::<bgp::PeerStatus>(&bgp::PeerStatus::sample()),
        _ => None,
    }
}

fn values<P: HookPoint>(args: &P::Args<'_>) -> Option<Vec<Value>> {
    let declaration = P::declaration();
    let mut out = Encoder::new();
    out.begin(declaration.head());
    P::encode(args, &mut out);
    let reader = ArgumentReader::new(out.bytes());
    (0..declaration.arguments.len()).map(|position| reader.argument(declaration, position)).collect()
}
