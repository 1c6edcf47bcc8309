//! Renders each metric in the Prometheus text format. In: a snapshot and a format. Out: the text of a scrape, with all series of a
//! metric together, as the format requires.

use super::format::Format;
use super::number;
use crate::export::metric::{Kind, Labels, Metric, Read, Value};
use crate::export::name::normalised;
use crate::export::table::METRICS;
use crate::monitor::snapshot::{DashboardData, LatencySnapshot};

/// About the size of the page per service, so that it need not be moved while it grows.
const BYTES_PER_SERVICE: usize = 14 << 10;

/// Writes the page of a snapshot.
///
/// ```
/// use resilience_runtime::export::prometheus::{Format, render};
/// use resilience_runtime::monitor::snapshot::DashboardData;
///
/// let page = render(&DashboardData::default(), Format::OpenMetrics);
/// assert!(page.ends_with("# EOF\n"));
/// ```
pub fn render(data: &DashboardData, format: Format) -> String {
    let mut page = Page {
        out: String::with_capacity((data.services.len() + 1) * BYTES_PER_SERVICE),
        format,
        series: 0,
        ends: LatencySnapshot::default().cumulative().map(|(end, _)| end.to_string()).collect(),
    };
    // Made once per service: the label is the same in some 150 lines.
    let dependencies: Vec<_> =
        data.services.iter().map(|service| label("dependency", &service.name)).collect();
    for metric in METRICS {
        let (before, first) = (page.out.len(), page.series);
        page.metric(metric, data, &dependencies);
        if metric.is_rare && page.series == first {
            page.out.truncate(before);
        }
    }
    if format == Format::OpenMetrics {
        page.out.push_str("# EOF\n");
    }
    page.out
}

struct Page {
    out: String,
    format: Format,
    /// How many lines of series it has, those of histograms apart.
    series: usize,
    /// The upper ends of the buckets, as labels.
    ends: Vec<String>,
}

impl Page {
    fn metric(&mut self, metric: &Metric, data: &DashboardData, dependencies: &[String]) {
        self.heading(metric);
        let name = metric.prometheus;
        match metric.read {
            Read::Service(read) => {
                for (service, dependency) in data.services.iter().zip(dependencies) {
                    read(service, &mut |labels, value| self.line(name, dependency, labels, value));
                }
            }
            Read::Latency(read) => {
                for (service, dependency) in data.services.iter().zip(dependencies) {
                    self.histogram(metric, dependency, read(service));
                }
            }
            Read::Process(read) => {
                read(&data.process, &mut |labels, value| self.line(name, "", labels, value));
            }
        }
    }

    /// Describes the lines that follow. `OpenMetrics` names a counter without the suffix of its series, and has
    /// units.
    fn heading(&mut self, metric: &Metric) {
        let is_open = self.format == Format::OpenMetrics;
        let name = match metric.prometheus.strip_suffix("_total") {
            Some(name) if is_open => name,
            _ => metric.prometheus,
        };
        self.push(["# HELP ", name, " ", metric.help, "\n# TYPE ", name, " ", metric.kind.name(), "\n"]);
        if is_open && metric.unit == "s" {
            self.push(["# UNIT ", name, " seconds\n"]);
        }
    }

    fn line(&mut self, name: &str, dependency: &str, labels: Labels<'_>, value: Value) {
        self.series += 1;
        self.out.push_str(name);
        let mut before = '{';
        if !dependency.is_empty() {
            self.out.push(before);
            self.out.push_str(dependency);
            before = ',';
        }
        for (label, value) in labels {
            self.out.push(before);
            push_label(&mut self.out, label, value);
            before = ',';
        }
        self.out.push_str(if before == '{' { " " } else { "} " });
        number::push(&mut self.out, value);
        self.out.push('\n');
    }

    /// The buckets are cumulative, and the last one equals the count: both come from one reading.
    fn histogram(&mut self, metric: &Metric, dependency: &str, latency: &LatencySnapshot) {
        debug_assert_eq!(metric.kind, Kind::Histogram);
        let name = metric.prometheus;
        for (place, (_, count)) in latency.cumulative().enumerate() {
            self.push([name, "_bucket{", dependency, ",le=\""]);
            self.out.push_str(&self.ends[place]);
            self.push(["\"} "]);
            self.end(Value::Count(count));
        }
        self.push([name, "_bucket{", dependency, ",le=\"+Inf\"} "]);
        self.end(Value::Count(latency.count));
        self.push([name, "_sum{", dependency, "} "]);
        self.end(Value::Micros(latency.total_us));
        self.push([name, "_count{", dependency, "} "]);
        self.end(Value::Count(latency.count));
    }

    fn end(&mut self, value: Value) {
        number::push(&mut self.out, value);
        self.out.push('\n');
    }

    fn push<const N: usize>(&mut self, parts: [&str; N]) {
        for part in parts {
            self.out.push_str(part);
        }
    }
}

fn label(name: &str, value: &str) -> String {
    let mut out = String::new();
    push_label(&mut out, name, value);
    out
}

/// The value is normalised first, so it has no line break; what the format itself escapes is the quote and the
/// backslash.
fn push_label(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push_str("=\"");
    let value = normalised(value);
    if value.contains(['"', '\\']) {
        for c in value.chars() {
            if matches!(c, '"' | '\\') {
                out.push('\\');
            }
            out.push(c);
        }
    } else {
        out.push_str(&value);
    }
    out.push('"');
}

#[cfg(test)]
mod tests;
