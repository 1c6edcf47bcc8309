//! What is in force goes in, what people ask of it comes out: where each value comes from, and what somebody wrote in
//! vain.

mod chaos;
pub mod explanation;
pub mod findings;
mod idle_globals;
pub mod inert;
pub mod review;
mod services;
mod stray_overrides;

pub use explanation::{Explanation, SiteExplanation};
