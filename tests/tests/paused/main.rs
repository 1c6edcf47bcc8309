//! Behaviour through the attributes, on tokio's paused clock.

mod adaptive_timeout;
mod answers;
mod builder;
mod bulkhead;
mod caching;
mod cancel;
mod classification;
mod deadline;
mod degradation;
mod degrade;
mod hedge;
mod keys;
mod nested;
mod once;
mod partitions;
mod priority;
mod rates;
mod retry;
mod script;
mod settings;
mod shedding;
mod storm;
mod straight;
mod votes;
mod ways;
mod which_error;
