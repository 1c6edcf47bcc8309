//! Holds ours to counts that do not depend on how busy a machine is: instructions and allocations per call, bytes
//! of annotated futures, and no lock or look-up where a call succeeds. A call by a handle is held to that of its attribute,
//! and a million of them with deadlines of their own to a second and to nothing left behind. A scrape of a thousand
//! services is held to 50 ms, and calls beside it to no stall. `gates PINS [--pin]`.
//!
//! With `--pin` it writes what it counts into the file of pins; without, it fails when something differs from it.
//! The finding of locks is tried out each time on calls that do take one: see [`canaries`].

mod canaries;
mod counts;
mod flat;
mod judge;
mod pins;
mod scrape;
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

/// How often a count that does not hold is taken again.
const ROUNDS_MORE: usize = 4;

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
    // What is pinned anew is held against the last pins as well, so that what comes of the time is in no pin.
    let pinned = pins::read(path)?;
    let held: Vec<Case> = cases::all().into_iter().filter(|case| case.is_ours() || case.is_bare()).collect();
    // Before anything else has run in this process, and on one thread.
    let mut counts = counts::future_sizes();
    counts.extend(counts::allocations(&held));
    let flat = flat::make(&held)?;
    // Last of all that counts here: a thousand services more.
    let scrape = scrape::make()?;

    let known = held.iter().map(Case::id).collect::<Vec<_>>();
    let others = cases::all().into_iter().chain(canaries::all()).filter(|case| !known.contains(&case.id()));
    let tried = canaries::EXPECTED.iter().map(|canary| canary.case);
    let canaries = others.filter(|case| tried.clone().any(|tried| tried == case.id()));
    let all: Vec<Case> = held.into_iter().chain(canaries).collect();
    let mut profiles: Vec<(String, Profile)> =
        all.iter().map(Case::id).zip(per_call(&flags, &all)?).collect();
    count_again(&flags, &all, &pinned, &mut profiles)?;
    let instructions = profiles.iter().filter(|(id, _)| known.contains(id));
    counts.extend(instructions.map(|(id, profile)| Count::instructions(id, profile.total())));

    say(&summary(&counts, &profiles))?;
    say(&format!("{flat:?}\n{scrape:?}\n"))?;
    let mut faults = canaries::faults(&profiles);
    faults.extend(FREE.iter().filter_map(|id| suspects::fault(id, &profiles)));
    faults.extend(judge::handle_faults(&counts));
    faults.extend(flat.faults());
    faults.extend(scrape.faults());
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

/// Counts again what does not hold, by its pin or beside its attribute, and keeps the count that is nearest to that.
///
/// What a call costs does not depend on the time, but what happens around it does. For up to 40 ms after a slice of a
/// window has begun, calls that read the clock and calls that take the approximate time count in different slices, and
/// each change between them costs; on a busy machine, under valgrind, a whole batch of calls is as short as that.
/// Budgets refill and breaks end by the clock as well. A code path that has changed has changed in every round.
fn count_again(
    flags: &Flags,
    all: &[Case],
    pinned: &[Count],
    profiles: &mut [(String, Profile)],
) -> Result<(), String> {
    for _ in 0..ROUNDS_MORE {
        let counted: Vec<Count> =
            profiles.iter().map(|(id, profile)| Count::instructions(id, profile.total())).collect();
        let off = |id: &str, profile: &Profile| {
            let count = Count::instructions(id, profile.total());
            judge::off(pinned, &count).max(judge::above_attribute(&counted, &count))
        };
        let again: Vec<&Case> = all
            .iter()
            .zip(&*profiles)
            .filter(|(_, (id, profile))| off(id, profile) > 0.0)
            .map(|(case, _)| case)
            .collect();
        if again.is_empty() {
            return Ok(());
        }
        for (case, profile) in again.iter().zip(per_call(flags, &again)?) {
            let id = case.id();
            let kept = profiles.iter_mut().find(|(known, _)| *known == id);
            if let Some((_, kept)) = kept.filter(|(_, kept)| off(&id, &profile) < off(&id, kept)) {
                *kept = profile;
            }
        }
    }
    Ok(())
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
