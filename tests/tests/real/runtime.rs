//! What the library requires of the runtime, and what it says when that is missing.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Waker};

use resilience_runtime::{Resilient, ServiceKind, comprehensive_retry, inventory, resilient_call};

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

// A single test: the check is made at the first entry of the site, and the last part below passes it.
#[test]
fn a_missing_runtime_is_reported_at_the_first_call() {
    let outside = message(|| {
        let mut task = Context::from_waker(Waker::noop());
        let _ = pin!(call()).poll(&mut task);
    });
    assert!(outside.contains("`call` of crate `real` was called outside a tokio runtime"), "{outside}");

    let without_time = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let timers = message(|| {
        let _ = without_time.block_on(call());
    });
    for part in ["`call` of crate `real`", "enable_time()", "timers are disabled"] {
        assert!(timers.contains(part), "{timers}");
    }

    let complete = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    assert_eq!(complete.block_on(call()), Ok(1));
}

#[test]
fn handles_and_short_forms_name_themselves_their_service_and_their_place_and_leave_nothing() {
    let handle = Resilient::service("handle_without").build();
    let ready = || async { Ok::<_, String>(1) };
    let short = || resilient_call("short_without", ServiceKind::Generic, ready);
    let without_time = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let sites = || inventory().iter().filter(|site| site.service().ends_with("_without")).count();
    for _ in 0..3 {
        for (runtime, expected) in [
            (None, "was called outside a tokio runtime"),
            (Some(&without_time), "in a tokio runtime without time"),
        ] {
            let run = |call: &mut dyn FnMut(&mut Context<'_>)| {
                message(|| {
                    let _within = runtime.map(|runtime| runtime.enter());
                    call(&mut Context::from_waker(Waker::noop()));
                })
            };
            let by_handle = run(&mut |task| drop(pin!(handle.call(ready)).poll(task)));
            let by_name = run(&mut |task| drop(pin!(short()).poll(task)));
            for (said, names) in [
                (by_handle, ["`Resilient::call`", "`handle_without`"]),
                (by_name, ["`resilient_call`", "`short_without`"]),
            ] {
                assert!(said.contains(expected) && said.contains("runtime.rs"), "{said}");
                assert!(names.iter().all(|name| said.contains(name)), "{said}");
            }
        }
    }
    assert_eq!(sites(), 0, "a call that could not begin leaves nothing");

    let complete = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    assert_eq!(complete.block_on(handle.call(ready)), Ok(1));
    assert_eq!(complete.block_on(short()), Ok(1));
    assert_eq!(sites(), 2);
}
