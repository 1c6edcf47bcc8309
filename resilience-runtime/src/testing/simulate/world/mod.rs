//! What a scenario is made of: virtual time, seeded chance, servers that queue, load that arrives whatever becomes of it, and
//! what was counted. Only the calls themselves are made by the engine.

mod clock;
mod failed;
mod fuse;
mod grid;
mod load;
mod process;
mod random;
mod scaled;
mod server;
mod tally;
mod tasks;
mod timeline;
mod traffic;
mod virtual_time;

pub(super) use self::clock::Clock;
pub(super) use self::failed::Failed;
pub(super) use self::fuse::Fuse;
pub(super) use self::grid::side_by_side;
pub(super) use self::load::Load;
pub(super) use self::process::Process;
pub(super) use self::random::Random;
pub(super) use self::scaled::Scaled;
pub(super) use self::server::{Condition, Server, Service};
pub(super) use self::tally::{Sum, Tally};
pub(super) use self::tasks::task_of_each;
pub(super) use self::timeline::Timeline;
pub(super) use self::traffic::{Traffic, drive_bare};
pub(super) use self::virtual_time::in_virtual_time;
