//! `web.request`: a hook point as a program would declare it, with records in records and every kind of rule.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use tenterhook_hooks::codec::{ArgumentReader, Encoder};
use tenterhook_hooks::schema::Declaration;
use tenterhook_hooks::value::{Prefix, Value};
use tenterhook_hooks::{HookEnum, HookPoint, HookRecord, hook_point};

/// What becomes of a request.
#[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The script could not tell.
    Failure = 0,
    /// It is refused.
    Refuse = 1,
    /// It passes.
    Pass = 2,
    /// It passes with changed headers.
    PassChanged = 3,
}

/// How far a connection is.
#[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was read.
    #[hook(name = "Accepted")]
    Accepted = 1,
    /// The handshake is done.
    #[hook(name = "Established")]
    Established = 6,
    /// It is being closed.
    #[hook(name = "Closing")]
    Closing = 7,
}

/// Rates, per second.
#[derive(HookRecord, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Requests.
    pub requests: u32,
    /// Bytes.
    pub bytes: u64,
}

/// What a client may send.
#[derive(HookRecord, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// As configured.
    pub configured: Rates,
    /// As agreed with the client.
    pub agreed: Rates,
}

/// Who asks.
#[derive(HookRecord, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client<'a> {
    /// Its address.
    pub address: IpAddr,
    /// The address it was reached at, if that is known.
    pub local_address: Option<IpAddr>,
    /// Its name.
    pub name: &'a str,
    /// What it may send.
    pub limits: Limits,
}

/// The headers of a request.
#[derive(HookRecord, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headers<'a> {
    /// Higher is served first.
    #[hook(writable)]
    pub priority: u32,
    /// The protocol's version.
    pub version: u32,
    /// The proxy that it came through.
    #[hook(writable)]
    pub via: Option<IpAddr>,
    /// Encodings that the client takes.
    #[hook(writable)]
    pub accept: &'a [&'a str],
    /// Numbers of the proxies behind.
    pub hops: &'a [u32],
    /// Numbers to add in front, at most 64.
    #[hook(writable, max = 64)]
    pub added: &'a [u32],
}

hook_point! {
    /// Decides about a request.
    pub Request = "web.request", version 1, chain first {
        /// The network that the client is in.
        arg network: Prefix,
        /// The headers.
        inout headers: &'a Headers<'a>,
        /// Who asks.
        arg client: &'a Client<'a>,
        /// How far the connection is.
        arg phase: Phase,
        /// Why the request was routed here.
        #[hook(max = 1024)]
        arg reason: &'a str,
        constants Verdict prefix "V_",
        /// What becomes of it.
        result verdict: Verdict = Verdict::Refuse,
    }
}

/// The declaration.
pub fn declaration() -> &'static Arc<Declaration> {
    Request::declaration()
}

/// Arguments of an ordinary request.
pub fn sample() -> Vec<Value> {
    let agreed = Rates { requests: 30, bytes: 1 << 20 };
    let args = RequestArgs {
        network: Prefix::SAMPLE,
        headers: &Headers {
            priority: 50,
            version: 2,
            via: Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1))),
            accept: &["gzip", "zstd", "br"],
            hops: &[64500, 64510, 64511],
            added: &[],
        },
        client: &Client {
            address: IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9)),
            local_address: None,
            name: "upstream",
            limits: Limits { configured: Rates { requests: 0, bytes: 0 }, agreed },
        },
        phase: Phase::Established,
        reason: "the default backend",
    };
    let mut out = Encoder::new();
    out.begin(declaration().head());
    Request::encode(&args, &mut out);
    let reader = ArgumentReader::new(out.bytes());
    (0..declaration().arguments.len())
        .map(|position| reader.argument(declaration(), position).expect("it was written"))
        .collect()
}
