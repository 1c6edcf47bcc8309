//! Budgets limit a storm of retries, through the attributes.

use resilience_runtime::testing;

use crate::script::{Fail, Fault, Script, call, configure, secs};

async fn requests(settings: &str, calls: usize) -> usize {
    let mut requests = 0;
    testing::isolated(async {
        configure(&format!("max_attempts = 4\nbase_delay = 0\nbreaker = 'off'\n{settings}"));
        let script = Script::new([Fail(Fault::Down)]);
        for _ in 0..calls {
            let _ = call(&script).await;
        }
        requests = script.asked().len();
    })
    .await;
    requests
}

#[tokio::test(start_paused = true)]
async fn retries_stay_within_ratio_burst_and_refill() {
    assert_eq!(requests("budget = 'off'", 100).await, 400);
    assert_eq!(requests("budget = { ratio = 0.1, burst_capacity = 10, min_per_second = 0 }", 100).await, 119);
    assert_eq!(requests("budget = { ratio = 0.0, burst_capacity = 10, min_per_second = 0 }", 100).await, 110);
    let sliding = "budget = { kind = 'sliding_window', max_retries_per_minute = 7, burst_capacity = 100 }";
    assert_eq!(requests(sliding, 100).await, 107);
    let fixed = "budget = { kind = 'fixed_window', max_retries_per_hour = 9, burst_capacity = 100 }";
    assert_eq!(requests(fixed, 100).await, 109);
}

#[tokio::test(start_paused = true)]
async fn tokens_come_back_with_time() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = 0\nbreaker = 'off'\nbudget = { ratio = 0.0, burst_capacity = 3, min_per_second = 0.5 }");
        let script = Script::new([Fail(Fault::Down)]);
        for expected in [2, 4, 6, 7, 8] {
            let _ = call(&script).await;
            assert_eq!(script.asked().len(), expected);
        }
        tokio::time::sleep(secs(4)).await;
        for expected in [10, 12, 13] {
            let _ = call(&script).await;
            assert_eq!(script.asked().len(), expected);
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_throttled_retry_may_cost_more() {
    testing::isolated(async {
        configure("max_attempts = 9\nbase_delay = 0\nbudget = { ratio = 0.0, burst_capacity = 10, min_per_second = 0, throttled_cost = 5 }");
        let script = Script::new([Fail(Fault::Busy { wait: None })]);
        let _ = call(&script).await;
        assert_eq!(script.asked().len(), 3);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn layers_multiply_without_budgets_and_hardly_with_them() {
    use resilience_runtime::{comprehensive_retry, registry};

    #[comprehensive_retry("one")]
    async fn one(script: &Script) -> Result<u32, Fault> {
        call(script).await
    }
    #[comprehensive_retry("two")]
    async fn two(script: &Script) -> Result<u32, Fault> {
        one(script).await
    }
    #[comprehensive_retry("three")]
    async fn three(script: &Script) -> Result<u32, Fault> {
        two(script).await
    }
    #[comprehensive_retry("four")]
    async fn four(script: &Script) -> Result<u32, Fault> {
        three(script).await
    }

    async fn load(budget: &str, calls: u32) -> f64 {
        let mut requests = 0;
        testing::isolated(async {
            let services: String = ["svc", "one", "two", "three", "four"]
                .map(|name| format!("[services.{name}]\nmax_attempts = 3\nbase_delay = 0\nbreaker = 'off'\nbudget = {budget}\n"))
                .concat();
            registry().load_config(&services, "test.toml").unwrap();
            let script = Script::new([Fail(Fault::Down)]);
            for _ in 0..calls {
                let _ = four(&script).await;
            }
            requests = script.asked().len();
        })
        .await;
        f64::from(u32::try_from(requests).unwrap()) / f64::from(calls)
    }

    assert!((load("'off'", 3).await - 243.0).abs() < 1e-9);
    let budgeted = load("{ ratio = 0.1, burst_capacity = 1, min_per_second = 0 }", 2_000).await;
    assert!((budgeted - 1.1_f64.powi(5)).abs() < 0.02, "1.61 expected, {budgeted:.3} seen");
}
