//! `zebra.interface_add`, `_del`, `_up`, `_down`: interfaces come and go.

use tenterhook_hooks::hook_point;

use super::interface::Interface;

hook_point! {
    /// Tells of an interface that zebra has heard of.
    pub InterfaceAdd = "zebra.interface_add", version 1, chain observe {
        /// The interface; what the kernel says of it may come later.
        arg interface: &'a Interface<'a>,
    }
}

hook_point! {
    /// Tells of an interface that is about to be forgotten.
    pub InterfaceDel = "zebra.interface_del", version 1, chain observe {
        /// The interface.
        arg interface: &'a Interface<'a>,
    }
}

hook_point! {
    /// Tells of an interface that went up.
    pub InterfaceUp = "zebra.interface_up", version 1, chain observe {
        /// The interface.
        arg interface: &'a Interface<'a>,
    }
}

hook_point! {
    /// Tells of an interface that went down.
    pub InterfaceDown = "zebra.interface_down", version 1, chain observe {
        /// The interface.
        arg interface: &'a Interface<'a>,
    }
}
