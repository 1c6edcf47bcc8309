//! Measures for fuzz tests that a reader takes bounded time and memory for each text, or names the text, with the seed that makes
//! it again.

use std::io::{Write, stderr};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::abort;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use allocation_counter::measure;

/// Nobody waits so long for so short a text: it hangs.
const HUNG: Duration = Duration::from_mins(1);

/// What reading may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Bytes at once, whatever is read.
    pub(crate) base: u64,
    /// Bytes at once, for each byte of the text.
    pub(crate) per_byte: u64,
}

/// How many texts are read: so many in the tests of every day, and `FUZZ_INPUTS` where there is time.
pub(crate) fn inputs(usual: usize) -> usize {
    std::env::var("FUZZ_INPUTS").map_or(usual, |count| count.parse().expect("FUZZ_INPUTS is a number"))
}

/// Where the numbers start: `FUZZ_SEED`.
pub(crate) fn seed() -> u64 {
    std::env::var("FUZZ_SEED").map_or(1, |seed| seed.parse().expect("FUZZ_SEED is a number"))
}

/// Reads each of the texts.
pub(crate) fn stands(texts: impl Iterator<Item = String>, bounds: Bounds, mut read: impl FnMut(&str)) {
    let current = Arc::new(Mutex::new((Instant::now(), String::new(), false)));
    let watched = current.clone();
    thread::spawn(move || watch(&watched));
    let seed = seed();
    let (mut count, mut largest, mut slowest) = (0_usize, 0.0_f64, Duration::ZERO);
    for (number, text) in texts.enumerate() {
        let began = Instant::now();
        *current.lock().unwrap_or_else(PoisonError::into_inner) = (began, text.clone(), false);
        let mut ended = Ok(());
        let cost = measure(|| ended = catch_unwind(AssertUnwindSafe(|| read(&text))));
        if let Err(panic) = ended {
            tell(&format!("input {number} of seed {seed} ends in a panic: {text:?}"));
            resume_unwind(panic);
        }
        let most = bounds.base + bounds.per_byte * text.len() as u64;
        assert!(
            cost.bytes_max <= most,
            "input {number} of seed {seed} takes {} bytes for {} of text, more than {most}: {text:?}",
            cost.bytes_max,
            text.len(),
        );
        #[expect(clippy::cast_precision_loss, reason = "a share for people")]
        let share = cost.bytes_max as f64 / most as f64;
        (count, largest, slowest) = (number + 1, largest.max(share), slowest.max(began.elapsed()));
    }
    current.lock().unwrap_or_else(PoisonError::into_inner).2 = true;
    tell(&format!(
        "{count} inputs of seed {seed}: at most {largest:.2} of the memory, the slowest in {slowest:?}"
    ));
}

/// Ends the process if a text takes for ever: the thread that reads it cannot be ended.
fn watch(current: &Mutex<(Instant, String, bool)>) {
    loop {
        thread::sleep(Duration::from_millis(500));
        let current = current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.2 {
            return;
        }
        if current.0.elapsed() > HUNG {
            tell(&format!("still reading after {HUNG:?}: {:?}", current.1));
            abort();
        }
    }
}

fn tell(what: &str) {
    let mut stderr = stderr().lock();
    let _ = writeln!(stderr, "{what}");
}
