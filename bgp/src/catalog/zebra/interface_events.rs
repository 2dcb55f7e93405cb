//! `zebra.interface_add`, `_del`, `_up`, `_down`: interfaces come and go.

use tenterhook_hooks::hook_point;

use super::interface::Interface;

hook_point! {
    /// Reports an interface that zebra has learned about.
    pub InterfaceAdd = "zebra.interface_add", version 1, chain observe {
        /// The interface; details from the kernel may follow later.
        arg interface: &'a Interface<'a>,
    }
}

hook_point! {
    /// Reports an interface that zebra is about to remove.
    pub InterfaceDel = "zebra.interface_del", version 1, chain observe {
        /// The interface.
        arg interface: &'a Interface<'a>,
    }
}

hook_point! {
    /// Reports an interface that went up.
    pub InterfaceUp = "zebra.interface_up", version 1, chain observe {
        /// The interface.
        arg interface: &'a Interface<'a>,
    }
}

hook_point! {
    /// Reports an interface that went down.
    pub InterfaceDown = "zebra.interface_down", version 1, chain observe {
        /// The interface.
        arg interface: &'a Interface<'a>,
    }
}
