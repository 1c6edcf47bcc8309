//! `resilience schedule`: settings of delays go in, when retries come is played and shown.

mod command;
mod play;
mod say;

pub(crate) use command::Schedule;
