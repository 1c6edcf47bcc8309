impl Port for Client {
    fn call<'life0, 'async_trait>(
        &'life0 self,
        text: String,
    ) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'async_trait>>
    where
        'life0: 'async_trait,
    {
        Box::pin(async move {
            if let ::core::option::Option::Some(__ret) = ::core::option::Option::None::<
                Result<(), Error>,
            > {
                #[allow(unreachable_code)] return __ret;
            }
            let __self = self;
            let text = text;
            let __ret: Result<(), Error> = {
                let mut call = ::resilience_runtime::support::site!("users", "call");
                loop {
                    let attempt = (&mut call)
                        .run(async {
                            ::resilience_runtime::support::edge!(
                                Result < (), Error >; [& mut text]
                            );
                            { __self.ask(&text).await }
                        })
                        .classify(|error| {
                            ::resilience_runtime::support::classify!(error)
                        })
                        .inject(|slot| {
                            ::resilience_runtime::support::inject!(slot, if Error)
                        })
                        .on_rejection(|rejection| ::resilience_runtime::support::convert(
                            rejection,
                        ));
                    if let ::core::ops::ControlFlow::Break(outcome) = attempt.await {
                        break outcome;
                    }
                }
            };
            #[allow(unreachable_code)] __ret
        })
    }
}
