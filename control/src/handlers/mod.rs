//! The handlers of the routes.

pub(super) mod about;
pub(super) mod apply;
pub(super) mod attachments;
pub(super) mod broken;
pub(super) mod call;
pub(super) mod hooks;
mod loading;
mod noted;
pub(super) mod policy;
pub(super) mod quarantine;
pub(super) mod stats;
pub(super) mod watch;
