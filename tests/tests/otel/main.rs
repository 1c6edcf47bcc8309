//! What OpenTelemetry gets: through a provider by hand, through its SDK, and over the wire.

mod collector;
mod hand;
mod histogram;
mod names;
mod runtimes;
mod series;
mod services;
