//! `[[operators]]` and `[[placement]]`: who may change what in a running host, and who may attach where.

use tenterhook_policies::{AllowedOrders, May, Orders, Policy, Who};

fn parse(text: &str) -> Policy {
    Policy::parse(text, "p.toml").unwrap_or_else(|error| panic!("{error}"))
}

fn refused(text: &str) -> String {
    Policy::parse(text, "p.toml").expect_err("must be refused").to_string()
}

#[test]
fn operators_are_users_or_groups_by_number_or_name() {
    let policy = parse(
        "[[operators]]\nuid = 1000\ntenants = [\"acme\"]\n[[operators]]\ngroup = \"netops\"\ntenants = [\"*\"]\nmay = \"see\"\n",
    );
    let all: Vec<_> = policy.operators().collect();
    assert_eq!((&all[0].0.who, all[0].0.may), (&Who::Uid(1000), May::Change));
    assert!(all[0].0.covers("acme") && !all[0].0.covers("globex"));
    assert_eq!(all[0].1.to_string(), "p.toml:1");
    assert_eq!((&all[1].0.who, all[1].0.may), (&Who::Group("netops".into()), May::See));
    assert!(all[1].0.covers("globex"));
    assert_eq!(parse("").operators().count(), 0);
}

#[test]
fn what_is_wrong_with_an_operator_is_said_with_its_place() {
    for (text, error) in [
        ("operators = 1", "p.toml:1:13: operators: expected an array of tables, [[operators]], found 1"),
        ("[[operators]]\ntenants = [\"acme\"]", "p.toml:1:1: operators[0]: `uid, user, gid or group` is missing"),
        ("[[operators]]\nuid = 1", "p.toml:1:1: operators[0]: `tenants` is missing"),
        (
            "[[operators]]\nuid = -1\ntenants = [\"a\"]",
            "p.toml:2:7: operators[0].uid: expected a number from 0 to 4294967294, found -1",
        ),
        (
            "[[operators]]\nuid = 4294967295\ntenants = [\"a\"]",
            "p.toml:2:7: operators[0].uid: expected a number from 0 to 4294967294, found 4294967295",
        ),
        (
            "[[operators]]\nuid = 1\ngid = 2\ntenants = [\"a\"]",
            "p.toml:3:7: operators[0].gid: expected one of uid, user, gid and group, found 2",
        ),
        (
            "[[operators]]\nuser = \"a b\"\ntenants = [\"a\"]",
            "p.toml:2:8: operators[0].user: expected a name of 1 to 64 printable ASCII characters without blanks, \
             ':' or ',', found \"a b\"",
        ),
        (
            "[[operators]]\nuid = 1\ntenants = []",
            "p.toml:3:11: operators[0].tenants: expected an array of tenants' names, or [\"*\"] for every tenant, \
             found an array",
        ),
        (
            "[[operators]]\nuid = 1\ntenants = [\"a\"]\nmay = \"all\"",
            "p.toml:4:7: operators[0].may: expected \"see\" or \"change\", found \"all\"",
        ),
        (
            "[[operators]]\nuid = 1\ntenant = [\"a\"]\ntenants = [\"a\"]",
            "p.toml:3:1: operators[0].tenant: unknown key; did you mean `tenants`?",
        ),
    ] {
        assert_eq!(refused(text), error, "{text}");
    }
}

#[test]
fn numbers_and_names_of_operators_have_exact_bounds() {
    let read = |line: &str| Policy::parse(&format!("[[operators]]\n{line}\ntenants = [\"a\"]\n"), "p.toml");
    let who = |line: &str| read(line).map(|policy| policy.operators().next().map(|(operator, _)| operator.who.clone()));
    for (number, fits) in [
        (-1, false),
        (0, true),
        (1, true),
        (4294967293, true),
        (4294967294, true),
        (4294967295_i64, false),
        (4294967296, false),
    ] {
        let expected = u32::try_from(number).ok().filter(|_| fits);
        assert_eq!(who(&format!("uid = {number}")).ok(), expected.map(|n| Some(Who::Uid(n))), "{number}");
        assert_eq!(who(&format!("gid = {number}")).ok(), expected.map(|n| Some(Who::Gid(n))), "{number}");
    }
    for (len, fits) in [(0, false), (1, true), (63, true), (64, true), (65, false)] {
        let name = "n".repeat(len);
        let expected = Some(name.clone()).filter(|_| fits);
        assert_eq!(who(&format!("user = \"{name}\"")).ok(), expected.clone().map(|n| Some(Who::User(n))), "{len}");
        assert_eq!(who(&format!("group = \"{name}\"")).ok(), expected.map(|n| Some(Who::Group(n))), "{len}");
        let tenants = Policy::parse(&format!("[[operators]]\nuid = 1\ntenants = [\"{name}\"]\n"), "p.toml");
        assert_eq!(tenants.is_ok(), fits, "a tenant's name of {len}");
    }
}

#[test]
fn placements_of_the_hook_point_count_before_those_of_every_one() {
    let policy = parse(
        "[[placement]]\nhook = \"*\"\ntenants = [\"acme\", \"globex\"]\norders = [0, 99]\n\
         [[placement]]\nhook = \"demo.greet\"\ntenants = [\"acme\"]\norders = [100, 199]\n\
         [[placement]]\nhook = \"demo.greet\"\ntenants = [\"*\"]\norders = [-5, -5]\n\
         [[placement]]\nhook = \"demo.only\"\ntenants = [\"acme\"]\n",
    );
    let band = |tenant: &str, hook: &str| match policy.allowed_orders(tenant, hook) {
        AllowedOrders::Band(orders, origin) => Ok((orders.min, orders.max, origin.map(|origin| origin.line))),
        AllowedOrders::Refused(origin) => Err(origin.line),
    };
    assert_eq!(band("acme", "demo.other"), Ok((0, 99, Some(1))));
    assert_eq!(band("initech", "demo.other"), Err(1));
    assert_eq!(band("acme", "demo.greet"), Ok((100, 199, Some(5))));
    assert_eq!(band("initech", "demo.greet"), Ok((-5, -5, Some(9))));
    assert_eq!(band("acme", "demo.only"), Ok((i32::MIN, i32::MAX, Some(13))));
    assert_eq!(band("globex", "demo.only"), Err(13));
    assert_eq!(parse("").allowed_orders("acme", "demo.greet"), AllowedOrders::Band(Orders::ALL, None));
}

#[test]
fn what_is_wrong_with_a_placement_is_said_with_its_place() {
    let expected = "expected two integers [lowest, highest], each from -2147483648 to 2147483647, found an array";
    for (orders, fine) in [
        ("[0, 0]", true),
        ("[-2147483648, 2147483647]", true),
        ("[1, 0]", false),
        ("[0]", false),
        ("[0, 1, 2]", false),
        ("[0, 2147483648]", false),
        ("[-2147483649, 0]", false),
        ("[0, 1.5]", false),
    ] {
        let text = format!("[[placement]]\nhook = \"*\"\ntenants = [\"*\"]\norders = {orders}\n");
        match fine {
            true => drop(parse(&text)),
            false => assert_eq!(refused(&text), format!("p.toml:4:10: placement[0].orders: {expected}"), "{orders}"),
        }
    }
    assert_eq!(refused("[[placement]]\ntenants = [\"a\"]"), "p.toml:1:1: placement[0]: `hook` is missing");
    assert!(refused("[[placement]]\nhook = \"a b\"\ntenants = [\"a\"]").contains("is not a hook point name"));
}

#[test]
fn orders_are_bands_with_both_ends() {
    let band = Orders { min: 10, max: 19 };
    for (order, inside, nearest) in [(9, false, 10), (10, true, 10), (15, true, 15), (19, true, 19), (20, false, 19)] {
        assert_eq!((band.contains(order), band.nearest(order)), (inside, nearest), "{order}");
    }
}
