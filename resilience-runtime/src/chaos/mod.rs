//! Faults that are injected on purpose: rules that say whom they hit and how often, scripts that say what each attempt
//! meets, and what an attempt is told to suffer. Told the time and random numbers; the attempt itself lies above.
//!
//! Compiled with feature `testing` only. A registry that nobody has armed costs an attempt one load of one `bool`.

mod active;
mod allowed;
mod at;
mod claim;
mod kinds;
mod maker;
mod names;
mod plan;
mod rule;
mod rules;
#[cfg(feature = "config")]
mod said;
mod schedule;
mod script;
mod suffered;

pub use self::active::RuleStatus;
pub(crate) use self::active::{Active, HangingAttempt};
pub(crate) use self::allowed::{allow, is_allowed};
pub(crate) use self::at::At;
pub(crate) use self::claim::Claim;
pub(crate) use self::maker::{Change, Maker};
pub(crate) use self::plan::{End, Plan};
pub(crate) use self::rule::{ErrorOf, Fault, Origin, Rule, Target};
pub(crate) use self::rules::{Chaos, Ended, Misfit, WhyMisfit};
pub(crate) use self::schedule::Schedule;
pub(crate) use self::script::{Script, Step};
pub(crate) use self::suffered::Suffered;
