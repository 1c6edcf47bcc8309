//! A case goes in, what one call of it costs under valgrind's callgrind comes out: instructions, and in which
//! functions and source files. Needs `valgrind` and nothing else.
//!
//! For each case the program runs itself under valgrind, makes so many calls and then twice as many, and subtracts.
//! Only `measured_calls` is collected, so that the calibration of clocks, which takes as long as it takes, is in
//! neither, and what a batch does once cancels out. Harnesses such as iai-callgrind or gungraun would do the same,
//! but need a runner of just their version installed beside them.
//!
//! Under valgrind reading the clock by `clock_gettime` is a system call, whose instructions are not seen: who reads
//! `Instant::now` looks about 30 instructions cheaper than it is. The processor that it plays has AVX2 where the
//! real one has, and nothing newer, so that glibc chooses the same `memcpy` on all such machines.

mod profile;

use std::borrow::Borrow;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{available_parallelism, scope};

use tokio::runtime::Runtime;

pub use self::profile::{Place, Profile};
use crate::Case;
use crate::flags::Flags;
use crate::measure::{on_this_thread, time};

/// Set for the process that runs under valgrind, to tell it from its parent.
const COUNTED: &str = "BENCHES_COUNTED";

/// The name of `measured_calls`. With stars around it callgrind would collect, and never write.
const FRAME: &str = concat!(module_path!(), "::measured_calls");

/// Whether this process runs under valgrind, and has to [`make_calls`] and nothing else.
pub fn is_counted() -> bool {
    std::env::var_os(COUNTED).is_some()
}

/// What runs under valgrind: the one case of these that the command line names.
///
/// # Errors
///
/// When it names none, or several.
pub fn make_calls(flags: &Flags, cases: Vec<Case>) -> Result<(), String> {
    let cases = flags.chosen(cases);
    let [case] = &cases[..] else { return Err(format!("{} cases instead of one", cases.len())) };
    let runtime = on_this_thread();
    time(&runtime, case, if case.sleeps { 2 } else { 500 });
    measured_calls(&runtime, case, flags.calls);
    measured_calls(&runtime, case, 2 * flags.calls);
    Ok(())
}

/// The frame that callgrind collects.
#[inline(never)]
fn measured_calls(runtime: &Runtime, case: &Case, calls: u64) {
    black_box(time(runtime, case, calls));
}

/// What one call of each case costs. Two cases at a time are counted where there are processors for it.
///
/// # Errors
///
/// The first case that could not be counted, and why.
pub fn per_call<C: Borrow<Case> + Sync>(flags: &Flags, cases: &[C]) -> Result<Vec<Profile>, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let next = AtomicUsize::new(0);
    let counts = Mutex::new((0..cases.len()).map(|_| Err("not counted".to_owned())).collect::<Vec<_>>());
    let workers = available_parallelism().map_or(1, usize::from);
    scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let place = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(case) = cases.get(place).map(Borrow::borrow)
                {
                    let count = of_one(flags, case, &folder.path().join(place.to_string()));
                    counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner)[place] = count;
                }
            });
        }
    });
    let counts = counts.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let named = cases.iter().map(Borrow::borrow).zip(counts);
    named.map(|(case, count): (&Case, _)| count.map_err(|error| format!("{}: {error}", case.id()))).collect()
}

fn of_one(flags: &Flags, case: &Case, out: &Path) -> Result<Profile, String> {
    // These wait milliseconds each.
    let calls = if case.sleeps { flags.calls.div_ceil(100) } else { flags.calls };
    run(flags, case, calls, out)?;
    // Callgrind numbers what it writes at each return from the frame.
    let read = |part: u8| -> Result<Profile, String> {
        let part = out.with_extension(part.to_string());
        let text = std::fs::read_to_string(part);
        text.map_err(|error| format!("callgrind wrote nothing about {FRAME}: {error}"))?.parse()
    };
    let (once, twice) = (read(1)?, read(2)?);
    Ok(twice.less(&once).over(calls))
}

/// Runs this program on one case under valgrind.
fn run(flags: &Flags, case: &Case, calls: u64, out: &Path) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--collect-atstart=no"])
        .args([format!("--toggle-collect={FRAME}"), format!("--dump-after={FRAME}")])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(program)
        .args(["--calls", &calls.to_string(), "--filter", &format!("={}", case.id())])
        .args((!flags.statistics).then_some("--no-statistics"))
        .env(COUNTED, "1")
        .stdin(Stdio::null());
    let ended = valgrind.output().map_err(|error| format!("valgrind cannot be started: {error}"))?;
    if !ended.status.success() {
        return Err(format!("valgrind failed: {}", String::from_utf8_lossy(&ended.stderr)));
    }
    Ok(())
}
