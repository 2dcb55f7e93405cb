//! `bgp.peer_status`: a session changes its state.

use tenterhook_hooks::hook_point;

use super::peer::{Peer, PeerState};

hook_point! {
    /// Reports a session that changed its state.
    pub PeerStatus = "bgp.peer_status", version 1, chain observe {
        /// The peer, with its new state.
        arg peer: &'a Peer<'a>,
        /// The state that the session left.
        arg old: PeerState,
        /// The state that the session is in now.
        arg new: PeerState,
        /// The reason in the router's words; empty if it gives none. At most 1024 bytes.
        #[hook(max = 1024)]
        arg reason: &'a str,
    }
}

impl PeerStatus {
    /// Sample arguments: a session that came up.
    pub fn sample() -> PeerStatusArgs<'static> {
        PeerStatusArgs { peer: &Peer::SAMPLE, old: PeerState::OpenConfirm, new: PeerState::Established, reason: "" }
    }
}
