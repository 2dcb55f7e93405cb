//! The names of all tables' fields: for C, and as an index for engines that keep strings of their own.

use std::ffi::CStr;

macro_rules! fields {
    ($($field:ident = $name:literal,)*) => {
        /// A field's name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Field {
            $(#[doc = concat!("`", stringify!($name), "`")] $field,)*
        }

        /// All names, in order of declaration.
        pub const NAMES: &[&CStr] = &[$($name,)*];
    };
}

impl Field {
    /// As C takes it.
    #[inline]
    pub fn name(self) -> &'static CStr {
        NAMES[self.index()]
    }

    /// Its place in [`NAMES`].
    #[inline]
    pub fn index(self) -> usize {
        self as usize
    }
}

fields! {
    // prefix
    Network = c"network", Length = c"length", Family = c"family",
    // attributes
    Metric = c"metric", Ifindex = c"ifindex", Aspath = c"aspath", Localpref = c"localpref", Origin = c"origin",
    NextHop = c"next_hop", Communities = c"communities", LargeCommunities = c"large_communities",
    ExtendedCommunities = c"extended_communities", AsPath = c"as_path", Prepend = c"prepend", Weight = c"weight",
    Tag = c"tag", Aggregator = c"aggregator", Asn = c"asn", Address = c"address",
    // addresses
    Value = c"value", String = c"string",
    // peer
    RemoteAs = c"remote_as", LocalAs = c"local_as", RemoteId = c"remote_id", LocalId = c"local_id",
    State = c"state", Description = c"description", Uptime = c"uptime", LastReadtime = c"last_readtime",
    LastResettime = c"last_resettime", LocalAddress = c"local_address", RemoteAddress = c"remote_address",
    Capabilities = c"capabilities", Flags = c"flags", Timers = c"timers", Stats = c"stats",
    // timers
    Configured = c"configured", Negotiated = c"negotiated", Hold = c"hold", Keepalive = c"keepalive",
    Connect = c"connect", RouteAdvertisement = c"route_advertisement",
    // stats
    OpenIn = c"open_in", OpenOut = c"open_out", UpdateIn = c"update_in", UpdateOut = c"update_out",
    UpdateTime = c"update_time", KeepaliveIn = c"keepalive_in", KeepaliveOut = c"keepalive_out",
    NotifyIn = c"notify_in", NotifyOut = c"notify_out", RefreshIn = c"refresh_in", RefreshOut = c"refresh_out",
    DynamicCapIn = c"dynamic_cap_in", DynamicCapOut = c"dynamic_cap_out",
    TimesEstablished = c"times_established", TimesDropped = c"times_dropped",
    // answers
    Action = c"action", Attributes = c"attributes", Next = c"next",
}
