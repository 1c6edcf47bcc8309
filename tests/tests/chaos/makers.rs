//! What a rule has that is the user's: closures that panic.

use std::io;
use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use resilience_runtime::testing::expect::Happening;
use resilience_runtime::testing::{self, chaos};
use resilience_runtime::comprehensive_retry;

use crate::snapshot;

#[comprehensive_retry("made", max_attempts = 1, breaker = off)]
async fn ask() -> Result<u64, io::Error> {
    Ok(7)
}

/// Whether a call panics.
async fn panics() -> bool {
    AssertUnwindSafe(ask()).catch_unwind().await.is_err()
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_what_a_rule_has_is_an_injection_of_that_rule() {
    testing::isolated(async {
        let maker =
            chaos::rule("made").named("maker").error(|| -> io::Error { panic!("the maker") }).count(1);
        let maker = maker.arm();
        assert!(panics().await);
        assert_eq!((maker.injected(), maker.is_armed()), (1, false), "it is used up");
        assert!(!panics().await);

        let change = chaos::rule("made").named("change").change_ok(|_: &mut u64| panic!("the change")).arm();
        assert!(panics().await);
        assert_eq!(change.injected(), 1);
        drop(change);

        let _script = testing::script("made").fail_with(|| -> io::Error { panic!("the script") });
        assert!(panics().await);
        assert!(!panics().await);

        let injections = snapshot("made").injections;
        assert_eq!(["maker", "change", "script"].map(|rule| injections.get(rule)), [1, 1, 1]);
        testing::expect("made").times(3, Happening::Injects);
    })
    .await;
}
