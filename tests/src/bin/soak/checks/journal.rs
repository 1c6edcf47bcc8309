//! The journal. In: rare events. Out: the last of them, when something is wrong.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Enough for the last seconds of a scene that has an event in each hundredth call.
const KEPT: usize = 4_096;

/// One event.
struct Event {
    at: Duration,
    scene: &'static str,
    who: Cow<'static, str>,
    what: Cow<'static, str>,
}

/// Longer texts are truncated.
const WIDTH: usize = 240;

impl Event {
    fn line(&self) -> String {
        let Self { at, scene, who, what } = self;
        let what: String = what.lines().next().unwrap_or_default().chars().take(WIDTH).collect();
        format!("{:>12.6} s  {scene:<12} {who} {what}", at.as_secs_f64())
    }
}

static START: LazyLock<Instant> = LazyLock::new(Instant::now);
static EVENTS: Mutex<VecDeque<Event>> = Mutex::new(VecDeque::new());

thread_local! {
    static SCENE: Cell<&'static str> = const { Cell::new("") };
}

/// The time since the program started.
pub(crate) fn time() -> Duration {
    START.elapsed()
}

/// Sets the scene that the events of this thread belong to.
pub(crate) fn enter(scene: &'static str) {
    SCENE.set(scene);
}

/// Records an event of the scene that this thread is in.
pub(crate) fn note(who: impl Into<Cow<'static, str>>, what: impl Into<Cow<'static, str>>) {
    let event = Event { at: time(), scene: SCENE.get(), who: who.into(), what: what.into() };
    let mut events = EVENTS.lock().unwrap_or_else(PoisonError::into_inner);
    if events.len() == KEPT {
        events.pop_front();
    }
    events.push_back(event);
}

/// The last events: of one scene, or of all.
pub(crate) fn last(scene: Option<&str>, count: usize) -> Vec<String> {
    let events = EVENTS.lock().unwrap_or_else(PoisonError::into_inner);
    let mut lines: Vec<String> = events
        .iter()
        .rev()
        .filter(|event| scene.is_none_or(|scene| event.scene == scene))
        .take(count)
        .map(Event::line)
        .collect();
    lines.reverse();
    lines
}
