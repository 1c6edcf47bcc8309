//! Priorities at run time, and what a spawned task inherits.

use std::cell::Cell;
use std::time::Duration;

use resilience_runtime::{
    Priority, Rejection, RejectionKind, Service, SheddingLevel, carry_context, comprehensive_retry,
    current_priority, registry, start_load_shedding, testing, with_priority,
};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::script::{Answer, Fail, Fault, Hang, Script, call, configure, ms, secs, service, slow, stats};

#[comprehensive_retry("important", priority = High)]
async fn important() -> Result<Priority, Fault> {
    Ok(current_priority())
}

#[comprehensive_retry("plain")]
async fn plain() -> Result<Priority, Fault> {
    Ok(current_priority())
}

#[comprehensive_retry("outermost", priority = Critical)]
async fn outermost() -> Result<[Priority; 3], Fault> {
    let requested = with_priority(Priority::Low, important()).await?;
    Ok([plain().await?, important().await?, requested])
}

#[tokio::test(start_paused = true)]
async fn a_call_inherits_unless_it_says_otherwise_and_a_request_beats_both() {
    testing::isolated(async {
        assert_eq!(plain().await, Ok(Priority::Normal));
        assert_eq!(important().await, Ok(Priority::High));
        assert_eq!(outermost().await, Ok([Priority::Critical, Priority::High, Priority::Low]));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_request_holds_for_all_calls_inside_and_the_innermost_request_wins() {
    testing::isolated(async {
        with_priority(Priority::Low, async {
            assert_eq!(current_priority(), Priority::Low);
            assert_eq!(outermost().await, Ok([Priority::Low; 3]));
            assert_eq!(with_priority(Priority::Critical, important()).await, Ok(Priority::Critical));
            tokio::time::sleep(ms(10)).await;
            assert_eq!(current_priority(), Priority::Low, "also after a wait");
        })
        .await;
        assert_eq!(current_priority(), Priority::Normal);
    })
    .await;
}

/// Exposes no source.
#[expect(dead_code, reason = "what it holds is held, and not looked at")]
struct Held(Fault);

impl From<Rejection> for Held {
    fn from(rejection: Rejection) -> Self {
        Self(rejection.into())
    }
}

#[comprehensive_retry("outer", max_attempts = 3, base_delay = 0, deadline = "2s", attempt_timeout = off)]
async fn requesting(runs: &Cell<u32>, inner: &Script) -> Result<u32, Held> {
    runs.set(runs.get() + 1);
    // The error is replaced by one that is retried and holds it, so that only the context can tell.
    with_priority(Priority::High, call(inner)).await.map_err(Held)
}

#[tokio::test(start_paused = true)]
async fn a_rejection_inside_a_request_is_not_retried_above_it() {
    testing::isolated(async {
        configure("max_attempts = 1");
        assert!(call(&Script::new([Answer(1)])).await.is_ok());
        registry().service("svc").unwrap().force_open();
        let runs = Cell::new(0);
        assert!(requesting(&runs, &Script::new([Answer(1)])).await.is_err());
        assert_eq!(runs.get(), 1);

        registry().service("svc").unwrap().reset_breaker();
        let (runs, script) = (Cell::new(0), Script::new([Fail(Fault::Down), Answer(1)]));
        assert_eq!(requesting(&runs, &script).await.ok(), Some(1));
        assert_eq!(runs.get(), 2, "what is not a rejection is retried");
    })
    .await;
}

/// The priority in the task, how its call ended, and after how long.
type Seen = (Priority, RejectionKind, Duration);

#[comprehensive_retry("spawner", priority = High, deadline = "2s")]
async fn spawns(carried: bool) -> Result<JoinHandle<Seen>, Fault> {
    let task = async {
        let start = Instant::now();
        let Err(Fault::Rejected(rejection)) = call(&Script::new([Hang])).await else {
            panic!("it hangs");
        };
        (current_priority(), rejection.kind(), start.elapsed())
    };
    Ok(if carried { tokio::spawn(carry_context(task)) } else { tokio::spawn(testing::inherit(task)) })
}

#[tokio::test(start_paused = true)]
async fn a_spawned_task_has_deadline_and_priority_only_when_they_are_carried() {
    testing::isolated(async {
        configure("deadline = '60s'\nattempt_timeout = 'off'\nmax_attempts = 1");
        for (carried, priority, time) in
            [(true, Priority::High, secs(2)), (false, Priority::Normal, secs(60))]
        {
            let (seen, kind, after) = spawns(carried).await.unwrap().await.unwrap();
            assert_eq!((seen, kind), (priority, RejectionKind::DeadlineExceeded));
            assert!(after >= time && after <= time + ms(2), "{after:?}");
        }
        assert_eq!(stats().started(), 2, "carrying takes the registry along");
    })
    .await;
}

#[comprehensive_retry("svc", max_attempts = 1)]
async fn same_service(carried: bool) -> Result<u32, Fault> {
    let inner = async { call(&Script::new([Answer(7)])).await };
    let task =
        if carried { tokio::spawn(carry_context(inner)) } else { tokio::spawn(testing::inherit(inner)) };
    task.await.expect("no panic")
}

#[tokio::test(start_paused = true)]
async fn a_carried_call_of_the_same_service_passes_through() {
    testing::isolated(async {
        assert_eq!(same_service(true).await, Ok(7));
        assert_eq!(stats().started(), 1);
        assert_eq!(same_service(false).await, Ok(7));
        assert_eq!(stats().started(), 3);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn pressure_is_set_by_hand_and_nothing_measures() {
    testing::isolated(async {
        let _shedding = start_load_shedding().expect("a runtime");
        for (pressure, level) in
            [(2.0, SheddingLevel::High), (1.0, SheddingLevel::Low), (0.0, SheddingLevel::Nothing)]
        {
            testing::set_pressure(pressure);
            tokio::time::sleep(secs(60)).await;
            assert_eq!(registry().shedding_level(), level);
            assert!((registry().pressure() - pressure).abs() < 1e-12);
        }
    })
    .await;
}

#[comprehensive_retry("adaptive", priority = Critical, max_attempts = 2, strategy = Adaptive, base_delay = "1s", max_delay = "60s", deadline = off)]
async fn adaptive(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn adaptive_delays_widen_under_pressure() {
    // Uniform in [0, f]; the same random numbers for each, so that only f differs.
    let mut longest = [Duration::ZERO; 2];
    for (place, pressure) in [0.5, 1.5].into_iter().enumerate() {
        testing::isolated(async {
            testing::set_pressure(pressure);
            testing::seed(11);
            let script = Script::new([Fail(Fault::Down), Answer(1)]);
            assert_eq!(adaptive(&script).await, Ok(1));
            longest[place] = script.asked()[1];
        })
        .await;
    }
    assert!(longest[1] > longest[0] * 2, "{longest:?}");
}

#[tokio::test(start_paused = true)]
async fn calls_in_flight_are_those_that_run() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = 0\ndeadline = 'off'\nattempt_timeout = 'off'");
        let in_flight = || registry().service("svc").map_or(0, Service::calls_in_flight);
        let spawn = |step| tokio::spawn(testing::inherit(async { call(&Script::new([step])).await }));
        let (hanging, failing) = (spawn(Hang), spawn(slow(10, Fail(Fault::Down))));
        let dropped = spawn(Hang);
        tokio::time::sleep(ms(5)).await;
        assert_eq!(in_flight(), 3);
        dropped.abort();
        assert!(dropped.await.is_err());
        assert_eq!(in_flight(), 2);
        assert_eq!(failing.await.unwrap(), Err(Fault::Down));
        assert_eq!(in_flight(), 1);
        hanging.abort();
        assert!(hanging.await.is_err());
        service().force_open();
        assert!(call(&Script::new([Answer(1)])).await.is_err());
        assert_eq!(in_flight(), 0, "a rejected call has ended");
    })
    .await;
}
