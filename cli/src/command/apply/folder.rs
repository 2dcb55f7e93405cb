//! A folder of attachments in the layout that programs use: `<tenant>/<name>.toml` beside its script.
//!
//! | key | |
//! | --- | --- |
//! | `hook` | the hook point |
//! | `script` | the script's file, relative to the tenant's folder; in a folder of its own (`filter/main.lua`) it may have modules |
//! | `order`, `state`, `enabled` | as for `tenterhook attach` |
//! | `fingerprint` | the fingerprint of the hook point that the script was written for; any other is rejected |
//! | `shown_as` | the script's name in errors; by default the file's name |
//! | `rank`, `revision`, `changed`, `by` | written by programs; ignored here |

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use serde::Deserialize;
use tenterhook::policies::State;

use crate::live::Bundle;
use crate::setup::Script;
use crate::{input, text};

/// The desired attachments.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Tenants with a folder.
    pub tenants: Vec<String>,
    /// The requests for them.
    pub attachments: Vec<Attach>,
    /// Scripts, and folders with scripts, that no file names.
    pub unused: Vec<PathBuf>,
}

/// One desired attachment.
#[derive(Debug)]
pub struct Attach {
    /// The request.
    pub request: tenterhook_control_api::Attach,
    /// The script, or the folder that contains only it, for messages.
    pub file: PathBuf,
    pub script: Script,
    pub state: Option<State>,
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
    fingerprint: Option<String>,
    #[serde(rename = "rank")]
    _rank: Option<toml::Value>,
    #[serde(rename = "revision")]
    _revision: Option<toml::Value>,
    #[serde(rename = "changed")]
    _changed: Option<toml::Value>,
    #[serde(rename = "by")]
    _by: Option<toml::Value>,
}

impl Wanted {
    /// Reads a folder; all errors in it are reported at once.
    pub fn read(folder: &Path) -> Result<Wanted> {
        let mut wanted = Wanted::default();
        let mut problems = Vec::new();
        let named = || format!("folder {}", text::path(folder));
        let root = Dir::open_ambient_dir(folder, ambient_authority()).with_context(named)?;
        for tenant in names(&root).with_context(named)? {
            let path = folder.join(&tenant);
            if !path.is_dir() {
                wanted.unused.extend(Some(path).filter(|path| path.extension().is_some_and(|end| end == "lua")));
                continue;
            }
            // Like a program with its own folder: nothing outside belongs to a tenant, whatever names and links say.
            let named = || format!("folder {}", text::path(&path));
            let within = root.open_dir(&tenant).with_context(named)?;
            let files = names(&within).with_context(named)?;
            let mut used = Vec::new();
            for file in &files {
                let Some(name) = file.strip_suffix(".toml") else { continue };
                match attachment(&within, &tenant, name, file, &mut used).with_context(|| text::path(&path.join(file)))
                {
                    Ok(attach) => wanted.attachments.push(Attach { file: path.join(&attach.file), ..attach }),
                    Err(error) => problems.push(format!("{error:#}")),
                }
            }
            wanted.unused.extend(unused(&within, &files, &used)?.into_iter().map(|file| path.join(file)));
            wanted.tenants.push(tenant);
        }
        if !problems.is_empty() {
            bail!("{}", problems.join("\n       "));
        }
        if wanted.tenants.is_empty() {
            bail!("{}: expected a folder for each tenant in it", text::path(folder));
        }
        Ok(wanted)
    }
}

/// Scripts in a tenant's folder that none of its files uses; for a folder of scripts, the folder.
fn unused<'a>(within: &Dir, files: &'a [String], used: &[String]) -> Result<Vec<&'a str>> {
    let mut found = Vec::new();
    for file in files {
        let is_used = used.iter().any(|script| script == file || script.starts_with(&format!("{file}/")));
        let is_folder = || within.metadata(file).is_ok_and(|metadata| metadata.is_dir());
        let has_scripts =
            || -> Result<bool> { Ok(names(&within.open_dir(file)?)?.iter().any(|f| f.ends_with(".lua"))) };
        if !is_used && (file.ends_with(".lua") || is_folder() && has_scripts()?) {
            found.push(file.as_str());
        }
    }
    Ok(found)
}

/// The names in a folder, in order, without hidden ones.
fn names(folder: &Dir) -> std::io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in folder.entries()? {
        found.push(entry?.file_name().to_string_lossy().into_owned());
    }
    found.retain(|name| !name.starts_with('.'));
    found.sort();
    Ok(found)
}

fn attachment(within: &Dir, tenant: &str, name: &str, place: &str, used: &mut Vec<String>) -> Result<Attach> {
    let text = String::from_utf8(input::read_in(within, place)?).context("expected UTF-8 text")?;
    let file: File = toml::from_str(&text)?;
    used.push(file.script.clone());
    let own = file.script.rsplit_once('/').map_or(file.script.as_str(), |(folder, _)| folder).to_owned();
    let mut bundle = Bundle::below(within, &file.script).context("script")?;
    if let Some(shown_as) = file.shown_as {
        bundle.script = shown_as;
    }
    let (source, modules) = bundle.sources();
    let request = tenterhook_control_api::Attach {
        hook: file.hook,
        tenant: tenant.to_owned(),
        name: Some(name.to_owned()),
        script: Some(bundle.script.clone()),
        source,
        modules,
        order: file.order,
        before: None,
        after: None,
        state: file.state.clone(),
        enabled: file.enabled,
        fingerprint: file.fingerprint,
    };
    // An invalid state is left for the program to reject.
    let state = file.state.as_deref().and_then(|word| word.parse().ok());
    Ok(Attach { request, file: PathBuf::from(own), script: bundle.into(), state })
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

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
            ("acme/loose.lua", "x = 1"),
            ("acme/spare/main.lua", "x = 1"),
            ("nobody_s.lua", "x = 1"),
            (
                "acme/other.toml",
                "hook = \"bgp.process\"\nscript = \"bundle/main.lua\"\nshown_as = \"p.lua\"\nrevision = 7\nchanged = \"2026-11-24T13:49:49Z\"\nby = \"uid 0\"\n",
            ),
            ("acme/bundle/main.lua", "y = 1"),
            ("acme/bundle/lib/a.lua", "z = 1"),
            ("peer/notes.txt", "nothing to attach"),
        ])?;
        let wanted = Wanted::read(folder.path())?;
        assert_eq!(wanted.tenants, ["acme", "peer"]);
        let unused = ["acme/loose.lua", "acme/spare", "nobody_s.lua"].map(|file| folder.path().join(file));
        assert_eq!(wanted.unused, unused);
        let requests: Vec<Json> =
            wanted.attachments.iter().map(|attach| serde_json::to_value(&attach.request)).collect::<Result<_, _>>()?;
        assert_eq!(
            requests,
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

    /// Like a program with its own folder: nothing that belongs to another tenant, or to the machine, is sent.
    #[test]
    fn what_lies_outside_of_a_tenant_s_folder_is_not_read() -> Result<()> {
        let folder =
            folder(&[("peer/secret.lua", "x = 1"), ("peer/deep/main.lua", "x = 1"), ("acme/own.lua", "y = 1")])?;
        let (acme, peer) = (folder.path().join("acme"), folder.path().join("peer"));
        std::os::unix::fs::symlink(peer.join("secret.lua"), acme.join("link.lua"))?;
        std::os::unix::fs::symlink(&peer, acme.join("linked"))?;
        let absolute = peer.join("secret.lua").display().to_string();
        let outside = [
            ("dots", "../peer/secret.lua"),
            ("bundle", "../peer/deep/main.lua"),
            ("absolute", absolute.as_str()),
            ("link", "link.lua"),
            ("linked", "linked/secret.lua"),
        ];
        for (name, script) in outside {
            std::fs::write(
                acme.join(format!("{name}.toml")),
                format!("hook = \"bgp.process\"\nscript = \"{script}\"\n"),
            )?;
        }
        let error = Wanted::read(folder.path()).expect_err("nothing of it is acme's").to_string();
        for (name, script) in outside {
            let file = acme.join(format!("{name}.toml"));
            let said = format!("{}: script: {script}: ", file.display());
            assert!(error.contains(&said), "{said}\n{error}");
        }
        for (name, _) in outside {
            std::fs::remove_file(acme.join(format!("{name}.toml")))?;
        }
        // A link within the folder is allowed.
        std::os::unix::fs::symlink("own.lua", acme.join("alias.lua"))?;
        std::fs::write(acme.join("alias.toml"), "hook = \"bgp.process\"\nscript = \"alias.lua\"\n")?;
        let source = tenterhook_control_api::Source::Text("y = 1".to_owned());
        assert_eq!(Wanted::read(folder.path())?.attachments[0].request.source, source);
        std::os::unix::fs::symlink(std::env::temp_dir(), folder.path().join("other"))?;
        assert!(Wanted::read(folder.path()).is_err(), "nor is a tenant's folder a link out");
        Ok(())
    }
}
