//! A test that measures its process goes in; it is run in a process of its own, as the tests beside it have memory and threads too.

use std::process::Command;

/// Set in the process that runs one test alone, and in those that it starts.
const ALONE: &str = "RESILIENCE_TEST_ALONE";

/// Whether the test runs alone. If not, it has been run so, and has passed.
pub(crate) fn is_alone(test: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let program = std::env::current_exe().expect("known");
    let output = Command::new(program).args(["--exact", test]).env(ALONE, "1").output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    false
}
