//! What a call by a handle ends with when its body has no answer: which error a rejection becomes, and who else answers.

use std::cell::RefCell;

use std::rc::Rc;

use resilience_runtime::config::FindingKind;
use resilience_runtime::{
    Answered, Classify, Recovery, Rejection, RejectionKind, Resilient, ServiceKind, Source, answered_by,
    call, registry, resilient_call, testing,
};
use tokio::time::Instant;

use crate::script::{Answer, Fail, Fault, Hang, Script, configure, ms, rejected, secs, slow, stats};

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
        let by_path = handle.on_rejection(mute);
        for _ in 0..2 {
            assert_eq!(call!(by_path, || async { Ok(1) }).await, Err(Mute("rejected")));
        }
    })
    .await;
}

fn mute(_: Rejection) -> Mute {
    Mute("rejected")
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

const ONCE: &str = "max_attempts = 1\nbreaker = 'off'\nattempt_timeout = '1s'";

async fn down() -> Result<u32, Fault> {
    Err(Fault::Down)
}

#[tokio::test(start_paused = true)]
async fn a_fallback_is_told_the_error_and_answers_at_once_or_later() {
    testing::isolated(async {
        configure(ONCE);
        let handle = Resilient::service("svc").build();
        let (known, later) = (RefCell::new(Vec::new()), async |value| {
            tokio::time::sleep(ms(1)).await;
            Ok::<u32, Fault>(value)
        });
        let at_once = handle.call(down).fallback(|error| {
            known.borrow_mut().push(error.clone());
            Ok(1)
        });
        assert_eq!(answered_by(at_once).await, (Ok(1), Answered::Fallback));
        assert_eq!(*known.borrow(), [Fault::Down]);
        let waits = handle.call(down).fallback(|error| {
            let known = error.clone();
            async move { if known == Fault::Down { later(2).await } else { Err(Fault::Ours) } }
        });
        assert_eq!(answered_by(waits).await, (Ok(2), Answered::Fallback));
        let other = Resilient::service("other").build();
        let elsewhere = handle.call(down).fallback(|_| other.call(|| async { Ok(3) }));
        assert_eq!(elsewhere.await, Ok(3));
        assert_eq!(stats().fallbacks(Source::Fallback), 3);

        // It is for failures, and for every way to make a call.
        let answered = handle
            .call(|| async { Ok::<_, Fault>(7) })
            .fallback(|_| -> Result<_, _> { panic!("nobody asked") })
            .static_response(8);
        assert_eq!(answered_by(answered).await, (Ok(7), Answered::Call));
        assert_eq!(call!(handle, down).fallback(|_| Ok(4)).await, Ok(4));
        assert_eq!(handle.call_with(down, |_| Recovery::never()).fallback(|_| Ok(5)).await, Ok(5));
        assert_eq!(resilient_call("svc", ServiceKind::Generic, down).fallback(|_| Ok(6)).await, Ok(6));
        let plain = || async { Err::<u32, _>(Plain::Down) };
        let carried = handle.on_rejection(|rejection| Plain::Rejected(rejection.kind())).call(plain);
        assert_eq!(carried.static_response(9).await, Ok(9));
        assert_eq!((stats().fallbacks(Source::Fallback), stats().fallbacks(Source::Static)), (6, 1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn those_who_answer_are_asked_in_turn_wherever_in_the_call_they_are_said() {
    testing::isolated(async {
        configure(
            "max_attempts = 3\nbase_delay = 0\nbreaker = 'off'\nbudget = 'off'\nattempt_timeout = '1s'",
        );
        let handle = Resilient::service("svc").build();
        let script = Script::new([Fail(Fault::Down)]);
        let asked = RefCell::new(Vec::new());
        let no_answer = |name: &'static str| {
            let asked = &asked;
            move |_: &Fault| {
                asked.borrow_mut().push(name);
                async { Err(Fault::Ours) }
            }
        };
        let outcome = handle
            .call(|| script.step())
            .static_response(0)
            .fallback(no_answer("first"))
            .deadline(secs(1))
            .fallback(no_answer("second"))
            .partition(1)
            .fallback_if(|_| true)
            .static_response(5)
            .retry_if(|_| true)
            .retry_if_ok(|_| true);
        assert_eq!(answered_by(outcome).await, (Ok(5), Answered::Static));
        assert_eq!((&*asked.borrow(), script.asked().len()), (&vec!["first", "second"], 3));
        assert_eq!((stats().fallbacks_failed(Source::Fallback), stats().fallbacks(Source::Static)), (2, 1));

        // Without an answer it is the error of the call, not that of the fallback.
        let script = Script::new([Fail(Fault::Down)]);
        assert_eq!(handle.call(|| script.step()).fallback(no_answer("third")).await, Err(Fault::Down));
        let script = Script::new([Fail(Fault::Down), Answer(1)]);
        let first = handle.call(|| script.step()).fallback(|_| Ok(9)).fallback(no_answer("never")).await;
        assert_eq!((first, asked.borrow().len()), (Ok(1), 3), "a retry comes before");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn fallback_if_leaves_an_error_alone_and_no_rejection() {
    testing::isolated(async {
        configure(OPEN);
        let handle = Resilient::service("svc").build();
        let ask = |fault: Fault| {
            let handle = &handle;
            async move {
                let body = || async { Err::<u32, _>(fault.clone()) };
                let only = handle.call(body).record_if(|_| false).fallback_if(|error| *error != Fault::Ours);
                only.fallback(|_| Ok(1)).fallback_if(|error| *error != Fault::Wrong).await
            }
        };
        assert_eq!(ask(Fault::Down).await, Ok(1));
        assert_eq!(ask(Fault::Ours).await, Err(Fault::Ours));
        assert_eq!(ask(Fault::Wrong).await, Err(Fault::Wrong));
        assert_eq!(stats().fallbacks_skipped(), 2);
        registry().service("svc").unwrap().force_open();
        let open = handle.call(down).fallback_if(|_| false).fallback(|error| {
            assert_eq!(rejected(&Err(error.clone())), Some(RejectionKind::CircuitOpen));
            Ok(2)
        });
        assert_eq!(open.await, Ok(2));
        // Nobody but a rule: nothing changes.
        let open = handle.call(down).fallback_if(|_| true).await;
        assert_eq!(rejected(&open), Some(RejectionKind::CircuitOpen));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_fallback_has_the_time_that_the_settings_give_it() {
    testing::isolated(async {
        configure(
            "max_attempts = 1\nbreaker = 'off'\nattempt_timeout = '1s'\ndeadline = 'off'\ndegrade_timeout = '30ms'",
        );
        let handle = Resilient::service("svc").build();
        let fits = Script::new([slow(20, Answer(1))]);
        assert_eq!(handle.call(down).fallback(|_| fits.step()).await, Ok(1));
        let (began, hangs) = (Instant::now(), Script::new([Hang]));
        assert_eq!(handle.call(down).fallback(|_| hangs.step()).static_response(2).await, Ok(2));
        assert_eq!(began.elapsed(), ms(30));
        let began = Instant::now();
        let late = handle.call(|| hangs.step()).deadline(ms(50)).fallback(|_| fits.step()).await;
        assert_eq!((late, began.elapsed()), (Ok(1), ms(70)), "the time of the fallback is its own");
        registry().load_config("[services.svc]\ndegradation_enabled = false", "test.toml").unwrap();
        assert_eq!(handle.call(down).fallback(|_| Ok(1)).static_response(2).await, Err(Fault::Down));
    })
    .await;
}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[tokio::test(start_paused = true)]
async fn the_future_may_be_spawned_dropped_and_hold_what_may_not() {
    testing::isolated(async {
        configure(ONCE);
        let handle = Resilient::service("svc").build();
        let clone = handle.clone();
        let spawned =
            async move { clone.call(down).fallback(|_| async { Err(Fault::Ours) }).static_response(3).await };
        assert_eq!(tokio::spawn(testing::inherit(spawned)).await.unwrap(), Ok(3));
        // The answer of a fallback is no part of what waits for it.
        let body = || async { Err::<Rc<u32>, _>(Fault::Down) };
        let shared = is_send(handle.call(body).fallback(|_| async { Ok(Rc::new(4)) }));
        assert_eq!(*shared.await.unwrap(), 4);

        let hangs = Script::new([Hang]);
        assert!(tokio::time::timeout(ms(1), handle.call(down).fallback(|_| hangs.step())).await.is_err());
        assert_eq!((stats().in_flight(), stats().started()), (0, 3));

        // Inside a call of the same service it is a part of that, which answers itself.
        let inner = || async { handle.call(down).fallback(|_| Ok(1)).await };
        assert_eq!(handle.call(inner).fallback(|_| Ok(2)).await, Ok(2));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn settings_of_what_a_call_may_say_have_an_effect_at_a_handle_and_others_are_told() {
    testing::isolated(async {
        let settings = "degrade_timeout = '1s'\ndegradation_enabled = true\nmax_partitions = 7\nhedge.max = 2\ncache.ttl = '1s'";
        registry().load_config(&format!("[services.by_handle]\n{settings}"), "test.toml").unwrap();
        let handle = Resilient::service("by_handle").build();
        assert_eq!(handle.call(|| async { Ok::<_, Fault>(1) }).await, Ok(1));
        let findings = registry().findings();
        let told: Vec<_> = findings
            .iter()
            .filter(|finding| finding.kind() == FindingKind::WithoutEffect && finding.service() == "by_handle")
            .map(ToString::to_string)
            .collect();
        let of = |key: &str| told.iter().filter(|finding| finding.contains(&format!("`{key}` ("))).count();
        for key in ["degrade_timeout", "degradation_enabled", "max_partitions"] {
            assert_eq!(of(key), 0, "{key}: {told:?}");
        }
        for key in ["hedge.max", "cache.ttl"] {
            assert_eq!(of(key), 1, "{key}: {told:?}");
        }
        assert!(told.iter().all(|finding| finding.contains("an annotated function")), "{told:?}");
    })
    .await;
}
