//! Data: what a scenario plots: lines through points, without a notion of ink.

/// One diagram.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    pub(super) title: String,
    pub(super) x: &'static str,
    pub(super) y: &'static str,
    pub(super) lines: Vec<Line>,
    /// Whether equal ratios are equal lengths upwards.
    pub(super) is_logarithmic: bool,
    /// What stands at 0, 1, 2 … to the right, where these are no numbers.
    pub(super) places: &'static [&'static str],
}

/// One line of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
}

impl Chart {
    pub(super) fn new(title: impl Into<String>, x: &'static str, y: &'static str, lines: Vec<Line>) -> Self {
        Self { title: title.into(), x, y, lines, is_logarithmic: false, places: &[] }
    }

    /// With a logarithmic scale upwards, for what grows by factors.
    pub(super) fn logarithmic(mut self) -> Self {
        self.is_logarithmic = true;
        self
    }

    /// With these to the right, instead of numbers from 0 on.
    pub(super) fn at(mut self, places: &'static [&'static str]) -> Self {
        self.places = places;
        self
    }

    /// What stands there to the right, if it is no number.
    #[cfg(feature = "cli")]
    pub(super) fn place(&self, x: f64) -> Option<&'static str> {
        if self.places.is_empty() {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
        let at = (x >= 0.0 && (x - x.round()).abs() < 1e-9).then_some(x.round() as usize);
        Some(at.and_then(|at| self.places.get(at)).copied().unwrap_or_default())
    }

    /// What it shows.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What its axes are.
    pub fn axes(&self) -> (&'static str, &'static str) {
        (self.x, self.y)
    }

    /// Its lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}

impl Line {
    pub(super) fn new(name: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        Self { name: name.into(), points }
    }

    /// What it is of.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its points, in the order in which they are joined.
    pub fn points(&self) -> &[(f64, f64)] {
        &self.points
    }
}
