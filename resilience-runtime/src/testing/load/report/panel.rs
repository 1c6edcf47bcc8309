//! Draws a panel of the picture of a load test. In: its place and the range of its values. Out: where a value stands, its axis,
//! shapes as SVG.

use std::fmt::Write as _;

use crate::testing::xml::escaped;

/// A rectangle in which values stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Panel {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) range: Range,
}

/// The values of a panel, from the bottom to the top.
#[derive(Clone, Copy, Debug)]
pub(super) enum Range {
    Linear {
        highest: f64,
    },
    /// Both above zero.
    Log {
        lowest: f64,
        highest: f64,
    },
}

impl Panel {
    /// How far down a value stands. What is outside of the range stands on its edge.
    pub(super) fn y(&self, value: f64) -> f64 {
        let part = match self.range {
            Range::Linear { highest } => value / highest,
            Range::Log { lowest, highest } => (value / lowest).ln() / (highest / lowest).ln(),
        };
        self.top + self.height * (1.0 - part.clamp(0.0, 1.0))
    }

    /// How far to the right a part of the time stands.
    pub(super) fn x(&self, part: f64) -> f64 {
        self.left + self.width * part
    }

    /// Its title, and a line with its value for each of these.
    pub(super) fn axis(&self, svg: &mut String, title: &str, marks: &[(f64, String)]) {
        let Self { left, top, width, .. } = *self;
        let _ = writeln!(
            svg,
            r#"<text x="{left}" y="{:.1}" class="title">{}</text>"#,
            top - 10.0,
            escaped(title)
        );
        for (value, shown) in marks {
            let y = self.y(*value);
            let _ = writeln!(
                svg,
                r#"<path d="M{left} {y:.1}h{width}" class="grid"/><text x="{:.1}" y="{:.1}" class="mark end">{}</text>"#,
                left - 6.0,
                y + 4.0,
                escaped(shown)
            );
        }
    }

    /// A line through the values that are known, broken where one is not. Each stands in the middle of its step.
    #[expect(clippy::cast_precision_loss, reason = "some tens of steps")]
    pub(super) fn line(&self, svg: &mut String, values: &[Option<f64>], class: &str) {
        let steps = values.len() as f64;
        let mut path = String::new();
        let mut is_drawing = false;
        for (at, value) in values.iter().enumerate() {
            if let Some(value) = value {
                let (x, y) = (self.x((at as f64 + 0.5) / steps), self.y(*value));
                let _ = write!(path, "{}{x:.1} {y:.1}", if is_drawing { 'L' } else { 'M' });
                if !is_drawing {
                    // A step between two unknown ones is seen as a dot.
                    path.push_str("h0.1");
                }
            }
            is_drawing = value.is_some();
        }
        if !path.is_empty() {
            let _ = writeln!(svg, r#"<path d="{path}" class="line {class}"/>"#);
        }
    }
}

/// Round values from zero on, at most five above it, of which the last is not below the highest.
pub(super) fn round_marks(highest: f64) -> Vec<f64> {
    let least = highest.max(1e-9) / 5.0;
    let decade = 10_f64.powf(least.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].map(|of| of * decade).into_iter().find(|step| *step >= least).unwrap_or(decade);
    let mut marks = vec![0.0];
    let mut count = 0.0;
    while marks.last().is_some_and(|last| *last < highest) && marks.len() < 7 {
        count += 1.0;
        marks.push(step * count);
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_reach_the_highest() {
        for (highest, marks) in [
            (200.0, vec![0.0, 50.0, 100.0, 150.0, 200.0]),
            (7.0, vec![0.0, 2.0, 4.0, 6.0, 8.0]),
            (0.5, vec![0.0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        ] {
            let found = round_marks(highest);
            let is_near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-9;
            assert!(
                found.len() == marks.len() && found.iter().zip(&marks).all(is_near),
                "{highest}: {found:?}"
            );
        }
        assert!(round_marks(0.0).len() < 7);
    }

    #[test]
    fn values_stand_within_the_panel() {
        let panel = Panel {
            left: 10.0,
            top: 20.0,
            width: 100.0,
            height: 50.0,
            range: Range::Log { lowest: 1.0, highest: 100.0 },
        };
        for (value, y) in [(0.1, 70.0), (1.0, 70.0), (10.0, 45.0), (100.0, 20.0), (1e9, 20.0)] {
            assert!((panel.y(value) - y).abs() < 1e-9, "{value}");
        }
    }
}
