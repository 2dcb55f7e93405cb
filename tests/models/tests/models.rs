//! Each model, in every order of its threads' steps.

use tenterhook_models::buckets;

#[test]
fn the_last_units_are_given_once() {
    buckets::the_last_units_are_given_once();
}

#[test]
fn nothing_is_lost_where_threads_begin_to_look_at_the_clock() {
    buckets::nothing_is_lost_where_threads_begin_to_look_at_the_clock();
}

#[test]
fn what_was_earned_is_put_in_once() {
    buckets::what_was_earned_is_put_in_once();
}

#[test]
fn no_charge_is_lost() {
    buckets::no_charge_is_lost();
}

#[test]
fn another_rate_holds_whoever_takes_meanwhile() {
    buckets::another_rate_holds_whoever_takes_meanwhile();
}
