//! On what machine and with what versions it was measured: figures without them say nothing.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The peers that a reader will ask for.
const VERSIONS: &[&str] = &[
    "tokio",
    "backon",
    "recloser",
    "failsafe",
    "governor",
    "seatbelt",
    "execution-policy",
    "tower",
    "tower-resilience-retry",
    "tower-resilience-circuitbreaker",
];

pub(crate) fn describe(root: &Path) -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
    let processor = processor.trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let system = std::env::consts::OS;
    let compiler = said(root, "rustc", &["--version"]);
    let date = said(root, "git", &["log", "-1", "--format=%cs"]);
    let lock = fs::read_to_string(root.join("Cargo.lock")).unwrap_or_default();
    let versions: Vec<String> =
        VERSIONS.iter().filter_map(|name| Some(format!("{name} {}", version(&lock, name)?))).collect();
    format!(
        "Measured on {processor}, {cores} cores, {system}, with {compiler}, state of {date}. Peers: {}.\n\n\
         Compare within one column of one table: times differ from machine to machine, instructions and \
         allocations hardly do. Two threads are compared with one by their ratio only, beside the group \
         `reference`, for a host moves the cores about.\n\n",
        versions.join(", "),
    )
}

fn said(root: &Path, program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root).output();
    output.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

fn version<'l>(lock: &'l str, name: &str) -> Option<&'l str> {
    let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_version_is_that_of_the_whole_name() {
        let lock = "name = \"tower-layer\"\nversion = \"0.3\"\n\nname = \"tower\"\nversion = \"0.5.2\"\n";
        assert_eq!(super::version(lock, "tower"), Some("0.5.2"));
        assert_eq!(super::version(lock, "towers"), None);
    }
}
