//! The page that a Prometheus server scrapes. In: a snapshot. Out: text. It needs no server, no feature and no dependency.
//!
//! Every series is present from the registration of its service on, so that an alert sees the first event. Counters
//! never fall while the process lives. Native histograms and exemplars are left out: the first need the protobuf
//! format, the second a trace.
//!
//! A scrape of 1,000 services takes 17 ms of processor time, and no call waits for it;
//! `./bench gates` holds it to both.
//!
//! Names of services may hold any character. Unprintable ones are escaped as in `\u{202e}`, and so is the backslash:
//! two names never become one.

mod format;
mod number;
mod page;
mod program;

pub use format::Format;
pub use page::render;
pub use program::render_prometheus;
