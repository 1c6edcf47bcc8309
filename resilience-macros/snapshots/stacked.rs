#[must_use]
async fn call() -> Result<u32, Error> {
    let mut call = {
        use renamed::retry_http_api as _;
        ::resilience_runtime::support::site!(
            "api", "call", Kind = Kind(ServiceKind::HttpApi), Deadline =
            Duration(::core::time::Duration::new(5, 0)), MaxAttempts = Count(2)
        )
    };
    loop {
        let attempt = (&mut call)
            .run(async {
                ::resilience_runtime::support::edge!(Result < u32, Error >);
                { ask().await }
            })
            .classify(|error| ::resilience_runtime::support::classify!(error))
            .inject(|slot| ::resilience_runtime::support::inject!(slot, if Error))
            .on_rejection(|rejection| ::resilience_runtime::support::convert(rejection));
        if let ::core::ops::ControlFlow::Break(outcome) = attempt.await {
            break outcome;
        }
    }
}
