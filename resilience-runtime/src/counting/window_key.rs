//! Data: which counts of a window belong together: a reader wants those of one generation, in slices of one length, and no others.

use super::slices::Slices;

/// A generation, and the slices that its events are counted in. Two words, which stay in registers on the way down to a
/// count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WindowKey {
    pub(crate) generation: u32,
    pub(crate) slices: Slices,
}
