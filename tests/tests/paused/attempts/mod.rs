//! What attempts a call makes: which failures are retried, when, within what time, and by which path through the engine.

mod adaptive_timeout;
mod cancel;
mod classification;
mod deadline;
mod every_path;
mod fast_path;
mod hedge;
mod latency;
mod nested;
mod refusals;
pub(crate) mod retry;
mod unpolled;
