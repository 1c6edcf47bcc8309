//! What callers see at each quantile while nothing else runs, while as much other work runs, and during a reload.

use std::path::Path;

use plotters::prelude::*;

use crate::figures::Figures;

pub(crate) const FILE: &str = "reload.svg";
pub(crate) const TITLE: &str = "Latency of calls while 1,000 services are reloaded";

/// The rows of the measurement, with what stands below the axis.
const STEPS: &[(&str, &str)] = &[
    ("p50", "p50"),
    ("p99", "p99"),
    ("p99.9", "p99.9"),
    ("p99.99", "p99.99"),
    ("longest without waits for a core, median of the rounds", "longest*, median round"),
    ("longest without waits for a core, worst round", "longest*, worst round"),
];
const COLORS: [RGBColor; 3] =
    [RGBColor(0xa9, 0xb4, 0xbf), RGBColor(0xd9, 0x8e, 0x04), RGBColor(0x1b, 0x7f, 0x79)];

/// Draws it, unless it was not measured.
pub(crate) fn draw(figures: &Figures, path: &Path) -> Result<bool, String> {
    let phases = figures.cases(&["reload"], "p50");
    if phases.is_empty() {
        return Ok(false);
    }
    paint(figures, &phases, path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(true)
}

fn paint(figures: &Figures, phases: &[&str], path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::new(path, (860, 460)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(TITLE, ("sans-serif", 18).into_font().style(FontStyle::Bold))
        .margin(14)
        .x_label_area_size(48)
        .y_label_area_size(70)
        .build_cartesian_2d(-0.4_f64..5.4, (0.01_f64..100_000.0).log_scale())?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .x_labels(STEPS.len())
        .x_label_formatter(&|at| label(*at).to_owned())
        .y_label_formatter(&|micros| time(*micros))
        .x_desc("* less what the caller stood ready without a core; the target is 1 ms")
        .label_style(("sans-serif", 12))
        .draw()?;
    chart.draw_series(LineSeries::new([(-0.4, 1_000.0), (5.4, 1_000.0)], RED.mix(0.5)))?;
    for (phase, color) in phases.iter().zip(COLORS) {
        let points: Vec<(f64, f64)> = (0_u32..)
            .zip(STEPS)
            .filter_map(|(at, (row, _))| Some((f64::from(at), figures.find("reload", row, phase)?)))
            .collect();
        chart
            .draw_series(LineSeries::new(points.iter().copied(), color.stroke_width(2)))?
            .label(*phase)
            .legend(move |(x, y)| Rectangle::new([(x, y - 4), (x + 18, y + 4)], color.filled()));
        chart.draw_series(points.iter().map(|point| Circle::new(*point, 4, color.filled())))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE)
        .border_style(BLACK.mix(0.3))
        .label_font(("sans-serif", 13))
        .draw()?;
    area.present()?;
    Ok(())
}

/// What stands below a point; nothing between them.
fn label(at: f64) -> &'static str {
    let is_whole = (at - at.round()).abs() < 1e-6 && at > -0.5;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
    let step = STEPS.get(at.round().max(0.0) as usize);
    step.filter(|_| is_whole).map_or("", |(_, label)| label)
}

fn time(micros: f64) -> String {
    match micros {
        ..0.999 => format!("{:.0} ns", micros * 1e3),
        0.999..999.0 => format!("{micros:.0} µs"),
        _ => format!("{:.0} ms", micros / 1e3),
    }
}
