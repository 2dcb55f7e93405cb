//! The arguments of the demo.

use std::path::PathBuf;

use clap::Args;

/// The default number of routes.
pub const ROUTES: u64 = 100_000;

/// Runs three tenants' scripts over routes; one is an endless loop and one a memory bomb
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Number of routes; by default 100,000 generated ones, or all of the MRT file
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub routes: Option<u64>,
    /// MRT file, plain or compressed, with real routes to use instead of generated ones
    #[arg(long, value_name = "FILE")]
    pub mrt: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
