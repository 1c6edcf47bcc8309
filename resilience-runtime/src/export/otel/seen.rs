//! Decides which series are sent to OpenTelemetry. In: values of series. Out: those that have ever been other than zero, and those
//! that an alert has to find before their first event.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::export::metric::{Labels, Value};

/// The series of one metric that were ever other than zero: by service, and there by their place among its series, which is
/// the same at each reading as labels are of closed sets. Those of a rare metric are not, and are never zero.
#[derive(Debug, Default)]
pub(super) struct Seen(HashMap<String, Arc<AtomicU64>>);

/// The places that were taken so far by one service. Used without the lock of the others: what takes the numbers is foreign code.
#[derive(Debug)]
pub(super) struct SeenOfService {
    places: Arc<AtomicU64>,
    next: u32,
}

impl Seen {
    /// Those of one service; the empty name is that of the process.
    pub(super) fn of(&mut self, service: &str) -> SeenOfService {
        let places = match self.0.get(service) {
            Some(places) => Arc::clone(places),
            None => Arc::clone(self.0.entry(service.to_owned()).or_default()),
        };
        SeenOfService { places, next: 0 }
    }
}

impl SeenOfService {
    /// The number to be sent of the next series, if it is to be sent.
    pub(super) fn sent(&mut self, labels: Labels<'_>, value: Value) -> Option<Value> {
        // Beyond 64 series, which no metric has, they share a place: too many would be sent, none too few.
        let place = 1_u64 << self.next.min(u64::BITS - 1);
        self.next += 1;
        // What there is no end of does not exist.
        if matches!(value, Value::Number(number) if !number.is_finite()) {
            return None;
        }
        let is_sent = if value.is_zero() {
            self.places.load(Ordering::Relaxed) & place != 0 || is_awaited(labels)
        } else {
            self.places.fetch_or(place, Ordering::Relaxed);
            true
        };
        is_sent.then_some(value)
    }
}

/// Whether alerts go by the series before it counts anything.
fn is_awaited(labels: Labels<'_>) -> bool {
    matches!(labels, [("outcome", "success" | "failure")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_sent_from_its_first_value_on_and_what_alerts_await_from_the_start() {
        let mut seen = Seen::default();
        let mut sent = |service: &str, values: [u64; 3]| {
            let mut seen = seen.of(service);
            let labels = [("outcome", "success"), ("outcome", "rejected"), ("outcome", "degraded")];
            [0, 1, 2].map(|place| seen.sent(&[labels[place]], Value::Count(values[place])).is_some())
        };
        assert_eq!(sent("a", [0, 0, 0]), [true, false, false]);
        assert_eq!(sent("a", [0, 2, 0]), [true, true, false]);
        assert_eq!(sent("b", [0, 0, 1]), [true, false, true], "services have series of their own");
        assert_eq!(sent("a", [0, 0, 0]), [true, true, false], "a gauge that falls back to zero says so");
    }

    #[test]
    fn what_does_not_exist_is_not_sent() {
        let mut seen = Seen::default();
        for value in [f64::INFINITY, f64::NAN, 0.0] {
            assert_eq!(seen.of("a").sent(&[], Value::Number(value)), None);
        }
        assert_eq!(seen.of("a").sent(&[], Value::Number(0.5)), Some(Value::Number(0.5)));
        assert_eq!(seen.of("a").sent(&[], Value::Number(f64::INFINITY)), None);
        assert_eq!(seen.of("a").sent(&[], Value::Number(0.0)), Some(Value::Number(0.0)));
    }
}
