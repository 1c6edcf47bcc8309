//! Every key that files, attributes and run-time patches share, once: its names, its place, what it acts on, the values
//! it takes, and how a patch sets it.

/// Hands the table to the macro that makes something of it.
macro_rules! keys {
    ($make:ident) => {
        $make! {
            /// What sort of dependency the service is; chooses its template.
            Kind: Top "kind", Service, Shape::Kind, kind(ServiceKind) = Value::Kind;
            /// How important the calls are.
            Priority: Top "priority", Call, Shape::Priority, priority(Priority) = Value::Priority;
            /// How often the body may run in one call, the first time included.
            MaxAttempts: Top "max_attempts", Call, Shape::Attempts, max_attempts(u32) = count;
            /// How the delay grows from attempt to attempt.
            Strategy: Top "strategy", Call, Shape::Strategy, strategy(Strategy) = Value::Strategy;
            /// The delay that the strategy starts from.
            BaseDelay: Top "base_delay", Call, Shape::DELAY, base_delay(Duration) = Value::Duration;
            /// The longest delay that a strategy makes.
            MaxDelay: Top "max_delay", Call, Shape::DELAY, max_delay(Duration) = Value::Duration;
            /// The growth factor of the exponential strategies, at least 1.
            Multiplier: Top "multiplier", Call, Shape::Number { min: 1.0, max: 1e6 }, multiplier(f64) = Value::Number;
            /// Which share of a delay is left to chance, 0 to 1.
            Jitter: Top "jitter", Call, Shape::SHARE, jitter(f64) = Value::Number;
            /// How long one run of the body may take.
            AttemptTimeout: Top "attempt_timeout", Call, Shape::Timeout, attempt_timeout(Option<Duration>) = limit;
            /// The least that an adaptive attempt timeout goes down to.
            TimeoutFloor: AttemptTimeout "floor", Call, Shape::SPAN, attempt_timeout_floor(Duration) = Value::Duration;
            /// The most that an adaptive attempt timeout goes up to; when unset, the attempt timeout that it replaces.
            TimeoutCeiling: AttemptTimeout "ceiling", Call, Shape::SPAN, attempt_timeout_ceiling(Duration) = Value::Duration;
            /// By how much an adaptive attempt timeout is longer than the quantile.
            TimeoutFactor: AttemptTimeout "factor", Call, Shape::Number { min: 1.0, max: 100.0 },
                attempt_timeout_factor(f64) = Value::Number;
            /// The quantile of the latencies that an adaptive attempt timeout follows.
            TimeoutQuantile: AttemptTimeout "quantile", Call, Shape::Quantile, attempt_timeout_quantile(Ratio) = Value::Quantile;
            /// How long the whole call may take, waits and sleeps included.
            Deadline: Top "deadline", Call, Shape::LIMIT, deadline(Option<Duration>) = limit;
            /// How long a redirect or an asynchronous fallback may take after the deadline; the attempt timeout when unset.
            DegradeTimeout: Top "degrade_timeout", Call, Shape::SPAN, degrade_timeout(Duration) = Value::Duration;
            /// Whether the body may run twice. `false` retries only what provably was not processed.
            Idempotent: Top "idempotent", Call, Shape::Switch, idempotent(bool) = Value::Switch;
            /// Which HTTP status codes are retried; decides whenever the error has a status.
            RetryableStatusCodes: Top "retryable_status_codes", Call, Shape::StatusCodes,
                retryable_status_codes(Vec<u16>) = |codes| Value::StatusCodes(codes.into());
            /// The longest wait that a server may ask for; `max_delay` when unset.
            MaxRetryAfter: Top "max_retry_after", Call, Shape::DELAY, max_retry_after(Duration) = Value::Duration;
            /// Whether to retry an attempt in which an inner annotated call used up its own retries.
            NestedRetries: Top "nested_retries", Call, Shape::NestedRetries, nested_retries(NestedRetries) = Value::NestedRetries;
            /// Whether failed attempts are retried at all.
            RetryEnabled: Top "retry_enabled", Call, Shape::Switch, retry_enabled(bool) = Value::Switch;
            /// Whether the calls ask the breaker of the service, and vote in it.
            CircuitBreakerEnabled: Top "circuit_breaker_enabled", Call, Shape::Switch,
                circuit_breaker_enabled(bool) = Value::Switch;
            /// Whether retries and hedges of this site are paid out of the budget of the service.
            RetryBudgetEnabled: Top "retry_budget_enabled", Call, Shape::Switch,
                retry_budget_enabled(bool) = Value::Switch;
            /// Whether cache, redirect, fallback and static response answer for a failed call.
            DegradationEnabled: Top "degradation_enabled", Call, Shape::Switch, degradation_enabled(bool) = Value::Switch;
            /// How many partitions of the service may have state of their own.
            MaxPartitions: Top "max_partitions", Service, Shape::whole(1, 1_000_000), max_partitions(u32) = count;

            /// Whether the service has a circuit breaker.
            Breaker: Top "breaker", Service, Shape::Table, breaker(bool) = switch;
            /// The share of failures at which the breaker opens.
            FailureRate: Breaker "failure_rate", Service, Shape::POSITIVE_SHARE, breaker_failure_rate(f64) = Value::Number;
            /// How many results the window must hold before rates mean anything.
            MinCalls: Breaker "min_calls", Service, Shape::COUNT, breaker_min_calls(u32) = count;
            /// Below `min_calls` results in the window, how many failures from at least three calls open the breaker.
            QuietFailures: Breaker "quiet_failures", Service,
                Shape::QUIET_FAILURES,
                breaker_quiet_failures(Option<u32>) = |n| n.map_or(Value::Off, |n| Value::Count(n.into()));
            /// What the breaker looks back on: a number of calls, or a length of time.
            Window: Breaker "window", Service, Shape::Window, breaker_window(Window) = Value::Window;
            /// From which duration on a result is slow.
            SlowCall: Breaker "slow_call", Service, Shape::LIMIT,
                breaker_slow_call(Option<Duration>) = limit;
            /// The share of slow results at which the breaker opens.
            SlowRate: Breaker "slow_rate", Service, Shape::POSITIVE_SHARE, breaker_slow_rate(f64) = Value::Number;
            /// How many failures in a row open the breaker, whatever the rates.
            ConsecutiveFailures: Breaker "consecutive_failures", Service,
                Shape::COUNT_OR_OFF,
                breaker_consecutive_failures(Option<u32>) = |n| n.map_or(Value::Off, |n| Value::Count(n.into()));
            /// How long the first break lasts.
            OpenFor: Breaker "open_for", Service, Shape::SPAN, breaker_open_for(Duration) = Value::Duration;
            /// How long a break may become; each failed trial doubles it.
            MaxOpenFor: Breaker "max_open_for", Service, Shape::SPAN, breaker_max_open_for(Duration) = Value::Duration;
            /// How many trials may run at once while half-open.
            HalfOpenCalls: Breaker "half_open_calls", Service, Shape::COUNT, breaker_half_open_calls(u32) = count;
            /// How many successful trials close the breaker.
            SuccessThreshold: Breaker "success_threshold", Service, Shape::COUNT,
                breaker_success_threshold(u32) = count;

            /// Whether the service has a retry budget.
            Budget: Top "budget", Service, Shape::Table, budget(bool) = switch;
            /// How the budget counts.
            BudgetKind: Budget "kind", Service, Shape::BudgetKind, budget_kind(BudgetKind) = Value::BudgetKind;
            /// How many tokens one deposit brings.
            BudgetRatio: Budget "ratio", Service, Shape::SHARE, budget_ratio(f64) = Value::Number;
            /// How many tokens come in by themselves, per second.
            MinPerSecond: Budget "min_per_second" or "refill_rate", Service, Shape::TOKENS, budget_min_per_second(f64) = Value::Number;
            /// How many tokens the bucket holds, full at the start; in the window kinds, retries in any one second.
            BurstCapacity: Budget "burst_capacity", Service, Shape::COUNT_FROM_ZERO, budget_burst_capacity(u32) = count;
            /// What makes a deposit.
            BudgetDeposit: Budget "deposit", Service, Shape::Deposit, budget_deposit(Deposit) = Value::Deposit;
            /// What a retry costs.
            BudgetCost: Budget "cost", Service, Shape::TOKENS, budget_cost(f64) = Value::Number;
            /// What a retry of a throttled attempt costs.
            ThrottledCost: Budget "throttled_cost", Service, Shape::TOKENS, budget_throttled_cost(f64) = Value::Number;
            /// How many retries a minute may see, in the window kinds.
            MaxRetriesPerMinute: Budget "max_retries_per_minute", Service, Shape::COUNT_FROM_ZERO,
                budget_max_retries_per_minute(u32) = count;
            /// How many retries an hour may see, in the window kinds.
            MaxRetriesPerHour: Budget "max_retries_per_hour", Service, Shape::COUNT_FROM_ZERO,
                budget_max_retries_per_hour(u32) = count;
            /// The success rate below which an adaptive budget pays in less.
            AdaptiveThreshold: Budget "adaptive_threshold", Service, Shape::POSITIVE_SHARE, budget_adaptive_threshold(f64) = Value::Number;

            /// Whether the attempts of the service that run at once are limited.
            Bulkhead: Top "bulkhead", Service, Shape::Table, bulkhead(bool) = switch;
            /// How many attempts may run at once.
            MaxConcurrent: Bulkhead "max_concurrent", Service, Shape::COUNT, bulkhead_max_concurrent(u32) = count;
            /// How many attempts may wait for one of them to end.
            MaxQueue: Bulkhead "max_queue", Service, Shape::COUNT_FROM_ZERO, bulkhead_max_queue(u32) = count;
            /// How long an attempt may wait for that.
            BulkheadMaxWait: Bulkhead "max_wait", Service, Shape::DELAY, bulkhead_max_wait(Duration) = Value::Duration;
            /// Whether the limit follows the latency of the service, up to `max_concurrent`.
            BulkheadAdaptive: Bulkhead "adaptive", Service, Shape::Switch, bulkhead_adaptive(bool) = Value::Switch;
            /// The least that an adaptive limit goes down to.
            MinConcurrent: Bulkhead "min_concurrent", Service, Shape::COUNT, bulkhead_min_concurrent(u32) = count;

            /// Whether the attempts of the service that start in a second are limited.
            RateLimit: Top "rate_limit", Service, Shape::Table, rate_limit(bool) = switch;
            /// How many attempts may start in a second.
            PerSecond: RateLimit "per_second", Service, Shape::RATE, rate_limit_per_second(f64) = Value::Number;
            /// How many attempts may start at once after a quiet time.
            RateBurst: RateLimit "burst", Service, Shape::COUNT, rate_limit_burst(u32) = count;
            /// How long an attempt may wait for its turn; 0 rejects at once, as does a queue that would keep it for longer.
            RateMaxWait: RateLimit "max_wait", Service, Shape::DELAY, rate_limit_max_wait(Duration) = Value::Duration;

            /// Whether attempts are rejected here when the service rejects many.
            Throttle: Top "throttle", Service, Shape::Table, throttle(bool) = switch;
            /// How many requests per accepted one are let through.
            ThrottleK: Throttle "k", Service, Shape::Number { min: 1.0, max: 100.0 }, throttle_k(f64) = Value::Number;
            /// How far the throttle looks back.
            ThrottleWindow: Throttle "window", Service, Shape::from(Duration::from_millis(100)),
                throttle_window(Duration) = Value::Duration;

            /// Whether a slow attempt gets a second copy beside it.
            Hedge: Top "hedge", Call, Shape::Table, hedge(bool) = switch;
            /// How long to wait before the next copy starts.
            HedgeAfter: Hedge "after", Call, Shape::AfterOrQuantile, hedge_after(HedgeAfter) = after;
            /// How many copies there may be beyond the first.
            HedgeMax: Hedge "max", Call, Shape::whole(1, 10), hedge_max(u32) = count;

            /// Whether answers are kept for later calls.
            Cache: Top "cache", Call, Shape::Table, cache(bool) = switch;
            /// How long an answer is fresh.
            CacheTtl: Cache "ttl", Call, Shape::SPAN, cache_ttl(Duration) = Value::Duration;
            /// How long an answer may still be served after that.
            CacheStaleFor: Cache "stale_for", Call, Shape::DELAY, cache_stale_for(Duration) = Value::Duration;
            /// How many answers are kept.
            CacheCapacity: Cache "capacity", Call, Shape::COUNT, cache_capacity(u32) = count;
            /// When the cache answers.
            CacheMode: Cache "mode", Call, Shape::CacheMode, cache_mode(CacheMode) = Value::CacheMode;
        }
    };
}
pub(super) use keys;
