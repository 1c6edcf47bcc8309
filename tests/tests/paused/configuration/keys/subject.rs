//! The functions that the scenes call: one for each scene, with the code that its key needs, or the same function for
//! all of them.

use std::cell::{Cell, RefCell};
use std::pin::Pin;

use resilience_runtime::registry::Service;
use resilience_runtime::{Patch, registry, testing};
use tokio::time::Instant;

use super::scenes::Scene;
use super::sites;
use crate::script::{self, Fault, Script, Step, secs};

pub(super) type Outcome<'a> = Pin<Box<dyn Future<Output = Result<u32, Fault>> + 'a>>;

/// An annotated function, or a handle.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    pub(super) attribute: &'static str,
    pub(super) service: &'static str,
    /// Its name in overrides.
    pub(super) path: &'static str,
    pub(super) call: fn(&Script) -> Outcome<'_>,
}

/// What a scene needs of a call, where that can be said at the call.
#[derive(Clone, Copy)]
pub(super) enum Need {
    Nothing,
    Partition(u32),
    /// Something that never answers for a failed call, and something behind it that does.
    Answers,
}

thread_local! {
    static BEGAN: Cell<Option<Instant>> = const { Cell::new(None) };
    static SUBJECT: Cell<Option<Subject>> = const { Cell::new(None) };
    static IS_NESTED: Cell<bool> = const { Cell::new(false) };
    static NEED: Cell<Need> = const { Cell::new(Need::Nothing) };
    static OF_HANDLE: RefCell<Patch> = RefCell::default();
}

/// Plays a scene with one function, in a world that other functions have played in: what is seen, whatever the service is
/// called.
pub(super) async fn play_with(subject: Subject, scene: Scene) -> String {
    testing::seed(7);
    testing::set_pressure(0.0);
    on_the_second().await;
    SUBJECT.set(Some(subject));
    // Without a time limit, a body that hangs is awaited for ever.
    let played = tokio::time::timeout(secs(10_000), scene.play()).await;
    SUBJECT.set(None);
    played.map_or_else(|_| "hangs".to_owned(), |seen| seen.replace(&format!("{:?}", subject.service), "svc"))
}

/// Timers ring on whole milliseconds: what begins between two of them sees other times.
async fn on_the_second() {
    let began = BEGAN.get().unwrap_or_else(Instant::now);
    BEGAN.set(Some(began));
    tokio::time::sleep_until(began + secs(began.elapsed().as_secs() + 1)).await;
}

/// What the call of the scene needs.
pub(super) fn need() -> Need {
    NEED.get()
}

/// Sets what the handles of this thread are built with.
pub(super) fn build_with(settings: Patch) {
    OF_HANDLE.replace(settings);
}

/// What they are built with.
pub(super) fn settings_of_handle() -> Patch {
    OF_HANDLE.with_borrow(Clone::clone)
}

/// The body of a subject: it does what the script says, inside another call if the scene needs that.
pub(super) async fn body(script: &Script) -> Result<u32, Fault> {
    if IS_NESTED.get() { sites::inner(script).await } else { script.step().await }
}

pub(super) async fn call(script: &Script) -> Result<u32, Fault> {
    match SUBJECT.get() {
        Some(subject) => (subject.call)(script).await,
        None => script::call(script).await,
    }
}

pub(super) async fn ask(step: Step) -> Result<u32, Fault> {
    call(&Script::new([step])).await
}

pub(super) fn service() -> &'static Service {
    let name = SUBJECT.get().map_or("svc", |subject| subject.service);
    registry().service(name).expect("it has been called")
}

pub(super) async fn around(script: &Script) -> Result<u32, Fault> {
    if SUBJECT.get().is_none() {
        return sites::around(script).await;
    }
    IS_NESTED.set(true);
    let outcome = call(script).await;
    IS_NESTED.set(false);
    outcome
}

pub(super) async fn tenant(tenant: u32, script: &Script) -> Result<u32, Fault> {
    match SUBJECT.get() {
        Some(subject) => with(subject, Need::Partition(tenant), script).await,
        None => sites::tenant(tenant, script).await,
    }
}

pub(super) async fn answered(script: &Script) -> Result<u32, Fault> {
    match SUBJECT.get() {
        Some(subject) => with(subject, Need::Answers, script).await,
        None => sites::answered(script).await,
    }
}

async fn with(subject: Subject, need: Need, script: &Script) -> Result<u32, Fault> {
    NEED.set(need);
    let outcome = (subject.call)(script).await;
    NEED.set(Need::Nothing);
    outcome
}

macro_rules! or_the_subject {
    ($($name:ident($($key:ident)?)),+) => {$(
        pub(super) async fn $name($($key: u32,)? script: &Script) -> Result<u32, Fault> {
            match SUBJECT.get() {
                Some(subject) => (subject.call)(script).await,
                None => sites::$name($($key,)? script).await,
            }
        }
    )+};
}
or_the_subject!(hedged(), cached(key), protected(), storeless());
