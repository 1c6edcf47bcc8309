//! Draws the charts of a scenario as SVG. In: lines through points. Out: SVG, one chart below the other.

use std::time::Duration;

use plotters::coord::Shift;
use plotters::coord::ranged1d::ValueFormatter;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use super::chart::{Chart, Line};
use super::ink::{Ink, dashed, inks};
use super::report::Report;

const WIDTH: u32 = 860;
const HEIGHT: u32 = 380;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Fault<'a> = DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>;

impl Report {
    /// Its charts as a picture.
    pub fn svg(&self) -> String {
        let mut svg = String::new();
        let charts = u32::try_from(self.charts.len()).unwrap_or(1).max(1);
        {
            let area = SVGBackend::with_string(&mut svg, (WIDTH, HEIGHT * charts)).into_drawing_area();
            if let Err(fault) = draw_all(&area, self) {
                // Only a file can fail to be written.
                unreachable!("a picture in memory: {fault}");
            }
        }
        dashed(&svg)
    }
}

fn draw_all<'a>(area: &Area<'a>, report: &Report) -> Result<(), Fault<'a>> {
    area.fill(&WHITE)?;
    for (part, chart) in area.split_evenly((report.charts.len().max(1), 1)).iter().zip(&report.charts) {
        let title = format!("{}: {}, seed {}", report.scenario, chart.title(), report.seed);
        let part = part.margin(MARGIN, 0, 0, 0);
        let part = part.titled(&title, ("sans-serif", 17).into_font().style(FontStyle::Bold))?;
        let (inside, names) = part.split_horizontally(WIDTH - room_for_names(chart));
        let inks = inks(chart);
        name(&names, chart, &inks)?;
        let (x, y) = (range(chart, |point| point.0), range(chart, |point| point.1));
        let mut builder = ChartBuilder::on(&inside);
        builder.margin(MARGIN).margin_right(2 * MARGIN).x_label_area_size(42).y_label_area_size(LEFT);
        if chart.is_logarithmic {
            let y = decades(chart)..y.1.max(LEAST) * 1.3;
            let lowest = y.start;
            draw(builder.build_cartesian_2d(x.0..x.1, y.log_scale())?, chart, &inks, report.unit, lowest)?;
        } else {
            let plane = builder.build_cartesian_2d(x.0..x.1, 0.0..y.1 * 1.05)?;
            draw(plane, chart, &inks, report.unit, f64::NEG_INFINITY)?;
        }
    }
    area.present()
}

/// The room for names at the right. At most half of the picture, as a file may have a long path.
fn room_for_names(chart: &Chart) -> u32 {
    let longest = chart.lines().iter().map(|line| line.name().chars().count()).max().unwrap_or(0);
    let longest = u32::try_from(longest).unwrap_or(u32::MAX);
    longest.saturating_mul(LETTER).saturating_add(MARK + MARGIN).min(WIDTH / 2)
}

/// The names of the lines, each beside a piece of it; one that is longer than the room takes several lines.
fn name<'a>(area: &Area<'a>, chart: &Chart, inks: &[Ink]) -> Result<(), Fault<'a>> {
    let letters =
        usize::try_from(room_for_names(chart).saturating_sub(MARK + MARGIN) / LETTER).unwrap_or(1).max(1);
    let (mark, line_height) = (i32::try_from(MARK).unwrap_or(0), 17);
    let mut y = 60;
    for (line, ink) in chart.lines().iter().zip(inks) {
        let piece = vec![(0, y), (mark - 8, y)];
        area.draw(&PathElement::new(piece, ink.colour.stroke_width(ink.width)))?;
        let signs: Vec<char> = line.name().chars().collect();
        for part in signs.chunks(letters) {
            let text: String = part.iter().collect();
            area.draw(&Text::new(text, (mark, y - 6), ("sans-serif", 12)))?;
            y += line_height;
        }
    }
    Ok(())
}

/// In points: around a chart, at its left for the scale, a letter of a name as it is in the mean, and the piece of a line before it.
const MARGIN: u32 = 12;
const LEFT: u32 = 64;
const LETTER: u32 = 6;
const MARK: u32 = 50;

/// A logarithmic scale shows no more decades than this below its greatest value, and nothing below the least.
const DECADES: i32 = 6;
const LEAST: f64 = 1e-6;

/// The least and the most of the points; never empty.
fn range(chart: &Chart, of: fn(&(f64, f64)) -> f64) -> (f64, f64) {
    let values = || chart.lines().iter().flat_map(|line| line.points().iter().map(of));
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    if low.is_finite() { (low, high.max(low + 1e-9)) } else { (0.0, 1.0) }
}

/// Where a logarithmic scale begins: at the power of ten below all that is above zero. Zero, which it cannot show, stands there.
fn decades(chart: &Chart) -> f64 {
    let (_, most) = range(chart, |point| point.1);
    let values = chart.lines().iter().flat_map(|line| line.points().iter().map(|(_, y)| *y));
    let least = values.filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min);
    let below = if least.is_finite() { 10_f64.powf(least.log10().floor()) } else { LEAST };
    below.max(most.max(LEAST) / 10_f64.powi(DECADES)).max(LEAST)
}

fn draw<'c, 'a: 'c, Y>(
    mut context: ChartContext<'c, SVGBackend<'a>, Cartesian2d<RangedCoordf64, Y>>,
    chart: &Chart,
    inks: &[Ink],
    unit: Duration,
    lowest: f64,
) -> Result<(), Fault<'a>>
where
    Y: Ranged<ValueType = f64> + ValueFormatter<f64>,
{
    let (x, y) = chart.axes();
    // A reader of the picture alone cannot know how long one is.
    let with_unit = |name: &str| name.replace("units", &format!("units of {unit:?}"));
    let (from, to) = range(chart, |point| point.0);
    let is_whole = |value: f64| (value - value.round()).abs() < 1e-9;
    let all_whole = chart.lines().iter().flat_map(Line::points).all(|(x, _)| is_whole(*x));
    let few = all_whole && to - from <= 12.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 13")]
    let labels = if few { (to - from) as usize + 1 } else { 10 };
    context
        .configure_mesh()
        .light_line_style(WHITE)
        .x_desc(with_unit(x))
        .y_desc(with_unit(y))
        .x_labels(labels)
        // Of a logarithmic scale all steps would be named, and lie over one another.
        .y_labels(if chart.is_logarithmic { 4 } else { 10 })
        .x_label_formatter(&|value| chart.place(*value).map_or_else(|| short(*value), str::to_owned))
        .y_label_formatter(&|value| short(*value))
        .label_style(("sans-serif", 12))
        .draw()?;
    for (line, ink) in chart.lines().iter().zip(inks) {
        let points = || line.points().iter().map(|(x, y)| (*x, y.max(lowest)));
        context.draw_series(LineSeries::new(points(), ink.colour.stroke_width(ink.width)))?;
        // Few points are marked, so that one can tell what was simulated from what is between.
        if line.points().len() <= 20 {
            context.draw_series(points().map(|point| Circle::new(point, 3, ink.colour.filled())))?;
        }
    }
    Ok(())
}

/// With no more digits than there are.
fn short(value: f64) -> String {
    // Of what is small, two digits.
    let digits = if value.abs() < 0.01 && value != 0.0 { 6 } else { 2 };
    let text = format!("{value:.digits$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::{Chart, Line, Report};
    use crate::testing::simulate::scenario;

    #[test]
    fn a_picture_has_every_line_by_its_name() {
        let report = scenario("layers").expect("a scenario").glimpse().run();
        let svg = report.svg();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
        for line in report.charts().iter().flat_map(Chart::lines) {
            assert!(svg.contains(line.name()), "{}", line.name());
        }
        assert!(svg.contains("stroke-dasharray=\""), "lines are told apart without colours: {svg}");
        assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{svg}");
    }

    fn picture(lines: Vec<Line>, is_logarithmic: bool) -> String {
        static REPORT: LazyLock<Report> =
            LazyLock::new(|| scenario("layers").expect("a scenario").glimpse().alone().run());
        let mut report = REPORT.clone();
        let chart = Chart::new("a <title> & more", "x", "y", lines);
        report.charts = vec![if is_logarithmic { chart.logarithmic() } else { chart }];
        report.svg()
    }

    #[test]
    fn what_is_small_is_drawn_where_it_is() {
        let lines = vec![
            Line::new("small", vec![(1.0, 0.0009), (5.0, 0.0)]),
            Line::new("great", vec![(1.0, 3.0), (5.0, 243.0)]),
        ];
        let svg = picture(lines, true);
        for label in [">\n0.001\n", ">\n1\n", ">\n2\n", ">\n5\n"] {
            assert!(svg.contains(label), "no {label:?} in {svg}");
        }
        assert!(!svg.contains(">\n2.5\n"), "there is nothing between whole numbers: {svg}");
    }

    #[test]
    fn axes_say_how_long_a_unit_is() {
        let report = scenario("half-open").expect("a scenario").glimpse().alone().run();
        assert!(report.svg().contains("units of 1s"), "{}", report.svg());
    }

    /// As XML is: what is opened is closed, and nothing that is text looks like it.
    fn is_well_formed(svg: &str) -> bool {
        let mut open = Vec::new();
        for tag in svg.split('<').skip(1) {
            let Some((tag, text)) = tag.split_once('>') else { return false };
            let name = tag.split([' ', '/', '\n']).next().unwrap_or_default();
            let is_right = if let Some(name) = tag.strip_prefix('/') {
                open.pop() == Some(name)
            } else {
                if !tag.ends_with('/') {
                    open.push(name);
                }
                tag.matches('"').count() % 2 == 0
            };
            let is_text = text.split('&').skip(1).all(|entity| entity.split_once(';').is_some());
            if !is_right || !is_text {
                return false;
            }
        }
        open.is_empty()
    }

    #[test]
    fn odd_lines_are_drawn_too() {
        let name = "a <name> & \"more\" of a file with a long path/".repeat(9);
        for lines in [
            vec![],
            vec![Line::new("none", vec![])],
            vec![Line::new(name.clone(), vec![(0.0, 0.0)])],
            vec![
                Line::new(name.clone(), vec![(2.0, 0.0), (2.0, 1e9)]),
                Line::new("other", vec![(1e-9, 0.0)]),
            ],
            vec![Line::new(name, vec![(-1.0, 5.0), (3.0, 5.0)]); 9],
        ] {
            for is_logarithmic in [false, true] {
                let svg = picture(lines.clone(), is_logarithmic);
                assert!(is_well_formed(&svg), "{svg}");
                assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{svg}");
            }
        }
        assert!(
            !is_well_formed("<svg><text>a <b> & c</text></svg>")
                && is_well_formed("<svg><a b=\"\"/>&lt;</svg>")
        );
    }
}
