//! Policies as text.

use tenterhook::policies::Policy;

/// The bytes are a policy, as far as they are text.
pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Policy::parse(&text, "fuzz.toml") {
        Ok(policy) => {
            let tenants: Vec<String> = policy.tenants().map(str::to_owned).collect();
            let hooks: Vec<String> = policy.hooks().map(str::to_owned).collect();
            for tenant in tenants.iter().map(String::as_str).chain(["nobody", "", "..", "a/b"]) {
                for hook in hooks.iter().map(String::as_str).chain(["bgp.route_match"]) {
                    if let Ok(rules) = policy.resolve(tenant, hook) {
                        // Whatever a file says, budgets are within their bounds and under the ceilings.
                        for field in tenterhook::policies::BudgetField::ALL {
                            let (value, info) = (rules.budget.get(field), field.info());
                            assert!((info.min..=info.max).contains(&value), "{} = {value}", info.name);
                        }
                    }
                }
            }
            let again = Policy::parse(&text, "fuzz.toml");
            assert!(again.is_ok_and(|again| again.ceilings() == policy.ceilings()));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
