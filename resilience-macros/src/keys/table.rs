//! The table of words, in the order of the documentation.

use std::time::Duration;

use super::choice::{BUDGET_KIND, CACHE_MODE, DEPOSIT, KIND, NESTED, PRIORITY, STRATEGY};
use super::word::{Takes, Word};

const MOST: u64 = u32::MAX as u64;
const COUNT: Takes = Takes::Count { min: 1, max: MOST, or_off: false };
const COUNT_FROM_ZERO: Takes = Takes::Count { min: 0, max: MOST, or_off: false };
const SHARE: Takes = Takes::Number { min: 0.0, max: 1.0 };
// Zero would open a breaker at its first call, or pay in nothing for ever: `off` says that better.
const POSITIVE_SHARE: Takes = Takes::Number { min: 0.000_001, max: 1.0 };
const TOKENS: Takes = Takes::Number { min: 0.0, max: 1e9 };
// Per second; a millionth is less than one in eleven days.
const RATE: Takes = Takes::Number { min: 0.000_001, max: 1e9 };
const FACTOR: Takes = Takes::Number { min: 1.0, max: 100.0 };
const SPAN: Takes = Takes::Duration { least: Duration::from_nanos(1), or_off: false };
const DELAY: Takes = Takes::Duration { least: Duration::ZERO, or_off: false };
const LIMIT: Takes = Takes::Duration { least: Duration::from_nanos(1), or_off: true };

macro_rules! words {
    ($($clause:literal $name:literal $(or $alias:literal)?, $takes:expr, $key:expr, $default:literal, $help:literal;)+) => {
        /// Every word, in the order of the documentation.
        pub(crate) const WORDS: &[Word] = &[$(Word {
            name: $name,
            alias: words!(@alias $($alias)?),
            clause: $clause,
            takes: $takes,
            key: $key,
            default: $default,
            help: $help,
        }),+];
    };
    (@alias) => { None };
    (@alias $alias:literal) => { Some($alias) };
}

words! {
    "" "service", Takes::Text, None, "required", "Who is called. May be the first argument, without its name.";
    "" "kind", Takes::Choice(&KIND), Some("Kind"), "`Generic`",
        "Which template the settings start from. May be the second argument, without its name.";
    "" "priority", Takes::Choice(&PRIORITY), Some("Priority"), "the outer call's", "How important the calls are.";
    "" "max_attempts", Takes::Attempts, Some("MaxAttempts"), "template",
        "How often the body may run, the first time included; `Unlimited`: as often as fits into the `deadline`.";
    "" "strategy", Takes::Choice(&STRATEGY), Some("Strategy"), "template", "How the delay grows from attempt to attempt.";
    "" "base_delay", DELAY, Some("BaseDelay"), "template", "The delay that the strategy starts from.";
    "" "max_delay", DELAY, Some("MaxDelay"), "template", "The longest delay that a strategy makes.";
    "" "multiplier", Takes::Number { min: 1.0, max: 1e6 }, Some("Multiplier"), "2",
        "The growth factor of `Exponential`, `ExponentialJitter` and `Adaptive`.";
    "" "jitter", SHARE, Some("Jitter"), "the strategy's",
        "Which share of a delay is left to chance: a delay `x` becomes uniform in `(1 - jitter) * x ..= x`.";
    "" "attempt_timeout", Takes::Timeout, Some("AttemptTimeout"), "template",
        "How long one run of the body may take; `adaptive(…)` follows the latencies that were seen.";
    "attempt_timeout" "floor", SPAN, Some("TimeoutFloor"), "`\"10ms\"`", "Never less than this.";
    "attempt_timeout" "ceiling", SPAN, Some("TimeoutCeiling"), "the fixed timeout that it replaces",
        "Never more than this; in force until enough has been seen.";
    "attempt_timeout" "factor", FACTOR, Some("TimeoutFactor"), "2", "By how much it is longer than the quantile.";
    "attempt_timeout" "quantile", Takes::Quantile, Some("TimeoutQuantile"), "`P99`", "The quantile of the latencies that it follows.";
    "" "deadline", LIMIT, Some("Deadline"), "template", "How long the whole call may take, waits and sleeps included.";
    "" "idempotent", Takes::Switch, Some("Idempotent"), "unset",
        "`false`: retry only an error that proves the request was not processed, and never a timeout. `true`: also allows `hedge`.";
    "" "retry_on", Takes::Patterns, None, "the classification",
        "Retry only errors that match: patterns over `&E`, as in `match`. Cannot see into boxed errors.";
    "" "never_retry_on", Takes::Patterns, None, "none", "Never retry errors that match. Asked before all else.";
    "" "retry_if", Takes::Function, None, "the classification", "`fn(&E) -> bool`: retry only errors that it agrees to.";
    "" "retry_if_ok", Takes::Function, None, "none",
        "`fn(&T) -> bool`: run again after such an `Ok`. When the attempts are used up, the last `Ok` is returned.";
    "" "on_error", Takes::Function, None, "the error's own", "`fn(&E) -> Recovery`: classification by hand.";
    "" "retryable_status_codes", Takes::Codes, Some("RetryableStatusCodes"), "the classification",
        "Which HTTP status codes are retried; decides whenever the error carries a status.";
    "" "max_retry_after", DELAY, Some("MaxRetryAfter"), "`max_delay`",
        "The longest wait that a server may ask for; a longer one ends the call with the real error.";
    "" "nested_retries", Takes::Choice(&NESTED), Some("NestedRetries"), "`Allow`",
        "Whether to retry an attempt in which an inner annotated call used up its own retries.";
    "" "retry_enabled", Takes::Switch, Some("RetryEnabled"), "`true`", "Whether failed attempts are retried.";
    "" "circuit_breaker_enabled", Takes::Switch, Some("CircuitBreakerEnabled"), "`true`",
        "Whether the calls ask the breaker, and vote in it.";
    "" "retry_budget_enabled", Takes::Switch, Some("RetryBudgetEnabled"), "`true`",
        "Whether retries and hedges are paid out of the budget of the service.";
    "" "degradation_enabled", Takes::Switch, Some("DegradationEnabled"), "`true`",
        "Whether `cache`, `redirect`, `fallback` and `static_response` answer.";
    "" "redirect", Takes::Function, None, "none",
        "Another function of the same signature, which answers for a failed call. Asked after the cache.";
    "" "fallback", Takes::FunctionOrClosure, None, "none",
        "A function or closure of the arguments, or of those and `&E`, `async` or not, which answers for a failed call. Asked after `redirect`.";
    "" "fallback_if", Takes::Function, None, "every error",
        "`fn(&E) -> bool`: which errors are answered for at all, by whatever source; the others are returned. A rejection always is.";
    "" "static_response", Takes::Code, None, "none", "A `T` that answers for a failed call when nothing else did.";
    "" "degrade_timeout", SPAN, Some("DegradeTimeout"), "the attempt timeout",
        "How long `redirect` and an `async` `fallback` may take after the deadline.";
    "" "partition", Takes::Code, None, "none",
        "`Hash + Eq + Clone + Send + Sync + 'static`: breaker, budget and limits of their own for each value.";
    "" "max_partitions", Takes::Count { min: 1, max: 1_000_000, or_off: false }, Some("MaxPartitions"), "1000",
        "How many values have state of their own.";
    "" "on_rejection", Takes::Function, None, "`E: From<Rejection>`",
        "`fn(Rejection) -> E`: the error of a call that ended without one of its own.";
    "" "clone", Takes::Names, None, "none", "By-value arguments that each attempt gets a clone of, so that it may consume them.";
    "" "crate", Takes::Crate, None, "`::resilience_runtime`", "Where the runtime lives.";

    "" "breaker", Takes::Clause, Some("Breaker"), "on", "The circuit breaker of the service, or `off`.";
    "breaker" "failure_rate", POSITIVE_SHARE, Some("FailureRate"), "0.5", "The share of failures at which it opens.";
    "breaker" "min_calls", COUNT, Some("MinCalls"), "20", "How many results the window must hold before rates mean anything.";
    "breaker" "quiet_failures", Takes::Count { min: 2, max: 1_000, or_off: true }, Some("QuietFailures"), "5",
        "Below `min_calls` results in the window and without a success in it: how many failures in a row, from at least three calls within five minutes, open it.";
    "breaker" "window", Takes::Window, Some("Window"), "`\"10s\"`",
        "What it looks back on: a whole number of calls, or a string with a unit of time.";
    "breaker" "slow_call", LIMIT, Some("SlowCall"), "`off`", "From which duration on a result is slow.";
    "breaker" "slow_rate", POSITIVE_SHARE, Some("SlowRate"), "0.8", "The share of slow results at which it opens.";
    "breaker" "consecutive_failures", Takes::Count { min: 1, max: MOST, or_off: true }, Some("ConsecutiveFailures"), "`off`",
        "How many failures in a row open it, whatever the rates.";
    "breaker" "open_for", SPAN, Some("OpenFor"), "`\"5s\"`", "How long the first break lasts.";
    "breaker" "max_open_for", SPAN, Some("MaxOpenFor"), "`\"60s\"`", "How long a break may become; each failed trial doubles it.";
    "breaker" "half_open_calls", COUNT, Some("HalfOpenCalls"), "2", "How many trials may run at once while half-open.";
    "breaker" "success_threshold", COUNT, Some("SuccessThreshold"), "2", "How many successful trials close it.";
    "breaker" "record_if", Takes::Function, None, "the classification",
        "`fn(&E) -> bool`: whether an error votes as a failure, whatever its classification.";

    "" "budget", Takes::Clause, Some("Budget"), "on", "The retry budget of the service, or `off`.";
    "budget" "kind", Takes::Choice(&BUDGET_KIND), Some("BudgetKind"), "`TokenBucket`", "How the budget counts.";
    "budget" "ratio", SHARE, Some("BudgetRatio"), "0.1", "How many tokens one deposit brings.";
    "budget" "min_per_second" or "refill_rate", TOKENS, Some("MinPerSecond"), "1",
        "How many tokens come in by themselves, per second.";
    "budget" "burst_capacity", COUNT_FROM_ZERO, Some("BurstCapacity"), "10",
        "How many tokens it holds, full at the start; in the window kinds, retries in any one second.";
    "budget" "deposit", Takes::Choice(&DEPOSIT), Some("BudgetDeposit"), "`Call`", "What makes a deposit.";
    "budget" "cost", TOKENS, Some("BudgetCost"), "1", "What a retry costs.";
    "budget" "throttled_cost", TOKENS, Some("ThrottledCost"), "1", "What a retry of a throttled attempt costs.";
    "budget" "max_retries_per_minute", COUNT_FROM_ZERO, Some("MaxRetriesPerMinute"), "60",
        "How many retries a minute may see, in the window kinds.";
    "budget" "max_retries_per_hour", COUNT_FROM_ZERO, Some("MaxRetriesPerHour"), "1000",
        "How many retries an hour may see, in the window kinds.";
    "budget" "adaptive_threshold", POSITIVE_SHARE, Some("AdaptiveThreshold"), "0.8",
        "The success rate below which an `Adaptive` budget pays in less.";

    "" "bulkhead", Takes::Clause, Some("Bulkhead"), "`off`", "How many attempts may run at once.";
    "bulkhead" "max_concurrent", COUNT, Some("MaxConcurrent"), "64", "Attempts that run at once.";
    "bulkhead" "max_queue", COUNT_FROM_ZERO, Some("MaxQueue"), "64", "Attempts that may wait; 0 rejects at once.";
    "bulkhead" "max_wait", DELAY, Some("BulkheadMaxWait"), "`\"1s\"`", "How long one may wait; the deadline bounds it as well.";
    "bulkhead" "adaptive", Takes::Switch, Some("BulkheadAdaptive"), "`false`",
        "Whether the limit follows the latency, up to `max_concurrent`.";
    "bulkhead" "min_concurrent", COUNT, Some("MinConcurrent"), "1", "The least that an adaptive limit goes down to.";

    "" "rate_limit", Takes::Clause, Some("RateLimit"), "`off`", "How many attempts may start in a second.";
    "rate_limit" "per_second", RATE, Some("PerSecond"), "100", "Attempts per second, spread evenly.";
    "rate_limit" "burst", COUNT, Some("RateBurst"), "10", "How many may start at once after a quiet time.";
    "rate_limit" "max_wait", DELAY, Some("RateMaxWait"), "0", "How long an attempt may wait for its turn.";

    "" "throttle", Takes::Clause, Some("Throttle"), "`off`", "Rejects attempts here when the service rejects many.";
    "throttle" "k", FACTOR, Some("ThrottleK"), "2", "How many attempts per accepted one are let through.";
    "throttle" "window", Takes::Duration { least: Duration::from_millis(100), or_off: false }, Some("ThrottleWindow"),
        "`\"2m\"`", "How far it looks back.";

    "" "hedge", Takes::Clause, Some("Hedge"), "`off`",
        "Starts copies of a slow attempt; the first answer wins. Needs `idempotent = true`.";
    "hedge" "after", Takes::AfterOrQuantile, Some("HedgeAfter"), "`P95`", "When the next copy starts.";
    "hedge" "max", Takes::Count { min: 1, max: 10, or_off: false }, Some("HedgeMax"), "1", "How many copies beyond the first.";

    "" "cache", Takes::Clause, Some("Cache"), "`off`", "Keeps answers of this function, `Ok` values only.";
    "cache" "key", Takes::Code, None, "required with arguments", "Which calls have the same answer: `Hash + Eq + Clone + Send + Sync + 'static`.";
    "cache" "ttl", SPAN, Some("CacheTtl"), "`\"1m\"`", "How long an answer is fresh.";
    "cache" "stale_for", DELAY, Some("CacheStaleFor"), "`\"5m\"`", "How long it may still be served after that.";
    "cache" "capacity", COUNT, Some("CacheCapacity"), "1000", "How many answers are kept.";
    "cache" "mode", Takes::Choice(&CACHE_MODE), Some("CacheMode"), "`OnFailure`",
        "`ReadThrough` answers before the call, and calls with one key share one execution.";
}
