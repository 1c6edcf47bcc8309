//! Decides which priority counts for a call: that of the request, the one written at the call, or that of the call around it. Out:
//! the priority as the engine carries it, with what a request was given, and with what was admitted.

use resilience_settings::Priority;

/// The importance in force at a point of the program, and whether the request itself was given it.
///
/// A number, so that a context is three plain words: the priority, and [`REQUESTED`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Importance(u16);

/// The request was given it.
const REQUESTED: u16 = 1 << 8;

impl Importance {
    /// Outside any annotated call.
    pub(crate) const ROOT: Self = Self(Priority::Normal as u16);

    /// That of a request at run time, which beats what is written at the calls it makes.
    pub(crate) const fn requested(priority: Priority) -> Self {
        Self(priority as u16 | REQUESTED)
    }

    /// That of a call made here. What is written says how important such calls are, a request how important this
    /// one is, so the request wins; without either it is that of the outer call.
    #[inline]
    pub(crate) fn of_call(self, written: Option<Priority>) -> Self {
        match written {
            Some(priority) if self.0 & REQUESTED == 0 => Self(priority as u16),
            _ => self,
        }
    }

    #[inline]
    pub(crate) const fn priority(self) -> Priority {
        match self.0 & !REQUESTED {
            0 => Priority::Low,
            1 => Priority::Normal,
            2 => Priority::High,
            _ => Priority::Critical,
        }
    }
}

/// The priority with which a call was admitted, plus one; zero outside of every call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Admitted(pub(crate) u16);

impl Admitted {
    /// Outside any annotated call.
    pub(crate) const NOTHING: Self = Self(0);

    /// A call of that importance.
    #[inline]
    pub(crate) const fn with(importance: Importance) -> Self {
        Self((importance.0 & !REQUESTED) + 1)
    }

    /// Whether a call of that priority goes on in what was admitted, and is not thrown away halfway.
    #[inline]
    pub(crate) const fn covers(self, inner: Self) -> bool {
        self.0 > 0 && self.0 <= inner.0
    }
}
