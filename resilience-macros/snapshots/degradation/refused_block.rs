impl Client {
    async fn ask(&self) -> Result<(), Error> {
        let mut call = {
            use retry_cache as _;
            ::resilience_runtime::support::site!(
                "cache", "ask", Kind = Kind(ServiceKind::Cache)
            )
        };
        loop {
            let attempt = (&mut call)
                .run(async {
                    ::resilience_runtime::support::edge!(Result < (), Error >);
                    { self.send().await }
                })
                .classify(|error| ::resilience_runtime::support::classify!(error))
                .inject(|slot| ::resilience_runtime::support::inject!(slot, if Error))
                .on_rejection(|rejection| ::resilience_runtime::support::convert(
                    rejection,
                ));
            if let ::core::ops::ControlFlow::Break(outcome) = attempt.await {
                break outcome;
            }
        }
    }
    async fn count(&self) -> u32 {
        5
    }
}
::core::compile_error! {
    "this function returns no `Result`, so nothing says when it failed: return `Result<T, E>`, or leave it alone with `#[resilience(skip)]`"
}
