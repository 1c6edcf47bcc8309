//! The attributes of [`resilience-runtime`](https://docs.rs/resilience-runtime): a token stream goes in, a
//! function with retries, breaker, budget and time limits comes out.
//!
//! Use them through `resilience_runtime`, which re-exports them all; generated code names nothing else.

mod ast;
mod boxed;
mod derive;
mod diagnostics;
mod expand;
mod generate;
mod inherit;
mod keys;
mod manifest;
mod model;
mod parse;
mod paths;
mod recover;
mod validate;

use proc_macro::TokenStream;

/// Retries an `async fn`, behind a circuit breaker, a retry budget and time limits.
///
#[doc = include_str!("../docs/usage.md")]
#[doc = include_str!("../docs/keys.md")]
#[proc_macro_attribute]
pub fn comprehensive_retry(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute("comprehensive_retry", args.into(), item.into()).into()
}

/// Answers for an `async fn` that fails: out of a cache, by another function, or with a fixed value.
///
/// The body runs once, so it may consume its arguments. What is not written is off: no retry, no breaker, no time
/// limit; a clause that is written is on. Under load, calls of low `priority` are turned away first.
///
/// ```
/// use resilience_runtime::graceful_degradation;
/// # async fn fetch(city: &str) -> Result<u32, std::io::Error> { Err(std::io::Error::other(city.to_owned())) }
///
/// /// Yesterday's temperature is better than none.
/// async fn yesterday(city: &str) -> Result<u32, std::io::Error> {
///     if city == "Rome" { Ok(29) } else { Err(std::io::Error::other("unknown")) }
/// }
///
/// #[graceful_degradation("weather_api", fallback = yesterday, static_response = 20)]
/// async fn temperature(city: &str) -> Result<u32, std::io::Error> {
///     fetch(city).await
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert_eq!(temperature("Rome").await.unwrap(), 29);
/// assert_eq!(temperature("Oslo").await.unwrap(), 20);
/// # }
/// ```
///
#[doc = include_str!("../docs/degradation.md")]
#[doc = include_str!("../docs/keys.md")]
#[proc_macro_attribute]
pub fn graceful_degradation(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute("graceful_degradation", args.into(), item.into()).into()
}

/// All of it, for an `async fn` or for every `async fn` of an `impl` block.
///
/// Retries, breaker, budget and time limits as with [`macro@comprehensive_retry`], answers for failed calls as with
/// [`macro@graceful_degradation`]. `retry_enabled`, `circuit_breaker_enabled`, `retry_budget_enabled` and
/// `degradation_enabled` switch parts off.
///
/// On an `impl` block, of a type or of a trait for a type, also under `#[async_trait]`, the keys hold for each
/// `async fn` in it. A method's own attribute overrides them key by key and need not name the service again;
/// `#[resilience(skip)]` leaves a method alone. Functions that are not `async` make no calls and stay as they are.
///
/// ```
/// use resilience_runtime::resilient_service;
///
/// struct Users;
///
/// #[resilient_service("users", Microservice, max_attempts = 4)]
/// impl Users {
///     async fn name(&self, id: u32) -> Result<String, std::io::Error> {
///         Ok(format!("user {id}"))
///     }
///
///     /// Not repeated: a second letter would be sent.
///     #[resilient_service(max_attempts = 1)]
///     async fn invite(&self, id: u32) -> Result<(), std::io::Error> {
///         self.name(id).await.map(drop)
///     }
///
///     #[resilience(skip)]
///     async fn count(&self) -> u32 {
///         2
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert_eq!(Users.name(5).await.unwrap(), "user 5");
/// # Users.invite(5).await.unwrap();
/// assert_eq!(Users.count().await, 2);
/// # }
/// ```
///
#[doc = include_str!("../docs/usage.md")]
#[doc = include_str!("../docs/degradation.md")]
#[doc = include_str!("../docs/keys.md")]
#[proc_macro_attribute]
pub fn resilient_service(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute("resilient_service", args.into(), item.into()).into()
}

macro_rules! fixed_kinds {
    ($($(#[doc = $doc:literal])+ $name:ident, $kind:literal, $example:literal;)+) => {$(
        $(#[doc = $doc])+
        ///
        #[doc = concat!("The same as [`macro@comprehensive_retry`] with `kind = ", $kind, "`, whose template decides what is not written:")]
        ///
        /// ```
        #[doc = concat!("use resilience_runtime::", stringify!($name), ";")]
        ///
        #[doc = concat!("#[", stringify!($name), "(\"", $example, "\", max_attempts = 2)]")]
        /// async fn call() -> Result<u32, std::io::Error> {
        ///     Ok(5)
        /// }
        /// ```
        ///
        #[doc = include_str!("../docs/keys.md")]
        #[proc_macro_attribute]
        pub fn $name(args: TokenStream, item: TokenStream) -> TokenStream {
            expand::attribute(stringify!($name), args.into(), item.into()).into()
        }
    )+};
}

fixed_kinds! {
    /// Calls a model behind an API: slow, expensive, throttled.
    retry_ai_service, "AiService", "claude_api";
    /// Calls a database over a connection pool.
    retry_database, "Database", "postgres_db";
    /// Calls a cache: quick or worthless.
    retry_cache, "Cache", "redis_cache";
    /// Calls somebody else's HTTP API.
    retry_http_api, "HttpApi", "weather_api";
    /// Calls a broker or queue.
    retry_message_queue, "MessageQueue", "orders_queue";
    /// Calls one of our own services.
    retry_microservice, "Microservice", "users";
}

/// Implements `Classify` for an error type, from one mark on each variant.
///
#[doc = include_str!("../docs/classify.md")]
#[proc_macro_derive(Classify, attributes(retry, never, local, throttled, status, transparent, classify))]
pub fn derive_classify(input: TokenStream) -> TokenStream {
    expand::classify(input.into()).into()
}

#[cfg(test)]
mod documentation;
#[cfg(test)]
mod fuzzed;
#[cfg(test)]
mod mangled;
#[cfg(test)]
mod same_rules;
#[cfg(test)]
mod snapshots;
