//! `zebra.rib_update`: the routing table changes.

use tenterhook_hooks::hook_point;
use tenterhook_hooks::value::Prefix;

use super::route::Route;

hook_point! {
    /// Reports a route that is chosen, installed, updated or removed.
    pub RibUpdate = "zebra.rib_update", version 1, chain observe {
        /// The destination.
        arg prefix: Prefix,
        /// The VRF of the table; 0 is the default.
        arg vrf: u32,
        /// The kernel's number of the table.
        arg table: u32,
        /// What happens, in zebra's words. At most 256 bytes.
        #[hook(max = 256)]
        arg reason: &'a str,
        /// The route that is in use, or the best candidate; nil if there is none.
        arg route: Option<&'a Route<'a>>,
    }
}

impl RibUpdate {
    /// Sample arguments: a route that goes to the kernel.
    pub fn sample() -> RibUpdateArgs<'static> {
        RibUpdateArgs {
            prefix: Prefix::SAMPLE,
            vrf: 0,
            table: 254,
            reason: "installing in kernel",
            route: Some(&Route::SAMPLE),
        }
    }
}
