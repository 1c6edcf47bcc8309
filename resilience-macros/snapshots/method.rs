impl Port for Client {
    async fn call<'a, T: Clone>(
        self: Arc<Self>,
        text: &'a str,
        item: T,
    ) -> Result<impl Iterator<Item = &'a str>, Error>
    where
        T: Send,
    {
        #![allow(unused)]
        let mut call = ::resilience_runtime::support::site!(
            "users", "call", Kind = Kind(ServiceKind::Microservice)
        );
        loop {
            let attempt = (&mut call)
                .run(async {
                    ::resilience_runtime::support::edge!(
                        Result < _, Error >; [& mut item]
                    );
                    { self.ask(text, &item).await }
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
}
