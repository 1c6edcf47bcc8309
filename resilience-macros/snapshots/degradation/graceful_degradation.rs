impl Client {
    async fn call(
        &mut self,
        text: String,
        list: &mut Vec<u32>,
    ) -> Result<Answer, Error> {
        let mut call = ::resilience_runtime::support::site!(
            "api", "call", Priority = Priority(Priority::Low); degradation_only,
            redirected, with_fallback, with_static_response
        );
        let outcome = (&mut call)
            .once(
                async {
                    ::resilience_runtime::support::edge!(
                        Result < Answer, Error >; [& mut text]
                    );
                    let text = ::core::clone::Clone::clone(&text);
                    { send(text, list).await }
                },
                |error| ::resilience_runtime::support::classify!(error),
                ::resilience_runtime::support::KeepErrors,
                |rejection| ::resilience_runtime::support::convert(rejection),
                |slot| ::resilience_runtime::support::inject!(slot, if Error),
            )
            .await;
        'answered: {
            let degraded = match (&call).degrade(outcome) {
                ::core::ops::ControlFlow::Break(outcome) => break 'answered outcome,
                ::core::ops::ControlFlow::Continue(
                    degraded,
                ) if (&degraded).is_rejection() || is_down((&degraded).error()) => {
                    degraded
                }
                ::core::ops::ControlFlow::Continue(degraded) => {
                    break 'answered degraded.leave_alone();
                }
            };
            let answer = (&degraded)
                .within(
                    Self::mirror(
                        &mut *self,
                        ::core::clone::Clone::clone(&text),
                        &mut *list,
                    ),
                )
                .await;
            if let ::core::option::Option::Some(answer) = (&degraded)
                .offer(::resilience_runtime::support::Source::Redirect, answer)
            {
                break 'answered ::core::result::Result::Ok(answer);
            }
            let answer = (&degraded)
                .within(
                    ::resilience_runtime::support::given(
                            (&mut *self, text, &mut *list),
                            (&degraded).error(),
                        )
                        .ask(Self::guess),
                )
                .await;
            if let ::core::option::Option::Some(answer) = (&degraded)
                .offer(::resilience_runtime::support::Source::Fallback, answer)
            {
                break 'answered ::core::result::Result::Ok(answer);
            }
            degraded
                .answer(::resilience_runtime::support::Source::Static, Answer::none())
        }
    }
}
