//! Each model, in every order of its threads' steps.

use tenterhook_models::attach::tables;
use tenterhook_models::observe::{counts, events};
use tenterhook_models::{buckets, pool};

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

#[test]
fn a_snapshot_shows_no_more_than_was_recorded_and_never_less_than_before() {
    counts::a_snapshot_shows_no_more_than_was_recorded_and_never_less_than_before();
}

#[test]
fn no_count_is_lost_where_threads_hold_the_shelf_in_turn() {
    counts::no_count_is_lost_where_threads_hold_the_shelf_in_turn();
}

#[test]
fn what_makes_room_is_counted() {
    events::what_makes_room_is_counted();
}

#[test]
fn no_displaced_event_goes_uncounted() {
    events::no_displaced_event_goes_uncounted();
}

#[test]
fn a_reader_takes_nothing_from_another() {
    events::a_reader_takes_nothing_from_another();
}

#[test]
fn a_call_finds_one_table_or_the_next() {
    tables::a_call_finds_one_table_or_the_next();
}

#[test]
fn a_change_that_somebody_hears_of_is_in_force() {
    tables::a_change_that_somebody_hears_of_is_in_force();
}

#[test]
fn a_shelf_is_one_threads_at_a_time() {
    pool::a_shelf_is_one_threads_at_a_time();
}

#[test]
fn executors_stay_within_their_bound() {
    pool::executors_stay_within_their_bound();
}

#[test]
fn room_for_an_executor_that_was_not_made_is_given_back() {
    pool::room_for_an_executor_that_was_not_made_is_given_back();
}

#[test]
fn what_is_given_up_makes_room() {
    pool::what_is_given_up_makes_room();
}
