//! Draws the report of a load test as SVG. In: a report. Out: a picture: what calls came to over time, and their latencies.

use std::fmt::Write as _;
use std::time::Duration;

use super::outcome::Report;
use super::panel::{Panel, Range, round_marks};
use super::threshold_result::Verdict;
use crate::testing::load::recorder::Step;
use crate::testing::load::threshold::Value;
use crate::testing::prose::counted;
use crate::testing::xml::escaped;

const WIDTH: f64 = 860.0;
const LEFT: f64 = 70.0;
const PANEL: f64 = WIDTH - LEFT - 30.0;

/// Colours that are told apart without red and green too, after Okabe and Ito; lines that lie over one another by width and dashes.
const STYLE: &str = "svg{background:#fff}text{font:12px sans-serif;fill:#333}.heading{font-size:16px;font-weight:bold}\
.title{font-weight:bold}.mark{font-size:11px;fill:#666}.end{text-anchor:end}.middle{text-anchor:middle}\
.grid{stroke:#ddd;fill:none}.line{fill:none;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}\
.p50{stroke:#0072b2}.p99{stroke:#d55e00;stroke-width:2.6;stroke-dasharray:7 5}.max{stroke:#bbb;stroke-width:4.5}\
.ok{fill:#009e73}.failed{fill:#d55e00}.rejected{fill:#e69f00}.none{fill:#bbb}.missed{fill:#d55e00;font-weight:bold}";

impl Report {
    /// The report as a picture in SVG: above what calls came to over time, by their intended starts; below their latencies on
    /// a logarithmic scale, and the thresholds.
    pub fn to_svg(&self) -> String {
        let bottom = 480.0 + 18.0 * f64::from(u32::try_from(self.judged.len()).unwrap_or(0));
        let mut svg = String::new();
        let _ = writeln!(
            svg,
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{bottom}" viewBox="0 0 {WIDTH} {bottom}">"#
        );
        let _ = writeln!(svg, "<title>{}</title>\n<style>{STYLE}</style>", escaped(&self.schedule.words));
        let _ = writeln!(svg, r##"<rect width="{WIDTH}" height="{bottom}" fill="#fff"/>"##);
        let _ = writeln!(
            svg,
            r#"<text x="{LEFT}" y="28" class="heading">{}</text>"#,
            escaped(&self.schedule.words)
        );
        let _ = writeln!(svg, r#"<text x="{LEFT}" y="48">{}</text>"#, escaped(&self.in_words()));
        let steps = &self.counted.recorder.steps;
        self.outcomes(&mut svg, steps);
        self.latencies(&mut svg, steps);
        self.time_axis(&mut svg);
        for (at, judged) in (0_u32..).zip(&self.judged) {
            let class = if judged.is_met() == Some(false) { r#" class="missed""# } else { "" };
            let word = match judged.is_met() {
                Some(true) => "ok",
                Some(false) => "MISSED",
                None => "not measured",
            };
            let words = escaped(&format!("{word}: {}  ({judged})", judged.threshold()));
            let _ = writeln!(svg, r#"<text x="{LEFT}" y="{}"{class}>{words}</text>"#, 480 + 18 * at);
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn in_words(&self) -> String {
        let verdict = match self.verdict() {
            Verdict::Passed if !self.is_judged() => "measured",
            verdict => verdict.name(),
        };
        format!(
            "{verdict}: {}, {} ok, {} ended",
            counted(self.scheduled(), "call"),
            Value::Share(self.success()),
            Value::PerSecond(self.rate())
        )
    }

    #[expect(clippy::cast_precision_loss, reason = "at most ten million calls, some tens of steps")]
    fn outcomes(&self, svg: &mut String, steps: &[Step]) {
        let per_second = 1.0 / self.counted.recorder.step.as_secs_f64();
        let counts = |step: &Step| [step.ok, step.failed, step.rejected, step.not_started];
        let most =
            steps.iter().map(|step| counts(step).iter().sum::<u64>()).max().unwrap_or(0) as f64 * per_second;
        let marks = round_marks(most);
        let highest = marks.last().copied().unwrap_or(1.0).max(1e-9);
        let panel =
            Panel { left: LEFT, top: 96.0, width: PANEL, height: 130.0, range: Range::Linear { highest } };
        let marks: Vec<_> =
            marks.into_iter().map(|mark| (mark, format!("{}", (mark * 1e6).round() / 1e6))).collect();
        panel.axis(svg, "calls per second, by intended start", &marks);
        let width = PANEL / steps.len().max(1) as f64;
        for (at, step) in steps.iter().enumerate() {
            let mut below = 0.0;
            for (count, class) in counts(step).into_iter().zip(["ok", "failed", "rejected", "none"]) {
                if count == 0 {
                    continue;
                }
                let (bottom, top) = (panel.y(below), panel.y(below + count as f64 * per_second));
                below += count as f64 * per_second;
                let _ = writeln!(
                    svg,
                    r#"<rect x="{:.1}" y="{top:.1}" width="{:.1}" height="{:.1}" class="{class}"/>"#,
                    LEFT + at as f64 * width,
                    (width - 0.6).max(0.4),
                    bottom - top
                );
            }
        }
        let names = [("ok", "ok"), ("failed", "failed"), ("rejected", "rejected"), ("none", "not started")];
        for ((class, name), x) in names.into_iter().zip([430.0, 500.0, 580.0, 670.0]) {
            let _ = writeln!(
                svg,
                r#"<rect x="{x}" y="77" width="10" height="10" class="{class}"/><text x="{}" y="86">{name}</text>"#,
                x + 14.0
            );
        }
    }

    fn latencies(&self, svg: &mut String, steps: &[Step]) {
        let latency = &self.counted.recorder.latency;
        if self.is_saturated() || latency.is_empty() {
            let _ = writeln!(
                svg,
                r#"<text x="{:.1}" y="350" class="middle">no latencies: {}</text>"#,
                LEFT + PANEL / 2.0,
                if latency.is_empty() { "no call has ended" } else { "the generator was late itself" }
            );
            return;
        }
        let [lowest, highest] = [latency.min(), latency.max()].map(in_seconds);
        let (lowest, highest) = decades(lowest, highest);
        let panel = Panel {
            left: LEFT,
            top: 282.0,
            width: PANEL,
            height: 140.0,
            range: Range::Log { lowest, highest },
        };
        let mut marks = Vec::new();
        let mut mark = lowest;
        while mark <= highest * 1.001 {
            // Rounded, as a tenth of a second times ten is not one in floating point.
            marks.push((mark, round_time(mark)));
            mark *= 10.0;
        }
        panel.axis(svg, "latency from the intended start", &marks);
        for (class, quantile) in [("max", 1.0), ("p99", 0.99), ("p50", 0.5)] {
            let values: Vec<_> = steps
                .iter()
                .map(|step| {
                    (!step.latency.is_empty()).then(|| in_seconds(step.latency.value_at_quantile(quantile)))
                })
                .collect();
            panel.line(svg, &values, class);
        }
        for (class, x) in [("p50", 500.0), ("p99", 580.0), ("max", 670.0)] {
            let _ = writeln!(
                svg,
                r#"<path d="M{x} 267h14" class="line {class}"/><text x="{}" y="272">{class}</text>"#,
                x + 18.0
            );
        }
    }

    fn time_axis(&self, svg: &mut String) {
        let recorder = &self.counted.recorder;
        let steps = u32::try_from(recorder.steps.len()).unwrap_or(u32::MAX);
        let whole = recorder.step.saturating_mul(steps).as_secs_f64();
        for part in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let _ = writeln!(
                svg,
                r#"<text x="{:.1}" y="442" class="mark middle">{}</text>"#,
                LEFT + PANEL * part,
                round_time(whole * part)
            );
        }
        let _ = writeln!(
            svg,
            r#"<text x="{:.1}" y="459" class="mark middle">time since the load began</text>"#,
            LEFT + PANEL / 2.0
        );
    }
}

fn in_seconds(nanos: u64) -> f64 {
    Duration::from_nanos(nanos.max(1)).as_secs_f64()
}

/// The powers of ten around a range.
fn decades(lowest: f64, highest: f64) -> (f64, f64) {
    let below = 10_f64.powf(lowest.log10().floor());
    let above = 10_f64.powf(highest.log10().ceil());
    (below, if above > below { above } else { below * 10.0 })
}

fn round_time(seconds: f64) -> String {
    let (number, unit) = match seconds {
        s if s <= 0.0 => return "0".to_owned(),
        ..0.999e-6 => (seconds * 1e9, "ns"),
        ..0.999e-3 => (seconds * 1e6, "µs"),
        ..0.999 => (seconds * 1e3, "ms"),
        _ => (seconds, "s"),
    };
    format!("{} {unit}", (number * 100.0).round() / 100.0)
}
