//! The fields of all tables: names for C, and an index for engines that keep their own strings.

use std::ffi::CStr;

/// A field's name.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// As C takes it.
    pub name: &'static CStr,
    /// Its place in [`ALL`].
    pub index: usize,
}

macro_rules! fields {
    ($($field:ident = $name:literal,)*) => {
        /// Places, by name.
        #[expect(non_camel_case_types, reason = "named as the constants are")]
        #[derive(Clone, Copy)]
        enum Index { $($field,)* }

        $(
            #[doc = concat!("`", stringify!($name), "`")]
            pub const $field: Field = Field { name: $name, index: Index::$field as usize };
        )*

        /// All of them.
        pub const ALL: &[Field] = &[$($field,)*];
    };
}

fields! {
    // prefix
    NETWORK = c"network", LENGTH = c"length", FAMILY = c"family",
    // attributes
    METRIC = c"metric", IFINDEX = c"ifindex", ASPATH = c"aspath", LOCALPREF = c"localpref", ORIGIN = c"origin",
    NEXT_HOP = c"next_hop", COMMUNITIES = c"communities", LARGE_COMMUNITIES = c"large_communities",
    EXTENDED_COMMUNITIES = c"extended_communities", AS_PATH = c"as_path", PREPEND = c"prepend", WEIGHT = c"weight",
    TAG = c"tag", AGGREGATOR = c"aggregator", ASN = c"asn", ADDRESS = c"address",
    // addresses
    VALUE = c"value", STRING = c"string",
    // peer
    REMOTE_AS = c"remote_as", LOCAL_AS = c"local_as", REMOTE_ID = c"remote_id", LOCAL_ID = c"local_id",
    STATE = c"state", DESCRIPTION = c"description", UPTIME = c"uptime", LAST_READTIME = c"last_readtime",
    LAST_RESETTIME = c"last_resettime", LOCAL_ADDRESS = c"local_address", REMOTE_ADDRESS = c"remote_address",
    CAPABILITIES = c"capabilities", FLAGS = c"flags", TIMERS = c"timers", STATS = c"stats",
    // timers
    CONFIGURED = c"configured", NEGOTIATED = c"negotiated", HOLD = c"hold", KEEPALIVE = c"keepalive",
    CONNECT = c"connect", ROUTE_ADVERTISEMENT = c"route_advertisement",
    // stats
    OPEN_IN = c"open_in", OPEN_OUT = c"open_out", UPDATE_IN = c"update_in", UPDATE_OUT = c"update_out",
    UPDATE_TIME = c"update_time", KEEPALIVE_IN = c"keepalive_in", KEEPALIVE_OUT = c"keepalive_out",
    NOTIFY_IN = c"notify_in", NOTIFY_OUT = c"notify_out", REFRESH_IN = c"refresh_in", REFRESH_OUT = c"refresh_out",
    DYNAMIC_CAP_IN = c"dynamic_cap_in", DYNAMIC_CAP_OUT = c"dynamic_cap_out",
    TIMES_ESTABLISHED = c"times_established", TIMES_DROPPED = c"times_dropped",
    // answers
    ACTION = c"action", ATTRIBUTES = c"attributes", NEXT = c"next",
}
