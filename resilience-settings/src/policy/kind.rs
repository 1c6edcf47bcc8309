//! Data: the kinds of services; each chooses a template.

use crate::words;

words! {
    /// What sort of dependency a service is. It chooses the template that the settings start from:
    ///
    /// | template | attempts | strategy | base | max | attempt timeout | deadline | breaker differs |
    /// | --- | --- | --- | --- | --- | --- | --- | --- |
    /// | `ai_service` | 5 | `exponential_jitter` | 2 s | 60 s | 180 s | 600 s | window 60 s, `min_calls` 10, `open_for` 15 s |
    /// | `database` | 3 | `linear`, jitter 0.2 | 0.5 s | 5 s | 5 s | 30 s | |
    /// | `cache` | 2 | `fixed`, jitter 0.2 | 0.1 s | 1 s | 0.5 s | 2 s | `open_for` 1 s, `max_open_for` 10 s |
    /// | `http_api` | 4 | `exponential_jitter` | 1 s | 30 s | 10 s | 90 s | |
    /// | `message_queue` | 5 | `decorrelated_jitter` | 0.5 s | 30 s | 10 s | 120 s | |
    /// | `microservice`, `generic` | 3 | `exponential_jitter` | 0.2 s | 5 s | 2 s | 10 s | |
    ///
    /// The breaker looks back 10 s, opens at half of at least 20 results, for 5 s at first and at most 60 s, and lets two
    /// trials through at once. The budget is a bucket of 10 tokens, a tenth of a token for each call and one each second.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ServiceKind {
        /// A model behind an API: slow, expensive, throttled.
        AiService = "ai_service",
        /// A database reached over a connection pool.
        Database = "database",
        /// A cache: quick or worthless.
        Cache = "cache",
        /// Somebody else's HTTP API.
        HttpApi = "http_api",
        /// A broker or queue.
        MessageQueue = "message_queue",
        /// One of our own services.
        Microservice = "microservice",
        /// Anything else.
        #[default]
        Generic = "generic",
    }
}
