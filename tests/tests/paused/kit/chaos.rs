//! Rules of chaos that a program arms: what attempts meet, how often, when, and what is left of it.

use std::io::{self, ErrorKind};
use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use resilience_runtime::config::FindingKind;
use resilience_runtime::monitor::snapshot::ServiceSnapshot;
use resilience_runtime::testing::{self, chaos};
use resilience_runtime::{
    Injectable, Rejection, RejectionKind, comprehensive_retry, monitor, registry, render_prometheus,
};
use tokio::time::Instant;

use crate::script::secs;

#[derive(Debug, PartialEq, Eq)]
struct User {
    name: String,
}

impl Injectable for User {}

/// Neither made from an `io::Error` nor known to chaos.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Refusal(#[from] Rejection);

#[comprehensive_retry("db", max_attempts = 1, breaker = off, attempt_timeout = "5s")]
async fn load(id: u64) -> Result<u64, io::Error> {
    Ok(id)
}

#[comprehensive_retry("db", max_attempts = 1, breaker = off)]
async fn find(name: &str) -> Result<User, anyhow::Error> {
    Ok(User { name: name.to_owned() })
}

#[comprehensive_retry("tenants", max_attempts = 1, breaker = off, partition = tenant.to_owned(), partition_label = tenant)]
async fn of_tenant(tenant: &str) -> Result<u64, io::Error> {
    Ok(7)
}

#[comprehensive_retry("strict", max_attempts = 1)]
async fn strict<E: From<Rejection> + std::error::Error>(answer: u64) -> Result<u64, E> {
    Ok(answer)
}

fn snapshot(name: &str) -> ServiceSnapshot {
    let data = monitor().dashboard_data();
    data.services.into_iter().find(|service| service.name == name).expect("the service is known")
}

#[tokio::test(start_paused = true)]
async fn an_error_is_injected_until_the_guard_is_dropped() {
    testing::isolated(async {
        let down =
            chaos::rule("db").named("down").error(|| io::Error::from(ErrorKind::ConnectionReset)).arm();
        assert_eq!(load(7).await.expect_err("the rule").kind(), ErrorKind::ConnectionReset);
        let error = find("me").await.expect_err("the rule");
        assert!(error.downcast_ref::<io::Error>().is_some(), "made from the error of the rule: {error:?}");
        assert_eq!((down.injected(), snapshot("db").injections.get("down")), (2, 2));
        let page = render_prometheus();
        assert!(
            page.contains("resilience_chaos_injections_total{dependency=\"db\",rule=\"down\"} 2"),
            "{page}"
        );
        drop(down);
        assert_eq!(load(7).await.expect("nothing is armed"), 7);
        assert_eq!(snapshot("db").injections.get("down"), 2, "what was counted stays");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn without_an_injection_nothing_is_on_the_page() {
    testing::isolated(async {
        load(7).await.expect("nothing is armed");
        assert!(!render_prometheus().contains("chaos"));
        assert!(snapshot("db").injections.is_empty());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn latency_comes_before_the_body_or_the_fault_and_adds_up() {
    testing::isolated(async {
        let _slow = chaos::rule("*").latency("2s").arm();
        let began = Instant::now();
        load(7).await.expect("only late");
        assert_eq!(began.elapsed(), secs(2));
        let _slower = chaos::rule("db@load").latency("1s").io_error(ErrorKind::TimedOut).arm();
        let began = Instant::now();
        assert_eq!(load(7).await.expect_err("late and failed").kind(), ErrorKind::TimedOut);
        assert_eq!(began.elapsed(), secs(3));
        let _late = chaos::rule("db").latency("3s").arm();
        let began = Instant::now();
        load(7).await.expect_err("the attempt times out meanwhile");
        assert_eq!(began.elapsed(), secs(5));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_share_of_attempts_is_hit_and_the_seed_repeats_which() {
    testing::isolated(async {
        let mut rounds = Vec::new();
        for _ in 0..2 {
            testing::seed(7);
            let flaky = chaos::rule("db").io_error(ErrorKind::TimedOut).rate(0.2).arm();
            let mut hits = Vec::new();
            for id in 0..1_000 {
                hits.push(load(id).await.is_err());
            }
            let count = hits.iter().filter(|hit| **hit).count();
            assert!((150..250).contains(&count), "{count}");
            assert_eq!(flaky.injected(), count as u64);
            rounds.push(hits);
        }
        assert_eq!(rounds[0], rounds[1]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn after_its_count_or_its_time_a_rule_is_gone() {
    testing::isolated(async {
        let twice = chaos::rule("db").io_error(ErrorKind::TimedOut).count(2).arm();
        let mut answers = Vec::new();
        for _ in 0..4 {
            answers.push(load(7).await.is_ok());
        }
        assert_eq!((answers, twice.is_armed()), (vec![false, false, true, true], false));

        let pulse = chaos::rule("db").io_error(ErrorKind::TimedOut).after("10s").lasting("5s").every("20s");
        let pulse = pulse.expires_after("1m").arm();
        let mut down = Vec::new();
        for second in 0..90 {
            if load(7).await.is_err() {
                down.push(second);
            }
            tokio::time::advance(secs(1)).await;
        }
        assert_eq!(down, [10, 11, 12, 13, 14, 30, 31, 32, 33, 34, 50, 51, 52, 53, 54]);
        assert!(!pulse.is_armed());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn hangs_panics_and_rejections_are_injected() {
    testing::isolated(async {
        let began = Instant::now();
        let hangs = chaos::rule("db").hang().count(1).arm();
        load(7).await.expect_err("it hangs");
        assert_eq!((began.elapsed(), hangs.injected()), (secs(5), 1));
        let _panics = chaos::rule("db").named("bang").panic().count(1).arm();
        let panic = AssertUnwindSafe(load(7)).catch_unwind().await.expect_err("it panics");
        assert!(panic.downcast_ref::<String>().is_some_and(|text| text.contains("`bang`")));
        let _rejects = chaos::rule("db").reject(RejectionKind::Shed).count(1).arm();
        let error = find("me").await.expect_err("it is rejected");
        assert_eq!(error.downcast_ref::<Rejection>().map(Rejection::kind), Some(RejectionKind::Shed));
        load(7).await.expect("all are used up");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_function_returns_a_wrong_ok() {
    testing::isolated(async {
        let wrong = chaos::rule("db").change_ok(|user: &mut User| user.name.push('?')).arm();
        assert_eq!(find("me").await.expect("only wrong").name, "me?");
        assert_eq!(load(7).await.expect("of another type"), 7);
        assert_eq!(wrong.injected(), 1);
        let finding = registry().findings().into_iter().find(|one| one.kind() == FindingKind::IdleRule);
        let finding = finding.expect("the function of another type is told of").to_string();
        assert!(
            finding.contains("`load`") && finding.contains("u64") && finding.contains("User"),
            "{finding}"
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_rule_whose_type_does_not_fit_uses_up_nothing_and_is_found() {
    testing::isolated(async {
        let idle = chaos::rule("strict").named("idle").io_error(ErrorKind::TimedOut).count(1).arm();
        for _ in 0..3 {
            assert_eq!(strict::<Refusal>(7).await.expect("it runs"), 7);
        }
        assert!(idle.is_armed() && idle.injected() == 0);
        let found: Vec<_> =
            registry().findings().into_iter().filter(|one| one.kind() == FindingKind::IdleRule).collect();
        assert!(found.len() == 1 && found[0].to_string().contains("`idle`"), "{found:?}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_rule_may_mean_one_partition() {
    testing::isolated(async {
        let _one = chaos::rule("tenants").partition("blue").io_error(ErrorKind::TimedOut).arm();
        assert_eq!((of_tenant("red").await.is_ok(), of_tenant("blue").await.is_ok()), (true, false));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn registered_errors_are_injected_by_name() {
    testing::isolated(async {
        let _busy = chaos::rule("db@load").registered_error("busy").arm();
        load(7).await.expect("nobody has registered it");
        assert!(registry().findings().iter().any(|one| one.to_string().contains("chaos::register")));
        chaos::register("busy", || io::Error::other("busy"));
        assert_eq!(load(7).await.expect_err("registered").to_string(), "busy");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn injected_failures_are_failures_for_breaker_and_budget() {
    #[comprehensive_retry("fragile", max_attempts = 1, breaker(consecutive_failures = 3))]
    async fn fragile() -> Result<(), io::Error> {
        Ok(())
    }
    testing::isolated(async {
        let down = chaos::rule("fragile").io_error(ErrorKind::ConnectionRefused).arm();
        for _ in 0..3 {
            fragile().await.expect_err("injected");
        }
        drop(down);
        fragile().await.expect_err("the breaker is open");
        assert_eq!(snapshot("fragile").breaker.state, "open");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn other_registries_are_not_hit() {
    testing::isolated(async {
        let _down = chaos::rule("*").io_error(ErrorKind::TimedOut).arm();
        load(7).await.expect_err("this one is");
        let other = testing::isolated(async { load(7).await.is_ok() }).await;
        assert!(other);
    })
    .await;
}
