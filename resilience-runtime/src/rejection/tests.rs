//! What rejections say, and what other error types make of them.

use std::error::Error;

use super::*;

fn open() -> Rejection {
    Rejection::new(RejectionKind::CircuitOpen, "db").with_retry_after(Duration::from_millis(2500))
}

#[test]
fn the_text_names_the_service_the_reason_and_the_wait() {
    let text = |kind| Rejection::new(kind, "db").to_string();
    assert_eq!(text(RejectionKind::CircuitOpen), "the circuit breaker of `db` is open");
    let missed = "the call to `db` waited until it would have missed its deadline";
    assert_eq!(text(RejectionKind::WouldMissDeadline), missed);
    assert_eq!(text(RejectionKind::AttemptTimeout), "every attempt to reach `db` timed out");
    assert_eq!(text(RejectionKind::DeadlineExceeded), "the deadline of the call to `db` has passed");
    assert_eq!(open().to_string(), "the circuit breaker of `db` is open, try again in 2.5s");
}

#[test]
fn a_name_from_outside_cannot_write_into_a_log() {
    for kind in RejectionKind::ALL.iter().copied() {
        let text = Rejection::new(kind, "a\n\u{1b}[2J\u{202e}").to_string();
        assert!(text.contains("a\\n\\u{1b}[2J\\u{202e}"), "{text}");
    }
}

#[test]
fn every_kind_has_a_name_of_its_own() {
    let mut names: Vec<_> = RejectionKind::ALL.iter().map(|kind| kind.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RejectionKind::ALL.len());
}

#[test]
fn an_io_error_keeps_the_rejection_and_says_whether_time_ran_out() {
    for kind in RejectionKind::ALL.iter().copied() {
        let rejection = Rejection::new(kind, "db");
        let error = io::Error::from(rejection.clone());
        assert_eq!(error.kind() == io::ErrorKind::TimedOut, kind.is_timeout(), "{kind:?}");
        assert_eq!(error.get_ref().and_then(|inner| inner.downcast_ref()), Some(&rejection));
    }
}

#[test]
fn the_usual_error_types_carry_it() {
    assert_eq!(String::from(open()), open().to_string());
    assert_eq!(<&str>::from(open()), "circuit_open");
    assert_eq!(anyhow::Error::from(open()).downcast_ref(), Some(&open()));
    assert_eq!(eyre::Report::from(open()).downcast_ref(), Some(&open()));
    let shared: Box<dyn Error + Send + Sync> = open().into();
    assert_eq!(shared.downcast_ref(), Some(&open()));
    let plain: Box<dyn Error> = open().into();
    assert_eq!(plain.downcast_ref(), Some(&open()));
}

#[test]
fn it_can_leave_the_thread_and_outlive_the_call() {
    fn travels<T: Clone + Send + Sync + Error + 'static>(_: &T) {}
    travels(&open());
}
