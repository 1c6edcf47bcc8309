//! Finds where the lines of a text end. In: a text. Out: where its lines end.

/// How many there are.
pub fn breaks(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}
