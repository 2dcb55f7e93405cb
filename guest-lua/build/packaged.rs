//! The guest that comes with the published package, so that nobody who depends on it needs zig.
//!
//! `make dist` puts the module that it built into `prebuilt/`; the sources and the recipe are beside it. In the workspace
//! there is none: what is built there always comes from the sources.

use std::path::Path;
use std::{env, fs};

/// Makes a published package build its guest from the sources all the same.
pub const FROM_SOURCE: &str = "TENTERHOOK_GUEST_FROM_SOURCE";

/// The module of a published package; `None` in the workspace, or where it is to be built.
pub fn module(manifest: &Path) -> Result<Option<Vec<u8>>, String> {
    println!("cargo::rerun-if-env-changed={FROM_SOURCE}");
    let prebuilt = manifest.join("prebuilt/guest.wasm");
    // Cargo leaves the manifest as it was written beside the one that it publishes.
    let is_published = manifest.join("Cargo.toml.orig").is_file();
    if !is_published || env::var_os(FROM_SOURCE).is_some() {
        return Ok(None);
    }
    println!("cargo::rerun-if-changed={}", prebuilt.display());
    fs::read(&prebuilt).map(Some).map_err(|e| {
        format!(
            "cannot read the package's {}: {e}\n{FROM_SOURCE}=1 builds the guest from the sources beside it; that needs zig",
            prebuilt.display()
        )
    })
}
