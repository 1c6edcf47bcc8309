async fn call() -> Answer {
    let mut call = ::resilience_runtime::support::site!(
        "api", "call", Kind = Kind(ServiceKind::Cache), Breaker = Off, Budget =
        Switch(true), BudgetKind = BudgetKind(BudgetKind::SlidingWindow),
        MaxRetriesPerMinute = Count(5), MaxRetriesPerHour = Count(9)
    );
    loop {
        let attempt = (&mut call)
            .run(async {
                ::resilience_runtime::support::edge!(Answer);
                { ask() }
            })
            .classify(|error| ::resilience_runtime::support::classify!(error))
            .inject(|slot| ::resilience_runtime::support::inject!(slot))
            .on_rejection(|rejection| ::resilience_runtime::support::convert(rejection));
        if let ::core::ops::ControlFlow::Break(outcome) = attempt.await {
            break outcome;
        }
    }
}
