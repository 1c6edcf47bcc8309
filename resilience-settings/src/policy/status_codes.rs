//! Data: a set of HTTP status codes, which is compared by content and asked in one step.

/// A set of HTTP status codes from 100 to 599.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct StatusCodes([u64; 8]);

impl StatusCodes {
    /// The set of these codes; codes out of range are left out.
    pub fn new(codes: &[u16]) -> Self {
        let mut set = Self::default();
        for &code in codes {
            if let Some((word, bit)) = Self::place(code) {
                set.0[word] |= bit;
            }
        }
        set
    }

    /// Whether the set has the code.
    pub fn contains(&self, code: u16) -> bool {
        Self::place(code).is_some_and(|(word, bit)| self.0[word] & bit != 0)
    }

    fn place(code: u16) -> Option<(usize, u64)> {
        let index = usize::from(code.checked_sub(100)?);
        (index < 500).then_some((index / 64, 1 << (index % 64)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_codes_has_exactly_its_codes() {
        let set = StatusCodes::new(&[100, 429, 503, 599, 7, 600]);
        for code in 0..=700 {
            assert_eq!(set.contains(code), [100, 429, 503, 599].contains(&code), "{code}");
        }
    }
}
