//! The scenes of keys. In: settings, and a way to call a service. Out: what can be observed of it, as text.

use resilience_runtime::testing;
use tokio::time::Instant;

use super::subject::{answered, around, ask, cached, call, hedged, protected, service, storeless, tenant};
use crate::script::{Answer, Fail, Fault, Hang, Script, Step, ms, secs, slow};

/// What can be observed of a service under given settings.
#[derive(Clone, Copy)]
pub(super) enum Scene {
    /// One call in an outage: when the dependency was called, and how the call ended.
    Outage,
    /// One call that never gets an answer.
    Silence,
    /// One call that is answered with a status without a fixed meaning.
    Teapot,
    /// One call that is asked to wait for three seconds.
    Busy,
    /// One call with another service's call inside it.
    Nested,
    /// Consecutive calls of which half fail: which of them were let through.
    Flapping,
    /// Calls that succeed, every other one after 300 ms.
    Slow,
    /// An outage that opens the breaker, then trials: which calls were let through, second by second.
    Recovery,
    /// After an outage, three calls at once.
    Trials,
    /// Calls that each need a retry: how often the dependency was asked.
    Storm,
    /// The same, with a dependency that asks to slow down.
    ThrottledStorm,
    /// Half of the calls succeed; the others need retries.
    MixedStorm,
    /// Many failures in a second: which calls were let through.
    Rush,
    /// A call while the process is under pressure.
    Pressed,
    /// Quick answers, some of them less quick, then none: how long the last call waits.
    Quiet,
    /// A call whose redirect never answers, when the deadline has passed.
    Fallen,
    /// One tenant after the other: how many have state of their own.
    Tenants,
    /// Many calls at once, each of which takes a while.
    Crowd,
    /// The same after the service has rejected calls.
    CrowdAfterDrops,
    /// A service that rejects everything, then nothing: which calls were sent.
    TurnedAway,
    /// A call of which only the fourth copy is answered.
    Tail,
    /// A function with a cache: what each call got, and how often the service was asked.
    Cached,
    /// A function with idempotency keys: a call that is dropped, and two more with its key.
    Protected,
    /// The same without the store that it needs.
    WithoutStore,
}

/// What each call got, and when.
async fn protected_calls() -> String {
    let start = Instant::now();
    let dropped = tokio::time::timeout(ms(100), protected(&Script::new([Hang]))).await.is_err();
    let mut seen = Vec::new();
    for pause in [0, 5] {
        tokio::time::sleep(secs(pause)).await;
        let outcome = protected(&Script::new([Answer(3 + u32::from(pause > 0))])).await;
        seen.push((outcome, start.elapsed()));
    }
    format!("{dropped} {seen:?}")
}

/// Many calls that begin at the same time: when each was sent, and how it ended.
async fn crowd() -> String {
    let start = Instant::now();
    let calls = (0..40).map(|_| async {
        let script = Script::new([slow(100, Answer(1))]);
        let is_ok = call(&script).await.is_ok();
        (script.asked(), is_ok)
    });
    let seen = futures::future::join_all(calls).await;
    format!("{seen:?} {:?}", start.elapsed())
}

/// Time and key of each call of a function with a cache, and what the service would say.
async fn cached_calls() -> String {
    let start = Instant::now();
    let mut seen = Vec::new();
    let down = || Fail(Fault::Down);
    for (at, key, step) in [
        (0, 0, Answer(1)),
        (0, 1, Answer(2)),
        (5, 0, Answer(3)),
        (6, 1, down()),
        (7, 0, down()),
        (90, 0, down()),
        (700, 0, down()),
    ] {
        tokio::time::sleep_until(start + secs(at)).await;
        let script = Script::new([step]);
        let outcome = cached(key, &script).await;
        seen.push((outcome, script.asked().len()));
    }
    format!("{seen:?}")
}

async fn waits(step: Step) -> String {
    let start = Instant::now();
    let outcome = ask(step).await;
    format!("{:?} {outcome:?}", start.elapsed())
}

async fn admitted(step: Step) -> bool {
    let script = Script::new([step]);
    let _ = call(&script).await;
    !script.asked().is_empty()
}

async fn storm(steps: impl Iterator<Item = Step>) -> String {
    let mut asked = Vec::new();
    for step in steps {
        let script = Script::new([step]);
        let _ = call(&script).await;
        asked.push(script.asked().len());
        tokio::time::sleep(ms(100)).await;
    }
    format!("{asked:?}")
}

impl Scene {
    #[expect(clippy::too_many_lines, reason = "one arm for each scene")]
    pub(super) async fn play(self) -> String {
        let one = async |steps: Vec<Step>| {
            let start = Instant::now();
            let script = Script::new(steps);
            let outcome = tokio::time::timeout(secs(3_600), call(&script)).await;
            format!("{:?} {:?} {outcome:?}", script.asked(), start.elapsed())
        };
        match self {
            Self::Outage => one(vec![Fail(Fault::Down)]).await,
            Self::Silence => one(vec![Hang]).await,
            Self::Teapot => one(vec![Fail(Fault::Status(418)), Answer(1)]).await,
            Self::Busy => one(vec![Fail(Fault::Busy { wait: Some(secs(3)) }), Answer(1)]).await,
            Self::Nested => {
                let script = Script::new([Fail(Fault::Down)]);
                let _ = around(&script).await;
                format!("{:?}", script.asked().len())
            }
            Self::Flapping => {
                let mut seen = Vec::new();
                for round in 0..20 {
                    seen.push(admitted(if round % 2 == 0 { Fail(Fault::Down) } else { Answer(1) }).await);
                    tokio::time::sleep(ms(500)).await;
                }
                format!("{seen:?}")
            }
            Self::Slow => {
                for round in 0..10 {
                    admitted(slow(300 * (round % 2), Answer(1))).await;
                }
                service().breaker_state().to_string()
            }
            Self::Recovery => {
                let mut seen = Vec::new();
                for second in 0..60 {
                    let step = if second < 30 { Fail(Fault::Down) } else { Answer(1) };
                    seen.push((admitted(step).await, service().breaker_state().name()));
                    tokio::time::sleep(secs(1)).await;
                }
                format!("{seen:?}")
            }
            Self::Trials => {
                for _ in 0..3 {
                    admitted(Fail(Fault::Down)).await;
                }
                tokio::time::sleep(secs(20)).await;
                let script = Script::new([slow(100, Answer(1))]);
                futures::future::join_all((0..5).map(|_| call(&script))).await;
                format!("{}", script.asked().len())
            }
            Self::Storm => storm((0..40).map(|_| Fail(Fault::Down))).await,
            Self::ThrottledStorm => storm((0..40).map(|_| Fail(Fault::Busy { wait: None }))).await,
            Self::MixedStorm => {
                storm((0..200).map(|round| if round % 2 == 0 { Answer(1) } else { Fail(Fault::Down) })).await
            }
            Self::Rush => {
                let mut seen = Vec::new();
                for _ in 0..30 {
                    seen.push(admitted(Fail(Fault::Down)).await);
                }
                format!("{seen:?}")
            }
            Self::Pressed => {
                testing::set_pressure(1.3);
                format!("{:?}", ask(Answer(1)).await)
            }
            Self::Quiet => {
                for round in 0..50 {
                    ask(slow(if round % 5 == 0 { 100 } else { 10 }, Answer(1))).await.ok();
                }
                waits(Hang).await
            }
            Self::Fallen => {
                let start = Instant::now();
                let outcome = answered(&Script::new([Hang])).await;
                format!("{:?} {outcome:?}", start.elapsed())
            }
            Self::Tenants => {
                for name in 0..6 {
                    tenant(name, &Script::new([Answer(1)])).await.ok();
                }
                service().partitions().to_string()
            }
            Self::Crowd => crowd().await,
            Self::CrowdAfterDrops => {
                for _ in 0..100 {
                    ask(slow(50, Fail(Fault::Busy { wait: None }))).await.ok();
                }
                crowd().await
            }
            Self::TurnedAway => {
                let mut seen = Vec::new();
                for round in 0..400 {
                    let step = if round < 200 { Fail(Fault::Busy { wait: None }) } else { Answer(1) };
                    seen.push(admitted(step).await);
                    tokio::time::sleep(ms(50)).await;
                }
                format!("{seen:?}")
            }
            Self::Tail => {
                let script = Script::new([Hang, Hang, Hang, Answer(1)]);
                let outcome = tokio::time::timeout(secs(3_600), hedged(&script)).await;
                format!("{:?} {outcome:?}", script.asked())
            }
            Self::Cached => cached_calls().await,
            Self::Protected => protected_calls().await,
            Self::WithoutStore => format!("{:?}", storeless(&Script::new([Answer(1)])).await),
        }
    }
}
