//! Hands every event on to those who listen. In: every event. Out: the history and subscribers of its registry, and the log.

use super::event::Event;
use super::log;
use super::why::apart;

/// What keeps events for those who ask later. No foreign code.
pub(crate) trait Hears {
    /// An event has happened; so many before it, of single calls of its service, were left out.
    fn hear(&self, event: &Event<'_>, left_out: u64);
}

/// Nobody: for what concerns no registry, or is not kept.
impl Hears for () {
    fn hear(&self, _: &Event<'_>, _: u64) {}
}

/// Tells those who listen. Who follows the log is foreign code and may panic: not under a lock, not within an initialiser, and
/// not before all that their panic could interrupt is given back. Whoever has to go on, whatever they do, shields it.
///
/// Of single calls, at most so many are told in a second as the [`Pace`](super::Pace) of their service allows.
pub(crate) fn emit(event: &Event<'_>, hears: &impl Hears) {
    let left_out = match event {
        Event::Rare(_) => 0,
        Event::OfCall(function, _) => {
            let Some(left_out) = function.pace.admit(function.now) else { return };
            left_out
        }
        #[cfg(feature = "testing")]
        Event::Step(..) => return hears.hear(event, 0),
    };
    hears.hear(event, left_out);
    apart(|| log::write(event, left_out));
}
