//! Where every event passes on its way to those who listen.

use super::event::Event;
use super::log;
use super::why::apart;

/// Tells those who listen. They are foreign code and may panic: not under a lock, not within an initialiser, and not before
/// all that their panic could interrupt is given back. Whoever has to go on, whatever they do, shields it.
pub(crate) fn emit(event: &Event<'_>) {
    apart(|| log::write(event));
}
