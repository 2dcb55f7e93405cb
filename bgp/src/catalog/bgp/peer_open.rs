//! `bgp.peer_open`: a peer has sent its OPEN message.

use tenterhook_hooks::{HookEnum, hook_point};

use super::peer::Peer;

/// What becomes of a session that a peer opens.
#[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenAction {
    /// The session may come up.
    Accept = 0,
    /// The router closes the connection with the notification Cease, Connection Rejected (RFC 4486).
    Refuse = 1,
}

hook_point! {
    /// Decides whether a session may come up, once the peer's OPEN message was found valid and before any route is
    /// exchanged.
    pub PeerOpen = "bgp.peer_open", version 1, chain first {
        /// The peer, with what its OPEN message said: router ID, capabilities, negotiated timers.
        arg peer: &'a Peer<'a>,
        constants OpenAction prefix "OPEN_",
        /// Whether the session may come up.
        result action: OpenAction = OpenAction::Accept,
        closed action = OpenAction::Refuse,
    }
}

impl PeerOpen {
    /// Sample arguments: a peer of which nothing is wrong.
    pub fn sample() -> PeerOpenArgs<'static> {
        PeerOpenArgs { peer: &Peer::SAMPLE }
    }
}
