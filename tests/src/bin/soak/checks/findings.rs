//! Findings. In: checks that fail. Out: one finding per kind, printed when it occurs.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::checks::journal;

/// A failed check, the first time of its kind.
struct Finding {
    scene: &'static str,
    check: &'static str,
    count: u64,
}

static FINDINGS: Mutex<Vec<Finding>> = Mutex::new(Vec::new());
static IS_ANY: AtomicBool = AtomicBool::new(false);
static KEEPS_GOING: AtomicBool = AtomicBool::new(false);

/// The scene for findings that belong to no particular scene.
pub(crate) const ALL: &str = "all";

/// How many events are printed with a finding.
const EVENTS: usize = 12;

/// Reports a failed check. The first time, it is printed with the last events of the scene.
pub(crate) fn violated(scene: &'static str, check: &'static str, details: &str) {
    let mut findings = FINDINGS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = findings.iter_mut().find(|known| (known.scene, known.check) == (scene, check)) {
        known.count += 1;
        return;
    }
    findings.push(Finding { scene, check, count: 1 });
    IS_ANY.store(true, Ordering::Relaxed);
    drop(findings);
    let mut text = format!("violation: {scene}: {check}: {details}\n");
    for line in journal::last((scene != ALL).then_some(scene), EVENTS) {
        let _ = writeln!(text, "    {line}");
    }
    say(text.trim_end());
}

/// Makes a check; the details are only evaluated if it fails.
pub(crate) fn hold(is_so: bool, scene: &'static str, check: &'static str, details: impl FnOnce() -> String) {
    if !is_so {
        violated(scene, check, &details());
    }
}

/// Whether anything was found.
pub(crate) fn is_any() -> bool {
    IS_ANY.load(Ordering::Relaxed)
}

/// Continues after a violation.
pub(crate) fn keep_going() {
    KEEPS_GOING.store(true, Ordering::Relaxed);
}

/// Whether something was found and the soak has to end.
pub(crate) fn is_final() -> bool {
    is_any() && !KEEPS_GOING.load(Ordering::Relaxed)
}

/// All findings, one line per kind.
pub(crate) fn summary() -> Vec<String> {
    let findings = FINDINGS.lock().unwrap_or_else(PoisonError::into_inner);
    findings.iter().map(|Finding { scene, check, count }| format!("{count:>6} × {scene}: {check}")).collect()
}

/// Prints a line at once: the process may be about to end.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
