//! The functions that the scenes call: one for each scene, with the code that its key needs, or the same function for
//! all of them.

use std::cell::Cell;
use std::pin::Pin;

use resilience_runtime::registry;
use resilience_runtime::registry::Service;

use super::sites;
use crate::script::{self, Fault, Script, Step};

pub(super) type Outcome<'a> = Pin<Box<dyn Future<Output = Result<u32, Fault>> + 'a>>;

/// An annotated function.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    pub(super) attribute: &'static str,
    pub(super) service: &'static str,
    /// Its name in overrides.
    pub(super) path: &'static str,
    pub(super) call: fn(&Script) -> Outcome<'_>,
}

thread_local! {
    static SUBJECT: Cell<Option<Subject>> = const { Cell::new(None) };
    static IS_NESTED: Cell<bool> = const { Cell::new(false) };
}

/// Sets the function that the scenes of this thread call.
pub(super) fn play_with(subject: Option<Subject>) {
    SUBJECT.set(subject);
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
or_the_subject!(hedged(), answered(), cached(key), tenant(key), protected(), storeless());
