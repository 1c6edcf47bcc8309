async fn call(tenant: &Tenant, id: u64, name: &str) -> Result<Option<Answer>, Error> {
    let mut call = {
        let partition = ::resilience_runtime::support::partition(tenant.id());
        let label = ::resilience_runtime::support::label(|| &tenant.region);
        ::resilience_runtime::support::site!(
            "api", "call", Kind = Kind(ServiceKind::HttpApi), AttemptTimeout = Adaptive,
            TimeoutFloor = Duration(::core::time::Duration::new(0, 10000000)),
            TimeoutCeiling = Duration(::core::time::Duration::new(2, 0)), TimeoutFactor =
            Number(2.0), TimeoutQuantile = Quantile(Ratio::saturating(0.99)), Bulkhead =
            Switch(true), MaxConcurrent = Count(8), MaxQueue = Count(0), BulkheadAdaptive
            = Switch(true), MinConcurrent = Count(2), RateLimit = Switch(true), PerSecond
            = Number(0.5), RateBurst = Count(2), Throttle = Switch(true), ThrottleK =
            Number(2.0), ThrottleWindow = Duration(::core::time::Duration::new(60, 0)),
            Cache = Switch(true), CacheTtl = Duration(::core::time::Duration::new(60,
            0)), CacheMode = CacheMode(CacheMode::ReadThrough), DegradationEnabled =
            Switch(true), MaxPartitions = Count(100); partitioned, with_static_response
            => partition label
        )
    };
    let mut lookup = (&mut call)
        .lookup(::resilience_runtime::support::cache_key((id, name.to_owned())));
    let outcome = if let ::core::option::Option::Some(hit) = ::resilience_runtime::support::Lookup::ahead(
            &mut lookup,
            &mut call,
        )
        .await
    {
        ::core::result::Result::Ok(hit)
    } else {
        loop {
            let attempt = (&mut call)
                .run(async {
                    ::resilience_runtime::support::edge!(
                        Result < Option < Answer >, Error >; [& mut id]
                    );
                    { fetch(tenant, id, name).await }
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
    };
    ::resilience_runtime::support::Lookup::learn(&mut lookup, &call, &outcome);
    'answered: {
        let degraded = match (&call).degrade(outcome) {
            ::core::ops::ControlFlow::Break(outcome) => break 'answered outcome,
            ::core::ops::ControlFlow::Continue(degraded) => degraded,
        };
        if let ::core::option::Option::Some(answer) = (&degraded).cached(&lookup) {
            break 'answered ::core::result::Result::Ok(answer);
        }
        degraded.answer(::resilience_runtime::support::Source::Static, None)
    }
}
