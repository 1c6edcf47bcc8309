//! The commands, a file each: its arguments go in, what it says and how it ends come out. They know each other as little as
//! the parts of the library do, and use nothing that another program could not.

mod advise;
mod bench;
mod chaos;
mod check;
mod completions;
mod diff;
mod events;
mod explain;
mod init;
mod load;
mod man;
mod schedule;
mod schema;
mod simulate;
mod top;

pub(crate) use advise::Advise;
pub(crate) use bench::Bench;
pub(crate) use chaos::Chaos;
pub(crate) use check::Check;
pub(crate) use completions::Completions;
pub(crate) use diff::Diff;
pub(crate) use events::Events;
pub(crate) use explain::Explain;
pub(crate) use init::Init;
pub(crate) use load::Load;
pub(crate) use man::Man;
pub(crate) use schedule::Schedule;
pub(crate) use schema::Schema;
pub(crate) use simulate::Simulate;
pub(crate) use top::Top;
