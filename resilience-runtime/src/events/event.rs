//! Data: everything that is worth telling, and what is said of each; how it reads in the log, `log` decides. Two sorts, since there
//! are few of one and as many as failures of the other.

use std::fmt::Display;
use std::time::Duration;

use super::pace::Pace;
#[cfg(feature = "testing")]
use super::step::CallStep;
use super::summary::Summary;
use super::why::Why;
use crate::clock::Tick;

/// Something that has happened.
#[derive(Clone, Copy)]
pub(crate) enum Event<'a> {
    /// To the state of a service, or to the process.
    Rare(Rare<'a>),
    /// To one call. Made for listeners alone: see [`is_told`](super::is_told).
    OfCall(Function<'a>, OfCall),
    /// What a call of that service does: for the record of an isolated registry alone.
    #[cfg(feature = "testing")]
    Step(&'static str, CallStep),
}

/// What happens to the state of a service, or to the process.
#[derive(Clone, Copy)]
pub(crate) enum Rare<'a> {
    /// A breaker lets no calls pass any more.
    BreakerOpened {
        service: &'static str,
        of: BreakerOf,
        from: &'static str,
        to: &'static str,
        /// How long the break lasts; `None` until somebody resets it.
        open_for: Option<Duration>,
        /// The window of its settings.
        window: Option<&'a dyn Display>,
        /// The rule that opened it, by the word of its setting.
        opened_by: Option<&'static str>,
        /// What the window held; `None` where no window had a part in it.
        readings: Option<Readings>,
    },
    /// A breaker has changed in another way.
    BreakerChanged { service: &'static str, of: BreakerOf, from: &'static str, to: &'static str },
    /// A retry was refused, as the budget is empty.
    BudgetExhausted { service: &'static str },
    /// A retry was paid for again.
    BudgetRefilled { service: &'static str },
    /// The process sheds more calls than before.
    ShedsMore { from: &'static str, shed: &'static str, pressure: f64, source: Option<&'static str> },
    /// It sheds fewer.
    ShedsFewer { from: &'static str, shed: &'static str, pressure: f64 },
    /// Settings of a service were overridden at run time.
    OverrideSet { service: &'static str },
    /// They go by the file and the attributes again.
    OverrideCleared { service: &'static str },
    /// A configuration is in force, whether it was a file or a text.
    #[cfg(any(test, feature = "config"))]
    ConfigurationApplied,
    /// A configuration is faulty, and changed nothing.
    #[cfg(feature = "config")]
    ConfigurationTurnedDown,
    /// The program has loaded a configuration file.
    #[cfg(feature = "config")]
    ConfigurationLoaded { path: &'a str, services: usize },
    /// A followed file has changed and is in force; `is_back` says that it was refused before.
    #[cfg(feature = "config")]
    ConfigurationReloaded { path: &'a str, is_back: bool },
    /// A followed file has changed and is refused.
    #[cfg(feature = "config")]
    ConfigurationRefused { path: &'a str, error: &'a dyn Display },
    /// The settings are odd in some way.
    Found { finding: &'a dyn Display },
    /// A function is among those that answer for it.
    RedirectCycle { service: &'a str, function: &'static str, file: &'static str, line: u32 },
    /// OpenTelemetry has no room for the series of so many services.
    #[cfg(feature = "otel")]
    SeriesOverflow { services: usize },
    /// The dashboard and what belongs to it.
    #[cfg(feature = "server")]
    OfServer(OfServer<'a>),
    /// What an interval was like for the callers of a service.
    Summary(&'a Summary<'a>),
    /// A store of idempotency records does not answer.
    StoreAway { store: &'a str, reason: &'a str },
    /// It answers again.
    StoreBack { store: &'a str },
    /// A store has not taken a result for as long as it was offered.
    ResultNotStored { service: &'static str, function: &'static str, store: &'a str },
    /// Results were removed from memory before their time.
    ResultsEvicted,
    /// A rule of chaos acts from now on.
    #[cfg(feature = "testing")]
    ChaosArmed { rule: &'a str, label: &'static str, target: &'a str, does: &'static str },
    /// A rule of chaos acts no more.
    #[cfg(feature = "testing")]
    ChaosDisarmed { rule: &'a str, label: &'static str, injected: u64 },
    /// The system has no thread to give.
    NoThread { thread: &'static str, error: &'a dyn Display },
}

/// What happens to the server of the dashboard, and what is done through it.
#[cfg(feature = "server")]
#[derive(Clone, Copy)]
pub(crate) enum OfServer<'a> {
    /// It listens there.
    Started { address: &'a dyn Display },
    /// The file asks for it, and it cannot listen.
    NotStarted { address: &'a dyn Display, error: &'a dyn Display },
    /// It accepts no connection.
    AcceptsNone { error: &'a dyn Display },
    /// An operator has acted; `changed` has each change with what was before, `known` the service as it is kept.
    Acted {
        service: &'a str,
        known: Option<&'static str>,
        action: &'static str,
        changed: &'a str,
        lifetime_seconds: Option<u64>,
    },
    /// What an operator did is undone.
    TimeIsUp { service: &'a str, known: Option<&'static str>, of: &'static str },
}

/// Whose breaker it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BreakerOf {
    /// That of all calls without a partition of their own.
    Service,
    /// That of a partition. There may be thousands, so that not all of their events are kept.
    Partition { is_kept: bool },
}

/// The results that a breaker went by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Readings {
    /// Results of every sort.
    pub(crate) calls: u64,
    /// Failures among them.
    pub(crate) failures: u64,
    /// Their share.
    pub(crate) failure_rate: f64,
    /// The share of slow results, where these count.
    pub(crate) slow_rate: Option<f64>,
}

/// The function whose call an event is about, and how many of such events may be told.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "the name of the function")]
pub(crate) struct Function<'a> {
    pub(crate) service: &'static str,
    pub(crate) function: &'static str,
    pub(crate) pace: &'a Pace,
    pub(crate) now: Tick,
}

/// How many attempts a call may make, all settings considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allowed {
    /// So many.
    AtMost(u32),
    /// As many as fit into its deadline.
    Unlimited,
}

/// What happens to one call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OfCall {
    /// An attempt has failed, and another follows.
    Retrying {
        attempt: u32,
        allowed: Allowed,
        delay: Duration,
        outcome: &'static str,
        /// What is known of the failure, with the rule that is for another attempt.
        why: Why,
    },
    /// It has ended without a success.
    Failed {
        attempts: u32,
        allowed: Allowed,
        reason: &'static str,
        rejection: Option<&'static str>,
        why: Why,
    },
    /// A rule of chaos, or a script, has hit one of its attempts.
    #[cfg(feature = "testing")]
    Injected { rule: &'static str, fault: &'static str },
    /// The rules of its service, which is only observed, would have done that with it; of a retry, after an attempt that has
    /// ended so, and after that delay.
    Would { decision: &'static str, reason: Option<&'static str>, delay: Option<Duration> },
    /// Nobody is to answer for its error.
    LeftAlone,
    /// One who was to answer for it could not.
    NoAnswer { source: &'static str, reason: &'static str },
    /// Somebody has answered for it.
    Answered { source: &'static str, stale: bool },
}
