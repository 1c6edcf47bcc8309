async fn call(url: &str, body: Vec<u8>) -> Result<Answer, Error> {
    let mut call = ::resilience_runtime::support::site!(
        "api", "call", Kind = Kind(ServiceKind::HttpApi), Idempotent = Switch(true),
        Hedge = Switch(true), HedgeAfter = Quantile(Ratio::saturating(0.95)), HedgeMax =
        Count(2)
    );
    loop {
        let attempt = (&mut call)
            .hedged(
                || async {
                    ::resilience_runtime::support::edge!(Result < Answer, Error >);
                    let body = ::core::clone::Clone::clone(&body);
                    { send(url, body).await }
                },
                |error| ::resilience_runtime::support::classify!(error),
                ::resilience_runtime::support::RetryIfOk(is_pending),
                |rejection| ::resilience_runtime::support::convert(rejection),
                |slot| ::resilience_runtime::support::inject!(slot, if Error),
            );
        if let ::core::ops::ControlFlow::Break(outcome) = attempt.await {
            break outcome;
        }
    }
}
