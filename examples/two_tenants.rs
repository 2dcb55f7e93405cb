//! Two tenants have a script at one hook point. One loops forever; the other decides all the same.

use tenterhook::policies::Policy;
use tenterhook::{FailureKind, Host, Request, hook_point};

hook_point! {
    /// Decides whether a file may be uploaded.
    pub Upload = "demo.upload", version 1, chain first {
        /// Its name.
        arg name: &'a str,
        /// Its size in bytes.
        arg bytes: u64,
        /// Whether it may.
        result allowed: bool = true,
    }
}

// ANCHOR: policy
/// Mallory gets little, and what goes wrong there is nobody else's problem.
const POLICY: &str = r#"
    preset = "strict"

    [tenants.acme]
    fuel = "500K"

    [tenants.mallory]
    fuel = "100K"

    [tenants.mallory.on_fault]
    any = "skip"
"#;
// ANCHOR_END: policy

fn main() -> anyhow::Result<()> {
    let host = Host::builder().policy(Policy::parse(POLICY, "policy.toml")?).build()?;
    let upload = host.declare::<Upload>()?;

    let endless = "function upload() while true do end end";
    let mallory = host.attach(Request::new("demo.upload", "mallory", endless).order(1))?;
    let limit = "function upload(name, bytes) return { allowed = bytes <= 1 << 20 and not name:find('%.exe$') } end";
    let _acme = host.attach(Request::new("demo.upload", "acme", limit).order(2))?;

    // ANCHOR: outcome
    for (name, bytes) in [("notes.txt", 2_000), ("film.mkv", 4_000_000_000), ("setup.exe", 9_000)] {
        let outcome = upload.invoke(&UploadArgs { name, bytes });
        println!("{name}: {}", if outcome.results.allowed { "allowed" } else { "refused" });
        for failure in &outcome.failures {
            let FailureKind::Fault(fault) = &failure.kind else { continue };
            let whose = if failure.attachment == Some(mallory.id()) { "mallory" } else { "acme" };
            println!("  {whose}'s script: {fault}");
        }
    }
    // ANCHOR_END: outcome
    Ok(())
}
