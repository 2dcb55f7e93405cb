//! The names that scripts can use, as listed by the sandbox itself, so that no list has to be maintained.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Result;
use tenterhook::Host;
use tenterhook::hooks::schema::Declaration;
use tenterhook::policies::BudgetField;

use crate::logs::Collector;
use crate::setup::{Script, Standing};

/// Globals, and the members of those that are tables.
#[derive(Debug, Default)]
pub struct Names {
    pub globals: BTreeSet<String>,
    pub members: BTreeMap<String, BTreeSet<String>>,
}

/// Logs every global and every member of a global table while it is loaded.
const PROBE: &str = "
for name, value in pairs(_G) do
  log.info(name)
  if type(value) == 'table' and value ~= _G then
    for member in pairs(value) do log.info(name .. '.' .. member) end
  end
end
function HANDLER() end
";

impl Names {
    /// The names that a script finds at this hook point; `logs` is the host's sink.
    pub fn ask(host: &Host, logs: &Collector, of: &Arc<Declaration>, standing: &Standing) -> Result<Names> {
        let mut standing = standing.clone();
        for field in [BudgetField::LogLines, BudgetField::LogBytes] {
            standing.rules.budget = standing.rules.budget.with(field, field.info().max);
        }
        let source = PROBE.replace("HANDLER", &of.handler).into_bytes();
        logs.take();
        if let Some(fault) =
            (Script { name: "probe.lua".to_owned(), source, ..Script::default() }).load(host, of, &standing)?
        {
            anyhow::bail!("listing the sandbox's names: {fault}");
        }
        let mut names = Names::default();
        for line in logs.take().0 {
            match line.message.split_once('.') {
                Some((global, member)) => {
                    names.members.entry(global.to_owned()).or_default().insert(member.to_owned());
                }
                None => {
                    names.globals.insert(line.message);
                }
            }
        }
        Ok(names)
    }
}
