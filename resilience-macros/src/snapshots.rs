//! Tests: snapshots of expansions, as files under `snapshots/`; set `BLESS` to rewrite them.

mod degradation;

use std::path::PathBuf;

use proc_macro2::TokenStream;
use quote::quote;

use crate::expand;

fn pretty(tokens: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(tokens).expect("an expansion is a file of items"))
}

#[track_caller]
fn check(name: &str, expansion: TokenStream) {
    let path = format!("{}/snapshots/{name}.rs", env!("CARGO_MANIFEST_DIR"));
    let expansion = pretty(expansion);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &expansion).expect("the snapshot can be written");
    }
    let snapshot = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(snapshot, expansion, "if this is meant, run with BLESS=1 and commit {path}");
}

fn plain() -> (TokenStream, TokenStream) {
    let args = quote!("claude_api", AiService, max_attempts = 5);
    let item = quote! {
        /// Asks the model.
        pub async fn ask(prompt: &str) -> Result<String, Error> {
            send(prompt).await
        }
    };
    (args, item)
}

#[test]
fn plain_retry() {
    let (args, item) = plain();
    check("plain", expand::attribute("comprehensive_retry", args, item));
}

#[test]
fn a_plain_retry_adds_at_most_fifteen_lines() {
    let (args, item) = plain();
    let written = pretty(item.clone());
    let expansion = pretty(expand::attribute("comprehensive_retry", args, item));
    // The user's block is one line of the snapshot.
    let block = "{ send(prompt).await }";
    assert_eq!(expansion.lines().filter(|line| line.trim() == block).count(), 1);
    let added = expansion.lines().count() - written.lines().count();
    assert!((10..=15).contains(&added), "{added} lines more than the user wrote");
}

/// An `allow` would not compile if the user forbids the lint; an `allow` in the user's own items does not count.
#[test]
fn no_expansion_allows_a_lint() {
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"))];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the snapshots are there") {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("the snapshot can be read");
            let own = ["#![allow(unused)]", "#[allow(unreachable_code)]"];
            let rest = own.iter().fold(text, |text, own| text.replace(own, ""));
            assert!(!rest.contains("allow("), "{}", path.display());
            read += 1;
        }
    }
    assert!(read > 10);
}

#[test]
fn every_key() {
    let args = quote! {
        service = "api", kind = http_api, priority = High, max_attempts = 3, strategy = Exponential, base_delay = "500ms",
        max_delay = 2.5, multiplier = 3, jitter = 0.5, attempt_timeout = "1m 30s", deadline = off, idempotent = false,
        retry_on(Error::Timeout | Error::Busy, Error::Http(code) if *code >= 500), never_retry_on(Error::Bad { .. }),
        retry_if = Error::is_transient, retry_if_ok = is_pending, on_error = classify,
        retryable_status_codes = [429, 503], max_retry_after = 30, nested_retries = Suppress,
        breaker(
            failure_rate = 0.25, min_calls = 10, quiet_failures = 4, window = 100, slow_call = "1s", slow_rate = 0.9, consecutive_failures = off,
            open_for = 1, max_open_for = 2, half_open_calls = 3, success_threshold = 4, record_if = Error::is_failure
        ),
        budget(kind = Adaptive, ratio = 0.2, refill_rate = 2, burst_capacity = 5, deposit = Success, cost = 2,
            throttled_cost = 0.5, adaptive_threshold = 0.7),
        on_rejection = Error::rejected, clone(body), crate = crate::vendored::resilience
    };
    let item = quote! {
        async fn call(url: &str, body: Vec<u8>, mut count: u32) -> Result<String, Error> {
            count += 1;
            send(url, body).await
        }
    };
    check("every_key", expand::attribute("comprehensive_retry", args, item));
}

#[test]
fn the_other_values() {
    let args = quote!("api", breaker(window = "30s"), budget = off);
    check(
        "other_values",
        expand::attribute(
            "retry_cache",
            args,
            quote!(
                async fn call() -> Answer {
                    ask()
                }
            ),
        ),
    );
    let args = quote!(
        "api",
        breaker = off,
        budget(kind = SlidingWindow, max_retries_per_minute = 5, max_retries_per_hour = 9)
    );
    check(
        "window_budget",
        expand::attribute(
            "retry_cache",
            args,
            quote!(
                async fn call() -> Answer {
                    ask()
                }
            ),
        ),
    );
}

#[test]
fn method_of_a_trait() {
    // A method only parses within an `impl`.
    let method = quote! {
        async fn call<'a, T: Clone>(self: Arc<Self>, text: &'a str, item: T) -> Result<impl Iterator<Item = &'a str>, Error>
        where
            T: Send,
        {
            #![allow(unused)]
            self.ask(text, &item).await
        }
    };
    let method = expand::attribute("retry_microservice", quote!("users"), method);
    check("method", quote!(impl Port for Client { #method }));
}

#[test]
fn method_under_async_trait() {
    let method = quote! {
        fn call<'life0, 'async_trait>(&'life0 self, text: String) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'async_trait>>
        where
            'life0: 'async_trait,
        {
            Box::pin(async move {
                if let ::core::option::Option::Some(__ret) = ::core::option::Option::None::<Result<(), Error>> {
                    #[allow(unreachable_code)]
                    return __ret;
                }
                let __self = self;
                let text = text;
                let __ret: Result<(), Error> = { __self.ask(&text).await };
                #[allow(unreachable_code)]
                __ret
            })
        }
    };
    let method = expand::attribute("comprehensive_retry", quote!("users"), method);
    check("async_trait", quote!(impl Port for Client { #method }));
}

#[test]
fn destructured_arguments() {
    let item = quote! {
        async fn call((left, mut right): (String, u32), Point { x, y: (a, ref b) }: Point, [first, ..]: [u8; 4], (Unit, _): (Unit, u8)) -> Result<u32, Error> {
            Ok(x)
        }
    };
    check("destructured", expand::attribute("comprehensive_retry", quote!("api"), item));
}

#[test]
fn retry_if_ok() {
    let item = quote!(
        async fn call() -> Result<Job, Error> {
            poll().await
        }
    );
    check(
        "retry_if_ok",
        expand::attribute("comprehensive_retry", quote!("jobs", retry_if_ok = Job::is_pending), item),
    );
}

#[test]
fn stacked_attributes() {
    let item = quote! {
        #[must_use]
        #[renamed::retry_http_api("api", max_attempts = 2)]
        async fn call() -> Result<u32, Error> { ask().await }
    };
    check("stacked", expand::attribute("comprehensive_retry", quote!("api", deadline = 5), item));
}

#[test]
fn refused_function_is_emitted_as_it_was() {
    let item = quote! {
        /// Kept.
        #[retry_http_api("other")]
        async fn call() -> Result<u32, Error> { #![allow(unused)] ask().await }
    };
    check("refused", expand::attribute("comprehensive_retry", quote!("api", max_attempts = 0), item));
}

#[test]
fn derived_classification() {
    let input = quote! {
        #[classify(crate = ::renamed)]
        enum Error<E> where E: Classify {
            #[retry]
            Timeout,
            #[throttled(after = wait)]
            #[status(code)]
            SlowDown { wait: Duration, code: u16 },
            #[retry(not_sent)]
            Refused(String),
            #[status(0)]
            Http(u16),
            #[transparent]
            Inner(E),
            #[never]
            Bad,
        }
    };
    check("derive", expand::classify(input));
}
