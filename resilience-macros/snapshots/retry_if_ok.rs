async fn call() -> Result<Job, Error> {
    let mut call = ::resilience_runtime::support::site!("jobs", "call");
    loop {
        let attempt = (&mut call)
            .run(async {
                ::resilience_runtime::support::edge!(Result < Job, Error >);
                { poll().await }
            })
            .classify(|error| ::resilience_runtime::support::classify!(error))
            .inject(|slot| ::resilience_runtime::support::inject!(slot, if Error))
            .keep(
                ::resilience_runtime::support::RetryIfOk(Job::is_pending),
                |rejection| ::resilience_runtime::support::convert(rejection),
            );
        if let ::core::ops::ControlFlow::Break(outcome) = attempt.await {
            break outcome;
        }
    }
}
