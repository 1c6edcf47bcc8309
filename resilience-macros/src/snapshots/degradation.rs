//! Tests: snapshots of the keys of degradation, and of blocks.

use proc_macro2::TokenStream;
use quote::quote;

use super::check;
use crate::expand;

#[test]
fn graceful_degradation() {
    let item = quote! {
        async fn call(&mut self, text: String, list: &mut Vec<u32>) -> Result<Answer, Error> {
            send(text, list).await
        }
    };
    check(
        "degradation/graceful_degradation",
        in_impl(&expand::attribute(
            "graceful_degradation",
            quote!(
                "api",
                priority = Low,
                redirect = Self::mirror,
                fallback = Self::guess,
                fallback_if = is_down,
                static_response = Answer::none(),
                clone(text)
            ),
            item,
        )),
    );
    let item = quote!(
        async fn call(body: Vec<u8>) -> Result<Answer, Error> {
            consume(body).await
        }
    );
    check(
        "degradation/priority_only",
        expand::attribute("graceful_degradation", quote!("api", priority = Low), item),
    );
}

#[test]
fn resilient_function() {
    let args = quote! {
        "api", HttpApi, attempt_timeout = adaptive(floor = "10ms", ceiling = "2s", factor = 2, quantile = P99),
        bulkhead(max_concurrent = 8, max_queue = 0, adaptive = true, min_concurrent = 2), rate_limit(per_second = 0.5, burst = 2),
        throttle(k = 2, window = "1m"), cache(ttl = "1m", mode = ReadThrough, key = (id, name.to_owned())),
        static_response = None, degradation_enabled = true, partition = tenant.id(), partition_label = &tenant.region, max_partitions = 100
    };
    let item = quote! {
        async fn call(tenant: &Tenant, id: u64, name: &str) -> Result<Option<Answer>, Error> {
            fetch(tenant, id, name).await
        }
    };
    check("degradation/resilient_function", expand::attribute("resilient_service", args, item));
}

#[test]
fn hedged_attempts() {
    let item = quote! {
        async fn call(url: &str, body: Vec<u8>) -> Result<Answer, Error> {
            send(url, body).await
        }
    };
    let args =
        quote!("api", idempotent = true, hedge(after = P95, max = 2), retry_if_ok = is_pending, clone(body));
    check("degradation/hedged", expand::attribute("retry_http_api", args, item));
}

#[test]
fn resilient_block() {
    let item = quote! {
        #[async_trait]
        impl<T> Port for Client<T>
        where
            T: Clone,
        {
            #![allow(unused)]
            const LIMIT: u32 = 5;

            /// Inherits everything.
            async fn ask(&self) -> Result<(), Error> { self.send().await }

            /// Overrides a key, and one in a clause.
            #[retry_cache(max_attempts = 2, breaker(window = 50))]
            pub async fn look(&self) -> Result<(), Error> { self.send().await }

            #[resilience(skip)]
            async fn count(&self) -> u32 { 5 }

            fn plain(&self) -> u32 { 6 }
        }
    };
    let args = quote!("api", HttpApi, max_attempts = 4, breaker(window = 100, min_calls = 10));
    check("degradation/resilient_block", expand::attribute("resilient_service", args, item));
}

#[test]
fn refused_block_is_emitted_as_it_was() {
    let item = quote! {
        impl Client {
            #[retry_cache("cache")]
            async fn ask(&self) -> Result<(), Error> { self.send().await }

            async fn count(&self) -> u32 { 5 }
        }
    };
    check("degradation/refused_block", expand::attribute("resilient_service", quote!("api"), item));
}

/// A method only parses within an impl.
fn in_impl(method: &TokenStream) -> TokenStream {
    quote!(impl Client { #method })
}
