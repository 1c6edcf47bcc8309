//! Partitions: tenants that share a service but not its state.

use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{RejectionKind, comprehensive_retry, testing};

use crate::script::{Answer, Fail, Fault, Script, Step, configure, ms, rejected, secs, service, slow, stats};

#[comprehensive_retry("svc", partition = tenant.to_owned())]
async fn of(tenant: &str, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

async fn ask(tenant: &str, step: Step) -> Result<u32, Fault> {
    of(tenant, &Script::new([step])).await
}

async fn is_open(tenant: &str) -> bool {
    rejected(&ask(tenant, Answer(1)).await) == Some(RejectionKind::CircuitOpen)
}

const BREAKER: &str = "max_attempts = 1\nbreaker.consecutive_failures = 3";

async fn trip(tenant: &str) {
    for _ in 0..3 {
        assert_eq!(ask(tenant, Fail(Fault::Down)).await, Err(Fault::Down));
    }
}

#[tokio::test(start_paused = true)]
async fn one_bad_tenant_does_not_trip_the_others() {
    testing::isolated(async {
        configure(BREAKER);
        trip("bad").await;
        assert!(is_open("bad").await);
        for tenant in ["good", "other"] {
            assert_eq!(ask(tenant, Answer(1)).await, Ok(1));
        }
        assert_eq!(service().partitions(), 3);
        assert_eq!(stats().started(), 6, "they are counted together");
        assert_eq!(stats().calls(CallOutcome::Rejected(RejectionKind::CircuitOpen)), 1);
        assert!(service().breaker_state().is_closed(), "the service as a whole has seen nothing of it");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn each_has_a_budget_a_bulkhead_and_a_rate_of_its_own() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = 0\nbudget = { burst_capacity = 1, ratio = 0.0, min_per_second = 0 }");
        for (tenant, asked) in [("a", 2), ("a", 1), ("b", 2)] {
            let script = Script::new([Fail(Fault::Down)]);
            assert_eq!(of(tenant, &script).await, Err(Fault::Down));
            assert_eq!(script.asked().len(), asked, "{tenant}");
        }
        configure("max_attempts = 1\nbulkhead = { max_concurrent = 1, max_queue = 0 }");
        let outcomes = tokio::join!(
            ask("a", slow(10, Answer(1))),
            ask("a", slow(10, Answer(1))),
            ask("b", slow(10, Answer(1)))
        );
        assert_eq!((outcomes.0, outcomes.2), (Ok(1), Ok(1)));
        assert_eq!(rejected(&outcomes.1), Some(RejectionKind::BulkheadFull));
        configure("max_attempts = 1\nrate_limit = { per_second = 1, burst = 1 }");
        let outcomes = [ask("a", Answer(1)).await, ask("a", Answer(1)).await, ask("b", Answer(1)).await];
        assert_eq!(outcomes.map(|it| rejected(&it)), [None, Some(RejectionKind::RateLimited), None]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_longest_unused_healthy_one_makes_room_and_a_broken_one_is_remembered() {
    testing::isolated(async {
        configure(&format!("{BREAKER}\nmax_partitions = 3"));
        // The broken one is the longest unused of all.
        trip("bad").await;
        for tenant in ["old", "new"] {
            assert_eq!(ask(tenant, Answer(1)).await, Ok(1));
            assert_eq!(ask(tenant, Fail(Fault::Wrong)).await, Err(Fault::Wrong));
            tokio::time::sleep(ms(10)).await;
        }
        for newcomer in ["x", "y", "z"] {
            assert_eq!(ask(newcomer, Answer(1)).await, Ok(1));
            tokio::time::sleep(ms(10)).await;
        }
        assert_eq!(service().partitions(), 3);
        assert!(is_open("bad").await, "its break goes on");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_takes_over_a_place_begins_as_new() {
    testing::isolated(async {
        configure(
            "max_attempts = 2\nbase_delay = 0\nmax_partitions = 1\nbreaker.consecutive_failures = 4\nrate_limit = { per_second = 0.1, burst = 4 }\n\
             budget = { burst_capacity = 2, ratio = 0.0, min_per_second = 0 }",
        );
        for tenant in ["a", "b", "c"] {
            for _ in 0..2 {
                let script = Script::new([Fail(Fault::Down)]);
                assert_eq!(of(tenant, &script).await, Err(Fault::Down));
                assert_eq!(script.asked().len(), 2, "{tenant}");
            }
            assert!(ask(tenant, Answer(1)).await.is_err(), "all is used up");
        }
        assert_eq!(service().partitions(), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn when_all_places_are_in_use_the_rest_shares_the_state_of_the_service() {
    testing::isolated(async {
        configure(&format!(
            "{BREAKER}\nmax_partitions = 2\nbulkhead = {{ max_concurrent = 1, max_queue = 0 }}"
        ));
        let (a, b, ()) =
            tokio::join!(ask("a", slow(100, Answer(1))), ask("b", slow(100, Answer(1))), async {
                tokio::time::sleep(ms(10)).await;
                assert_eq!(service().bulkhead_in_flight(), Some(0));
                let (c, d, permits) =
                    tokio::join!(ask("c", slow(10, Answer(1))), ask("d", slow(10, Answer(1))), async {
                        service().bulkhead_in_flight()
                    });
                assert_eq!((c, permits), (Ok(1), Some(1)), "the permit is that of the service");
                assert_eq!(rejected(&d), Some(RejectionKind::BulkheadFull), "which the two share");
                assert_eq!(service().partitions(), 2);
            });
        assert_eq!((a, b), (Ok(1), Ok(1)));
        assert_eq!(ask("c", Answer(1)).await, Ok(1));
        assert_eq!(service().partitions(), 2, "somebody has made room by now");
        assert_eq!(service().bulkhead_in_flight(), Some(0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_reload_reaches_every_partition_and_keeps_its_state() {
    testing::isolated(async {
        configure(BREAKER);
        trip("bad").await;
        assert_eq!(ask("good", Fail(Fault::Down)).await, Err(Fault::Down));
        configure("max_attempts = 1\nbreaker.consecutive_failures = 2\nbulkhead = { max_concurrent = 1, max_wait = '9s' }");
        assert!(is_open("bad").await);
        assert_eq!(ask("good", Fail(Fault::Down)).await, Err(Fault::Down));
        assert!(is_open("good").await, "the first failure counts, and so does the new threshold");
        // A reload admits calls from the queue of a partition.
        let script = Script::new([slow(100, Answer(1))]);
        let (first, second, ()) = tokio::join!(of("x", &script), of("x", &script), async {
            tokio::time::sleep(ms(50)).await;
            configure("max_attempts = 1\nbulkhead = { max_concurrent = 2, max_wait = '9s' }");
        });
        assert_eq!((first, second), (Ok(1), Ok(1)));
        assert_eq!(script.asked(), [ms(0), ms(50)]);
    })
    .await;
}

#[comprehensive_retry("svc", partition = 7_u8)]
async fn with_a_byte(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("svc", partition = 7_u32)]
async fn with_a_word(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn values_of_different_types_are_different_partitions() {
    testing::isolated(async {
        configure("max_attempts = 1\nbreaker = { consecutive_failures = 1, open_for = '9s' }");
        assert_eq!(with_a_byte(&Script::new([Fail(Fault::Down)])).await, Err(Fault::Down));
        assert!(with_a_byte(&Script::new([Answer(1)])).await.is_err());
        assert_eq!(with_a_word(&Script::new([Answer(1)])).await, Ok(1));
        tokio::time::sleep(secs(10)).await;
        assert_eq!(with_a_byte(&Script::new([Answer(1)])).await, Ok(1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_holds_its_partition_until_it_ends_however_it_ends() {
    testing::isolated(async {
        configure("max_attempts = 1\nmax_partitions = 1\nbulkhead = { max_concurrent = 1, max_queue = 0 }");
        assert!(tokio::time::timeout(ms(10), ask("a", Step::Hang)).await.is_err());
        let panics = tokio::spawn(testing::inherit(ask("b", Step::Panic)));
        assert!(panics.await.unwrap_err().is_panic());
        // If the place were still held, these two would share the slot of the service.
        let (c, service_permits) =
            tokio::join!(ask("c", slow(10, Answer(1))), async { service().bulkhead_in_flight() });
        assert_eq!((c, service_permits), (Ok(1), Some(0)));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn they_can_be_listed_those_first_that_need_a_look() {
    testing::isolated(async {
        configure(&format!(
            "{BREAKER}\nmax_partitions = 3\nbulkhead = {{ max_concurrent = 2, max_queue = 5 }}"
        ));
        assert_eq!(ask("one", Answer(1)).await, Ok(1));
        trip("two").await;
        tokio::time::sleep(secs(1)).await;
        assert_eq!(ask("three", Answer(1)).await, Ok(1));
        let listed = |most| service().list_partitions(most);
        let seen: Vec<_> = listed(20).iter().map(|one| (one.number, one.breaker_state.name())).collect();
        assert_eq!(seen, [(1, "open"), (2, "closed"), (0, "closed")]);
        assert_eq!(listed(1), listed(20)[..1]);
        assert_eq!(listed(0), []);
        let bad = &listed(1)[0];
        assert!(bad.retry_after.is_some() && bad.failure_rate.is_none());
        assert_eq!((bad.idle, bad.in_use), (secs(1), false));

        let (_, busy) = tokio::join!(ask("one", slow(10, Answer(1))), async {
            tokio::time::sleep(ms(5)).await;
            listed(20).into_iter().find(|one| one.number == 0).expect("it is listed")
        });
        assert!(busy.in_use);
        assert_eq!((busy.bulkhead_in_flight, busy.bulkhead_limit), (Some(1), Some(2)));
        assert_eq!((busy.bulkhead_queue_depth, busy.budget_tokens.is_some()), (Some(0), true));
        // Another takes the number of the one that makes room, and its state does not follow.
        assert_eq!(ask("four", Answer(1)).await, Ok(1));
        assert_eq!(listed(20).len(), 3);
        configure("breaker = 'off'\nbudget = 'off'");
        let plain = &listed(1)[0];
        assert_eq!((plain.bulkhead_in_flight, plain.budget_tokens), (None, None));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_partition_that_takes_over_a_place_finds_its_rate_as_new() {
    #[comprehensive_retry("svc", partition = tenant)]
    async fn of_tenant(tenant: u32) -> Result<u32, Fault> {
        Ok(tenant)
    }
    testing::isolated(async {
        configure(
            "max_attempts = 1\nmax_partitions = 1\nrate_limit = { per_second = 10, burst = 1, max_wait = '1s' }",
        );
        let (first, waited) = tokio::join!(of_tenant(1), tokio::time::timeout(ms(50), of_tenant(1)));
        assert_eq!(first.ok(), Some(1));
        assert!(waited.is_err());
        tokio::time::sleep(ms(50)).await;
        let start = tokio::time::Instant::now();
        assert_eq!(of_tenant(2).await.ok(), Some(2));
        assert_eq!(start.elapsed(), ms(0));
        assert_eq!(of_tenant(2).await.ok(), Some(2));
        assert_eq!(start.elapsed(), ms(100));
    })
    .await;
}
