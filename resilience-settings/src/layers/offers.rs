//! Plain data: what the code of a call site provides; which keys have no effect there, `explain/inert` decides.
//! Told by the attribute, which sees the code.

/// A set of what a call site provides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offers(u16);

impl Offers {
    /// Its body can run in copies.
    pub const HEDGE: Self = Self(1);
    /// It keeps answers, and knows by what.
    pub const CACHE: Self = Self(1 << 1);
    /// Another function may answer.
    pub const REDIRECT: Self = Self(1 << 2);
    /// A fallback may answer.
    pub const FALLBACK: Self = Self(1 << 3);
    /// A fixed value may answer.
    pub const STATIC: Self = Self(1 << 4);
    /// Its calls belong to partitions.
    pub const PARTITION: Self = Self(1 << 5);
    /// A handle makes its calls, and each may say who answers for it and which partition it is for.
    pub const BY_HANDLE: Self = Self(1 << 6).and(Self::FALLBACK).and(Self::STATIC).and(Self::PARTITION);

    /// It has idempotency keys.
    pub const IDEMPOTENCY: Self = Self(1 << 7);
    /// These are kept in a store, which may be away.
    pub const STORE: Self = Self(1 << 8);

    /// Something other than the body that may answer.
    pub const ANSWERS: Self = Self::CACHE.and(Self::REDIRECT).and(Self::FALLBACK).and(Self::STATIC);

    /// Nothing of it.
    pub const NONE: Self = Self(0);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it has any of the others.
    pub const fn has_any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Whether it has all of the others.
    pub const fn has_all(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }
}
