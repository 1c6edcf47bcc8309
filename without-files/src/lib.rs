//! A build without feature `config` goes in: attributes, engine, updates at run time and explanations work as they do with
//! it, only that there are no files.

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use resilience_runtime::{
        BreakerState, Patch, Rejection, comprehensive_retry, explain, registry, update_service,
    };

    #[derive(Debug, PartialEq)]
    enum Failure {
        Own,
        Rejected,
    }

    impl From<Rejection> for Failure {
        fn from(_: Rejection) -> Self {
            Self::Rejected
        }
    }

    #[comprehensive_retry("retried", HttpApi, base_delay = 0, budget = off)]
    async fn retried(runs: &AtomicU32) -> Result<(), Failure> {
        runs.fetch_add(1, Ordering::Relaxed);
        Err(Failure::Own)
    }

    #[comprehensive_retry("broken", max_attempts = 1, breaker(consecutive_failures = 2))]
    async fn broken() -> Result<(), Failure> {
        Err(Failure::Own)
    }

    #[tokio::test]
    async fn the_template_of_the_kind_and_an_update_decide_the_attempts() {
        let runs = AtomicU32::new(0);
        assert_eq!(retried(&runs).await, Err(Failure::Own));
        assert_eq!(runs.swap(0, Ordering::Relaxed), 4, "as `http_api` has it");
        // What the attribute writes is below an update.
        update_service("retried", &Patch::new().max_attempts(2)).expect("in range");
        assert_eq!(retried(&runs).await, Err(Failure::Own));
        assert_eq!(runs.load(Ordering::Relaxed), 2);
        let shown = explain("retried").expect("a site names it").to_string();
        assert!(shown.contains("run-time update"), "{shown}");
        assert_eq!(registry().reloads().applied, 0);
    }

    #[tokio::test]
    async fn a_breaker_opens_and_rejects() {
        for _ in 0..2 {
            assert_eq!(broken().await, Err(Failure::Own));
        }
        assert_eq!(broken().await, Err(Failure::Rejected));
        let service = registry().service("broken").expect("it was called");
        assert_eq!(service.breaker_state(), BreakerState::Open);
    }

    #[test]
    fn an_update_that_is_out_of_range_is_refused_with_its_reason() {
        let error = update_service("retried", &Patch::new().jitter(1.5)).expect_err("a share is at most 1");
        let shown = error.to_string();
        assert!(shown.starts_with("error: `jitter` must be "), "{shown}");
        assert!(shown.ends_with("1 fault in the update of `retried`; nothing of it was applied"), "{shown}");
    }
}
