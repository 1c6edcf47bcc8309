/// Asks the model.
pub async fn ask(prompt: &str) -> Result<String, Error> {
    let mut call = ::resilience_runtime::support::site!(
        "claude_api", "ask", Kind = Kind(ServiceKind::AiService), MaxAttempts = Count(5)
    );
    loop {
        let attempt = (&mut call)
            .run(async {
                ::resilience_runtime::support::edge!(Result < String, Error >);
                { send(prompt).await }
            })
            .classify(|error| ::resilience_runtime::support::classify!(error))
            .inject(|slot| ::resilience_runtime::support::inject!(slot, if Error))
            .on_rejection(|rejection| ::resilience_runtime::support::convert(rejection));
        if let ::core::ops::ControlFlow::Break(outcome) = attempt.await {
            break outcome;
        }
    }
}
