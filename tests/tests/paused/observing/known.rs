//! Services exist from link time, and from the loading of the file; names that appear nowhere do not.

use resilience_runtime::{Patch, Rejection, RejectionKind, comprehensive_retry, registry, testing};

use crate::script::secs;

#[comprehensive_retry("payments_of_known", breaker(open_for = "9s"))]
async fn pay() -> Result<(), Rejection> {
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_service_is_there_before_its_first_call() {
    testing::isolated(async {
        let service = registry().service("payments_of_known").expect("a call site names it");
        assert_eq!(service.policy().breaker.as_ref().map(|breaker| breaker.open_for), Some(secs(9)));
        assert_eq!(service.stats().started(), 0);
        service.force_open();
        let rejection = pay().await.expect_err("it is the same service");
        assert_eq!(rejection.kind(), RejectionKind::CircuitOpen);
        assert!(registry().services().iter().any(|one| one.name() == "payments_of_known"));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_service_of_the_file_is_there_with_its_settings_and_follows_them() {
    testing::isolated(async {
        let load = |text: &str| registry().load_config(text, "test.toml").expect("a good file");
        load("[services.only_in_file]\nbulkhead.max_concurrent = 3\n");
        let permits = || {
            let service = registry().service("only_in_file").expect("the file names it");
            service.policy().bulkhead.as_ref().map(|bulkhead| bulkhead.max_concurrent)
        };
        assert_eq!(permits(), Some(3));
        load("[services.only_in_file]\nbulkhead.max_concurrent = 5\n");
        assert_eq!(permits(), Some(5));
        registry()
            .update_service("only_in_file", &Patch::new().bulkhead_max_concurrent(7))
            .expect("it is known");
        assert_eq!(permits(), Some(7));
        assert!(registry().services().iter().any(|one| one.name() == "only_in_file"));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_name_that_nobody_has_is_an_error_with_the_one_that_is_meant() {
    testing::isolated(async {
        let patch = Patch::new().max_attempts(2);
        let error = registry().update_service("paymnets_of_known", &patch).expect_err("a slip").to_string();
        assert!(error.contains("`paymnets_of_known`"), "{error}");
        assert!(error.contains("did you mean `payments_of_known`?"), "{error}");
        assert!(registry().update_service("nothing\u{1b}like\u{1b}it", &patch).is_err());
        assert!(
            registry().service("paymnets_of_known").is_none()
                && registry().explain("paymnets_of_known").is_none()
        );
        assert!(!registry().clear_update("paymnets_of_known"));
    })
    .await;
}
