//! Curves go in, the text of an SVG file comes out: panels below each other, over the same time.

use std::fmt::Write as _;
use std::ops::Range;
use std::time::Duration;

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 70.0;
const TOP: f64 = 60.0;
const GAP: f64 = 70.0;

/// A curve, with its colour and its name.
pub(crate) struct Curve {
    pub(crate) name: &'static str,
    pub(crate) colour: &'static str,
    /// Time in seconds, and the value then.
    pub(crate) points: Vec<(f64, f64)>,
}

/// A diagram.
pub(crate) struct Panel {
    pub(crate) title: String,
    /// The value at the upper edge; the lower one is 0.
    pub(crate) top: f64,
    pub(crate) curves: Vec<Curve>,
    /// A value to compare with, and what it is.
    pub(crate) mark: (f64, String),
}

/// Draws the panels; a span of the time is shaded and has a name.
pub(crate) fn draw(panels: &[Panel], end: Duration, shaded: &Range<Duration>, name: &str) -> String {
    let end = end.as_secs_f64();
    let x = |seconds: f64| LEFT + WIDTH * seconds / end;
    let mut svg = String::new();
    let mut top = TOP;
    for panel in panels {
        let y = |value: f64| top + HEIGHT * (1.0 - (value / panel.top).clamp(0.0, 1.0));
        let (from, to) = (x(shaded.start.as_secs_f64()), x(shaded.end.as_secs_f64()));
        let _ = write!(
            svg,
            "<text x='{LEFT}' y='{}' font-size='17'>{}</text>\n\
             <rect x='{from}' y='{top}' width='{}' height='{HEIGHT}' fill='#f1f1f1'/>\n",
            top - 14.0,
            panel.title,
            to - from,
        );
        text(&mut svg, (from.midpoint(to), top + HEIGHT - 10.0), "text-anchor='middle' fill='#888'", name);
        for step in 0..=4 {
            let value = panel.top * f64::from(step) / 4.0;
            line(&mut svg, (LEFT, y(value)), (LEFT + WIDTH, y(value)), "stroke='#d5d5d5'");
            text(&mut svg, (LEFT - 8.0, y(value) + 5.0), "text-anchor='end'", &format!("{value:.0}"));
        }
        let mut second = 0.0;
        while second <= end {
            text(
                &mut svg,
                (x(second), top + HEIGHT + 18.0),
                "text-anchor='middle'",
                &format!("{second:.0} s"),
            );
            second += 1.0;
        }
        let (mark, what) = &panel.mark;
        line(&mut svg, (LEFT, y(*mark)), (LEFT + WIDTH, y(*mark)), "stroke='#444' stroke-dasharray='6 4'");
        text(&mut svg, (LEFT + WIDTH, y(*mark) - 6.0), "text-anchor='end' fill='#444'", what);
        for (place, curve) in (0_u8..).zip(&panel.curves) {
            let points = curve.points.iter().fold(String::new(), |mut points, (time, value)| {
                let _ = write!(points, "{:.1},{:.1} ", x(*time), y(*value));
                points
            });
            let _ = writeln!(
                svg,
                "<polyline points='{points}' fill='none' stroke='{}' stroke-width='2.5'/>",
                curve.colour
            );
            let colour = format!("text-anchor='end' font-size='15' fill='{}'", curve.colour);
            text(&mut svg, (LEFT + WIDTH - 190.0 * f64::from(place), top - 14.0), &colour, curve.name);
        }
        top += HEIGHT + GAP;
    }
    let width = LEFT + WIDTH + 30.0;
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {top}' width='{width}' height='{top}' \
         font-family='sans-serif' font-size='13'>\n<rect width='100%' height='100%' fill='white'/>\n{svg}</svg>\n"
    )
}

fn line(svg: &mut String, from: (f64, f64), to: (f64, f64), style: &str) {
    let _ = writeln!(
        svg,
        "<line x1='{:.1}' y1='{:.1}' x2='{:.1}' y2='{:.1}' {style}/>",
        from.0, from.1, to.0, to.1
    );
}

fn text(svg: &mut String, at: (f64, f64), style: &str, text: &str) {
    let _ = writeln!(svg, "<text x='{:.1}' y='{:.1}' {style}>{text}</text>", at.0, at.1);
}
