async fn call(
    (left, mut right): (String, u32),
    Point { x, y: (a, ref b) }: Point,
    [first,
    ..,
    ]: [u8; 4],
    (Unit, _): (Unit, u8),
) -> Result<u32, Error> {
    let mut call = ::resilience_runtime::support::site!("api", "call");
    loop {
        let attempt = (&mut call)
            .run(async {
                ::resilience_runtime::support::edge!(Result < u32, Error >; [& mut x]);
                { Ok(x) }
            })
            .classify(|error| ::resilience_runtime::support::classify!(error))
            .inject(|slot| ::resilience_runtime::support::inject!(slot, if Error))
            .on_rejection(|rejection| ::resilience_runtime::support::convert(rejection));
        if let ::core::ops::ControlFlow::Break(outcome) = attempt.await {
            break outcome;
        }
    }
}
