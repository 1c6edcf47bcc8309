//! The adaptive limit: `gradient` decides it, `shared` is where threads find it. In: the latency and result of each attempt. Out:
//! how many attempts may run at once.

mod gradient;
mod shared;

pub(super) use shared::Adaptive;
