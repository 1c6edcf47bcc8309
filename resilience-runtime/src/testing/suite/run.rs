//! Runs the stages of a suite, one after another. In: a suite. Out: what each stage came to.

use super::builder::TestSuite;
use super::configuration::configuration;
use super::outcome::SuiteReport;

/// Runs a suite: looks at the settings, then makes the calls of each stage and holds them against what is expected.
///
/// It runs in the registry in force. In a test, wrap it in [`isolated`](crate::testing::isolated); on a paused clock it takes
/// no time. A panic in a function is counted as a failed call, one in what begins or ends a trouble is missed, and the suite
/// goes on; so it does when calls never end.
pub async fn run_comprehensive_test_suite(suite: TestSuite) -> SuiteReport {
    let mut stages = vec![configuration(&suite)];
    let TestSuite { name, stages: planned, .. } = suite;
    for stage in planned {
        stages.push(stage().await);
    }
    SuiteReport { name, stages }
}
