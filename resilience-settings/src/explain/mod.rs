//! Explanations and findings: where each value comes from, and what somebody wrote in vain. In: what is in force.

mod chaos;
pub mod explanation;
pub mod findings;
mod idle_globals;
pub mod inert;
pub mod review;
mod services;
mod stray_overrides;

pub use explanation::{Explanation, SiteExplanation};
