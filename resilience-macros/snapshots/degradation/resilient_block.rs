#[async_trait]
impl<T> Port for Client<T>
where
    T: Clone,
{
    #![allow(unused)]
    const LIMIT: u32 = 5;
    /// Inherits everything.
    async fn ask(&self) -> Result<(), Error> {
        let mut call = ::resilience_runtime::support::site!(
            "api", "ask", Kind = Kind(ServiceKind::HttpApi), MaxAttempts = Count(4),
            Breaker = Switch(true), Window = Window(Window::Calls(100u32)), MinCalls =
            Count(10)
        );
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
    /// Overrides a key, and one in a clause.
    pub async fn look(&self) -> Result<(), Error> {
        let mut call = {
            use retry_cache as _;
            ::resilience_runtime::support::site!(
                "api", "look", Kind = Kind(ServiceKind::Cache), MaxAttempts = Count(2),
                Breaker = Switch(true), Window = Window(Window::Calls(50u32)), MinCalls =
                Count(10)
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
    fn plain(&self) -> u32 {
        6
    }
}
