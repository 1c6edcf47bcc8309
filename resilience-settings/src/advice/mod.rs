//! The settings of all services of a file go in, with what a running process has measured where somebody has asked it; what
//! is better changed comes out: each with its place, its number and its remedy. Pure: no clock, no input, no output.
//!
//! The rules for one service (`alone`) and for services that call each other (`across`) compare settings that nothing refuses,
//! since they can be meant. Those for [measured](Measured) numbers propose new values, or say which condition does not hold. All
//! rules are asked of the settings as the changes leave them (`plan`), until they have no more to say.

mod across;
mod alone;
mod amplified;
mod ask;
mod chances;
mod facts;
mod measured;
mod patch;
mod piece;
mod plan;
mod question;
mod running;
mod subject;

pub use ask::advise;
pub use facts::Measured;
pub use patch::patch;
pub use piece::{Advice, Change, Rule, Verdict};
pub use question::Question;
pub use running::Running;

#[cfg(test)]
mod tests;
