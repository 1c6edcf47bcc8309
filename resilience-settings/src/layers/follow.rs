//! Decides the value of a key that follows another until somebody writes it. In: the settled values. Out: the same with the
//! followers, with the origin of what they follow.

use crate::layers::resolved::{Adjustment, Effective, Resolved};
use crate::layers::source::Source;
use crate::policy::{Key, Value};

/// Nobody who limits the delays to 5 s wants to wait a minute because a server says so.
pub fn follow_max_delay(resolved: &mut Resolved) {
    if let Some(max) = resolved.effective(Key::MaxDelay) {
        let (value, source) = (max.value.clone(), max.source.clone());
        add(resolved, Key::MaxRetryAfter, value, source, "as `max_delay`");
    }
}

/// The ceiling of an adaptive attempt timeout is the attempt timeout that the layers below give: nobody who lets it
/// adapt wants to wait longer than before. Where they say `off`, only the deadline has been waited for.
pub fn follow_fixed_timeout(resolved: &mut Resolved) {
    let timeout = resolved.effective(Key::AttemptTimeout);
    let Some(timeout) = timeout.filter(|timeout| timeout.value == Value::Adaptive) else {
        return;
    };
    let mut below = timeout.hides.iter().filter(|(_, value)| *value != Value::Adaptive).peekable();
    let deadline = resolved.effective(Key::Deadline).filter(|deadline| deadline.value != Value::Off);
    let (value, source, reason) = if let (Some((_, Value::Off)), Some(deadline)) = (below.peek(), deadline) {
        (&deadline.value, &deadline.source, "as `deadline`")
    } else if let Some((source, value)) = below.find(|(_, value)| *value != Value::Off) {
        (value, source, "the `attempt_timeout` that adapts")
    } else {
        return;
    };
    let (value, source) = (value.clone(), source.clone());
    add(resolved, Key::TimeoutCeiling, value, source, reason);
}

/// Adds the key, unless some layer has it.
fn add(resolved: &mut Resolved, key: Key, value: Value, source: Source, reason: &str) {
    if resolved.effective(key).is_none() {
        let adjusted = Some(Adjustment { original: value.clone(), reason: reason.to_owned() });
        resolved.put(Effective { key, value, source, hides: Vec::new(), adjusted });
    }
}
