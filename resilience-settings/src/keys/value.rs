//! Data: the values that keys take, as small enums and one sum of them all.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use crate::Priority;
use crate::duration;
use crate::policy::kind::ServiceKind;
use crate::policy::numbers::Ratio;
use crate::policy::percentile::Percentile;
use crate::words;

words! {
    /// How the delay before a retry grows. The formulas stand with each variant; `n` is the number of the
    /// failed attempt, from 1, and `d(n) = min(max_delay, base_delay * multiplier^(n-1))`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Strategy {
        /// `d(n)`.
        Exponential = "exponential",
        /// `d(n)`, with full jitter unless `jitter` says less (AWS Architecture Blog, 2015).
        #[default]
        ExponentialJitter = "exponential_jitter",
        /// `min(max_delay, base_delay * n)`.
        Linear = "linear",
        /// `base_delay`.
        Fixed = "fixed",
        /// Uniform in `[0, min(max_delay, f * d(n))]`, with `f` in `[1, 4]` growing with the failure rate of
        /// the service and the pressure on the process.
        Adaptive = "adaptive",
        /// `min(max_delay, base_delay * fib(n))` with fib = 1, 1, 2, 3, 5, …
        Fibonacci = "fibonacci",
        /// `min(max_delay, uniform[base_delay, 3 * previous])`; `previous` starts at `base_delay`
        /// (AWS Architecture Blog, 2015).
        DecorrelatedJitter = "decorrelated_jitter",
        /// Uniform in `[(1 - j) * base_delay, (1 + j) * base_delay]`, `j` from `jitter`, 0.25 by default.
        ConstantJitter = "constant_jitter",
    }
}

words! {
    /// How a retry budget counts.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum BudgetKind {
        /// Each call deposits a share of a token, each retry takes one.
        #[default]
        TokenBucket = "token_bucket",
        /// So many retries in any minute and in any hour.
        SlidingWindow = "sliding_window",
        /// So many retries in each minute and in each hour since the service was first called.
        FixedWindow = "fixed_window",
        /// A token bucket whose deposits shrink as the success rate falls.
        Adaptive = "adaptive",
    }
}

words! {
    /// What makes a deposit in a token bucket.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Deposit {
        /// Every call whose body ran.
        #[default]
        Call = "call",
        /// Every call that ended well.
        Success = "success",
    }
}

words! {
    /// Whether a call retries an attempt in which an inner annotated call already used up its own retries.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum NestedRetries {
        /// Yes; each layer pays from its own budget.
        #[default]
        Allow = "allow",
        /// No: the failure goes up at once.
        Suppress = "suppress",
    }
}

words! {
    /// When a response cache answers.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum CacheMode {
        /// Only when the call has failed.
        #[default]
        OnFailure = "on_failure",
        /// Before the call is made; concurrent calls with one key share one execution.
        ReadThrough = "read_through",
    }
}

words! {
    /// What a call does when the store of its idempotency records is away.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum OnUnavailable {
        /// It is rejected: nothing runs twice.
        #[default]
        Reject = "reject",
        /// It runs without protection, says so, and stores its result once the store is back.
        Run = "run",
    }
}

words! {
    /// Whether the rules of a service act on its calls.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Mode {
        /// They do.
        #[default]
        Enforce = "enforce",
        /// They only say what they would do: the body runs as if there were no attribute.
        Observe = "observe",
    }
}

/// What a breaker looks back on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Window {
    /// The last so many results, exactly, in one ring shared by all threads.
    Calls(u32),
    /// The results of the last so much time, exact to a tenth of it, kept per thread.
    Time(Duration),
}

/// The value of a key, whatever its kind.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Explicitly nothing: `breaker = off`, `deadline = off`.
    Off,
    /// A clause that is written, or a `bool`.
    Switch(bool),
    /// A whole number.
    Count(u64),
    /// As many as fit into the deadline.
    Unlimited,
    /// A ratio or factor.
    Number(f64),
    /// A length of time.
    Duration(Duration),
    /// An attempt timeout that follows the latencies.
    Adaptive,
    /// A quantile of the latencies.
    Quantile(Ratio),
    /// A strategy.
    Strategy(Strategy),
    /// A kind of budget.
    BudgetKind(BudgetKind),
    /// What deposits.
    Deposit(Deposit),
    /// Whether to retry above an inner call that gave up.
    NestedRetries(NestedRetries),
    /// When a cache answers.
    CacheMode(CacheMode),
    /// What happens without a store.
    OnUnavailable(OnUnavailable),
    /// Whether the rules act.
    Mode(Mode),
    /// A priority.
    Priority(Priority),
    /// A kind of service.
    Kind(ServiceKind),
    /// What a breaker looks back on.
    Window(Window),
    /// HTTP status codes.
    StatusCodes(Cow<'static, [u16]>),
    /// An address to listen on; boxed, as it would make every value larger.
    Address(Box<IpAddr>),
}

impl fmt::Display for Value {
    /// As a file would say it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Switch(on) => write!(f, "{on}"),
            Self::Count(count) => write!(f, "{count}"),
            Self::Unlimited => f.write_str("unlimited"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Duration(time) | Self::Window(Window::Time(time)) => f.write_str(&duration::text(*time)),
            Self::Window(Window::Calls(calls)) => write!(f, "{calls} calls"),
            Self::Adaptive => f.write_str("adaptive"),
            Self::Quantile(ratio) => match Percentile::of(*ratio) {
                Some(word) => word.fmt(f),
                None => write!(f, "{}", ratio.get()),
            },
            Self::Strategy(word) => word.fmt(f),
            Self::BudgetKind(word) => word.fmt(f),
            Self::Deposit(word) => word.fmt(f),
            Self::NestedRetries(word) => word.fmt(f),
            Self::CacheMode(word) => word.fmt(f),
            Self::OnUnavailable(word) => word.fmt(f),
            Self::Mode(word) => word.fmt(f),
            Self::Priority(word) => word.fmt(f),
            Self::Kind(word) => word.fmt(f),
            Self::Address(address) => write!(f, "{address}"),
            Self::StatusCodes(codes) => {
                f.write_str("[")?;
                for (index, code) in codes.iter().enumerate() {
                    write!(f, "{}{code}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
        }
    }
}
