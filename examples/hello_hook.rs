//! The least there is: declare a hook point, attach a script, call it.

use tenterhook::{Host, Request, hook_point};

hook_point! {
    /// Decides how often somebody is greeted.
    pub Greet = "demo.greet", version 1, chain first {
        /// Who is greeted.
        arg name: &'a str,
        /// How often.
        result times: u32 = 1,
    }
}

fn main() -> anyhow::Result<()> {
    let host = Host::builder().build()?;
    let greet = host.declare::<Greet>()?;
    let script = "function greet(name) return { times = #name } end";
    let link = host.attach(Request::new("demo.greet", "acme", script))?;

    let outcome = greet.invoke(&GreetArgs { name: "Ada" });
    println!("Ada is greeted {} times, as {:?} says", outcome.results.times, outcome.decided_by);

    link.detach()?;
    let outcome = greet.invoke(&GreetArgs { name: "Ada" });
    println!("Without the script: {} time", outcome.results.times);
    Ok(())
}
