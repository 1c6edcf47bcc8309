//! Every failure, with every rule that a call site can add to it.

use std::time::Duration;

use resilience_settings::policy::{Backoff, StatusCodes, Strategy};

use resilience_settings::layers::Ground;

use super::*;
use crate::call::context::Given;
use crate::policy::CallRules;

fn policy() -> CallPolicy {
    settings!(CallPolicy {
        max_attempts: 3,
        backoff: Backoff::new(Strategy::Exponential, Duration::ZERO, Duration::ZERO),
        attempt_timeout: None,
        adaptive_timeout: None,
        deadline: None,
        idempotent: None,
        retryable_status_codes: None,
        max_retry_after: Duration::MAX,
        nested_retries: NestedRetries::Allow,
        priority: None,
        hedge: None,
        cache: None,
        degrade_timeout: None,
        retry_enabled: true,
        circuit_breaker_enabled: true,
        retry_budget_enabled: true,
        degradation_enabled: true,
        ..Ground::new(None).layers("s", &[], None).of_service().call_policy()
    })
}

/// What the inner calls of the attempt have said.
fn inner_outcome(exhausted: bool) -> InnerOutcome {
    InnerOutcome::default().and(exhausted, Given::Nothing)
}

/// The same failure where a rejection came out of the body.
fn of_rejection(failure: Failure) -> Failure {
    failure.facts_of_error().map_or(failure, |facts| Failure::error(facts.of(CameOut::Rejection)))
}

fn error(recovery: Recovery) -> Failure {
    Failure::error(Facts::new(recovery, None))
}

const RETRIED: Result<(), Ending> = Ok(());
const NOT: Result<(), Ending> = Err(Ending::NotRetryable);

#[test]
fn a_failure_is_retried_by_its_classification() {
    let quiet = InnerOutcome::default();
    for (failure, expected) in [
        (error(Recovery::retry()), RETRIED),
        (error(Recovery::throttled()), RETRIED),
        (error(Recovery::never()), NOT),
        (error(Recovery::local()), NOT),
        (Failure::UNWANTED_OK, RETRIED),
        (Failure::TIMED_OUT, RETRIED),
    ] {
        assert_eq!(failure.is_retryable(&policy(), quiet), expected, "{failure:?}");
    }
}

#[test]
fn the_first_rule_that_speaks_decides() {
    let (yes, no) = (Recovery::retry(), Recovery::never());
    let facts = |recovery, status| Facts::new(recovery, Some(status));
    let codes = Some(StatusCodes::new(&[418, 503]));
    for (facts, codes, expected) in [
        // `never_retry_on` before all.
        (facts(yes, 503).never(true).only(true), codes, NOT),
        (facts(yes, 503).never(false), codes, RETRIED),
        // The codes, where the error has a status and codes are written.
        (facts(no, 418).only(false), codes, RETRIED),
        (facts(yes, 500).only(true), codes, NOT),
        (Facts::new(no, None), codes, NOT),
        (Facts::new(yes, None), codes, RETRIED),
        (facts(no, 418), None, NOT),
        // `retry_on` and `retry_if`.
        (facts(no, 418).only(true), None, RETRIED),
        (facts(yes, 418).only(false), None, NOT),
    ] {
        let policy = settings!(CallPolicy { retryable_status_codes: codes, ..policy() });
        let retryable = Failure::error(facts).is_retryable(&policy, InnerOutcome::default());
        assert_eq!(retryable, expected, "{facts:?} {codes:?}");
    }
}

#[test]
fn what_must_not_run_twice_is_retried_only_if_it_was_not_sent() {
    const SENT: Result<(), Ending> = Err(Ending::NotIdempotent);
    let refused = error(Recovery::retry().not_sent());
    for (idempotent, failure, expected) in [
        (Some(false), error(Recovery::retry()), SENT),
        (Some(false), refused, RETRIED),
        (Some(false), error(Recovery::never().not_sent()), NOT),
        (Some(false), Failure::UNWANTED_OK, SENT),
        (Some(false), Failure::TIMED_OUT, SENT),
        (Some(true), error(Recovery::retry()), RETRIED),
        (Some(true), Failure::TIMED_OUT, RETRIED),
        (None, error(Recovery::retry()), RETRIED),
    ] {
        let policy = settings!(CallPolicy { idempotent, ..policy() });
        assert_eq!(
            failure.is_retryable(&policy, InnerOutcome::default()),
            expected,
            "{idempotent:?} {failure:?}"
        );
    }
}

#[test]
fn what_inner_calls_say_goes_before_the_error() {
    const EXHAUSTED: Result<(), Ending> = Err(Ending::NestedExhausted);
    let retry = error(Recovery::retry());
    for (nested_retries, exhausted, failure, expected) in [
        (NestedRetries::Suppress, true, retry, EXHAUSTED),
        (NestedRetries::Suppress, true, Failure::TIMED_OUT, EXHAUSTED),
        (NestedRetries::Suppress, false, retry, RETRIED),
        (NestedRetries::Suppress, false, of_rejection(retry), NOT),
        (NestedRetries::Allow, true, retry, RETRIED),
        (NestedRetries::Allow, true, of_rejection(retry), NOT),
    ] {
        let policy = settings!(CallPolicy { nested_retries, ..policy() });
        let retryable = failure.is_retryable(&policy, inner_outcome(exhausted));
        assert_eq!(retryable, expected, "{nested_retries:?} {failure:?}");
    }
}

#[test]
fn a_rule_of_the_function_goes_before_a_rejection() {
    let codes = Some(StatusCodes::new(&[503]));
    let facts = |status| Facts::new(Recovery::retry(), status);
    for (facts, codes, expected) in [
        (facts(None), None, NOT),
        (facts(None).only(true), None, RETRIED),
        (facts(None).only(false), None, NOT),
        (facts(None).never(true).only(true), None, NOT),
        (facts(None).never(false), None, NOT),
        (facts(None).by(Recovery::retry()), None, RETRIED),
        (facts(None).by(Recovery::never()), None, NOT),
        // What votes says nothing of retries.
        (facts(None).failure(true), None, NOT),
        (facts(Some(503)), codes, RETRIED),
        (facts(Some(500)), codes, NOT),
        (facts(None), codes, NOT),
        (facts(Some(503)), None, NOT),
    ] {
        let policy = settings!(CallPolicy { retryable_status_codes: codes, ..policy() });
        let retryable = of_rejection(Failure::error(facts)).is_retryable(&policy, inner_outcome(false));
        assert_eq!(retryable, expected, "{facts:?} {codes:?}");
    }
    let votes = |facts| of_rejection(Failure::error(facts)).vote(false);
    assert_eq!(votes(facts(None).only(true)), Vote::None, "leave to retry is no evidence");
    assert_eq!(votes(facts(None).by(Recovery::retry())), Vote::Failure);
    assert_eq!(votes(facts(None).failure(true)), Vote::Failure);
    assert_eq!(votes(facts(None).failure(false)), Vote::Success);
}

#[test]
fn what_a_failure_says_to_the_breaker() {
    let recorded = |recovery, failed| Failure::error(Facts::new(recovery, None).failure(failed));
    for (failure, fast, slow) in [
        (error(Recovery::retry()), Vote::Failure, Vote::SlowFailure),
        (error(Recovery::never()), Vote::Success, Vote::SlowSuccess),
        (error(Recovery::throttled()), Vote::None, Vote::None),
        (error(Recovery::local()), Vote::None, Vote::None),
        (recorded(Recovery::retry(), false), Vote::Success, Vote::SlowSuccess),
        (recorded(Recovery::throttled(), false), Vote::Success, Vote::SlowSuccess),
        (recorded(Recovery::never(), true), Vote::Failure, Vote::SlowFailure),
        (recorded(Recovery::local(), true), Vote::Failure, Vote::SlowFailure),
        (Failure::UNWANTED_OK, Vote::Failure, Vote::SlowFailure),
        (Failure::TIMED_OUT, Vote::SlowFailure, Vote::SlowFailure),
    ] {
        let votes = [false, true].map(|slow| failure.vote(slow));
        assert_eq!(votes, [fast, slow], "{failure:?}");
        // An inner rejection is no vote, whatever the error looks like; `record_if` decides alone.
        let votes = [false, true].map(|slow| of_rejection(failure).vote(slow));
        let is_silent = failure.facts_of_error().is_some_and(|facts| facts.failure.is_none());
        let expected = if is_silent { [Vote::None; 2] } else { [fast, slow] };
        assert_eq!(votes, expected, "{failure:?} of a rejection");
    }
}

#[test]
fn how_a_failure_is_counted() {
    for (failure, expected) in [
        (error(Recovery::retry()), AttemptOutcome::Retryable),
        (error(Recovery::throttled()), AttemptOutcome::Throttled),
        (error(Recovery::never()), AttemptOutcome::Never),
        (error(Recovery::local()), AttemptOutcome::Local),
        (Failure::UNWANTED_OK, AttemptOutcome::UnwantedOk),
        (Failure::TIMED_OUT, AttemptOutcome::TimedOut),
    ] {
        assert_eq!(failure.outcome(), expected, "{failure:?}");
        let rejected = if failure.facts_of_error().is_some() { AttemptOutcome::Local } else { expected };
        assert_eq!(of_rejection(failure).outcome(), rejected, "{failure:?} of a rejection");
    }
}

#[test]
fn what_the_server_asked_for() {
    let asked = Recovery::throttled().after(Duration::from_secs(3));
    assert!(error(asked).is_throttled());
    assert_eq!(error(asked).retry_after(), asked.retry_after());
    for failure in [error(Recovery::never()), Failure::UNWANTED_OK, Failure::TIMED_OUT] {
        assert!(!failure.is_throttled(), "{failure:?}");
    }
    assert_eq!([Failure::UNWANTED_OK, Failure::TIMED_OUT].map(|failure| failure.retry_after()), [None; 2]);
}

#[test]
fn settings_without_rules_of_their_own_decide_as_the_facts_alone() {
    let plain = policy();
    assert!(CallRules::from(plain.clone()).retries_plainly);
    let recoveries = [Recovery::retry(), Recovery::throttled(), Recovery::never(), Recovery::local()];
    let facts = recoveries.map(|recovery| Facts::new(recovery, Some(503)));
    for facts in facts.into_iter().flat_map(|facts| {
        [facts, facts.never(true), facts.only(true), facts.only(false), facts.only_if(true).never_if(true)]
    }) {
        let failure = Failure::error(facts);
        for exhausted in [false, true] {
            let expected = failure.is_retryable(&plain, inner_outcome(exhausted));
            assert_eq!(failure.is_retryable_plainly(), expected, "{facts:?}");
        }
    }
    assert_eq!(Failure::TIMED_OUT.is_retryable_plainly(), RETRIED);
    for ruled in [
        settings!(CallPolicy { retryable_status_codes: Some(StatusCodes::default()), ..plain.clone() }),
        settings!(CallPolicy { nested_retries: NestedRetries::Suppress, ..plain.clone() }),
        settings!(CallPolicy { idempotent: Some(false), ..plain.clone() }),
    ] {
        assert!(!CallRules::from(ruled).retries_plainly);
    }
}
