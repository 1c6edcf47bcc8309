//! How a line of a chart is drawn. In: the names of all of its lines. Out: for each a colour, a width and dashes, by which it is told
//! apart from the others without a sense for colours, on paper, and where it lies over another.

use plotters::style::RGBColor;

use super::chart::Chart;

/// The ink of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ink {
    pub(super) colour: RGBColor,
    /// Lengths of dashes and gaps, as `stroke-dasharray` has them; of a line without gaps nothing.
    pub(super) dashes: &'static str,
    pub(super) width: u32,
}

/// For lines beside each other, also without a sense for red and green (Okabe and Ito).
const INKS: [(RGBColor, &str); 6] = [
    (RGBColor(0x99, 0x99, 0x99), ""),
    (RGBColor(0xd5, 0x5e, 0x00), "14 5"),
    (RGBColor(0xe6, 0x9f, 0x00), "3 4"),
    (RGBColor(0x00, 0x72, 0xb2), ""),
    (RGBColor(0x00, 0x9e, 0x73), "12 4 3 4"),
    (RGBColor(0xcc, 0x79, 0xa7), "7 3 2 3 2 3"),
];

/// What is compared in many scenarios looks alike in all of them.
const KNOWN: [&str; 4] = ["no retry", "plain retries", "budget alone", "defaults"];

/// The inks of the lines of a chart, in their order. The first is the widest, so that one that lies under others is seen beside
/// them.
pub(super) fn inks(chart: &Chart) -> Vec<Ink> {
    let names: Vec<&str> = chart.lines().iter().map(super::chart::Line::name).collect();
    let known = |name: &str| KNOWN.iter().position(|known| *known == name);
    let taken: Vec<usize> = names.iter().filter_map(|name| known(name)).collect();
    // More lines than inks begin anew.
    let mut free = (0..INKS.len()).filter(|at| !taken.contains(at)).cycle();
    let widths = (2..2 + u32::try_from(names.len()).unwrap_or(0)).rev();
    names
        .iter()
        .zip(widths)
        .map(|(name, width)| {
            let (colour, dashes) = INKS[known(name).or_else(|| free.next()).unwrap_or(0)];
            Ink { colour, dashes, width }
        })
        .collect()
}

/// Draws the lines of these inks with their dashes, which the oldest `plotters` that will do has not.
pub(super) fn dashed(svg: &str) -> String {
    let mut drawn = String::with_capacity(svg.len());
    for line in svg.split_inclusive('\n') {
        let is_of = |(colour, _): &&(RGBColor, &str)| {
            let RGBColor(red, green, blue) = *colour;
            line.starts_with("<polyline ")
                && line.contains(&format!("stroke=\"#{red:02X}{green:02X}{blue:02X}\""))
        };
        match INKS.iter().find(is_of).filter(|(_, dashes)| !dashes.is_empty()) {
            Some((_, dashes)) => {
                drawn.extend(["<polyline stroke-dasharray=\"", dashes, "\" ", &line["<polyline ".len()..]]);
            }
            None => drawn.push_str(line),
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::super::chart::Line;
    use super::*;

    fn of(names: &[&str]) -> Vec<Ink> {
        let lines = names.iter().map(|name| Line::new(*name, vec![(0.0, 0.0)])).collect();
        inks(&Chart::new("a title", "x", "y", lines))
    }

    #[test]
    fn no_two_lines_of_a_chart_look_alike_and_policies_look_alike_in_all() {
        let inks = of(&["other", "no retry", "defaults", "another", "a third", "plain retries"]);
        for (at, one) in inks.iter().enumerate() {
            for other in &inks[..at] {
                assert!(one.colour != other.colour && one.width != other.width, "{one:?} {other:?}");
                // One without gaps beside another is light where that is dark.
                assert!(one.dashes != other.dashes || one.dashes.is_empty(), "{one:?} {other:?}");
            }
        }
        let ink = |names: &[&str]| of(names).pop().map(|ink| (ink.colour, ink.dashes));
        assert_eq!(ink(&["x", "defaults"]), ink(&["no retry", "plain retries", "budget alone", "defaults"]));
        assert_eq!(of(&["line"; 20]).len(), 20);
    }

    #[test]
    fn dashes_are_those_of_the_colour() {
        let line = "<polyline fill=\"none\" stroke=\"#D55E00\" points=\"0,0\"/>\n";
        let other =
            "<polyline fill=\"none\" stroke=\"#0072B2\" points=\"0,0\"/>\n<circle stroke=\"#D55E00\"/>\n";
        assert_eq!(
            dashed(&format!("{line}{other}")),
            format!(
                "<polyline stroke-dasharray=\"14 5\" fill=\"none\" stroke=\"#D55E00\" points=\"0,0\"/>\n{other}"
            )
        );
    }
}
