async fn call(body: Vec<u8>) -> Result<Answer, Error> {
    let mut call = ::resilience_runtime::support::site!(
        "api", "call", Priority = Priority(Priority::Low); degradation_only
    );
    (&mut call)
        .once(
            async {
                ::resilience_runtime::support::edge!(
                    Result < Answer, Error >; [& mut body]
                );
                { consume(body).await }
            },
            |error| ::resilience_runtime::support::classify!(error),
            ::resilience_runtime::support::KeepErrors,
            |rejection| ::resilience_runtime::support::convert(rejection),
            |slot| ::resilience_runtime::support::inject!(slot, if Error),
        )
        .await
}
