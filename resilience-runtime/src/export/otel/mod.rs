//! Metrics for OpenTelemetry, through a meter provider of the program's: the metrics of the Prometheus page, by names with
//! dots and without suffixes. The API crate of OpenTelemetry is all that this needs; readers and protocols are the program's.
//!
//! ```
//! # use opentelemetry_sdk::metrics::{ManualReader, SdkMeterProvider};
//! use resilience_runtime::export::otel::Exporter;
//!
//! # let reader = ManualReader::builder().build();
//! let provider = SdkMeterProvider::builder().with_reader(reader).build();
//! let exporting = Exporter::new().start(&provider);
//! // Keep the guard for as long as the program runs.
//! # drop(exporting);
//! ```
//!
//! - **Which provider.** The one that is given, never the global one: a library that picks that up by itself sends what nobody
//!   asked for, or nothing, when it looks before the program has set it.
//! - **Which series.** Those that have ever been other than zero, and the outcomes `success` and `failure` of each service,
//!   so that an alert sees the first failure. What does not exist, as the tokens of a service without a budget, has none.
//! - **Cardinality.** SDKs keep 2,000 sets of attributes per instrument unless a view says otherwise, and put all others into
//!   one that is called `otel.metric.overflow`. That is enough for about 70 services. A registry that may have more is warned
//!   of, once; [`views`] (feature `otel-views`) makes room.
//! - **Times of calls** go out as a histogram with the feature `otel-histogram` alone: OpenTelemetry has no observable
//!   histogram, so a thread records once a second what was counted since. The counts are those of the page, bucket by
//!   bucket, and the sum is the true sum; only where in its bucket a call lies is not kept.
//! - **What is never sent**: arguments, results, error texts, cache keys, values of partitions.
//!
//! Callbacks read the counters when a reader collects, and take no lock that is held anywhere while foreign code runs: they
//! may be called from within a subscriber, a destructor or a waker. A panic in one of them ends there, since it would
//! end the thread of the reader for good.

mod attributes;
mod collection;
mod exporter;
mod instruments;
#[cfg(feature = "otel-histogram")]
mod pump;
mod room;
mod seen;
#[cfg(feature = "otel-histogram")]
mod spread;
#[cfg(feature = "otel-views")]
mod views;

pub use exporter::{Exporter, Exporting};
#[cfg(feature = "otel-views")]
pub use views::views;
