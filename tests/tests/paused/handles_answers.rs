//! What a call by a handle ends with when its body has no answer: which error a rejection becomes, and who else answers.

use std::cell::RefCell;

use resilience_runtime::{Classify, Recovery, Rejection, RejectionKind, Resilient, call, registry, testing};

use crate::script::{configure, secs};

const OPEN: &str = "max_attempts = 1\nbreaker.consecutive_failures = 1\nattempt_timeout = 'off'";

/// An error that nothing turns a rejection into.
#[derive(Debug, PartialEq, Classify)]
enum Plain {
    #[retry]
    Down,
    #[never]
    Rejected(RejectionKind),
    #[never]
    Tenant(u32),
}

/// One that does not say either what it means.
#[derive(Debug, PartialEq)]
struct Mute(&'static str);

#[tokio::test(start_paused = true)]
async fn on_rejection_says_which_error_a_rejection_becomes_whatever_the_error_type_knows() {
    testing::isolated(async {
        configure(OPEN);
        let handle = Resilient::service("svc").build();
        registry().service("svc").unwrap().force_open();
        let ask = || handle.on_rejection(|rejection| Plain::Rejected(rejection.kind()));

        let open = Err(Plain::Rejected(RejectionKind::CircuitOpen));
        assert_eq!(ask().call(|| async { Ok(1) }).await, open);
        assert_eq!(ask().call_with(|| async { Ok(1) }, |_| Recovery::never()).await, open);
        assert_eq!(call!(ask(), || async { Ok(1) }).await, open);
        let further =
            ask().call(|| async { Ok(1) }).deadline(secs(1)).retry_if(|_| true).retry_if_ok(|_| true);
        assert_eq!(further.await, open);

        // It may look around, change what it has captured, and take the place of `From<Rejection>`.
        let (tenant, seen) = (7, RefCell::new(Vec::new()));
        let of_tenant = handle.on_rejection(|rejection| {
            seen.borrow_mut().push(rejection.service().to_owned());
            Plain::Tenant(tenant)
        });
        assert_eq!(of_tenant.call(|| async { Ok(1) }).await, Err(Plain::Tenant(7)));
        assert_eq!(*seen.borrow(), ["svc"]);
        let text = handle.on_rejection(|_| "busy".to_owned()).call(|| async { Ok(1) }).await;
        assert_eq!(text, Err("busy".to_owned()));

        // A path, for an error type that says nothing of itself; what is copied may be kept.
        fn mute(_: Rejection) -> Mute {
            Mute("rejected")
        }
        let by_path = handle.on_rejection(mute);
        for _ in 0..2 {
            assert_eq!(call!(by_path, || async { Ok(1) }).await, Err(Mute("rejected")));
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_error_of_the_body_is_no_rejection() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = 0\nbreaker = 'off'");
        let handle = Resilient::service("svc").build();
        let mut runs = 0;
        let body = || {
            runs += 1;
            async { Err::<u32, _>(Plain::Down) }
        };
        let outcome = handle.on_rejection(|rejection| Plain::Rejected(rejection.kind())).call(body).await;
        assert_eq!((outcome, runs), (Err(Plain::Down), 2));
    })
    .await;
}
