//! The page that a Prometheus server scrapes, as text: no server, no feature and no dependency is needed.
//!
//! Every series is there from the registration of its service on, so that an alert sees the first event. Counters never
//! fall while the process lives. Native histograms and exemplars are left out: the first need the protobuf form, the
//! second a trace.
//!
//! Names of services may hold any character. What cannot be shown is escaped as in `\u{202e}`, and so is the backslash:
//! two names never become one.

mod format;
mod number;
mod page;
mod program;

pub use format::Format;
pub use page::render;
pub use program::render_prometheus;
