//! Attachments as JSON: one shape for one thing, whoever asks.
//!
//! | what | shape | where |
//! | --- | --- | --- |
//! | an attachment, whole | [`attachment`] | lists, one hook point, one attachment, the answer to every change |
//! | what would be attached | some of the same keys | `/v1/check` |
//! | whom something is about | `tenant`, `name`, `hook`, and `id` where it is loaded | statistics, events, quarantine, changes of `apply` |
//! | one that a request names | the text `tenant/name` | `before`, `after`, `attachment` |
//!
//! `openapi.json` has each of them, and `tests/tests/operator/shapes.rs` holds the command's output against each other.

use std::time::SystemTime;

use serde::Deserialize;
use serde_json::{Value as Json, json};
use tenterhook::operate::rfc3339;
use tenterhook::{AttachmentInfo, QuarantinePhase, Quarantined};

use super::folder::Broken;
use super::plane::{Found, Plane};

/// A script's text in a request: a string, or hex digits for bytes that are not UTF-8.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Source {
    Text(String),
    Bytes(Hex),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hex {
    bytes: String,
}

impl Source {
    pub fn into_bytes(self) -> Result<Vec<u8>, String> {
        let hex = match self {
            Source::Text(text) => return Ok(text.into_bytes()),
            Source::Bytes(Hex { bytes }) => bytes,
        };
        let digits = hex.as_bytes();
        let byte = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let fine = digits.len() % 2 == 0 && digits.iter().all(u8::is_ascii_hexdigit);
        let bytes: Option<Vec<u8>> = if fine { digits.chunks(2).map(byte).collect() } else { None };
        bytes.ok_or_else(|| "bytes: expected an even number of hex digits".to_owned())
    }
}

/// A script's text in an answer.
pub(super) fn source(bytes: &[u8]) -> Json {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => json!({ "bytes": bytes.iter().map(|b| format!("{b:02x}")).collect::<String>() }),
    }
}

/// An attachment, as lists show it.
pub(super) fn attachment(info: &AttachmentInfo) -> Json {
    json!({
        "id": info.id.number(),
        "tenant": info.tenant,
        "name": info.name,
        "hook": info.hook,
        "script": info.script,
        "modules": info.modules,
        "order": info.order,
        "position": info.position,
        "enabled": info.enabled,
        "managed": info.managed,
        "state": info.state.as_str(),
        "quarantine": info.quarantine.as_ref().map(quarantine),
        "revision": info.revision,
        "changed": rfc3339(info.changed),
        "by": info.by,
        "sha256": info.sha256,
        "image_bytes": info.image_bytes,
        "memory_bytes": info.memory_bytes,
    })
}

/// A quarantine.
pub(super) fn quarantine(of: &Quarantined) -> Json {
    let now = SystemTime::now();
    json!({
        "state": match of.phase { QuarantinePhase::Waiting => "quarantined", QuarantinePhase::Probing => "probing" },
        "cause": format!("{} faults", of.faults),
        "since": rfc3339(now.checked_sub(of.since).unwrap_or(now)),
        "until": now.checked_add(of.until).map(rfc3339),
    })
}

/// A file that is not attached, as lists show it; `position` is the place in its chain that is kept for it.
pub(super) fn broken(of: &Broken, position: Option<usize>) -> Json {
    let known = &of.known;
    json!({
        "tenant": of.tenant,
        "name": of.name,
        "file": of.file,
        "reason": of.reason,
        "hook": known.hook,
        "script": known.script,
        "order": known.order,
        "position": position,
        "enabled": known.enabled,
        "revision": known.revision,
    })
}

/// One that was found.
pub(super) fn found(found: &Found) -> Json {
    let position = found.slot.position(found.id()).unwrap_or(0);
    attachment(&found.entry.info(found.hook(), position))
}

/// The answer to a change.
pub(super) fn changed(found: &Found) -> Json {
    json!({ "revision": found.entry.revision, "attachment": self::found(found), "unsaved": found.unsaved })
}

/// Changes to those tenants' attachments that are in force and not in the folder yet.
pub(super) fn unsaved(plane: &Plane, wanted: impl Fn(&str) -> bool) -> Vec<Json> {
    let shown = plane.unsaved.list().into_iter().filter(|unsaved| wanted(&unsaved.tenant));
    let json = shown.map(|unsaved| {
        json!({
            "tenant": unsaved.tenant,
            "name": unsaved.name,
            "change": unsaved.what,
            "since": rfc3339(unsaved.since),
            "reason": unsaved.reason,
            "failures": unsaved.failures,
        })
    });
    json.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_text_or_hex() {
        let read = |json: Json| serde_json::from_value::<Source>(json).map(Source::into_bytes);
        assert_eq!(read(json!("é")).expect("text"), Ok("é".as_bytes().to_vec()));
        assert_eq!(read(json!({ "bytes": "ff0A" })).expect("hex"), Ok(vec![255, 10]));
        for hex in ["f", "fg", "+f", "éé"] {
            assert!(read(json!({ "bytes": hex })).expect("an object").is_err(), "{hex}");
        }
        assert!(read(json!({ "bytes": "", "more": 1 })).is_err());
        assert_eq!(source(b"ab"), json!("ab"));
        assert_eq!(source(b"\xff\x00"), json!({ "bytes": "ff00" }));
    }
}
