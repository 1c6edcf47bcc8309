//! Plain data: the parts of the snapshot of a service. `observe/service` fills them in.

pub(super) mod attempts;
pub(super) mod breaker;
pub(super) mod calls;
pub(super) mod degradation;
pub(super) mod latency;
pub(super) mod limits;
pub(super) mod sample;
pub(super) mod spark;
pub(super) mod waiting;
pub(super) mod window;
