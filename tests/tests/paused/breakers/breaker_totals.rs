//! How often a breaker went from state to state, and how long it was in each.

use std::time::Duration;

use resilience_runtime::BreakerState::{self, Closed, ForcedClosed, ForcedOpen, HalfOpen, Open};
use resilience_runtime::{comprehensive_retry, testing};
use tokio::time::sleep;

use crate::script::{Answer, Fail, Fault, Script, Step, call, configure, secs, service, stats};

/// One failure opens it for exactly ten seconds (as the longest break is that, a tenth less at most), one trial closes it.
const BREAKER: &str = "max_attempts = 1\nbreaker = { consecutive_failures = 1, open_for = '10s', max_open_for = '10s', success_threshold = 1 }";

async fn step(step: Step) {
    drop(call(&Script::new([step])).await);
}

fn transitions() -> Vec<(BreakerState, BreakerState, u64)> {
    let stats = stats();
    let mut seen = Vec::new();
    for &from in BreakerState::ALL {
        for &to in BreakerState::ALL {
            let count = stats.breaker_transitions(from, to);
            if count > 0 {
                seen.push((from, to, count));
            }
        }
    }
    seen
}

fn times() -> [u64; 5] {
    [Closed, Open, HalfOpen, ForcedOpen, ForcedClosed].map(|state| {
        let time = stats().breaker_time_in(state);
        assert_eq!(time, Duration::from_secs(time.as_secs()), "the clock is paused");
        time.as_secs()
    })
}

#[tokio::test(start_paused = true)]
async fn each_transition_is_counted_and_each_state_lasts_until_the_next() {
    testing::isolated(async {
        configure(BREAKER);
        step(Answer(1)).await;
        assert_eq!((transitions(), times()), (vec![], [0; 5]));
        sleep(secs(7)).await;
        assert_eq!(times(), [7, 0, 0, 0, 0], "the state that lasts counts up to now");
        step(Fail(Fault::Down)).await;
        sleep(secs(20)).await;
        assert_eq!(times(), [7, 20, 0, 0, 0], "nobody has asked since the break was over");
        step(Fail(Fault::Down)).await;
        sleep(secs(20)).await;
        step(Answer(1)).await;
        sleep(secs(1)).await;
        assert_eq!(times(), [8, 40, 0, 0, 0]);
        let expected =
            vec![(Closed, Open, 1), (Open, HalfOpen, 2), (HalfOpen, Closed, 1), (HalfOpen, Open, 1)];
        assert_eq!(transitions(), expected);
        let to = |state| stats().breaker_transitions_to(state);
        assert_eq!([to(Closed), to(Open), to(HalfOpen), to(ForcedOpen)], [1, 2, 2, 0]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_trial_that_runs_is_time_half_open() {
    testing::isolated(async {
        configure(BREAKER);
        step(Fail(Fault::Down)).await;
        sleep(secs(10)).await;
        step(crate::script::slow(1_000, Answer(1))).await;
        assert_eq!(times(), [0, 10, 1, 0, 0]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_an_operator_does_is_counted_once_and_a_reset_of_a_closed_breaker_is_nothing() {
    testing::isolated(async {
        configure(BREAKER);
        step(Answer(1)).await;
        for _ in 0..2 {
            service().reset_breaker();
            sleep(secs(1)).await;
        }
        for _ in 0..2 {
            service().force_open();
            sleep(secs(2)).await;
        }
        for _ in 0..2 {
            service().force_closed();
            sleep(secs(3)).await;
        }
        service().reset_breaker();
        sleep(secs(5)).await;
        assert_eq!(times(), [7, 0, 0, 4, 6]);
        let expected =
            vec![(Closed, ForcedOpen, 1), (ForcedOpen, ForcedClosed, 1), (ForcedClosed, Closed, 1)];
        assert_eq!(transitions(), expected);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_reload_of_any_sort_keeps_the_sums() {
    testing::isolated(async {
        configure(BREAKER);
        step(Fail(Fault::Down)).await;
        sleep(secs(4)).await;
        configure(&BREAKER.replace("consecutive", "window = 50, consecutive"));
        sleep(secs(4)).await;
        // Switched off it stays open, and lets every call pass.
        configure("max_attempts = 1\nbreaker = 'off'");
        sleep(secs(4)).await;
        step(Answer(1)).await;
        assert_eq!(times(), [0, 12, 0, 0, 0]);
        configure(BREAKER);
        step(Answer(1)).await;
        sleep(secs(1)).await;
        assert_eq!((stats().breaker_transitions(Closed, Open), times()), (1, [1, 12, 0, 0, 0]));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn it_is_counted_though_calls_are_not() {
    testing::isolated(async {
        configure(&format!("{BREAKER}\n[global]\nenable_global_metrics = false"));
        step(Fail(Fault::Down)).await;
        assert_eq!((stats().started(), transitions()), (0, vec![(Closed, Open, 1)]));
    })
    .await;
}

#[comprehensive_retry("svc", partition = tenant.to_owned())]
async fn of(tenant: &str, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn partitions_are_summed_and_one_that_makes_room_takes_no_sum_away() {
    testing::isolated(async {
        configure(&format!("{BREAKER}\nmax_partitions = 2"));
        for tenant in ["a", "b"] {
            drop(of(tenant, &Script::new([Fail(Fault::Down)])).await);
        }
        sleep(secs(3)).await;
        assert_eq!((transitions(), times()), (vec![(Closed, Open, 2)], [3, 6, 0, 0, 0]));
        // One of them makes room. It has not closed, it is gone.
        drop(of("c", &Script::new([Answer(1)])).await);
        sleep(secs(1)).await;
        assert_eq!((transitions(), times()), (vec![(Closed, Open, 2)], [5, 7, 0, 0, 0]));
    })
    .await;
}
