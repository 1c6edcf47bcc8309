//! Data: counters by label, as a snapshot shows them. In: the labels of a closed set with their counts. Out: an object of numbers.

/// A counter for each label of a closed set, in the order of the set. Every label is there, also those that count nothing,
/// so that a series exists before the first event. In JSON it is an object: `{"circuit_open": 3, "bulkhead_full": 0}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(Vec<(&'static str, u64)>);

impl Counts {
    /// The count of a label; 0 for a label that is not of the set.
    pub fn get(&self, label: &str) -> u64 {
        self.iter().find(|(known, _)| *known == label).map_or(0, |(_, count)| count)
    }

    /// All labels with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.0.iter().copied()
    }

    /// Whether it has no label.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sum over all labels.
    pub fn total(&self) -> u64 {
        self.iter().fold(0, |sum, (_, count)| sum.saturating_add(count))
    }
}

impl FromIterator<(&'static str, u64)> for Counts {
    fn from_iter<I: IntoIterator<Item = (&'static str, u64)>>(counts: I) -> Self {
        Self(counts.into_iter().collect())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Counts {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}
