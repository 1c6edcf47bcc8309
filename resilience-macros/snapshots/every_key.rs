async fn call(url: &str, body: Vec<u8>, mut count: u32) -> Result<String, Error> {
    let mut call = crate::vendored::resilience::support::site!(
        "api", "call", Kind = Kind(ServiceKind::HttpApi), Priority =
        Priority(Priority::High), MaxAttempts = Count(3), Strategy =
        Strategy(Strategy::Exponential), BaseDelay =
        Duration(::core::time::Duration::new(0, 500000000)), MaxDelay =
        Duration(::core::time::Duration::new(2, 500000000)), Multiplier = Number(3.0),
        Jitter = Number(0.5), AttemptTimeout = Duration(::core::time::Duration::new(90,
        0)), Deadline = Off, Idempotent = Switch(false), RetryableStatusCodes =
        StatusCodes(::std::borrow::Cow::Borrowed(& [429u16, 503u16])), MaxRetryAfter =
        Duration(::core::time::Duration::new(30, 0)), NestedRetries =
        NestedRetries(NestedRetries::Suppress), Breaker = Switch(true), FailureRate =
        Number(0.25), MinCalls = Count(10), QuietFailures = Count(4), Window =
        Window(Window::Calls(100u32)), SlowCall = Duration(::core::time::Duration::new(1,
        0)), SlowRate = Number(0.9), ConsecutiveFailures = Off, OpenFor =
        Duration(::core::time::Duration::new(1, 0)), MaxOpenFor =
        Duration(::core::time::Duration::new(2, 0)), HalfOpenCalls = Count(3),
        SuccessThreshold = Count(4), Budget = Switch(true), BudgetKind =
        BudgetKind(BudgetKind::Adaptive), BudgetRatio = Number(0.2), MinPerSecond =
        Number(2.0), BurstCapacity = Count(5), BudgetDeposit = Deposit(Deposit::Success),
        BudgetCost = Number(2.0), ThrottledCost = Number(0.5), AdaptiveThreshold =
        Number(0.7)
    );
    loop {
        let attempt = (&mut call)
            .run(async {
                crate::vendored::resilience::support::edge!(
                    Result < String, Error >; [& mut body] [& count]
                );
                let body = ::core::clone::Clone::clone(&body);
                {
                    count += 1;
                    send(url, body).await
                }
            })
            .classify(|error| {
                crate::vendored::resilience::support::classify!(error)
                    .by(classify(error))
                    .never(::core::matches!(error, Error::Bad { .. }))
                    .only(
                        ::core::matches!(error, Error::Timeout | Error::Busy)
                            || ::core::matches!(
                                error, Error::Http(code) if * code >= 500
                            ) || Error::is_transient(error),
                    )
                    .failure(Error::is_failure(error))
            })
            .inject(|slot| crate::vendored::resilience::support::inject!(slot, if Error))
            .keep(
                crate::vendored::resilience::support::RetryIfOk(is_pending),
                |rejection| Error::rejected(rejection),
            );
        if let ::core::ops::ControlFlow::Break(outcome) = attempt.await {
            break outcome;
        }
    }
}
