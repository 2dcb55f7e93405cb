//! Totals, claims and rates of a tenant, to the unit.

use std::thread;

use super::*;
use crate::rate::Still;

fn all(limit: u64) -> Arc<Total> {
    Arc::new(Total { used: AtomicU64::new(0), limit: AtomicU64::new(limit) })
}

fn tenant(quota: Quota) -> Arc<Tenant> {
    Arc::new(Tenant::new(&quota, Arc::new(Still::default()), all(1000)))
}

#[test]
fn totals_are_held_to_the_unit_and_given_back() {
    for limit in [1, 2, 100] {
        let tenant = tenant(Quota::DEFAULT.with(QuotaField::Attachments, limit));
        let claim = || Claim::attachment(&tenant, None);
        let mut claims: Vec<_> = (0..limit).map(|_| claim().unwrap_or_else(|e| panic!("{e:?}"))).collect();
        let exceeded = Exceeded { field: QuotaField::Attachments, limit, used: limit, asked: 1 };
        assert_eq!(claim().err(), Some(exceeded));
        claims.pop();
        assert!(claim().is_ok(), "what is dropped is free again");

        let tenant = self::tenant(Quota::DEFAULT.with(QuotaField::KeptExecutors, limit));
        let claim = || Claim::executor(&tenant, 1);
        let mut claims: Vec<_> = (0..limit).map(|_| claim().unwrap_or_else(|e| panic!("{e:?}"))).collect();
        assert_eq!(claim().err(), Some(Denied::Memory));
        claims.pop();
        assert!(claim().is_ok(), "what is dropped is free again");
    }
}

#[test]
fn executors_that_keep_state_have_a_limit_over_all_tenants_too() {
    let (all, clock) = (all(2), Arc::new(Still::default()) as Arc<dyn Clock>);
    let [a, b] = [1, 5].map(|own| {
        let quota = Quota::DEFAULT.with(QuotaField::KeptExecutors, own);
        Arc::new(Tenant::new(&quota, Arc::clone(&clock), Arc::clone(&all)))
    });
    let first = Claim::executor(&a, 1);
    assert!(first.is_ok());
    assert_eq!(Claim::executor(&a, 1).err(), Some(Denied::Memory), "its own limit");
    let second = Claim::executor(&b, 1);
    assert!(second.is_ok(), "what was refused was not kept");
    assert_eq!(Claim::executor(&b, 1).err(), Some(Denied::NoExecutor), "the limit over all");
    drop((first, second));
    assert_eq!(all.used.load(Relaxed), 0);
}

#[test]
fn memory_is_images_and_executors_together() {
    let tenant = tenant(Quota::DEFAULT.with(QuotaField::TotalMemory, 1000));
    for (bytes, fits) in [(599, true), (600, true), (601, false)] {
        let executor = Claim::executor(&tenant, 400);
        let mut image = Claim::attachment(&tenant, None).unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(image.image(bytes, None).is_ok(), fits, "{bytes}");
        assert_eq!(tenant.usage().memory.get(), if fits { 400 + bytes } else { 400 });
        drop((executor, image));
        assert_eq!(tenant.usage().memory.get(), 0);
    }
    assert_eq!(Claim::executor(&tenant, 1001).err(), Some(Denied::Memory));
    assert_eq!(tenant.executors.used.load(Relaxed), 0, "what could not be had in full is not had at all");
    assert!(Claim::executor(&tenant, u64::MAX).is_err());
}

#[test]
fn one_that_goes_makes_room_for_the_one_that_comes_in_its_place() {
    let quota = Quota::DEFAULT.with(QuotaField::Attachments, 1).with(QuotaField::TotalMemory, 1000);
    let tenant = tenant(quota);
    let mut old = Claim::attachment(&tenant, None).unwrap_or_else(|e| panic!("{e:?}"));
    old.image(800, None).unwrap_or_else(|e| panic!("{e:?}"));
    assert!(Claim::attachment(&tenant, None).is_err());
    let mut new = Claim::attachment(&tenant, Some(&old)).unwrap_or_else(|e| panic!("{e:?}"));
    assert!(new.image(1001, Some(&old)).is_err());
    assert!(new.image(1000, Some(&old)).is_ok());
    drop(old);
    assert_eq!((tenant.usage().memory.get(), tenant.attachments.used.load(Relaxed)), (1000, 1));
}

#[test]
fn many_threads_claim_exactly_what_there_is() {
    let tenant = tenant(Quota::DEFAULT.with(QuotaField::Attachments, 100));
    let claims: Vec<Claim> = thread::scope(|scope| {
        let claim = || (0..100).filter_map(|_| Claim::attachment(&tenant, None).ok()).collect::<Vec<_>>();
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(claim)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(claims.len(), 100);
    drop(claims);
    assert_eq!(tenant.attachments.used.load(Relaxed), 0);
}

#[test]
fn log_lines_and_bytes_have_rates_of_their_own() {
    let clock = Arc::new(Still::default());
    let with = |lines, bytes| {
        let quota = Quota::DEFAULT.with(QuotaField::LogLinesPerSecond, lines);
        let quota = quota.with(QuotaField::LogBytesPerSecond, bytes);
        Tenant::new(&quota, Arc::clone(&clock) as Arc<dyn Clock>, all(1))
    };
    for lines in [0, 1, 2, 100] {
        let tenant = with(lines, 1 << 20);
        assert_eq!((0..lines + 10).filter(|_| tenant.take_log(1)).count() as u64, lines);
    }
    for (bytes, logged) in [(0, 0), (9, 1), (10, 1), (11, 2), (20, 2), (21, 3)] {
        // A line that begins within the rate is logged whole.
        let tenant = with(1000, bytes);
        assert_eq!((0..100).filter(|_| tenant.take_log(10)).count(), logged, "{bytes}");
    }
}

#[test]
fn another_policy_holds_at_once_and_takes_nothing_back() {
    let tenants = Tenants::new(Arc::new(Still::default()), 1);
    let policy = |text: &str| Policy::parse(text, "test.toml").unwrap_or_else(|error| panic!("{error}"));
    let before = ArcSwap::from_pointee(policy("[tenants.acme]\nattachments = 3\nfuel_burst = \"1M\"\n"));
    let acme = tenants.get("acme", &before);
    let claims: Vec<_> = (0..3).filter_map(|_| Claim::attachment(&acme, None).ok()).collect();
    acme.fuel.charge(999_999);
    tenants.set_policy(&policy("[tenants.acme]\nattachments = 2\nfuel_burst = \"10M\"\nreserved_calls = 5\n"), 1);
    assert!(Arc::ptr_eq(&acme, &tenants.get("acme", &before)));
    assert_eq!(claims.len(), 3);
    assert!(Claim::attachment(&acme, None).is_err(), "over the lowered limit");
    assert_eq!(acme.reserve().shelves(), 5);
    assert!(acme.fuel.has_any(acme.clock()));
    acme.fuel.charge(1);
    assert!(!acme.fuel.has_any(acme.clock()), "a larger burst is no gift");
}

#[test]
fn tenants_in_debt_are_remembered_and_rested_ones_forgotten() {
    let tenants = Tenants::new(Arc::new(Still::default()), 1);
    let policy = ArcSwap::from_pointee(Policy::preset(tenterhook_policies::Preset::Default));
    let debtor = Arc::downgrade(&tenants.get("debtor", &policy));
    if let Some(debtor) = debtor.upgrade() {
        debtor.fuel.charge(1 << 50);
    }
    let rested = Arc::downgrade(&tenants.get("rested", &policy));
    for i in 0..2 * REMEMBERED {
        tenants.get(&format!("t{i}"), &policy);
    }
    assert!(debtor.upgrade().is_some());
    assert!(rested.upgrade().is_none());
    assert!(tenants.by_name.lock().len() <= REMEMBERED + 1);
}
