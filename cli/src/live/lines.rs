//! Parts of a program's responses, in one line each.

use tenterhook_control_api::{Protection, Required, Unsaved};

use crate::text;

/// What happens to an unsaved change.
pub const TAKEN_BACK: &str =
    "a restart reverts the change unless the program can save it before then; it keeps retrying";

/// A change that a restart would revert.
pub fn not_kept(of: &Unsaved) -> String {
    let Unsaved { tenant, name, change, reason, .. } = of;
    format!("not saved: {tenant}/{name}, {}: {}; {TAKEN_BACK}", text::plain(change), text::plain(reason))
}

/// The protection of a hook point in one line: `demo.admit is closed: acme/limit is missing; every invocation gives
/// {"verdict":"REFUSE"}, 17 so far`.
pub fn protection(of: &Protection) -> String {
    let list = |wanted: &dyn Fn(&Required) -> bool| {
        let all = of.required.iter().filter(|required| wanted(required));
        let all = all.map(|required| match required.status.as_str() {
            "enabled" => required.attachment.clone(),
            status => format!("{} is {status}", required.attachment),
        });
        text::plain(&all.collect::<Vec<_>>().join(", "))
    };
    let (hook, result) = (text::plain(&of.hook), text::plain(&of.result.to_string()));
    let invocations = text::grouped(of.invocations);
    if of.closed {
        let missing = list(&|required| required.status != "enabled");
        // Attachments of tenants that the user is not authorised to see are not listed.
        let missing = if missing.is_empty() { "a required attachment is missing".to_owned() } else { missing };
        return format!("{hook} is closed: {missing}; every invocation gives {result}, {invocations} so far");
    }
    format!("{hook} requires {}; {invocations} invocations gave {result}", list(&|_| true))
}
