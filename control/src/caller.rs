//! The caller, as the kernel identifies it, and what the policy authorises it to do.

use std::ffi::CString;

use nix::unistd::{Group, User, getgrouplist};
use tenterhook::policies::{May, Operator, Policy, Who};

use super::options::ControlError;

/// The process at the other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Caller {
    pub uid: u32,
    pub gid: u32,
    pub pid: Option<i32>,
}

impl Caller {
    /// Whether it is root, or the user that the program runs as.
    pub fn is_owner(self) -> bool {
        self.uid == 0 || self.uid == rustix::process::geteuid().as_raw()
    }
}

impl std::fmt::Display for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "uid {}", self.uid)
    }
}

/// The rights of a caller.
#[derive(Debug, Clone)]
pub(super) enum Rights {
    /// Every right.
    All,
    /// The rights of these operators of the policy; if there are none, no rights.
    Some(Vec<Operator>),
}

impl Rights {
    /// The rights of a caller under the policy. This may look up users and groups on the machine, which can take long.
    pub fn of(caller: Caller, policy: &Policy, owner_may_do_all: bool) -> Rights {
        if owner_may_do_all && caller.is_owner() {
            return Rights::All;
        }
        let mut groups = None;
        let mut in_group =
            |gid: u32| caller.gid == gid || groups.get_or_insert_with(|| groups_of(caller)).contains(&gid);
        let applies = |who: &Who, in_group: &mut dyn FnMut(u32) -> bool| match who {
            Who::Uid(uid) => caller.uid == *uid,
            Who::User(name) => uid_of(name) == Some(caller.uid),
            Who::Gid(gid) => in_group(*gid),
            Who::Group(name) => gid_of(name).is_some_and(in_group),
        };
        let operators = policy.operators().map(|(operator, _)| operator);
        Rights::Some(operators.filter(|operator| applies(&operator.who, &mut in_group)).cloned().collect())
    }

    /// Whether the caller has any right.
    pub fn any(&self) -> bool {
        match self {
            Rights::All => true,
            Rights::Some(operators) => !operators.is_empty(),
        }
    }

    /// Whether the caller is authorised to change anything.
    pub fn any_change(&self) -> bool {
        match self {
            Rights::All => true,
            Rights::Some(operators) => operators.iter().any(|operator| operator.may == May::Change),
        }
    }

    pub fn all(&self) -> bool {
        matches!(self, Rights::All)
    }

    /// Whether the caller is authorised to see the tenant's attachments.
    pub fn see(&self, tenant: &str) -> bool {
        match self {
            Rights::All => true,
            Rights::Some(operators) => operators.iter().any(|operator| operator.covers(tenant)),
        }
    }

    /// Whether the caller is authorised to change the tenant's attachments.
    pub fn change(&self, tenant: &str) -> bool {
        match self {
            Rights::All => true,
            Rights::Some(operators) => operators.iter().any(|o| o.may == May::Change && o.covers(tenant)),
        }
    }
}

fn uid_of(name: &str) -> Option<u32> {
    User::from_name(name).ok().flatten().map(|user| user.uid.as_raw())
}

fn gid_of(name: &str) -> Option<u32> {
    Group::from_name(name).ok().flatten().map(|group| group.gid.as_raw())
}

/// The groups of the user on this machine. The kernel reports only one group of a process, which the caller of this
/// function has checked.
fn groups_of(caller: Caller) -> Vec<u32> {
    let user = User::from_uid(nix::unistd::Uid::from_raw(caller.uid)).ok().flatten();
    let Some(user) = user else { return Vec::new() };
    let Ok(name) = CString::new(user.name) else { return Vec::new() };
    let groups = getgrouplist(&name, user.gid).unwrap_or_default();
    groups.into_iter().map(nix::unistd::Gid::as_raw).collect()
}

/// Whether this machine knows every operator that the policy names.
pub(super) fn check_names(policy: &Policy) -> Result<(), ControlError> {
    for (operator, origin) in policy.operators() {
        let known = match &operator.who {
            Who::User(name) => uid_of(name).is_some(),
            Who::Group(name) => gid_of(name).is_some(),
            Who::Uid(_) | Who::Gid(_) => true,
        };
        if !known {
            return Err(ControlError::Operator { at: origin.to_string(), who: operator.who.to_string() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights(policy: &str, uid: u32, gid: u32) -> Rights {
        let policy = Policy::parse(policy, "p.toml").expect("a valid policy");
        Rights::of(Caller { uid, gid, pid: None }, &policy, false)
    }

    #[test]
    fn operators_are_found_by_user_and_by_group() {
        let policy = "[[operators]]\nuid = 70001\ntenants = [\"acme\"]\n\
                      [[operators]]\ngid = 70002\ntenants = [\"globex\"]\nmay = \"see\"\n";
        let user = rights(policy, 70001, 1);
        assert!(user.see("acme") && user.change("acme") && !user.see("globex") && user.any() && !user.all());
        let group = rights(policy, 70003, 70002);
        assert!(group.see("globex") && !group.change("globex") && !group.see("acme"));
        assert!(!rights(policy, 70003, 1).any());
    }

    #[test]
    fn root_is_known_by_name_on_every_machine() {
        let named = rights("[[operators]]\nuser = \"root\"\ntenants = [\"*\"]\n", 0, 70009);
        assert!(named.change("anything"));
        let nobody = Policy::parse("\n[[operators]]\nuser = \"no-such-user-here\"\ntenants = [\"*\"]\n", "p.toml");
        assert_eq!(
            check_names(&nobody.expect("a valid policy")).map_err(|error| error.to_string()),
            Err("p.toml:2: operators: no user no-such-user-here on this machine".to_owned())
        );
    }

    #[test]
    fn root_and_the_owner_may_do_all_unless_they_are_held_to_the_policy() {
        let policy = Policy::parse("", "p.toml").expect("a valid policy");
        let owner = Caller { uid: rustix::process::geteuid().as_raw(), gid: 70009, pid: None };
        for caller in [owner, Caller { uid: 0, gid: 70009, pid: None }] {
            assert!(Rights::of(caller, &policy, true).all());
            assert!(!Rights::of(caller, &policy, false).any());
        }
        assert!(!Rights::of(Caller { uid: 70001, gid: 0, pid: None }, &policy, true).any());
    }
}
