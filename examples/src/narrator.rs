//! Prints the library's own events as a story: one line each, with the time since the start.

use std::fmt::{self, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

struct Narrator {
    start: Instant,
}

static LAST: Mutex<Repeated> = Mutex::new(Repeated { line: String::new(), times: 0 });

/// The last line, and how often it has come.
struct Repeated {
    line: String,
    times: usize,
}

/// How often the same line is printed before the rest is only counted.
const SHOWN: usize = 2;

/// Prints what the library does from now on.
pub fn narrate() {
    let narrator = Narrator { start: Instant::now() };
    // A second call finds the narrator already at work.
    let _ = tracing_subscriber::registry().with(narrator).try_init();
}

impl<S: Subscriber> Layer<S> for Narrator {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target().starts_with("resilience") && *metadata.level() <= Level::DEBUG
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Line::default();
        event.record(&mut line);
        let subject = event.metadata().target().rsplit("::").next().unwrap_or_default();
        self.tell(format!("{subject:<8} {}{}", line.message, line.fields));
    }
}

impl Narrator {
    fn tell(&self, line: String) {
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if last.line != line {
            last.finish();
            last.line = line;
        }
        last.times += 1;
        if last.times <= SHOWN {
            print(&format!("   {:6.2}s  {}", self.start.elapsed().as_secs_f64(), last.line));
        }
    }
}

impl Repeated {
    /// Says how often the line came that was not printed each time, and forgets it.
    fn finish(&mut self) {
        if self.times > SHOWN {
            print(&format!("            … {} more of these", self.times - SHOWN));
        }
        *self = Self { line: String::new(), times: 0 };
    }
}

/// Prints a line of the example's own, after what the library did so far.
pub fn say(text: &str) {
    LAST.lock().unwrap_or_else(PoisonError::into_inner).finish();
    print(text);
}

#[expect(clippy::print_stdout, reason = "an example talks to its reader")]
fn print(line: &str) {
    println!("{line}");
}

#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "delay_seconds" {
            let _ = write!(self.fields, "  in {:.0} ms", value * 1e3);
        } else {
            let _ = write!(self.fields, "  {}={value:.2}", field.name());
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.fields, "  {}={value}", field.name());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            let _ = write!(self.message, "{value:?}");
        } else {
            let _ = write!(self.fields, "  {}={value:?}", field.name());
        }
    }
}
