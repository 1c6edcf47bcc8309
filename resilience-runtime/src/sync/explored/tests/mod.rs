//! What these replacements promise beyond loom: sequential consistency, and that each kind of fault has an effect.

mod scenes;

use self::scenes::{
    a_later_store_is_not_overwritten_by_a_change_of_the_first_value, no_change_is_lost, one_of_two_is_seen,
    one_of_two_is_seen_across_fences, what_is_read_was_not_written_yet,
};
use super::{Fault, Wrong, explore, finds};

const SCENES: &str = "sync/explored/tests/scenes.rs";

#[test]
fn loom_explores_sequentially_consistent_accesses_as_such() {
    explore(one_of_two_is_seen);
    explore(one_of_two_is_seen_across_fences);
    explore(no_change_is_lost);
}

#[test]
fn loom_explores_no_store_between_the_two_halves_of_a_change() {
    explore(a_later_store_is_not_overwritten_by_a_change_of_the_first_value);
}

#[test]
fn loom_finds_a_load_that_is_too_weak_or_missing() {
    finds(&[Fault::new(Wrong::Weak, SCENES, "; // my word")], one_of_two_is_seen);
    finds(&[Fault::new(Wrong::Weak, SCENES, " // the other's word")], one_of_two_is_seen);
    let blind = [
        Fault::new(Wrong::Blind(0), SCENES, "; // my word"),
        Fault::new(Wrong::Blind(0), SCENES, " // the other's word"),
    ];
    finds(&blind, one_of_two_is_seen);
    finds(&[Fault::new(Wrong::Weak, SCENES, "; // of the other")], one_of_two_is_seen_across_fences);
}

#[test]
fn loom_finds_a_change_that_is_torn_or_careless() {
    finds(&[Fault::new(Wrong::Torn, SCENES, "; // mine")], no_change_is_lost);
    finds(&[Fault::new(Wrong::Torn, SCENES, "; // back")], no_change_is_lost);
    finds(&[Fault::new(Wrong::Careless, SCENES, "; // back")], no_change_is_lost);
}

#[test]
#[should_panic(expected = "no order shows")]
fn loom_of_a_version_that_is_right_finds_nothing() {
    finds(&[], one_of_two_is_seen);
}

#[test]
fn loom_finds_that_a_word_may_be_written_before_it_is_read() {
    finds(&[], what_is_read_was_not_written_yet);
}
