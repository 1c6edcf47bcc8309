//! What a rule has that is the user's: closures that panic, and names that nobody has registered.

use std::io;
use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use resilience_runtime::testing::expect::Happening;
use resilience_runtime::testing::{self, chaos};
use resilience_runtime::{comprehensive_retry, load_config_from_file};

use crate::{idle, snapshot};

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

#[tokio::test(start_paused = true)]
async fn an_error_that_nobody_has_registered_is_named_with_what_was_meant() {
    chaos::allow();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("resilience.toml");
    for (error, remedy) in [
        ("time_out", "did you mean `timed_out`?"),
        ("TimedOut", "did you mean `timed_out`?"),
        ("db_dwon", "did you mean `db_down`?"),
        ("something_else", "call `testing::chaos::register` with that name"),
    ] {
        testing::isolated(async {
            chaos::register("db_down", || io::Error::other("down"));
            let text = format!("[chaos.odd]\ntarget = \"made\"\nerror = \"{error}\"\n");
            std::fs::write(&path, text).expect("it is written");
            load_config_from_file(&path).expect("any name may be registered");
            ask().await.expect("nothing is injected");
            let found = idle();
            let says = format!(
                "chaos rule `odd` injects nothing: no error `{error}` is registered, and no kind of `std::io::Error` is \
                 called that; {remedy}"
            );
            assert_eq!(found, [says], "{error}");
        })
        .await;
    }
}
