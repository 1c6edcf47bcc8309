//! Decides when background work begins and ends: what the settings ask for, when it is due. In: the settings in force, whenever
//! they change. Out: a thread that starts and ends what they ask for, when it is due.

use std::thread::{current, park_timeout};
use std::time::Duration;

#[cfg(feature = "server")]
use super::served::Served;
use super::summary;
use crate::events::{Event, Rare, emit};
use crate::registry::Registry;
use crate::thread::start;
#[cfg(feature = "testing")]
use crate::thread::start_task;
use crate::wakers::shielded;

/// The longest between two looks: a clock may be set, and a look costs nothing.
const LONGEST: Duration = Duration::from_mins(1);

const NAME: &str = "resilience-keeper";

/// What is kept going. Dropping it ends it.
struct Keeper {
    registry: &'static Registry,
    #[cfg(feature = "server")]
    served: Served,
}

/// One more wants it kept going. What the file asks for has begun when this returns.
pub(super) fn join(registry: &'static Registry) {
    if !registry.shared.keeping.join() {
        return;
    }
    summary::begin(registry);
    let mut keeper = Keeper {
        registry,
        #[cfg(feature = "server")]
        served: Served::default(),
    };
    shielded(|| {
        keeper.look();
    });
    let thread = start(NAME, Box::new(move || keeper.run()));
    if let Err(error) = thread {
        end(registry);
        shielded(|| emit(&Event::Rare(Rare::NoThread { thread: NAME, error: &error }), &()));
    }
}

/// One fewer wants it; the last waits until it has ended.
pub(super) fn leave(registry: &'static Registry) {
    registry.shared.keeping.leave();
}

/// Nothing is kept going any more. The summaries end before the next may begin.
fn end(registry: &'static Registry) {
    registry.shared.summaries.end();
    registry.shared.keeping.ended();
}

impl Keeper {
    fn run(mut self) {
        let registry = self.registry;
        registry.shared.keeping.begun(&current());
        while !registry.shared.keeping.is_stopping() {
            let mut next = LONGEST;
            // Whoever listens to events is foreign.
            shielded(|| next = self.look());
            park_timeout(next);
        }
        #[cfg(feature = "server")]
        shielded(|| drop(self.served));
        end(registry);
    }

    /// Does what is due. How long until something is again.
    fn look(&mut self) -> Duration {
        #[cfg(feature = "server")]
        let again = self.served.follow(self.registry);
        #[cfg(not(feature = "server"))]
        let again = None;
        // Only a task can wait for tokio's clock.
        let due = if self.registry.clock().is_virtual() { None } else { summary::tell(self.registry) };
        [again, due].into_iter().flatten().fold(LONGEST, Duration::min)
    }
}

/// Tells the summaries in the time of a test.
#[cfg(feature = "testing")]
pub(super) fn summaries_by_task(registry: &'static Registry) -> Option<tokio::task::AbortHandle> {
    /// The file may change the interval.
    const STEP: Duration = Duration::from_secs(1);

    if !registry.clock().is_virtual() {
        return None;
    }
    let runtime = tokio::runtime::Handle::try_current().ok()?;
    let tell = async move {
        loop {
            let next = summary::tell(registry).unwrap_or(STEP);
            tokio::time::sleep(next.min(STEP)).await;
        }
    };
    Some(start_task(&runtime, Box::pin(tell)))
}
