//! Reads lengths of time as tests write them. In: a `Duration`, or its notation in files. Out: a `Duration`.

use std::time::Duration;

use resilience_settings::duration;

/// A length of time: a [`Duration`], or a text such as `"2s"`, `"500ms"` or `"1m 30s"`. A text that is none panics, as a test
/// that goes on with another time would prove nothing.
pub trait IntoSpan {
    /// The time.
    fn into_span(self) -> Duration;
}

impl IntoSpan for Duration {
    fn into_span(self) -> Duration {
        self
    }
}

impl IntoSpan for &str {
    fn into_span(self) -> Duration {
        let Some(time) = duration::parse(self) else {
            panic!("a length of time must be a text such as `2s` or `500ms`, not `{self}`")
        };
        time
    }
}
