//! From one mode into the other, by a file and at run time.

use resilience_runtime::policy::{Mode, Patch};
use resilience_runtime::{BreakerState, RejectionKind, clear_update, testing, update_service};

use super::{observe, would};
use crate::script::{Answer, Fail, Fault, Script, ask, call, configure, ms, rejected, service, slow, stats};

const RULES: &str = "max_attempts = 1\nbreaker = { min_calls = 10, quiet_failures = 'off', open_for = '1m' }";

fn transitions() -> u64 {
    BreakerState::ALL.iter().map(|state| stats().breaker_transitions_to(*state)).sum()
}

async fn fail(times: u32) {
    for _ in 0..times {
        assert_eq!(ask(Fail(Fault::Down)).await, Err(Fault::Down));
    }
}

#[tokio::test(start_paused = true)]
async fn the_rules_act_from_the_next_call_on_with_the_results_that_were_observed() {
    testing::isolated(async {
        observe(RULES);
        fail(9).await;
        configure(RULES);
        assert!(service().breaker_state().is_closed());
        fail(1).await;
        assert!(service().breaker_state().is_open(), "ten of ten, nine of which were observed");
        assert_eq!((transitions(), would()), (1, Vec::new()));
        assert_eq!(rejected(&ask(Answer(1)).await), Some(RejectionKind::CircuitOpen));
        observe(RULES);
        assert_eq!((ask(Answer(1)).await, would()), (Ok(1), vec![("circuit_open", 1)]), "it would go on so");
        assert_eq!(transitions(), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_would_be_open_starts_closed() {
    testing::isolated(async {
        observe(RULES);
        fail(12).await;
        assert_eq!((service().breaker_state(), transitions()), (BreakerState::Open, 0));
        configure(RULES);
        assert_eq!((service().breaker_state(), transitions()), (BreakerState::Closed, 0));
        assert_eq!(ask(Answer(1)).await, Ok(1));
        fail(9).await;
        assert!(service().breaker_state().is_open(), "and opens by what happens from then on");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_an_operator_has_forced_stays_forced() {
    testing::isolated(async {
        observe(RULES);
        fail(1).await;
        service().force_open();
        assert_eq!((ask(Answer(1)).await, would()), (Ok(1), vec![("circuit_open", 1)]));
        configure(RULES);
        assert_eq!(rejected(&ask(Answer(1)).await), Some(RejectionKind::CircuitOpen));
        service().reset_breaker();
        assert_eq!(ask(Answer(1)).await, Ok(1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_update_at_run_time_switches_alike() {
    testing::isolated(async {
        configure("max_attempts = 1\nrate_limit = { per_second = 1, burst = 1 }");
        let limited = || async { rejected(&ask(Answer(1)).await) == Some(RejectionKind::RateLimited) };
        assert_eq!((limited().await, limited().await), (false, true));
        update_service("svc", &Patch::new().mode(Mode::Observe)).unwrap();
        assert_eq!((limited().await, would()), (false, vec![("rate_limited", 1)]));
        update_service("svc", &Patch::new().mode(Mode::Enforce)).unwrap();
        assert!(limited().await);
        update_service("svc", &Patch::new().mode(Mode::Observe)).unwrap();
        assert!(!limited().await);
        assert!(clear_update("svc"));
        assert!(limited().await);
        assert_eq!(would(), [("rate_limited", 2)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_under_way_goes_on_in_the_mode_that_it_began_in() {
    testing::isolated(async {
        let limits =
            "max_attempts = 1\nattempt_timeout = '50ms'\nbulkhead = { max_concurrent = 1, max_queue = 0 }";
        let later = |settings: String| async move {
            tokio::time::sleep(ms(10)).await;
            configure(&settings);
        };
        observe(limits);
        let (outcome, ()) = tokio::join!(ask(slow(100, Answer(1))), later(limits.to_owned()));
        assert_eq!((outcome, would()), (Ok(1), vec![("attempt_timeout", 1)]));
        let observed = format!("mode = 'observe'\n{limits}");
        let (outcome, ()) = tokio::join!(ask(slow(100, Answer(1))), later(observed));
        assert_eq!(rejected(&outcome), Some(RejectionKind::AttemptTimeout));
        // Nobody has kept a permit, or a seat beside them.
        assert_eq!((ask(Answer(1)).await, would()), (Ok(1), vec![("attempt_timeout", 1)]));
        configure(limits);
        assert_eq!(ask(Answer(1)).await, Ok(1));
        let script = Script::new([slow(20, Answer(1))]);
        let (one, other) = tokio::join!(call(&script), call(&script));
        assert_eq!((one, rejected(&other)), (Ok(1), Some(RejectionKind::BulkheadFull)));
    })
    .await;
}
