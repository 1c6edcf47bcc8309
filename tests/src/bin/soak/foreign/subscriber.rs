//! A foreign subscriber. In: the events of the library. Out: occasional panics; calls to the registry, as foreign code
//! may make them; and the journal's entries about breakers and files.

use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};

use resilience_runtime::registry;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber, callsite};

use crate::checks::journal;
use crate::dice;
use crate::foreign::hazards::{Hazard, is_armed, strike};

/// Every call that fails emits an event.
const SHARE: f64 = 0.003;

/// A call to the registry costs as much as a hundred calls.
const ASKS: f64 = 0.001;

#[derive(Debug)]
pub(crate) struct Trouble;

/// The level that it listens to, as an index into [`LEVELS`].
static LEVEL: AtomicUsize = AtomicUsize::new(1);

/// Calls take other paths depending on whether a subscriber listens to retries, to breakers, or to nothing.
const LEVELS: [LevelFilter; 3] = [LevelFilter::DEBUG, LevelFilter::INFO, LevelFilter::OFF];

/// Listens to another level from now on.
pub(crate) fn listen(number: usize) {
    LEVEL.store(number % LEVELS.len(), Ordering::Relaxed);
    callsite::rebuild_interest_cache();
}

fn level() -> LevelFilter {
    LEVELS[LEVEL.load(Ordering::Relaxed)]
}

/// Installs it for the whole program.
pub(crate) fn install() -> Result<(), String> {
    tracing::subscriber::set_global_default(Trouble).map_err(|error| error.to_string())
}

impl Subscriber for Trouble {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= level() && metadata.target().starts_with("resilience")
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(level())
    }

    fn event(&self, event: &Event<'_>) {
        if *event.metadata().level() <= Level::INFO {
            let mut line = Line(String::new());
            event.record(&mut line);
            journal::note(event.metadata().target(), line.0);
        }
        if is_armed(Hazard::Subscriber) && dice::toss(ASKS) {
            for service in registry().services() {
                let _ = (service.stats(), service.breaker_state(), service.budget_tokens());
            }
            let _ = registry().concurrent_retries();
        }
        strike(Hazard::Subscriber, SHARE);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The fields of an event.
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{field}={value:?} ");
    }
}
