//! A rejection of an inner call: whether it is the outcome of the body, or something that the body moved on from.

use std::cell::{Cell, RefCell};

use resilience_runtime::registry::Service;
use resilience_runtime::{
    Answered, Recovery, Rejection, RejectionKind, answered_by, comprehensive_retry, registry, testing,
};

use crate::script::{Answer, Fault, Script, call, configure};

/// A type that is no error, exposes nothing, and may hold what it was made from.
#[derive(Clone, Debug, Default)]
#[expect(dead_code, reason = "what it holds is held, and not looked at")]
struct Opaque(Option<Fault>);

impl From<Rejection> for Opaque {
    /// Loses the rejection.
    fn from(_: Rejection) -> Self {
        Self(None)
    }
}

fn retried(_: &Opaque) -> bool {
    true
}

fn blamed(_: &Opaque) -> bool {
    true
}

fn acquitted(_: &Opaque) -> bool {
    false
}

fn down(_: &Opaque) -> Recovery {
    Recovery::retry()
}

/// Is rejected: its breaker is forced open.
async fn pager() -> Result<u32, Fault> {
    call(&Script::new([Answer(1)])).await
}

/// Is rejected, and the library's own conversion loses the rejection.
#[comprehensive_retry("texts", max_attempts = 1)]
async fn texts() -> Result<u32, String> {
    Ok(2)
}

#[comprehensive_retry("blank", max_attempts = 1)]
async fn blank() -> Result<u32, Opaque> {
    Ok(2)
}

#[comprehensive_retry("fine", max_attempts = 1)]
async fn fine() -> Result<u32, Opaque> {
    Ok(3)
}

fn named(name: &str) -> &'static Service {
    registry().service(name).expect("it has been called")
}

/// Runs while the breakers of the rejected functions are forced open.
async fn with_rejections<F: Future>(scene: F) {
    testing::isolated(async {
        configure("max_attempts = 1");
        let _ = (pager().await, texts().await, blank().await);
        for name in ["svc", "texts", "blank"] {
            named(name).force_open();
        }
        scene.await;
    })
    .await;
}

/// An outer function with a service of its own: how often its body runs, and whether its breaker opens, which a single
/// failure does.
macro_rules! scene {
    ($test:ident $name:literal: $error:ty, runs $expected:literal, $state:ident, [$($keys:tt)*]; $body:expr) => {
        #[tokio::test(start_paused = true)]
        async fn $test() {
            #[comprehensive_retry($name, max_attempts = 3, base_delay = 0, $($keys)*)]
            async fn outer(runs: &Cell<u32>, kept: &RefCell<Vec<Fault>>) -> Result<u32, $error> {
                runs.set(runs.get() + 1);
                let body: fn(_) -> _ = $body;
                body(kept).await
            }
            with_rejections(async {
                let (runs, kept) = (Cell::new(0), RefCell::default());
                outer(&runs, &kept).await.expect_err("no body succeeds");
                assert_eq!(runs.get(), $expected, "runs");
                let state = named($name).breaker_state();
                assert!(state.$state(), "{state:?}");
            })
            .await;
        }
    };
}

type Kept<'a> = &'a RefCell<Vec<Fault>>;
type Body<'a, E> = std::pin::Pin<Box<dyn Future<Output = Result<u32, E>> + 'a>>;

macro_rules! body {
    ($error:ty, $kept:ident, $($code:tt)*) => {{
        fn body($kept: Kept<'_>) -> Body<'_, $error> {
            Box::pin(async move { let _ = $kept; $($code)* })
        }
        body
    }};
}

mod made_of;

scene!(what_the_body_drops_does_not_hide_its_own_error "scene1": Fault, runs 3, is_open,
[breaker(consecutive_failures = 3)]; body!(Fault, kept, {
    pager().await.ok();
    Err(Fault::Down)
}));

scene!(what_the_body_replaces_is_its_own_error "scene2": Opaque, runs 3, is_open,
[breaker(consecutive_failures = 3)]; body!(Opaque, kept, {
    pager().await.map_err(|_| Opaque::default())
}));

scene!(an_own_error_for_a_text_is_its_own_error "scene3": Fault, runs 3, is_open,
[breaker(consecutive_failures = 3)]; body!(Fault, kept, {
    texts().await.map_err(|_| Fault::Down)
}));

scene!(what_an_error_of_unknown_type_holds_came_out "scene4": Opaque, runs 1, is_closed,
[breaker(consecutive_failures = 1)]; body!(Opaque, kept, {
    pager().await.map_err(|fault| Opaque(Some(fault)))
}));

scene!(a_clone_is_as_good_as_the_original "scene5": Opaque, runs 1, is_closed,
[breaker(consecutive_failures = 1)]; body!(Opaque, kept, {
    pager().await.map_err(|fault| Opaque(Some(fault.clone())))
}));

scene!(what_is_stored_is_still_there "scene6": Fault, runs 1, is_closed,
[breaker(consecutive_failures = 1)]; body!(Fault, kept, {
    let rejected = pager().await.err();
    kept.borrow_mut().extend(rejected);
    Err(Fault::Down)
}));

scene!(one_of_two_that_is_left_came_out "scene7": Opaque, runs 1, is_closed,
[breaker(consecutive_failures = 1)]; body!(Opaque, kept, {
    let first = pager().await;
    drop(pager().await);
    first.map_err(|fault| Opaque(Some(fault)))
}));

scene!(a_success_after_it_changes_nothing_while_it_is_there "scene8": Opaque, runs 1, is_closed,
[breaker(consecutive_failures = 1)]; body!(Opaque, kept, {
    let first = pager().await;
    fine().await?;
    first.map_err(|fault| Opaque(Some(fault)))
}));

scene!(a_call_in_between_that_drops_its_own_changes_nothing "scene9": Opaque, runs 1, is_closed,
[breaker(consecutive_failures = 1)]; body!(Opaque, kept, {
    #[comprehensive_retry("middle", max_attempts = 1)]
    async fn middle() -> Result<u32, Fault> {
        drop(pager().await);
        Err(Fault::Down)
    }
    let first = pager().await;
    drop(middle().await);
    first.map_err(|fault| Opaque(Some(fault)))
}));

scene!(what_our_conversion_loses_came_out_of_an_unknown_error "scene10": String, runs 1, is_closed,
    [breaker(consecutive_failures = 1)]; body!(String, kept, texts().await));

scene!(what_our_conversion_loses_is_over_once_another_call_succeeds "scene11": String, runs 3, is_open,
[breaker(consecutive_failures = 3)]; body!(String, kept, {
    drop(texts().await);
    drop(fine().await);
    Err("down".into())
}));

scene!(what_on_rejection_loses_came_out_of_an_unknown_error "scene12": Opaque, runs 1, is_closed,
    [breaker(consecutive_failures = 1)]; body!(Opaque, kept, blank().await));

scene!(through_two_levels_nothing_changes "scene13": Opaque, runs 1, is_closed,
[breaker(consecutive_failures = 1)]; body!(Opaque, kept, {
    #[comprehensive_retry("middle", max_attempts = 3, base_delay = 0)]
    async fn middle() -> Result<u32, Opaque> {
        blank().await
    }
    middle().await
}));

scene!(through_three_levels_what_is_held_came_out "scene14": Opaque, runs 1, is_closed,
[breaker(consecutive_failures = 1)]; body!(Opaque, kept, {
    #[comprehensive_retry("lower", max_attempts = 3, base_delay = 0)]
    async fn lower() -> Result<u32, Opaque> {
        pager().await.map_err(|fault| Opaque(Some(fault)))
    }
    #[comprehensive_retry("middle", max_attempts = 3, base_delay = 0)]
    async fn middle() -> Result<u32, Opaque> {
        lower().await
    }
    middle().await
}));

scene!(what_two_levels_held_and_the_body_drops_is_gone "scene15": Opaque, runs 3, is_open,
[breaker(consecutive_failures = 3)]; body!(Opaque, kept, {
    #[comprehensive_retry("middle", max_attempts = 3, base_delay = 0)]
    async fn middle() -> Result<u32, Opaque> {
        pager().await.map_err(|fault| Opaque(Some(fault)))
    }
    middle().await.map_err(|_| Opaque::default())
}));

scene!(an_error_of_its_own_below_is_an_error_above "scene16": Opaque, runs 3, is_open,
[breaker(consecutive_failures = 3)]; body!(Opaque, kept, {
    #[comprehensive_retry("middle", max_attempts = 1)]
    async fn middle() -> Result<u32, Opaque> {
        drop(pager().await);
        Err(Opaque::default())
    }
    middle().await
}));

scene!(retry_if_says_whether_a_rejection_is_retried_and_nothing_else "scene17": Opaque, runs 3, is_closed,
[breaker(consecutive_failures = 1), retry_if = retried]; body!(Opaque, kept, {
    pager().await.map_err(|fault| Opaque(Some(fault)))
}));

scene!(record_if_says_what_a_rejection_votes_and_nothing_else "scene18": Opaque, runs 1, is_open,
[breaker(consecutive_failures = 1, record_if = blamed)]; body!(Opaque, kept, {
    pager().await.map_err(|fault| Opaque(Some(fault)))
}));

scene!(record_if_acquits "scene19": Opaque, runs 3, is_closed,
[breaker(consecutive_failures = 1, record_if = acquitted)]; body!(Opaque, kept, {
    pager().await.map_err(|_| Opaque::default())
}));

scene!(on_error_says_what_a_rejection_is "scene20": Opaque, runs 3, is_open,
[breaker(consecutive_failures = 3), on_error = down]; body!(Opaque, kept, {
    pager().await.map_err(|fault| Opaque(Some(fault)))
}));

scene!(retry_on_speaks_before_a_rejection "scene21": Fault, runs 3, is_closed,
    [retry_on(Fault::Rejected(_))]; body!(Fault, kept, pager().await));

#[comprehensive_retry(
    "hedging",
    max_attempts = 3,
    base_delay = 0,
    idempotent = true,
    hedge(after = "1s"),
    breaker(consecutive_failures = 3)
)]
async fn hedging(runs: &Cell<u32>, holds: bool) -> Result<u32, Opaque> {
    runs.set(runs.get() + 1);
    pager().await.map_err(|fault| Opaque(holds.then_some(fault)))
}

#[tokio::test(start_paused = true)]
async fn a_copy_of_an_attempt_is_judged_by_what_it_holds() {
    with_rejections(async {
        let runs = Cell::new(0);
        hedging(&runs, true).await.expect_err("it is rejected below");
        assert_eq!((runs.get(), named("hedging").breaker_state().is_closed()), (1, true));
        runs.set(0);
        hedging(&runs, false).await.expect_err("its own error");
        assert_eq!((runs.get(), named("hedging").breaker_state().is_open()), (3, true));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_error_looks_the_same_whoever_gave_it() {
    #[comprehensive_retry("looks", max_attempts = 1)]
    async fn looks() -> Result<Option<Rejection>, Fault> {
        match pager().await {
            Err(Fault::Rejected(rejection)) => Ok(Some(rejection)),
            _ => Ok(None),
        }
    }
    with_rejections(async {
        let (outcome, answered) = answered_by(looks()).await;
        let rejection = outcome.expect("it is looked at").expect("it is rejected");
        let alike = Rejection::new(RejectionKind::CircuitOpen, "svc");
        assert_eq!((rejection.clone(), answered), (alike.clone(), Answered::Call));
        assert_eq!(format!("{rejection:?}"), format!("{alike:?}"));
        assert!(!format!("{rejection:?}").contains("mark"), "{rejection:?}");
    })
    .await;
}
