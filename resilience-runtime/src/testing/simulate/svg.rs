//! Draws the charts of a scenario as SVG. In: lines through points. Out: SVG, one chart below the other.

use plotters::coord::Shift;
use plotters::coord::ranged1d::ValueFormatter;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use super::chart::Chart;
use super::report::Report;

const WIDTH: u32 = 860;
const HEIGHT: u32 = 380;

/// For lines beside each other, also without a sense for red and green (Okabe and Ito).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0x99, 0x99, 0x99),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xcc, 0x79, 0xa7),
];

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
        svg
    }
}

fn draw_all<'a>(area: &Area<'a>, report: &Report) -> Result<(), Fault<'a>> {
    area.fill(&WHITE)?;
    for (part, chart) in area.split_evenly((report.charts.len().max(1), 1)).iter().zip(&report.charts) {
        let (x, y) = (range(chart, |point| point.0), range(chart, |point| point.1));
        // To the right of the lines there is room for their names.
        let right = x.1 + room_for_names(chart) * (x.1 - x.0);
        let title = format!("{}: {}, seed {}", report.scenario, chart.title(), report.seed);
        let mut builder = ChartBuilder::on(part);
        builder
            .caption(title, ("sans-serif", 17).into_font().style(FontStyle::Bold))
            .margin(MARGIN)
            .x_label_area_size(42)
            .y_label_area_size(LEFT);
        if chart.is_logarithmic {
            draw(builder.build_cartesian_2d(x.0..right, (y.0.max(LEAST)..y.1 * 1.3).log_scale())?, chart)?;
        } else {
            draw(builder.build_cartesian_2d(x.0..right, 0.0..y.1 * 1.05)?, chart)?;
        }
    }
    area.present()
}

/// The room for names, as a share of that for lines. At most half of the picture, as a file may have a long path.
fn room_for_names(chart: &Chart) -> f64 {
    let longest = chart.lines().iter().map(|line| line.name().chars().count()).max().unwrap_or(0);
    let longest = u32::try_from(longest).unwrap_or(u32::MAX);
    let (inside, names) = (f64::from(WIDTH - LEFT - 2 * MARGIN), f64::from(longest) * LETTER + MARK);
    let names = names.min(inside / 2.0);
    names / (inside - names)
}

/// In points: around a chart, at its left for the scale, a letter of a name as it is in the mean, and around a name with its mark.
const MARGIN: u32 = 12;
const LEFT: u32 = 64;
const LETTER: f64 = 6.5;
const MARK: f64 = 70.0;

/// The least that a logarithmic scale shows.
const LEAST: f64 = 0.01;

/// The least and the most of the points; never empty.
fn range(chart: &Chart, of: fn(&(f64, f64)) -> f64) -> (f64, f64) {
    let values = || chart.lines().iter().flat_map(|line| line.points().iter().map(of));
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    if low.is_finite() { (low, high.max(low + 1e-9)) } else { (0.0, 1.0) }
}

fn draw<'c, 'a: 'c, Y>(
    mut context: ChartContext<'c, SVGBackend<'a>, Cartesian2d<RangedCoordf64, Y>>,
    chart: &Chart,
) -> Result<(), Fault<'a>>
where
    Y: Ranged<ValueType = f64> + ValueFormatter<f64>,
{
    let (x, y) = chart.axes();
    let end = range(chart, |point| point.0).1;
    context
        .configure_mesh()
        .light_line_style(WHITE)
        .x_desc(x)
        .y_desc(y)
        // Of a logarithmic scale all steps would be named, and lie over one another.
        .y_labels(if chart.is_logarithmic { 4 } else { 10 })
        .x_label_formatter(&|value| {
            if *value > end + 0.02 * end.abs() { String::new() } else { short(*value) }
        })
        .y_label_formatter(&|value| short(*value))
        .label_style(("sans-serif", 12))
        .draw()?;
    // The first is the widest, so that one that lies under others is seen beside them.
    let widths = (2..2 + u32::try_from(chart.lines().len()).unwrap_or(0)).rev();
    for ((line, colour), width) in chart.lines().iter().zip(COLOURS.iter().cycle()).zip(widths) {
        let points =
            || line.points().iter().map(|(x, y)| (*x, if chart.is_logarithmic { y.max(LEAST) } else { *y }));
        context
            .draw_series(LineSeries::new(points(), colour.stroke_width(width)))?
            .label(line.name())
            .legend(move |(x, y)| Rectangle::new([(x, y - 4), (x + 18, y + 4)], colour.filled()));
        // Few points are marked, so that one can tell what was simulated from what is between.
        if line.points().len() <= 20 {
            context.draw_series(points().map(|point| Circle::new(point, 3, colour.filled())))?;
        }
    }
    context
        .configure_series_labels()
        .position(SeriesLabelPosition::MiddleRight)
        .background_style(WHITE.mix(0.85))
        .border_style(BLACK.mix(0.3))
        .label_font(("sans-serif", 12))
        .draw()
}

/// With no more digits than there are.
fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::chart::Line;
    use super::Chart;
    use crate::testing::simulate::scenario;

    #[test]
    fn a_picture_has_every_line_by_its_name() {
        let report = scenario("layers").expect("a scenario").quick().run();
        let svg = report.svg();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
        for line in report.charts().iter().flat_map(Chart::lines) {
            assert!(svg.contains(line.name()), "{}", line.name());
        }
        assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{svg}");
    }

    fn picture(lines: Vec<Line>, is_logarithmic: bool) -> String {
        let mut report = scenario("layers").expect("a scenario").glimpse().alone().run();
        let chart = Chart::new("a <title> & more", "x", "y", lines);
        report.charts = vec![if is_logarithmic { chart.logarithmic() } else { chart }];
        report.svg()
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
