//! Reads the settings of a running process, as it shows them, for advice. In: texts. Out: values. The reverse of how values are
//! shown, so that advice goes by what is in force and not by what a file on another disk says.

use std::collections::BTreeMap;

use crate::duration;
use crate::policy::{Key, Patch, Percentile, Ratio, Shape, Value, Window};
use crate::rules::accepted::word;

/// What is in force in a process for one service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Running {
    settings: Patch,
    /// Keys in which its call sites differ from each other, with two of the values.
    split: BTreeMap<Key, String>,
}

impl Running {
    /// Takes the value of the service as the process shows it. What cannot be read is left out: then the file decides.
    pub fn set(&mut self, path: &str, shown: &str) {
        if let Some((key, value)) = find(path).and_then(|key| Some((key, read(key, shown)?))) {
            self.settings = std::mem::take(&mut self.settings).with(key, value);
        }
    }

    /// Notes that call sites differ in a key.
    pub fn split(&mut self, path: &str, how: String) {
        if let Some(key) = find(path) {
            self.split.insert(key, how);
        }
    }

    pub(super) fn settings(&self) -> &Patch {
        &self.settings
    }

    pub(super) fn how_split(&self, key: Key) -> Option<&str> {
        self.split.get(&key).map(String::as_str)
    }
}

fn find(path: &str) -> Option<Key> {
    Key::ALL.iter().copied().find(|key| key.path() == path)
}

/// All shapes but lists and addresses, which no rule looks at.
fn read(key: Key, shown: &str) -> Option<Value> {
    let time = || duration::parse(shown);
    match (key.info().shape, shown) {
        (Shape::Switch, _) => shown.parse().ok().map(Value::Switch),
        (Shape::Table, "true" | "on") => Some(Value::Switch(true)),
        (_, "off") => Some(Value::Off),
        (Shape::Attempts, "unlimited") => Some(Value::Unlimited),
        (Shape::Attempts | Shape::Count { .. }, _) => shown.parse().ok().map(Value::Count),
        (Shape::Number { .. }, _) => shown.parse().ok().map(Value::Number),
        (Shape::Timeout, "adaptive") => Some(Value::Adaptive),
        (Shape::Duration { .. } | Shape::Timeout, _) => time().map(Value::Duration),
        (Shape::Window, _) => match shown.strip_suffix(" calls") {
            Some(calls) => calls.parse().ok().map(|calls| Value::Window(Window::Calls(calls))),
            None => time().map(|time| Value::Window(Window::Time(time))),
        },
        (Shape::Quantile | Shape::AfterOrQuantile, _) => match Percentile::parse(shown) {
            Some(word) => Some(Value::Quantile(word.ratio())),
            None => time()
                .map(Value::Duration)
                .or_else(|| shown.parse().ok().map(|share| Value::Quantile(Ratio::saturating(share)))),
        },
        (shape, _) => word(shape, shown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::templates::defaults;

    #[test]
    fn built_in_values_are_read_as_they_are_shown() {
        let mut unread = Vec::new();
        for (key, value) in defaults().iter() {
            match read(key, &value.to_string()) {
                Some(read) => assert_eq!(read, *value, "{}", key.path()),
                None => unread.push(key.path()),
            }
        }
        assert_eq!(unread, [""; 0], "no rule looks at these");
    }

    #[test]
    fn what_is_not_known_is_left_to_the_file() {
        let mut running = Running::default();
        running.set("no_such_key", "1");
        running.set("attempt_timeout", "soon");
        assert_eq!(running, Running::default());
        running.set("attempt_timeout", "1m 30s");
        assert_eq!(running.settings().len(), 1);
    }
}
