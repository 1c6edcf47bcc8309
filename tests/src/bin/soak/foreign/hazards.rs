//! Hazards. In: a place where foreign code is called. Out: whether it panics there, and the panic.
//!
//! Wakers, subscribers, keys and callbacks are the user's, and may panic wherever the library calls them. Here they
//! panic only while the library is at work, on the stack of a poll or a drop or on a thread of its own: tokio calls
//! wakers too, and a panic in its driver would prove nothing. Nor do they panic while another panic unwinds, which
//! would abort any program.

use std::backtrace::Backtrace;
use std::cell::Cell;
use std::panic::panic_any;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::thread;

use crate::checks::journal;
use crate::dice;

macro_rules! hazards {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal;)+) => {
        /// The hazards of the calls. Each can be left out by its name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Hazard { $($(#[doc = $doc])+ $name),+ }

        impl Hazard {
            pub(crate) const ALL: &[Self] = &[$(Self::$name),+];

            pub(crate) fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }
        }
    };
}

hazards! {
    /// Futures are dropped before their end.
    Drops = "drops";
    /// Futures are polled and then left alone for a while.
    Unpolled = "unpolled";
    /// Futures are polled in another task, or another runtime, than the one they began in.
    Moves = "moves";
    /// Bodies panic, and so does what they own when it is dropped.
    Bodies = "bodies";
    /// Wakers panic when they are cloned, woken and dropped.
    Wakers = "wakers";
    /// The subscriber panics in events, and calls the registry there.
    Subscriber = "subscriber";
    /// `Clone`, `Hash`, `Eq` and `Drop` of keys and kept values panic.
    Traits = "traits";
    /// Rules of the call sites panic: `on_error`, `record_if`, `retry_if`, `retry_if_ok`, a fallback.
    Callbacks = "callbacks";
    /// Files are loaded, followed and refused.
    Reloads = "reloads";
    /// Operators force breakers and patch settings.
    Operators = "operators";
    /// Calls are shed, by a pressure that comes and goes.
    Shedding = "shedding";
    /// Futures that are not polled hold their permits for a whole round, and a runtime ends with calls under way.
    Stragglers = "stragglers";
}

/// The payload of intended panics. Any other panic is a fault.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Planned(pub(crate) Hazard);

static CHOSEN: AtomicU32 = AtomicU32::new(0);
static TRACES: AtomicBool = AtomicBool::new(false);
static AT_REST: AtomicBool = AtomicBool::new(true);
static PANICS: [AtomicU64; Hazard::ALL.len()] = [const { AtomicU64::new(0) }; Hazard::ALL.len()];

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static LAST: Cell<Option<Hazard>> = const { Cell::new(None) };
}

/// Selects the hazards, and whether to record where they strike.
pub(crate) fn choose(hazards: &[Hazard], trace: bool) {
    TRACES.store(trace, Ordering::Relaxed);
    let bits = hazards.iter().map(|&hazard| 1 << hazard as u32).sum();
    CHOSEN.store(bits, Ordering::Relaxed);
}

/// Whether the hazard is selected and the soak is not between rounds.
pub(crate) fn is_armed(hazard: Hazard) -> bool {
    !AT_REST.load(Ordering::Relaxed) && CHOSEN.load(Ordering::Relaxed) & (1 << hazard as u32) != 0
}

/// Between the rounds nothing panics, so that the checks see a stable state.
pub(crate) fn rest(is_at_rest: bool) {
    AT_REST.store(is_at_rest, Ordering::SeqCst);
}

/// Runs code that calls the library.
pub(crate) fn inside<T>(library: impl FnOnce() -> T) -> T {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            DEPTH.set(DEPTH.get() - 1);
        }
    }
    DEPTH.set(DEPTH.get() + 1);
    let _leave = Leave;
    library()
}

fn is_library_at_work() -> bool {
    DEPTH.get() > 0 || thread::current().name().is_some_and(|name| name.starts_with("resilience-"))
}

/// Panics here with that probability, if foreign code may.
pub(crate) fn strike(hazard: Hazard, share: f64) {
    if is_armed(hazard) && !thread::panicking() && is_library_at_work() && dice::toss(share) {
        PANICS[hazard as usize].fetch_add(1, Ordering::Relaxed);
        LAST.set(Some(hazard));
        let place = if TRACES.load(Ordering::Relaxed) { place() } else { String::new() };
        journal::note(hazard.word(), format!("panics {place}"));
        panic_any(Planned(hazard));
    }
}

/// The functions of the library that are on the stack, the innermost first.
fn place() -> String {
    let trace = Backtrace::force_capture().to_string();
    let lines = trace.lines().filter_map(|line| line.split_once("resilience_runtime::")?.1.split('<').next());
    lines.take(6).collect::<Vec<_>>().join(" < ")
}

/// The last intended panic on this thread.
pub(crate) fn last_panic() -> Option<Hazard> {
    LAST.get()
}

/// How often each has panicked.
pub(crate) fn panics() -> impl Iterator<Item = (Hazard, u64)> {
    Hazard::ALL.iter().map(|&hazard| (hazard, PANICS[hazard as usize].load(Ordering::Relaxed)))
}
