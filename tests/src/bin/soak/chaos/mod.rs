//! Callers that mistreat their futures.

mod actor;
mod driven;
mod fate;
mod stage;

pub(crate) use self::actor::{act, straggle};
pub(crate) use self::fate::Fate;
pub(crate) use self::stage::{Stage, ended_calls};
