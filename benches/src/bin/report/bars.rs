//! Horizontal bars, one panel for each group: who needs how much, and how two threads compare with one.

use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::figures::{Figures, is_ours};
use crate::number::shown;

/// One drawing: a metric of all groups.
pub(crate) struct Drawing {
    pub(crate) file: &'static str,
    pub(crate) title: &'static str,
    metric: &'static str,
    /// The best is the smallest.
    is_cost: bool,
}

pub(crate) const ALL: &[Drawing] = &[
    Drawing { file: "wall.svg", title: "Nanoseconds per call", metric: "wall_min", is_cost: true },
    Drawing {
        file: "instructions.svg",
        title: "Instructions per call",
        metric: "instructions",
        is_cost: true,
    },
    Drawing {
        file: "scaling.svg",
        title: "Throughput of two threads over one, on one service",
        metric: "scaling",
        is_cost: false,
    },
    Drawing {
        file: "compile.svg",
        title: "Milliseconds of build for each function, beyond a plain one",
        metric: "compile beyond plain",
        is_cost: true,
    },
];

const WIDTH: i32 = 860;
const LABELS: i32 = 300;
const BARS: i32 = 460;
const BAR: i32 = 20;
const HEAD: i32 = 34;
const TOP: i32 = 46;
const OURS: RGBColor = RGBColor(0x1b, 0x7f, 0x79);
const THEIRS: RGBColor = RGBColor(0xa9, 0xb4, 0xbf);

struct Panel<'f> {
    group: &'f str,
    bars: Vec<(&'f str, f64)>,
}

impl Panel<'_> {
    /// What a full bar stands for. Who sleeps for milliseconds where the others take nanoseconds is cut off.
    fn scale(&self) -> f64 {
        const OUTLIER: f64 = 10.0;
        let median = self.bars.get(self.bars.len() / 2).map_or(0.0, |(_, value)| *value);
        let ordinary = self.bars.iter().map(|(_, value)| *value).filter(|value| *value <= OUTLIER * median);
        ordinary.fold(0.0, f64::max)
    }
}

/// Draws it, unless nothing of it was measured.
pub(crate) fn draw(figures: &Figures, drawing: &Drawing, path: &Path) -> Result<bool, String> {
    let panels: Vec<Panel<'_>> =
        figures.groups(&[drawing.metric]).into_iter().map(|group| panel(figures, drawing, group)).collect();
    if panels.is_empty() {
        return Ok(false);
    }
    paint(&panels, drawing, path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(true)
}

fn panel<'f>(figures: &'f Figures, drawing: &Drawing, group: &'f str) -> Panel<'f> {
    let mut bars: Vec<_> =
        figures.of_group(drawing.metric, group).map(|row| (row.case.as_str(), row.value)).collect();
    bars.sort_by(|(_, a), (_, b)| if drawing.is_cost { a.total_cmp(b) } else { b.total_cmp(a) });
    Panel { group, bars }
}

fn paint(panels: &[Panel<'_>], drawing: &Drawing, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let rows = panels.iter().map(|panel| panel.bars.len()).sum::<usize>() + 1;
    let height = TOP + HEAD * i32::try_from(panels.len())? + BAR * i32::try_from(rows)?;
    let area = SVGBackend::new(path, (WIDTH.try_into()?, height.try_into()?)).into_drawing_area();
    area.fill(&WHITE)?;
    let style =
        |size: i32, at: HPos| ("sans-serif", size).into_font().color(&BLACK).pos(Pos::new(at, VPos::Center));
    let bold = |size: i32| {
        let font = ("sans-serif", size).into_font().style(FontStyle::Bold);
        font.color(&BLACK).pos(Pos::new(HPos::Left, VPos::Center))
    };
    area.draw(&Text::new(drawing.title, (12, 22), bold(18)))?;
    // Costs have a scale for each panel, for they differ by a hundred times; ratios have one scale for all.
    let widest = |panel: &Panel<'_>| panel.bars.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    let of_all = panels.iter().map(widest).fold(0.0, f64::max);
    let mut top = TOP;
    for panel in panels {
        area.draw(&Text::new(panel.group, (12, top + HEAD - 12), bold(14)))?;
        top += HEAD;
        let full = if drawing.is_cost { panel.scale() } else { of_all };
        for (case, value) in &panel.bars {
            let middle = top + BAR / 2;
            let share = if full > 0.0 { (value / full).clamp(0.0, 1.0) } else { 0.0 };
            #[expect(clippy::cast_possible_truncation, reason = "a share of the width")]
            let length = (share * f64::from(BARS)).round() as i32;
            let color = if is_ours(case) { OURS } else { THEIRS };
            area.draw(&Text::new(*case, (LABELS - 8, middle), style(13, HPos::Right)))?;
            let corners = [(LABELS, top + 3), (LABELS + length.max(1), top + BAR - 3)];
            area.draw(&Rectangle::new(corners, color.filled()))?;
            let beyond = if *value > full { " →" } else { "" };
            let figure = format!("{}{beyond}", shown(*value));
            area.draw(&Text::new(figure, (LABELS + length + 6, middle), style(12, HPos::Left)))?;
            top += BAR;
        }
    }
    area.present()?;
    Ok(())
}
