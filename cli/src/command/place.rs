//! The place of an attachment in its chain, as options.

use anyhow::{Result, bail};
use clap::Args;

use crate::live::Target;

/// The place in the chain.
#[derive(Debug, Default, Args)]
#[group(multiple = false)]
pub struct Place {
    /// Order in the chain: lower runs earlier, and equal orders run in order of attaching
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    order: Option<i32>,
    /// Directly before this attachment
    #[arg(long, value_name = "TENANT/NAME")]
    before: Option<Target>,
    /// Directly after this attachment
    #[arg(long, value_name = "TENANT/NAME")]
    after: Option<Target>,
}

impl Place {
    /// Whether no option was given.
    pub fn is_empty(&self) -> bool {
        self.order.is_none() && self.before.is_none() && self.after.is_none()
    }

    /// Rejects a place beside the attachment itself.
    pub fn of(&self, target: &Target) -> Result<()> {
        for (word, beside) in [("before", &self.before), ("after", &self.after)] {
            if beside.as_ref() == Some(target) {
                bail!("{target} cannot be placed {word} itself: expected another attachment at its hook point");
            }
        }
        Ok(())
    }

    /// The options in the form of requests: order, before, after.
    pub fn parts(&self) -> (Option<i32>, Option<String>, Option<String>) {
        (self.order, self.before.as_ref().map(Target::to_string), self.after.as_ref().map(Target::to_string))
    }
}
