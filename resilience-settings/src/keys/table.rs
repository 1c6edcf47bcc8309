//! The table of all keys: a new setting begins here, with its names, clause, shape, default and help. Out of it come the keys,
//! the setters of a patch, and the fields of the checked settings.
//!
//! The keys stand under the settings that hold their values, in the order of the documentation. Behind the name of a key stands
//! the type of its field, which has the same name; a key without one is no field by itself. Behind `=>` stands the built-in
//! value, as the setter takes it; what has none is unset until written. Changing one changes what running programs do, so tests
//! pin them all.

/// Hands the table to the macro that makes something of it, after what that macro is given besides.
macro_rules! keys {
    ($make:ident $($given:tt)*) => {
        $make! {
            $($given)*
            ServicePolicy {
                /// What sort of dependency the service is; chooses its template.
                Kind: Top kind: ServiceKind, Service, Shape::Kind, kind(ServiceKind) = Value::Kind => ServiceKind::Generic,
                    "`Generic`", "Which template the settings start from. May be the second argument, without its name.";
            } CallPolicy {
                /// How important the calls are.
                Priority: Top priority: Option<Priority>, Call, Shape::Priority, priority(Priority) = Value::Priority,
                    "the outer call's", "How important the calls are.";
                /// How often the body may run in one call, the first time included.
                MaxAttempts: Top max_attempts: u32, Call, Shape::Attempts, max_attempts(u32) = count => 3,
                    "template", "How often the body may run, the first time included; `Unlimited`: as often as fits into the `deadline`.";
            } Backoff {
                /// How the delay grows from attempt to attempt.
                Strategy: Top strategy: Strategy, Call, Shape::Strategy, strategy(Strategy) = Value::Strategy => Strategy::ExponentialJitter,
                    "template", "How the delay grows from attempt to attempt.";
                /// The delay that the strategy starts from.
                BaseDelay: Top base_delay: Duration, Call, Shape::DELAY, base_delay(Duration) = Value::Duration => Duration::from_millis(200),
                    "template", "The delay that the strategy starts from.";
                /// The longest delay that a strategy makes.
                MaxDelay: Top max_delay: Duration, Call, Shape::DELAY, max_delay(Duration) = Value::Duration => Duration::from_secs(5),
                    "template", "The longest delay that a strategy makes.";
                /// The growth factor of the exponential strategies, at least 1.
                Multiplier: Top multiplier: Multiplier, Call, Shape::Number { min: 1.0, max: 1e6 }, multiplier(f64) = Value::Number => 2.0,
                    "2", "The growth factor of `Exponential`, `ExponentialJitter` and `Adaptive`.";
                /// Which share of a delay is left to chance, 0 to 1; unset, 1 for `exponential_jitter`, 0.25 for `constant_jitter`, else 0.
                Jitter: Top jitter: Option<Ratio>, Call, Shape::SHARE, jitter(f64) = Value::Number,
                    "the strategy's", "Which share of a delay is left to chance: a delay `x` becomes uniform in `(1 - jitter) * x ..= x`.";
            } AdaptiveTimeout {
                /// How long one run of the body may take.
                AttemptTimeout: Top attempt_timeout, Call, Shape::Timeout, attempt_timeout(Option<Duration>) = limit => Some(Duration::from_secs(2)),
                    "template", "How long one run of the body may take; `adaptive(…)` follows the latencies that were seen.";
                /// The least that an adaptive attempt timeout goes down to.
                // A shorter timeout measures the scheduler more than the service.
                TimeoutFloor: AttemptTimeout floor: Duration, Call, Shape::SPAN, attempt_timeout_floor(Duration) = Value::Duration => Duration::from_millis(10),
                    "`\"10ms\"`", "Never less than this.";
                /// The most that an adaptive attempt timeout goes up to; when unset, the attempt timeout that it replaces.
                TimeoutCeiling: AttemptTimeout ceiling: Duration, Call, Shape::SPAN, attempt_timeout_ceiling(Duration) = Value::Duration,
                    "the fixed timeout that it replaces", "Never more than this; in force until enough has been seen.";
                /// By how much an adaptive attempt timeout is longer than the quantile.
                // At 1 each hundredth attempt would be cut for ever, and what is cut makes the next timeout shorter; twice the
                // usual is what a service under load still answers in.
                TimeoutFactor: AttemptTimeout factor: Multiplier, Call, Shape::Number { min: 1.0, max: 100.0 },
                    attempt_timeout_factor(f64) = Value::Number => 2.0,
                    "2", "By how much it is longer than the quantile.";
                /// The quantile of the latencies that an adaptive attempt timeout follows.
                TimeoutQuantile: AttemptTimeout quantile: Ratio, Call, Shape::Quantile, attempt_timeout_quantile(Ratio) = Value::Quantile => Percentile::P99.ratio(),
                    "`P99`", "The quantile of the latencies that it follows.";
            } CallPolicy {
                /// How long the whole call may take, waits and sleeps included.
                Deadline: Top deadline: Option<Duration>, Call, Shape::LIMIT, deadline(Option<Duration>) = limit => Some(Duration::from_secs(10)),
                    "template", "How long the whole call may take, waits and sleeps included.";
                /// How long a redirect or an asynchronous fallback may take after the deadline; the attempt timeout when unset.
                DegradeTimeout: Top degrade_timeout: Option<Duration>, Call, Shape::SPAN, degrade_timeout(Duration) = Value::Duration,
                    "the attempt timeout", "How long `redirect` and an `async` `fallback` may take after the deadline.";
                /// Whether the body may run twice. `false` retries only what provably was not processed.
                Idempotent: Top idempotent: Option<bool>, Call, Shape::Switch, idempotent(bool) = Value::Switch,
                    "unset", "`false`: retry only an error that proves the request was not processed, and never a timeout. `true`: also allows `hedge`.";
                /// Which HTTP status codes are retried; decides whenever the error has a status.
                RetryableStatusCodes: Top retryable_status_codes: Option<StatusCodes>, Call, Shape::StatusCodes,
                    retryable_status_codes(Vec<u16>) = |codes| Value::StatusCodes(codes.into()),
                    "the classification", "Which HTTP status codes are retried; decides whenever the error carries a status.";
                /// The longest wait that a server may ask for; `max_delay` when unset.
                MaxRetryAfter: Top max_retry_after: Duration, Call, Shape::DELAY, max_retry_after(Duration) = Value::Duration,
                    "`max_delay`", "The longest wait that a server may ask for; a longer one ends the call with the real error.";
                /// Whether to retry an attempt in which an inner annotated call used up its own retries.
                NestedRetries: Top nested_retries: NestedRetries, Call, Shape::NestedRetries, nested_retries(NestedRetries) = Value::NestedRetries => NestedRetries::Allow,
                    "`Allow`", "Whether to retry an attempt in which an inner annotated call used up its own retries.";
            } ServicePolicy {
                /// Whether the rules of the service act on its calls, or only say what they would do.
                Mode: Top mode: Mode, Service, Shape::Mode, mode(Mode) = Value::Mode => Mode::Enforce,
                    "`Enforce`", "`Observe`: the body runs as if there were no attribute, and the rules only count what they would do.";
            } CallPolicy {
                /// Whether failed attempts are retried at all.
                RetryEnabled: Top retry_enabled: bool, Call, Shape::Switch, retry_enabled(bool) = Value::Switch => true,
                    "`true`", "Whether failed attempts are retried.";
                /// Whether the calls ask the breaker of the service, and vote in it.
                CircuitBreakerEnabled: Top circuit_breaker_enabled: bool, Call, Shape::Switch,
                    circuit_breaker_enabled(bool) = Value::Switch => true,
                    "`true`", "Whether the calls ask the breaker, and vote in it.";
                /// Whether retries and hedges of this site are paid out of the budget of the service.
                RetryBudgetEnabled: Top retry_budget_enabled: bool, Call, Shape::Switch,
                    retry_budget_enabled(bool) = Value::Switch => true,
                    "`true`", "Whether retries and hedges are paid out of the budget of the service.";
                /// Whether cache, redirect, fallback and static response answer for a failed call.
                DegradationEnabled: Top degradation_enabled: bool, Call, Shape::Switch, degradation_enabled(bool) = Value::Switch => true,
                    "`true`", "Whether `cache`, `redirect`, `fallback` and `static_response` answer.";
            } ServicePolicy {
                /// How many partitions of the service may have state of their own.
                MaxPartitions: Top max_partitions: u32, Service, Shape::whole(1, 1_000_000), max_partitions(u32) = count => 1_000,
                    "1000", "How many values have state of their own.";
            } BreakerSettings {
                /// Whether the service has a circuit breaker.
                Breaker: Top breaker, Service, Shape::Table, breaker(bool) = switch => true,
                    "on", "The circuit breaker of the service, or `off`.";
                /// The share of failures at which the breaker opens.
                FailureRate: Breaker failure_rate: Ratio, Service, Shape::POSITIVE_SHARE, breaker_failure_rate(f64) = Value::Number => 0.5,
                    "0.5", "The share of failures at which it opens.";
                /// How many results the window must hold before rates mean anything.
                MinCalls: Breaker min_calls: u32, Service, Shape::COUNT, breaker_min_calls(u32) = count => 20,
                    "20", "How many results the window must hold before rates mean anything.";
                /// Below `min_calls` results in the window, how many failures from at least three calls open the breaker.
                QuietFailures: Breaker quiet_failures: Option<u32>, Service,
                    Shape::QUIET_FAILURES,
                    breaker_quiet_failures(Option<u32>) = |n| n.map_or(Value::Off, |n| Value::Count(n.into())) => Some(5),
                    "5", "Below `min_calls` results in the window and without a success in it: how many failures in a row, from at least three calls within five minutes, open it.";
                /// What the breaker looks back on: a number of calls, or a length of time.
                Window: Breaker window: Window, Service, Shape::Window, breaker_window(Window) = Value::Window => Window::Time(Duration::from_secs(10)),
                    "`\"10s\"`", "What it looks back on: a whole number of calls, or a string with a unit of time.";
                /// From which duration on a result is slow.
                SlowCall: Breaker slow_call: Option<Duration>, Service, Shape::LIMIT,
                    breaker_slow_call(Option<Duration>) = limit => None,
                    "`off`", "From which duration on a result is slow.";
                /// The share of slow results at which the breaker opens.
                SlowRate: Breaker slow_rate: Ratio, Service, Shape::POSITIVE_SHARE, breaker_slow_rate(f64) = Value::Number => 0.8,
                    "0.8", "The share of slow results at which it opens.";
                /// How many failures in a row open the breaker, whatever the rates.
                ConsecutiveFailures: Breaker consecutive_failures: Option<u32>, Service,
                    Shape::COUNT_OR_OFF,
                    breaker_consecutive_failures(Option<u32>) = |n| n.map_or(Value::Off, |n| Value::Count(n.into())) => None,
                    "`off`", "How many failures in a row open it, whatever the rates.";
                /// How long the first break lasts.
                OpenFor: Breaker open_for: Duration, Service, Shape::SPAN, breaker_open_for(Duration) = Value::Duration => Duration::from_secs(5),
                    "`\"5s\"`", "How long the first break lasts.";
                /// How long a break may become; each failed trial doubles it.
                MaxOpenFor: Breaker max_open_for: Duration, Service, Shape::SPAN, breaker_max_open_for(Duration) = Value::Duration => Duration::from_mins(1),
                    "`\"60s\"`", "How long a break may become; each failed trial doubles it.";
                /// How many trials may run at once while half-open.
                HalfOpenCalls: Breaker half_open_calls: u32, Service, Shape::COUNT, breaker_half_open_calls(u32) = count => 2,
                    "2", "How many trials may run at once while half-open.";
                /// How many successful trials close the breaker.
                SuccessThreshold: Breaker success_threshold: u32, Service, Shape::COUNT,
                    breaker_success_threshold(u32) = count => 2,
                    "2", "How many successful trials close it.";
            } BucketSettings {
                /// Whether the service has a retry budget.
                Budget: Top budget, Service, Shape::Table, budget(bool) = switch => true,
                    "on", "The retry budget of the service, or `off`.";
                /// How the budget counts.
                BudgetKind: Budget kind, Service, Shape::BudgetKind, budget_kind(BudgetKind) = Value::BudgetKind => BudgetKind::TokenBucket,
                    "`TokenBucket`", "How the budget counts.";
                /// How many tokens one deposit brings.
                BudgetRatio: Budget ratio: Ratio, Service, Shape::SHARE, budget_ratio(f64) = Value::Number => 0.1,
                    "0.1", "How many tokens one deposit brings.";
                /// How many tokens come in by themselves, per second.
                MinPerSecond: Budget min_per_second or refill_rate: Tokens, Service, Shape::TOKENS, budget_min_per_second(f64) = Value::Number => 1.0,
                    "1", "How many tokens come in by themselves, per second.";
                /// How many tokens the bucket holds, full at the start; in the window kinds, retries in any one second.
                BurstCapacity: Budget burst_capacity: Tokens, Service, Shape::COUNT_FROM_ZERO, budget_burst_capacity(u32) = count => 10,
                    "10", "How many tokens it holds, full at the start; in the window kinds, retries in any one second.";
                /// What makes a deposit.
                BudgetDeposit: Budget deposit: Deposit, Service, Shape::Deposit, budget_deposit(Deposit) = Value::Deposit => Deposit::Call,
                    "`Call`", "What makes a deposit.";
                /// What a retry costs.
                BudgetCost: Budget cost: Tokens, Service, Shape::TOKENS, budget_cost(f64) = Value::Number => 1.0,
                    "1", "What a retry costs.";
                /// What a retry of a throttled attempt costs.
                ThrottledCost: Budget throttled_cost: Tokens, Service, Shape::TOKENS, budget_throttled_cost(f64) = Value::Number => 1.0,
                    "1", "What a retry of a throttled attempt costs.";
            } QuotaSettings {
                /// How many retries a minute may see, in the window kinds.
                MaxRetriesPerMinute: Budget max_retries_per_minute: u32, Service, Shape::COUNT_FROM_ZERO,
                    budget_max_retries_per_minute(u32) = count => 60,
                    "60", "How many retries a minute may see, in the window kinds.";
                /// How many retries an hour may see, in the window kinds.
                MaxRetriesPerHour: Budget max_retries_per_hour: u32, Service, Shape::COUNT_FROM_ZERO,
                    budget_max_retries_per_hour(u32) = count => 1_000,
                    "1000", "How many retries an hour may see, in the window kinds.";
                /// The success rate below which an adaptive budget pays in less.
                AdaptiveThreshold: Budget adaptive_threshold, Service, Shape::POSITIVE_SHARE, budget_adaptive_threshold(f64) = Value::Number => 0.8,
                    "0.8", "The success rate below which an `Adaptive` budget pays in less.";
            } BulkheadSettings {
                /// Whether the attempts of the service that run at once are limited.
                Bulkhead: Top bulkhead, Service, Shape::Table, bulkhead(bool) = switch => false,
                    "`off`", "How many attempts may run at once.";
                /// How many attempts may run at once.
                MaxConcurrent: Bulkhead max_concurrent: u32, Service, Shape::COUNT, bulkhead_max_concurrent(u32) = count => 64,
                    "64", "Attempts that run at once.";
                /// How many attempts may wait for one of them to end.
                MaxQueue: Bulkhead max_queue: u32, Service, Shape::COUNT_FROM_ZERO, bulkhead_max_queue(u32) = count => 64,
                    "64", "Attempts that may wait; 0 rejects at once.";
                /// How long an attempt may wait for that.
                BulkheadMaxWait: Bulkhead max_wait: Duration, Service, Shape::DELAY, bulkhead_max_wait(Duration) = Value::Duration => Duration::from_secs(1),
                    "`\"1s\"`", "How long one may wait; the deadline bounds it as well.";
                /// Whether the limit follows the latency of the service, up to `max_concurrent`.
                BulkheadAdaptive: Bulkhead adaptive: bool, Service, Shape::Switch, bulkhead_adaptive(bool) = Value::Switch => false,
                    "`false`", "Whether the limit follows the latency, up to `max_concurrent`.";
                /// The least that an adaptive limit goes down to.
                MinConcurrent: Bulkhead min_concurrent: u32, Service, Shape::COUNT, bulkhead_min_concurrent(u32) = count => 1,
                    "1", "The least that an adaptive limit goes down to.";
            } RateSettings {
                /// Whether the attempts of the service that start in a second are limited.
                RateLimit: Top rate_limit, Service, Shape::Table, rate_limit(bool) = switch => false,
                    "`off`", "How many attempts may start in a second.";
                /// How many attempts may start in a second.
                PerSecond: RateLimit per_second: Tokens, Service, Shape::RATE, rate_limit_per_second(f64) = Value::Number => 100.0,
                    "100", "Attempts per second, spread evenly.";
                /// How many attempts may start at once after a quiet time.
                RateBurst: RateLimit burst: u32, Service, Shape::COUNT, rate_limit_burst(u32) = count => 10,
                    "10", "How many may start at once after a quiet time.";
                /// How long an attempt may wait for its turn; 0 rejects at once, as does a queue that would keep it for longer.
                RateMaxWait: RateLimit max_wait: Duration, Service, Shape::DELAY, rate_limit_max_wait(Duration) = Value::Duration => Duration::ZERO,
                    "0", "How long an attempt may wait for its turn.";
            } ThrottleSettings {
                /// Whether attempts are rejected here when the service rejects many.
                Throttle: Top throttle, Service, Shape::Table, throttle(bool) = switch => false,
                    "`off`", "Rejects attempts here when the service rejects many.";
                /// How many requests per accepted one are let through.
                // The value of Site Reliability Engineering, chapter 21; so is the window.
                ThrottleK: Throttle k: Multiplier, Service, Shape::Number { min: 1.0, max: 100.0 }, throttle_k(f64) = Value::Number => 2.0,
                    "2", "How many attempts per accepted one are let through.";
                /// How far the throttle looks back.
                ThrottleWindow: Throttle window: Duration, Service, Shape::from(Duration::from_millis(100)),
                    throttle_window(Duration) = Value::Duration => Duration::from_mins(2),
                    "`\"2m\"`", "How far it looks back.";
            } HedgeSettings {
                /// Whether a slow attempt gets a second copy beside it.
                Hedge: Top hedge, Call, Shape::Table, hedge(bool) = switch => false,
                    "`off`", "Starts copies of a slow attempt; the first answer wins. Needs `idempotent = true`.";
                /// How long to wait before the next copy starts.
                // The Tail at Scale, 2013.
                HedgeAfter: Hedge after: HedgeAfter, Call, Shape::AfterOrQuantile, hedge_after(HedgeAfter) = after => HedgeAfter::Quantile(Percentile::P95.ratio()),
                    "`P95`", "When the next copy starts.";
                /// How many copies there may be beyond the first.
                HedgeMax: Hedge max: u32, Call, Shape::whole(1, 10), hedge_max(u32) = count => 1,
                    "1", "How many copies beyond the first.";
            } CacheSettings {
                /// Whether answers are kept for later calls.
                Cache: Top cache, Call, Shape::Table, cache(bool) = switch => false,
                    "`off`", "Keeps answers of this function, `Ok` values only.";
                /// How long an answer is fresh.
                CacheTtl: Cache ttl: Duration, Call, Shape::SPAN, cache_ttl(Duration) = Value::Duration => Duration::from_mins(1),
                    "`\"1m\"`", "How long an answer is fresh.";
                /// How long an answer may still be served after that.
                CacheStaleFor: Cache stale_for: Duration, Call, Shape::DELAY, cache_stale_for(Duration) = Value::Duration => Duration::from_mins(5),
                    "`\"5m\"`", "How long it may still be served after that.";
                /// How many answers are kept.
                CacheCapacity: Cache capacity: u32, Call, Shape::COUNT, cache_capacity(u32) = count => 1_000,
                    "1000", "How many answers are kept.";
                /// When the cache answers.
                CacheMode: Cache mode: CacheMode, Call, Shape::CacheMode, cache_mode(CacheMode) = Value::CacheMode => CacheMode::OnFailure,
                    "`OnFailure`", "`ReadThrough` answers before the call, and calls with one key share one execution.";
            } IdempotencySettings {
                /// Whether a call with the key of an earlier one gets its result instead of running again.
                Idempotency: Top idempotency, Call, Shape::Table, idempotency(bool) = switch => false,
                    "`off`", "A call with the key of an earlier one gets its result instead of running again.";
                /// How long a result is kept.
                IdempotencyTtl: Idempotency ttl: Duration, Call, Shape::SPAN, idempotency_ttl(Duration) = Value::Duration => Duration::from_hours(24),
                    "`\"24h\"`", "How long a result is kept.";
                /// How long a call holds its key unless it renews that; goes by the attempt timeout when unset.
                IdempotencyLease: Idempotency lease: Option<Duration>, Call, Shape::from(Duration::from_millis(100)),
                    idempotency_lease(Duration) = Value::Duration,
                    "twice the attempt timeout", "How long a call holds its key unless it renews that; unless written between 10 and 60 seconds, and 30 without an attempt timeout.";
                /// How long a call waits for another with its key; until its deadline when unset.
                IdempotencyWait: Idempotency wait: IdempotencyWait, Call, Shape::LIMIT, idempotency_wait(Option<Duration>) = limit,
                    "until the deadline", "How long a call waits for another with its key.";
                /// What happens when the store is away.
                IdempotencyOnUnavailable: Idempotency on_unavailable: OnUnavailable, Call, Shape::OnUnavailable,
                    idempotency_on_unavailable(OnUnavailable) = Value::OnUnavailable => OnUnavailable::Reject,
                    "`Reject`", "What happens when the store is away: `Run` goes on without protection.";
            }
        }
    };
}
pub(crate) use keys;
