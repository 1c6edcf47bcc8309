//! A followed file that may not be read any more, by a process whom permissions bind.
//!
//! They do not bind the superuser. As such the test runs itself once more, as a user without rights: what is asserted is the
//! same, and asserted there.

#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use resilience_runtime::{registry, watch_config_file};

const NAME: &str =
    "a_followed_file_that_loses_its_permission_is_refused_once_and_accepted_when_it_has_it_back";

/// Nobody, by the habit of all systems.
const NOBODY: u32 = 65_534;

/// Set for the copy that runs without rights.
const AGAIN: &str = "RESILIENCE_TEST_WITHOUT_RIGHTS";

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(20), "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn attempts(count: u32) -> bool {
    let shown = registry().explain("guarded").map(|explained| explained.to_string()).unwrap_or_default();
    shown.lines().any(|line| line.split_whitespace().take(2).eq(["max_attempts", &count.to_string()]))
}

#[test]
fn a_followed_file_that_loses_its_permission_is_refused_once_and_accepted_when_it_has_it_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("r.toml");
    fs::write(&path, "[services.guarded]\nmax_attempts = 2\n").expect("written");
    set_mode(&path, 0);
    if fs::read(&path).is_ok() {
        assert!(std::env::var_os(AGAIN).is_none(), "permissions do not bind `nobody` either");
        run_without_rights();
        return;
    }
    set_mode(&path, 0o600);
    check(&path);
}

/// Runs this test in a copy of this program that is anybody's to execute.
fn run_without_rights() {
    let folder = tempfile::tempdir().expect("a folder");
    set_mode(folder.path(), 0o755);
    let program = folder.path().join("follow_unreadable");
    fs::copy(std::env::current_exe().expect("a program"), &program).expect("copied");
    set_mode(&program, 0o755);
    let output = Command::new(&program)
        .args([NAME, "--exact"])
        .env(AGAIN, "1")
        .current_dir("/")
        .uid(NOBODY)
        .gid(NOBODY)
        .output()
        .expect("it runs as `nobody`");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{output:?}");
}

fn check(path: &Path) {
    let refused = || registry().reloads().refused;
    let applied = || registry().reloads().applied;
    let watch = watch_config_file(path).expect("followed");
    assert!(attempts(2));
    set_mode(path, 0);
    let since = Instant::now();
    until("refused", || refused() == 1);
    assert!(since.elapsed() > Duration::from_millis(1_500), "an editor that replaces it would be told of");
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(refused(), 1, "once");
    assert!(attempts(2), "the last good settings stay");

    let before = applied();
    set_mode(path, 0o600);
    until("accepted as it was", || applied() == before + 1);
    fs::write(path, "[services.guarded]\nmax_attempts = 3\n").expect("written");
    until("followed on", || attempts(3));
    drop(watch);

    // Nor is it followed, or loaded, while it cannot be read, and the message says why.
    set_mode(path, 0);
    let message = watch_config_file(path).expect_err("no permission").to_string();
    assert!(message.to_lowercase().contains("permission denied"), "{message}");
    assert!(attempts(3));
    set_mode(path, 0o600);
    drop(watch_config_file(path).expect("a refusal leaves nothing behind"));
}
