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
}

/// One line of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
}

impl Chart {
    pub(super) fn new(title: impl Into<String>, x: &'static str, y: &'static str, lines: Vec<Line>) -> Self {
        Self { title: title.into(), x, y, lines, is_logarithmic: false }
    }

    /// With a logarithmic scale upwards, for what grows by factors.
    pub(super) fn logarithmic(mut self) -> Self {
        self.is_logarithmic = true;
        self
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
