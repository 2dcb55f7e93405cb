//! A folder of attachments, as a program keeps them: `<tenant>/<name>.toml` beside its script.
//!
//! | key | |
//! | --- | --- |
//! | `hook` | the hook point |
//! | `script` | the script's file, from the tenant's folder; in a folder of its own (`filter/main.lua`) with the modules below |
//! | `order`, `state`, `enabled` | as `tenterhook attach` takes them |
//! | `shown_as` | the script's name in errors; the file's unless given |
//! | `rank`, `revision` | kept by programs; of no use here |

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::live::Bundle;
use crate::setup;

/// What there is to be.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Tenants with a folder.
    pub tenants: Vec<String>,
    /// Requests to attach.
    pub attachments: Vec<Json>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    hook: String,
    script: String,
    shown_as: Option<String>,
    order: Option<i32>,
    state: Option<String>,
    enabled: Option<bool>,
    #[serde(rename = "rank")]
    _rank: Option<toml::Value>,
    #[serde(rename = "revision")]
    _revision: Option<toml::Value>,
}

impl Wanted {
    /// Reads a folder; all that is wrong in it is said at once.
    pub fn read(folder: &Path) -> Result<Wanted> {
        let mut wanted = Wanted::default();
        let mut problems = Vec::new();
        for (tenant, path) in entries(folder)? {
            if !path.is_dir() {
                continue;
            }
            for (file, path) in entries(&path)? {
                let Some(name) = file.strip_suffix(".toml") else { continue };
                match attachment(&tenant, name, &path) {
                    Ok(request) => wanted.attachments.push(request),
                    Err(error) => problems.push(format!("{error:#}")),
                }
            }
            wanted.tenants.push(tenant);
        }
        if !problems.is_empty() {
            bail!("{}", problems.join("\n       "));
        }
        if wanted.tenants.is_empty() {
            bail!("{}: expected a folder for each tenant in it", folder.display());
        }
        Ok(wanted)
    }
}

/// What is in a folder, in order of names; what is hidden is passed over.
fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let read = || -> std::io::Result<Vec<(String, PathBuf)>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            found.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
        }
        found.retain(|(name, _)| !name.starts_with('.'));
        found.sort();
        Ok(found)
    };
    read().with_context(|| format!("folder {}", folder.display()))
}

fn attachment(tenant: &str, name: &str, path: &Path) -> Result<Json> {
    let text = String::from_utf8(setup::read(path, "attachment")?)
        .with_context(|| format!("{}: expected UTF-8 text", path.display()))?;
    let file: File = toml::from_str(&text).with_context(|| path.display().to_string())?;
    let tenant_folder = path.parent().unwrap_or(Path::new(""));
    let read = match file.script.rsplit_once('/') {
        Some((folder, main)) => Bundle::in_folder(&tenant_folder.join(folder), main),
        None => Bundle::read(&tenant_folder.join(&file.script), ""),
    };
    let mut bundle = read.with_context(|| path.display().to_string())?;
    if let Some(shown_as) = file.shown_as {
        bundle.script = shown_as;
    }
    let mut request: Map<String, Json> = bundle.json();
    let mut put = |key: &str, value: Option<Json>| value.map(|value| request.insert(key.to_owned(), value));
    put("tenant", Some(tenant.into()));
    put("name", Some(name.into()));
    put("hook", Some(file.hook.into()));
    put("order", file.order.map(Json::from));
    put("state", file.state.map(Json::from));
    put("enabled", file.enabled.map(Json::from));
    Ok(request.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> Result<tempfile::TempDir> {
        let folder = tempfile::tempdir()?;
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().context("a parent")?)?;
            std::fs::write(path, text)?;
        }
        Ok(folder)
    }

    #[test]
    fn a_folder_is_a_list_of_requests() -> Result<()> {
        let folder = folder(&[
            ("acme/filter.toml", "hook = \"bgp.route_match\"\nscript = \"filter.lua\"\norder = -3\nenabled = false\n"),
            ("acme/filter.lua", "x = 1"),
            (
                "acme/other.toml",
                "hook = \"bgp.process\"\nscript = \"bundle/main.lua\"\nshown_as = \"p.lua\"\nrevision = 7\n",
            ),
            ("acme/bundle/main.lua", "y = 1"),
            ("acme/bundle/lib/a.lua", "z = 1"),
            ("peer/notes.txt", "nothing to attach"),
        ])?;
        let wanted = Wanted::read(folder.path())?;
        assert_eq!(wanted.tenants, ["acme", "peer"]);
        assert_eq!(
            wanted.attachments,
            [
                serde_json::json!({
                    "script": "filter.lua", "source": "x = 1", "tenant": "acme", "name": "filter",
                    "hook": "bgp.route_match", "order": -3, "enabled": false,
                }),
                serde_json::json!({
                    "script": "p.lua", "source": "y = 1", "modules": { "lib.a": "z = 1" }, "tenant": "acme",
                    "name": "other", "hook": "bgp.process",
                }),
            ]
        );
        Ok(())
    }

    #[test]
    fn what_is_wrong_is_said_with_its_file() -> Result<()> {
        let folder = folder(&[
            ("acme/a.toml", "hok = \"bgp.process\"\n"),
            ("acme/b.toml", "hook = \"bgp.process\"\nscript = \"b.lua\"\n"),
        ])?;
        let error = Wanted::read(folder.path()).expect_err("two problems").to_string();
        assert!(error.contains("a.toml") && error.contains("hok") && error.contains("b.lua"), "{error}");
        assert!(Wanted::read(&folder.path().join("acme")).is_err(), "no tenants there");
        Ok(())
    }
}
