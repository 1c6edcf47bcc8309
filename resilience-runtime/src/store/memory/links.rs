//! Data: the neighbours of an entry in the order of use, as the entry keeps them.

/// The neighbours of an entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Links {
    pub(super) before: u32,
    pub(super) after: u32,
}

/// No neighbour.
pub(super) const NONE: u32 = u32::MAX;

impl Links {
    pub(super) const NONE: Self = Self { before: NONE, after: NONE };
}
