//! Finds a scenario by its name. In: a name. Out: the scenario of that name, or all. Apart from what a scenario is, which each of
//! them is made from.

use std::fmt;

use super::scenarios::SCENARIOS;
use super::simulation::{Scenario, Simulation};

/// There is no scenario of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownScenario(String);

/// All of them, in the order in which they are best read.
pub fn scenarios() -> &'static [Scenario] {
    SCENARIOS
}

/// Begins the scenario of that name.
///
/// # Errors
///
/// When there is none; the message names those that there are.
pub fn scenario(name: &str) -> Result<Simulation, UnknownScenario> {
    let found = SCENARIOS.iter().find(|scenario| scenario.name() == name);
    found.map(Scenario::simulation).ok_or_else(|| UnknownScenario(name.to_owned()))
}

impl fmt::Display for UnknownScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = SCENARIOS.iter().map(Scenario::name).collect();
        write!(f, "there is no scenario `{}`; there are: {}", self.0, names.join(", "))
    }
}

impl std::error::Error for UnknownScenario {}
