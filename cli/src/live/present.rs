//! Looks up an attachment, and suggests the nearest name if there is none.

use anyhow::{Error, Result, bail};
use tenterhook_control_api::{Attachment, Attachments, Broken, Detail};

use super::{Client, Refusal, Target};

/// The attachment as it is now: its hook point, its revision.
pub fn present(client: &Client, target: &Target) -> Result<Attachment> {
    match client.get(&target.path(), &[]).map_err(|error| suggest(client, target, error))? {
        Detail::Whole(detail) => Ok(detail.attachment),
        Detail::Broken(_) => bail!("{target} is broken: adopt, replace or discard it"),
    }
}

/// The hook point of an attachment, if it is known for a broken one, and its revision.
pub fn revision(client: &Client, target: &Target) -> Result<(Option<String>, u64)> {
    let detail = client.get(&target.path(), &[]).map_err(|error| suggest(client, target, error))?;
    Ok(match detail {
        Detail::Whole(detail) => (Some(detail.attachment.hook), detail.attachment.revision),
        Detail::Broken(detail) => (detail.broken.hook, detail.broken.revision),
    })
}

/// Adds the nearest name to the error for an attachment that does not exist.
pub fn suggest(client: &Client, target: &Target, error: Error) -> Error {
    let missing = error.downcast_ref::<Refusal>().filter(|refusal| refusal.status == 404);
    let Some(refusal) = missing.filter(|refusal| refusal.problem.nearest.is_none()) else { return error };
    let listed = client.get::<Attachments>("/v1/attachments", &[]).ok();
    let mut names: Vec<String> =
        listed.iter().flat_map(|listed| &listed.attachments).map(|a| format!("{}/{}", a.tenant, a.name)).collect();
    names.extend(listed.iter().flat_map(|listed| &listed.broken).map(Broken::title));
    let mut refusal = refusal.clone();
    match tenterhook::hooks::nearest(&target.to_string(), names.iter().map(String::as_str)) {
        Some(near) => refusal.problem.nearest = Some(near.to_owned()),
        None => refusal.problem.message.push_str("; `tenterhook list` shows what is attached"),
    }
    refusal.into()
}
