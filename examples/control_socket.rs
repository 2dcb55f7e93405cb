//! A small server with hook points and a control socket: operators attach scripts to it while it runs.
//!
//! ```sh
//! cargo run -p tenterhook-examples --example control_socket -- demo.sock
//! export TENTERHOOK_SOCKET=demo.sock
//! tenterhook hooks
//! tenterhook attach limit.lua --hook demo.admit --tenant acme
//! tenterhook top
//! ```
//!
//! Arguments: the socket, or `TENTERHOOK_SOCKET`; a folder to keep attachments in; a policy file. The threads below
//! stand for the server's work: they fire the hook points some thousand times a second until the process ends.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use std::{env, fs, thread};

use anyhow::Context;
use tenterhook::policies::{Policy, Preset};
use tenterhook::{Hook, HookEnum, Host, hook_point};
use tenterhook_bgp::catalog::bgp::{PeerStatus, RouteMatch};
use tenterhook_control::{Control, ControlOptions};

// ANCHOR: declare
/// What becomes of a request.
#[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is served.
    Allow = 0,
    /// It is served later.
    Delay = 1,
    /// It is refused.
    Refuse = 2,
}

hook_point! {
    /// Decides about a request before anything else looks at it.
    pub Admit = "demo.admit", version 1, chain first {
        /// Who asks.
        arg client: IpAddr,
        /// What for, such as "/orders/7".
        arg path: &'a str,
        /// Bytes of the request's body.
        arg bytes: u32,
        /// What becomes of it.
        result verdict: Verdict = Verdict::Allow,
        // The result while a script that the policy requires is missing, and if one fails.
        closed verdict = Verdict::Refuse,
    }
}
// ANCHOR_END: declare

hook_point! {
    /// Sees every request that was served.
    pub Served = "demo.served", version 1, chain observe {
        /// What was asked for.
        arg path: &'a str,
        /// Milliseconds that it took.
        arg milliseconds: u32,
    }
}

fn main() -> anyhow::Result<()> {
    let mut args = env::args().skip(1);
    let socket = args.next().or_else(|| env::var("TENTERHOOK_SOCKET").ok());
    let socket = socket.context("usage: control_socket SOCKET [FOLDER [POLICY]]")?;
    let (folder, policy) = (args.next(), args.next());
    let policy = match &policy {
        Some(file) => Policy::parse(&fs::read_to_string(file).context(file.clone())?, file)?,
        None => Policy::preset(Preset::Default),
    };

    // ANCHOR: serve
    let host = Host::builder().policy(policy).build()?;
    // Hook points first: what the folder holds is attached to them when the control plane starts.
    let (admit, served) = (host.declare::<Admit>()?, host.declare::<Served>()?);
    let (route_match, _) = (host.declare::<RouteMatch>()?, host.declare::<PeerStatus>()?);
    let mut options = ControlOptions::new(&socket);
    if let Some(folder) = &folder {
        options = options.attachments(folder);
    }
    let control = Control::serve(&host, options)?;
    println!("serving on {socket}");
    // ANCHOR_END: serve
    if control.broken() > 0 {
        eprintln!("{} of the kept attachments could not be attached: see `tenterhook list`", control.broken());
    }

    let refused = AtomicU64::new(0);
    thread::scope(|scope| {
        scope.spawn(|| requests(&admit, &served, &refused));
        scope.spawn(|| requests(&admit, &served, &refused));
        scope.spawn(|| routes(&route_match));
    });
    Ok(())
}

/// Requests as they come in.
fn requests(admit: &Hook<Admit>, served: &Hook<Served>, refused: &AtomicU64) {
    let paths = ["/", "/orders", "/orders/7", "/admin", "/search?q=a"];
    for number in 0u32.. {
        let path = paths[number as usize % paths.len()];
        let client = IpAddr::V4(Ipv4Addr::from(0xC000_0200 | (number % 256)));
        // ANCHOR: invoke
        let outcome = admit.invoke(&AdmitArgs { client, path, bytes: number % 4096 });
        match outcome.results.verdict {
            Verdict::Refuse => drop(refused.fetch_add(1, Ordering::Relaxed)),
            Verdict::Allow | Verdict::Delay => drop(served.invoke(&ServedArgs { path, milliseconds: number % 50 })),
        }
        // ANCHOR_END: invoke
        thread::sleep(Duration::from_micros(500));
    }
}

/// Routes as a BGP speaker gets them.
fn routes(route_match: &Hook<RouteMatch>) {
    loop {
        let _action = route_match.invoke(&RouteMatch::sample()).results.action;
        thread::sleep(Duration::from_millis(1));
    }
}
