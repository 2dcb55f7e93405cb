//! A policy for programs that test or measure scripts, and have nothing to protect: limits over time are practically
//! absent.

use tenterhook::policies::Policy;

/// Rates at the ceilings of the preset `default`, and no quarantine.
const LINES: &str = "\
    calls_per_second = \"1G\"\n\
    calls_burst = \"1G\"\n\
    fuel_per_second = \"10T\"\n\
    fuel_burst = \"10T\"\n\
    loads_per_second = \"100K\"\n\
    loads_burst = \"100K\"\n\
    log_lines_per_second = \"1M\"\n\
    log_bytes_per_second = \"256MiB\"\n\
    attachments = \"100K\"\n\
    total_memory = \"64GiB\"\n\
    quarantine = \"off\"\n";

/// The policy, for tenants of any name.
///
/// # Panics
/// Never: the tests read these lines.
pub fn policy() -> Policy {
    Policy::parse(&format!("[defaults]\n{}", defaults("")), "untimed.toml").unwrap_or_else(|error| panic!("{error}"))
}

/// Lines of a policy's `[defaults]`, under the preset `default`: the given ones, and practically no limit for what
/// counts over time and is not given.
pub fn defaults(lines: &str) -> String {
    let key = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
    let said: Vec<String> = lines.lines().map(key).collect();
    let unsaid = |line: &&str| !said.contains(&key(line));
    let rest: String = LINES.lines().filter(unsaid).map(|line| format!("{line}\n")).collect();
    // The lines precede the first table, which would otherwise include them.
    let sections = lines.lines().take_while(|line| !line.starts_with('[')).map(|line| line.len() + 1).sum::<usize>();
    let (own, sections) = lines.split_at(sections.min(lines.len()));
    format!("{own}\n{rest}{sections}")
}

#[cfg(test)]
mod tests {
    use tenterhook::policies::{Preset, QuotaField, Switch};

    #[test]
    fn nothing_counts_over_time_and_a_call_has_what_the_preset_gives() {
        let (rules, preset) = (super::policy().defaults(), tenterhook::policies::Policy::preset(Preset::Default));
        assert_eq!(rules.budget, preset.defaults().budget);
        assert_eq!(rules.quarantine, Switch::Off);
        let ceilings = preset.ceilings();
        let most = ceilings.largest_quota();
        for field in [QuotaField::CallsPerSecond, QuotaField::FuelPerSecond, QuotaField::FuelBurst] {
            assert_eq!(rules.quota.get(field), most.get(field), "{field:?}");
        }
    }
}
