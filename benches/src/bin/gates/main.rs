//! Holds ours to counts that do not depend on how busy a machine is: instructions and allocations per call, bytes
//! of annotated futures, and no lock or look-up where a call succeeds. A call by a handle is held to that of its attribute,
//! and a million of them with deadlines of their own to a second and to nothing left behind. `gates PINS [--pin]`.
//!
//! With `--pin` it writes what it counts into the file of pins; without, it fails when something differs from it.
//! The finding of locks is tried out each time on calls that do take one: see [`canaries`].

mod canaries;
mod counts;
mod flat;
mod judge;
mod pins;
mod suspects;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use benches::callgrind::{Profile, is_counted, make_calls, per_call};
use benches::flags::Flags;
use benches::report::exit;
use benches::{Case, cases};

use self::counts::Count;

/// Enough that what happens now and then, such as a new part of a window, is a fraction of an instruction per call.
const CALLS: u64 = 1_000;

const FOLLOW: &str = "these counts do not hold. Where that is meant, `./bench gates --pin` writes the new ones, which \
                      belong into the same commit";

/// No lock and no look-up here: the calls that succeed, whole and pattern by pattern, and those that are rejected.
const FREE: &[&str] = &[
    "full stack, ready/ours",
    "full stack, pending once/ours",
    "full stack, ready/ours, by handle",
    "full stack, pending once/ours, by handle",
    "retry/ours, by handle",
    "retry/ours",
    "breaker/ours",
    "retry with budget/ours",
    "bulkhead/ours",
    "timeout, ready/ours",
    "timeout, pending once/ours",
    "rate limit/ours",
    "fallback, not needed/ours",
    "open breaker/ours",
    "open breaker/ours, whole engine",
];

fn main() -> ExitCode {
    exit(if is_counted() {
        let cases = cases::all().into_iter().chain(canaries::all()).collect();
        Flags::read(1, 1, CALLS).and_then(|flags| make_calls(&flags, cases))
    } else {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [pins] => hold(Path::new(pins), false),
            [pins, "--pin"] => hold(Path::new(pins), true),
            _ => Err("usage: gates PINS [--pin]".to_owned()),
        }
    })
}

fn hold(path: &Path, pin: bool) -> Result<(), String> {
    let flags = Flags { filters: Vec::new(), rounds: 1, millis: 1, calls: CALLS, statistics: true };
    let pinned = if pin { Vec::new() } else { pins::read(path)? };
    let held: Vec<Case> = cases::all().into_iter().filter(|case| case.is_ours() || case.is_bare()).collect();
    // Before anything else has run in this process, and on one thread.
    let mut counts = counts::future_sizes();
    counts.extend(counts::allocations(&held));
    let flat = flat::make(&held)?;

    let known = held.iter().map(Case::id).collect::<Vec<_>>();
    let others = cases::all().into_iter().chain(canaries::all()).filter(|case| !known.contains(&case.id()));
    let tried = canaries::EXPECTED.iter().map(|canary| canary.case);
    let canaries = others.filter(|case| tried.clone().any(|tried| tried == case.id()));
    let all: Vec<Case> = held.into_iter().chain(canaries).collect();
    let profiles: Vec<(String, Profile)> = all.iter().map(Case::id).zip(per_call(&flags, &all)?).collect();
    let instructions = profiles.iter().filter(|(id, _)| known.contains(id));
    counts.extend(instructions.map(|(id, profile)| Count::instructions(id, profile.total())));

    say(&summary(&counts, &profiles))?;
    say(&format!("{flat:?}\n"))?;
    let mut faults = canaries::faults(&profiles);
    faults.extend(FREE.iter().filter_map(|id| suspects::fault(id, &profiles)));
    faults.extend(judge::handle_faults(&counts));
    faults.extend(flat.faults());
    if !faults.is_empty() {
        return Err(faults.join("\n"));
    }
    if pin {
        pins::write(path, &counts)?;
        return say(&format!("{} counts pinned in {}\n", counts.len(), path.display()));
    }
    let faults = judge::faults(&pinned, &counts);
    if !faults.is_empty() {
        return Err(format!("{}\n{FOLLOW}", faults.join("\n")));
    }
    say(&format!("{} counts hold, {} cases are free of locks and look-ups\n", counts.len(), FREE.len()))
}

fn summary(counts: &[Count], profiles: &[(String, Profile)]) -> String {
    let mut text = String::new();
    for count in counts {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{count}");
    }
    for (id, profile) in profiles {
        let found: BTreeSet<&str> = suspects::found_in(profile).map(|found| found.what).collect();
        if !found.is_empty() {
            let _ = writeln!(text, "noticed in {id}: {}", Vec::from_iter(found).join(", "));
        }
    }
    text
}

fn say(text: &str) -> Result<(), String> {
    std::io::stdout().write_all(text.as_bytes()).map_err(|error| error.to_string())
}
