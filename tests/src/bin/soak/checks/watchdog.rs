//! The watchdog. In: the number of calls that have ended. Out: the end of the program when that number stands still.
//! Something then waits for ever, possibly for a lock, so the report takes none of the library's locks.

use std::process::exit;
use std::thread;
use std::time::Duration;

use crate::chaos::ended_calls;
use crate::checks::findings::{ALL, say, violated};
use crate::checks::journal;

/// A lost call is dropped before that time has passed; a probe has a timeout of its own.
const STILL: Duration = Duration::from_secs(40);
const LOOK: Duration = Duration::from_secs(1);

/// Watches until the program ends.
pub(crate) fn start(farewell: impl Fn() + Send + 'static) {
    thread::spawn(move || {
        let (mut seen, mut still) = (u64::MAX, Duration::ZERO);
        loop {
            thread::sleep(LOOK);
            let ended = ended_calls();
            still = if ended == seen { still + LOOK } else { Duration::ZERO };
            seen = ended;
            if still >= STILL {
                violated(
                    ALL,
                    "something goes on",
                    &format!("no call has ended for {still:?}, after {ended}"),
                );
                for line in journal::last(None, 40) {
                    say(&format!("    {line}"));
                }
                farewell();
                exit(1);
            }
        }
    });
}
