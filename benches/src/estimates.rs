//! Reads what criterion measured: `<target>/criterion/<id>/new/estimates.json`.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::row::{ALL, Measured, Row, Rows};

/// A whole run takes a few minutes; estimates further apart than this are of different runs.
const ONE_RUN: Duration = Duration::from_secs(20 * 60);

/// Cargo's target directory: the one that this program was built in.
///
/// # Errors
/// A program that lies elsewhere.
pub fn target_directory() -> Result<PathBuf> {
    if let Some(directory) = std::env::var_os("CARGO_TARGET_DIR") {
        return Ok(directory.into());
    }
    let program = std::env::current_exe().context("cannot tell where this program lies")?;
    let directory = program.ancestors().nth(2).context("this program does not lie in a target directory")?;
    Ok(directory.to_owned())
}

/// The medians of all rows, all of one run.
///
/// # Errors
/// A row that was not measured, or rows of different runs.
pub fn read(target: &Path) -> Result<Rows> {
    let criterion = target.join("criterion");
    let read = ALL.iter().map(|row| one(&criterion, row)).collect::<Result<Vec<_>>>()?;
    let times = || read.iter().map(|(_, written)| *written);
    if let (Some(first), Some(last)) = (times().min(), times().max()) {
        let apart = last.duration_since(first).unwrap_or_default();
        ensure!(apart < ONE_RUN, "the rows are of different runs ({} minutes apart): {HINT}", apart.as_secs() / 60);
    }
    Ok(Rows(read.into_iter().map(|(measured, _)| measured).collect()))
}

const HINT: &str = "run the whole suite with `cargo bench -p tenterhook-benches --bench calls`";

fn one(criterion: &Path, row: &Row) -> Result<(Measured, SystemTime)> {
    let path = criterion.join(row.id()).join("new").join("estimates.json");
    let written = std::fs::metadata(&path).and_then(|file| file.modified());
    let written = written.with_context(|| format!("{} was not measured: {HINT}", row.id()))?;
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let ns = median(&text).with_context(|| format!("{}: no median", path.display()))?;
    Ok((Measured { row: *row, ns }, written))
}

fn median(estimates: &str) -> Option<f64> {
    let estimates: Value = serde_json::from_str(estimates).ok()?;
    estimates["median"]["point_estimate"].as_f64().filter(|ns| ns.is_finite() && *ns > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_what_counts() {
        let estimates =
            r#"{"mean": {"point_estimate": 9.0}, "median": {"point_estimate": 7.5, "standard_error": 0.1}}"#;
        assert_eq!(median(estimates), Some(7.5));
        assert_eq!(median(r#"{"median": {"point_estimate": 0.0}}"#), None);
        assert_eq!(median("{}"), None);
        assert_eq!(median("not JSON"), None);
    }
}
