//! One way to make calls, with its name and configuration: what all measurements take their cases from.

use std::fmt;
use std::future::Future;
use std::hint::black_box;
use std::pin::Pin;
use std::sync::OnceLock;

/// A number of calls, one after the other.
pub type Batch = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How many services of its own a case can have.
pub const LANES: usize = 64;

type Start = Box<dyn Fn(usize, u64) -> Batch + Send + Sync>;

/// One library in one configuration, ready to make calls.
pub struct Case {
    /// What is compared.
    pub group: &'static str,
    /// Who does it.
    pub name: &'static str,
    /// What is configured.
    pub configured: &'static str,
    /// Whether a call waits for tokio's timer, so that it takes milliseconds.
    pub sleeps: bool,
    start: Start,
}

impl Case {
    /// A case of which `start` makes the calls: given the lane and their number.
    pub fn new(
        group: &'static str,
        name: &'static str,
        configured: &'static str,
        start: impl Fn(usize, u64) -> Batch + Send + Sync + 'static,
    ) -> Self {
        Self { group, name, configured, sleeps: false, start: Box::new(start) }
    }

    /// A case whose lanes are services made by `setup`, of which each batch gets a clone. Clones share their state.
    pub fn with_service<S: Clone + Send + Sync + 'static>(
        group: &'static str,
        name: &'static str,
        configured: &'static str,
        setup: impl Fn() -> S + Send + Sync + 'static,
        run: impl Fn(S, u64) -> Batch + Send + Sync + 'static,
    ) -> Self {
        let lanes: [OnceLock<S>; LANES] = [const { OnceLock::new() }; LANES];
        Self::new(group, name, configured, move |lane, calls| {
            run(lanes[lane % LANES].get_or_init(&setup).clone(), calls)
        })
    }

    /// Says that each call of it waits for tokio's timer.
    #[must_use]
    pub fn sleeping(mut self) -> Self {
        self.sleeps = true;
        self
    }

    /// Whether it is about this library.
    pub fn is_ours(&self) -> bool {
        self.name.starts_with("ours")
    }

    /// Whether nothing is around the body.
    pub fn is_bare(&self) -> bool {
        self.group == "bare body"
    }

    /// `group/name`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.group, self.name)
    }

    /// That many calls on the service of a lane, made when polled. Within a tokio runtime; always the same one, for
    /// some peers start a task of theirs in the first.
    pub fn start(&self, lane: usize, calls: u64) -> Batch {
        (self.start)(lane, calls)
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Case")
            .field("group", &self.group)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What a measuring loop does with a result. A case that does not do what it should is a bug of the benchmark.
pub trait Outcome {
    /// Takes a success.
    ///
    /// # Panics
    ///
    /// When it is none.
    fn must_succeed(self);

    /// Takes a failure.
    ///
    /// # Panics
    ///
    /// When it is none.
    fn must_fail(self);
}

impl<E> Outcome for Result<u64, E> {
    #[inline]
    fn must_succeed(self) {
        match self {
            // Not the result itself: see `ops`.
            Ok(value) => drop(black_box(value)),
            Err(_) => surprise("failed"),
        }
    }

    #[inline]
    fn must_fail(self) {
        if self.is_ok() {
            surprise("succeeded");
        }
    }
}

impl<E, Late> Outcome for Result<Result<u64, E>, Late> {
    #[inline]
    fn must_succeed(self) {
        match self {
            Ok(inner) => inner.must_succeed(),
            Err(_) => surprise("failed"),
        }
    }

    #[inline]
    fn must_fail(self) {
        if let Ok(Ok(_)) = self {
            surprise("succeeded");
        }
    }
}

#[cold]
#[inline(never)]
fn surprise(how: &str) {
    panic!("a measured call {how}");
}

/// A case from the service and one call on it: `case!(group, name, configured, || service, |service, value| call)`.
/// The calls must succeed, or fail when `fails` stands before the call.
macro_rules! case {
    ($group:expr, $name:expr, $configured:expr, || $setup:expr, |$service:pat_param, $value:ident| fails $call:expr) => {
        $crate::case::case!(@ $group, $name, $configured, $setup, $service, $value, $call, must_fail)
    };
    ($group:expr, $name:expr, $configured:expr, || $setup:expr, |$service:pat_param, $value:ident| $call:expr) => {
        $crate::case::case!(@ $group, $name, $configured, $setup, $service, $value, $call, must_succeed)
    };
    (@ $group:expr, $name:expr, $configured:expr, $setup:expr, $service:pat_param, $value:ident, $call:expr, $must:ident) => {
        $crate::Case::with_service($group, $name, $configured, || $setup, |$service, calls| {
            Box::pin(async move {
                for round in 0..calls {
                    let $value = ::std::hint::black_box(round);
                    $crate::Outcome::$must($call.await);
                }
            })
        })
    };
}

pub(crate) use case;
