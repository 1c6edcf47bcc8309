//! The clock of a registry, and what it reads: the counter of the processor, or with feature `testing` tokio's clock.

#[expect(clippy::module_inception, reason = "the type of the room has a file of its own, as any other")]
mod clock;
#[cfg(feature = "testing")]
mod on_tokio;
mod tick;

pub(crate) use self::clock::{Anchor, Clock};
#[cfg(feature = "testing")]
pub(crate) use self::on_tokio::{scope, sync_scope};
pub(crate) use self::tick::{Tick, micros, nanos};
