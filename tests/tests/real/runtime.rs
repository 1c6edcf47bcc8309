//! What the library asks of the runtime, and says when it is missing.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Waker};

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("needs_a_runtime")]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn message(run: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(run)).expect_err("no panic");
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_default()
}

// One test: the check is made at the first entry of the site, and the last part below passes it.
#[test]
fn a_missing_runtime_is_reported_at_the_first_call() {
    let outside = message(|| {
        let mut task = Context::from_waker(Waker::noop());
        let _ = pin!(call()).poll(&mut task);
    });
    assert!(outside.contains("`call` was called outside a tokio runtime"), "{outside}");

    let without_time = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let timers = message(|| {
        let _ = without_time.block_on(call());
    });
    assert!(timers.contains("timers are disabled"), "{timers}");

    let complete = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    assert_eq!(complete.block_on(call()), Ok(1));
}
