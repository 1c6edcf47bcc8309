//! Published results on overload and retries, played again with this engine inside: what would my settings have done?
//!
//! Time is virtual and chance is seeded: a scenario takes as long as the processor needs for its calls, and the same seed gives
//! the same [`Report`]. The calls are made through [handles](crate::Resilient), by the same code as in production; only the
//! server behind them, and who calls when, are made up.
//!
//! ```
//! use resilience_runtime::testing::simulate;
//!
//! let file = "[services.db]\nattempt_timeout = \"500ms\"\nmax_attempts = 4\n";
//! let policy = simulate::Policy::from_toml(file, "my.toml", "db")?;
//! let report = simulate::scenario("retries")?.policy(policy).quick().run();
//! println!("{report}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod catalogue;
mod chart;
mod episode;
#[cfg(feature = "cli")]
mod ink;
mod policy;
mod reference;
mod report;
mod scenarios;
mod simulation;
mod speed;
#[cfg(feature = "cli")]
mod svg;
#[cfg(test)]
mod tests;
mod world;

pub use self::catalogue::{UnknownScenario, scenario, scenarios};
pub use self::chart::{Chart, Line};
pub use self::policy::{Policy, PolicyError};
pub use self::report::{Cell, Report};
pub use self::simulation::{Scenario, Simulation};
pub use self::speed::{Speed, speed};
