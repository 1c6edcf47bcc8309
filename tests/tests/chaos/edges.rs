//! Rules at their edges: shares, counts, schedules and partitions of nothing and of everything, and several at once.

use std::io::{self, ErrorKind};
use std::time::Duration;

use resilience_runtime::testing::{self, chaos};
use resilience_runtime::{Resilient, comprehensive_retry};
use tokio::time::{Instant, sleep};

use crate::{idle, snapshot};

#[comprehensive_retry("edge", max_attempts = 1, breaker = off, attempt_timeout = off, deadline = off)]
async fn ask() -> Result<u64, io::Error> {
    Ok(7)
}

#[comprehensive_retry("tenants", max_attempts = 1, breaker = off, partition = tenant, partition_label = tenant.to_string())]
async fn of_tenant(tenant: u64) -> Result<u64, io::Error> {
    Ok(tenant)
}

#[comprehensive_retry("tenants", max_attempts = 1, breaker = off)]
async fn of_nobody() -> Result<u64, io::Error> {
    Ok(7)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn down() -> chaos::RuleBuilder {
    chaos::rule("edge").io_error(ErrorKind::TimedOut)
}

/// How many of so many calls fail.
async fn failures(calls: u64) -> u64 {
    let mut failures = 0;
    for _ in 0..calls {
        failures += u64::from(ask().await.is_err());
    }
    failures
}

#[tokio::test(start_paused = true)]
async fn a_share_of_nothing_hits_none_and_of_everything_all() {
    testing::isolated(async {
        for (share, hits) in
            [(0.0, 0), (-1.0, 0), (f64::NAN, 0), (1.0, 200), (7.0, 200), (f64::INFINITY, 200)]
        {
            let rule = down().rate(share).arm();
            assert_eq!((failures(200).await, rule.injected()), (hits, hits), "{share}");
            assert!(rule.is_armed(), "{share}");
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_count_of_nothing_is_over_at_once() {
    testing::isolated(async {
        let rule = down().count(0).arm();
        assert!(!rule.is_armed());
        assert_eq!((failures(3).await, rule.injected(), chaos::rules().len()), (0, 0, 0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_count_holds_for_attempts_that_begin_at_once() {
    testing::isolated(async {
        let rule = down().latency("1s").count(3).arm();
        let calls: Vec<_> = (0..10).map(|_| ask()).collect();
        let failed = futures::future::join_all(calls).await.into_iter().filter(Result::is_err).count();
        assert_eq!((failed, rule.injected(), rule.is_armed()), (3, 3, false));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn schedules_begin_and_end_exactly() {
    testing::isolated(async {
        let acts = async |rule: chaos::RuleBuilder, seconds: u64| {
            let rule = rule.arm();
            let mut acting = Vec::new();
            for second in 0..seconds {
                if ask().await.is_err() {
                    acting.push(second);
                }
                sleep(secs(1)).await;
            }
            (acting, rule.is_armed())
        };
        assert_eq!(acts(down().after("2s"), 4).await, (vec![2, 3], true));
        assert_eq!(acts(down().lasting("2s"), 4).await, (vec![0, 1], false));
        assert_eq!(acts(down().lasting("0s"), 2).await, (vec![], false), "for no time");
        assert_eq!(acts(down().after("1s").lasting("1s"), 4).await, (vec![1], false));
        assert_eq!(acts(down().lasting("1s").every("2s"), 5).await, (vec![0, 2, 4], true));
        assert_eq!(acts(down().lasting("2s").every("1s"), 3).await, (vec![0, 1, 2], true), "without a gap");
        assert_eq!(
            acts(down().every("2s"), 3).await,
            (vec![0, 1, 2], true),
            "without an end there is no again"
        );
        assert_eq!(acts(down().expires_after("2s"), 4).await, (vec![0, 1], false));
        assert_eq!(acts(down().expires_after("0s"), 2).await, (vec![], false));
        assert_eq!(
            acts(down().after("3s").expires_after("2s"), 5).await,
            (vec![], false),
            "over before it began"
        );
        assert_eq!(acts(down().count(1).after("1s"), 4).await, (vec![1], false));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_rule_expires_in_virtual_time_though_nobody_calls() {
    testing::isolated(async {
        let rule = down().expires_after("1h").arm();
        sleep(secs(3_599)).await;
        assert!(rule.is_armed());
        sleep(secs(1)).await;
        assert!(!rule.is_armed() && chaos::rules().is_empty());
        assert_eq!(failures(1).await, 0);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_partition_is_meant_by_its_label_or_its_number() {
    testing::isolated(async {
        for tenant in [7, 8, 9] {
            of_tenant(tenant).await.expect("nothing is armed");
        }
        let tenants = async || {
            let answers = [of_tenant(7).await, of_tenant(8).await, of_tenant(9).await, of_nobody().await];
            answers.map(|answer| answer.is_err())
        };
        let rule =
            |partition: &str| chaos::rule("tenants").partition(partition).io_error(ErrorKind::TimedOut).arm();
        let by_label = rule("8");
        assert_eq!(tenants().await, [false, true, false, false]);
        drop(by_label);
        let by_number = rule("#1");
        assert_eq!(tenants().await.iter().filter(|is_hit| **is_hit).count(), 1);
        drop(by_number);
        let _nobody = rule("nobody");
        assert_eq!(tenants().await, [false; 4]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_several_rules_the_first_that_hits_ends_the_attempt_and_delays_add_up() {
    testing::isolated(async {
        let kind = async || ask().await.map_err(|error| error.kind());
        let first = chaos::rule("edge").io_error(ErrorKind::ConnectionRefused).count(1).arm();
        let second = chaos::rule("*").io_error(ErrorKind::ConnectionReset).count(1).arm();
        let third = chaos::rule("edge@ask").change_ok(|answer: &mut u64| *answer = 0).count(1).arm();
        let hits = || [first.injected(), second.injected(), third.injected()];
        assert_eq!((kind().await, hits()), (Err(ErrorKind::ConnectionRefused), [1, 0, 0]));
        assert_eq!((kind().await, hits()), (Err(ErrorKind::ConnectionReset), [1, 1, 0]));
        assert_eq!((kind().await, hits()), (Ok(0), [1, 1, 1]));
        assert_eq!(kind().await, Ok(7));

        let slow = chaos::rule("edge").latency("1s").arm();
        let late = chaos::rule("edge").latency("2s").change_ok(|answer: &mut u64| *answer = 1).arm();
        let began = Instant::now();
        assert_eq!((kind().await, began.elapsed()), (Ok(1), secs(3)));
        assert_eq!((slow.injected(), late.injected()), (1, 1), "each is counted once");
        assert_eq!(snapshot("edge").injections.total(), 5);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn latencies_stay_within_the_bounds_of_their_distribution() {
    testing::isolated(async {
        for (distribution, least, most) in [
            ("200ms", 200, 200),
            ("0s", 0, 0),
            ("uniform(100ms, 300ms)", 100, 300),
            ("normal(200ms, 1s)", 0, 10_000),
            ("exponential(100ms)", 0, 10_000),
            ("lognormal(200ms, 0.5)", 1, 10_000),
            ("pareto(100ms, 2)", 100, 1_000_000),
        ] {
            let rule = chaos::rule("edge").latency(distribution).arm();
            let mut taken = Vec::new();
            for _ in 0..200 {
                let began = Instant::now();
                ask().await.expect("only late");
                taken.push(began.elapsed());
            }
            // A timer goes off with the next tick of the clock.
            let (first, last) = (taken.iter().min().unwrap(), taken.iter().max().unwrap());
            let bounds = Duration::from_millis(least)..=Duration::from_millis(most + 2);
            assert!(bounds.contains(first) && bounds.contains(last), "{distribution}: {first:?} to {last:?}");
            assert!(least == most || first < last, "{distribution}");
            assert_eq!(rule.injected(), 200, "{distribution}");
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_rule_that_no_call_site_is_meant_by_is_found_while_it_is_armed() {
    testing::isolated(async {
        let found = |target: &str| {
            let _rule = chaos::rule(target).named("stray").hang().arm();
            idle()
        };
        for (target, says) in [
            ("edgy", "no call site names the service `edgy`; did you mean `edge`?"),
            ("quite_another", "no call site names the service `quite_another`"),
            ("edge@answer", "`edge` has no call site `answer`"),
            ("*@of_tenants", "no service has a call site `of_tenants`; did you mean `of_tenant`?"),
            ("edge@other::ask", "`edge` has no call site `other::ask`"),
            ("", "no call site names the service ``"),
        ] {
            let found = found(target);
            assert_eq!(found.len(), 1, "{target}: {found:?}");
            assert_eq!(found[0], format!("chaos rule `stray` injects nothing: {says}"), "{target}");
        }
        for target in ["*", "edge", "edge@ask", "edge@edges::ask", "*@of_tenant"] {
            assert_eq!(found(target), Vec::<String>::new(), "{target}");
        }
        assert_eq!(idle(), Vec::<String>::new(), "what is disarmed is not told of");

        // A handle is a call site from its first call on.
        let down = chaos::rule("by_handle").io_error(ErrorKind::TimedOut).arm();
        assert_eq!(idle().len(), 1);
        let handle = Resilient::service("by_handle").max_attempts(1).build();
        handle.call(|| async { Ok::<_, io::Error>(7) }).await.expect_err("the rule");
        assert_eq!((down.injected(), idle().len()), (1, 0));
    })
    .await;
}
