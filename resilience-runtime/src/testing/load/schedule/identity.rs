//! Data: what two runs of a load test have to have in common for their times to compare. In: a schedule in words, and recorded
//! starts. Out: what a report keeps of them, and a later run is held against.

use std::fmt::{self, Write as _};
use std::time::Duration;

use hmac_sha256::Hash as Sha256;

/// Which schedule a run had. Equal ones start their calls alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::testing::load) struct Identity {
    /// Such as `constant 200/s for 30s`: every number of a schedule that is made of numbers.
    pub(in crate::testing::load) words: String,
    /// Of recorded starts, of which the words tell only how many there are.
    pub(in crate::testing::load) starts: Option<String>,
}

impl Identity {
    /// Of a schedule that its words tell whole.
    pub(in crate::testing::load) const fn in_words(words: String) -> Self {
        Self { words, starts: None }
    }

    /// Of recorded starts, by what they are.
    pub(super) fn of_recording(words: String, starts: &[Duration]) -> Self {
        let mut hash = Sha256::new();
        for start in starts {
            hash.update(start.as_nanos().to_le_bytes());
        }
        let mut digest = String::from("sha256:");
        for byte in hash.finalize() {
            // A `String` takes everything.
            let _ = write!(digest, "{byte:02x}");
        }
        Self { words, starts: Some(digest) }
    }

    /// Why a run of this schedule does not compare with an earlier one, if so.
    pub(in crate::testing::load) fn differs_from(&self, earlier: &Self) -> Option<String> {
        if self.words != earlier.words {
            return Some(format!(
                "the baseline ran with `{earlier}` and this run has `{self}`, so their times do not compare; use the same schedule"
            ));
        }
        match (&self.starts, &earlier.starts) {
            (Some(_), None) => Some(
                "the baseline does not say which starts it replayed, so it cannot be compared with; measure it again"
                    .to_owned(),
            ),
            (now, before) if now != before => Some(format!(
                "the baseline is a `{earlier}` too, but of others, so their times do not compare; replay the same recording"
            )),
            _ => None,
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}
