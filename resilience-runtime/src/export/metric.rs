//! Data: what describes one metric: its names, its unit, what it counts, and how it is read from a snapshot. All of them are in
//! `table`.

use crate::monitor::snapshot::{LatencySnapshot, ProcessSnapshot, ServiceSnapshot};

/// A metric, with the names that other tools use.
#[derive(Debug)]
pub(crate) struct Metric {
    /// The name on the Prometheus page, suffixes included.
    pub(crate) prometheus: &'static str,
    /// The name for OpenTelemetry, which has dots and no suffixes; `resilience.calls`.
    #[cfg_attr(
        not(any(test, feature = "otel")),
        expect(dead_code, reason = "the page has names of its own")
    )]
    pub(crate) otel: &'static str,
    /// The unit for OpenTelemetry: `s`, an annotation such as `{call}`, or nothing.
    pub(crate) unit: &'static str,
    pub(crate) kind: Kind,
    /// A sentence for people.
    pub(crate) help: &'static str,
    pub(crate) read: Read,
    /// Whether nothing of it is on the page until there is a series: what it counts is not there in production.
    pub(crate) is_rare: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Only grows, until the process ends.
    Counter,
    Gauge,
    Histogram,
}

impl Kind {
    /// The type name on the Prometheus page.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// Where the values of a metric are.
#[derive(Debug)]
pub(crate) enum Read {
    /// In each service; the writer adds the label `dependency`.
    Service(fn(&ServiceSnapshot, Sink<'_>)),
    /// In each service, a histogram.
    Latency(fn(&ServiceSnapshot) -> &LatencySnapshot),
    /// In the process.
    Process(fn(&ProcessSnapshot, Sink<'_>)),
}

/// A function that takes one value with its labels.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(Labels<'_>, Value);

/// Label names and values, without the label `dependency`.
pub(crate) type Labels<'a> = &'a [(&'static str, &'a str)];

/// A value in the unit of the snapshot, so that no digit is lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    Count(u64),
    /// Microseconds, exported in seconds.
    Micros(u64),
    /// Milliseconds, exported in seconds.
    Millis(u64),
    Number(f64),
}

impl Value {
    pub(crate) const fn switch(on: bool) -> Self {
        Self::Count(on as u64)
    }

    #[cfg(feature = "otel")]
    pub(crate) fn is_zero(self) -> bool {
        match self {
            Self::Count(number) | Self::Micros(number) | Self::Millis(number) => number == 0,
            Self::Number(number) => number == 0.0,
        }
    }
}
