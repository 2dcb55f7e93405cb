//! What happens in calls, as OpenTelemetry spans on standard output.

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tenterhook::{Host, Request, hook_point};
use tracing_subscriber::prelude::*;

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
    // ANCHOR: layer
    let exporter = opentelemetry_stdout::SpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("tenterhook"));
    tracing_subscriber::registry().with(layer).init();
    // ANCHOR_END: layer

    let host = Host::builder().build()?;
    let greet = host.declare::<Greet>()?;
    let script = "function greet(name) log.info('greeting ' .. name) return { times = #name } end";
    let link = host.attach(Request::new("demo.greet", "acme", script))?;
    {
        // A span of the program's own; the host's spans lie within it.
        let _request = tracing::info_span!("request", path = "/greetings/ada").entered();
        let outcome = greet.invoke(&GreetArgs { name: "Ada" });
        tracing::info!(times = outcome.results.times, "decided");
    }
    link.detach()?;
    provider.shutdown()?;
    Ok(())
}
