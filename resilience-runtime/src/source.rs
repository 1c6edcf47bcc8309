//! Data: where an answer came from if not from the body: the names for counters, events and [`answered_by`](crate::answered_by).

use resilience_settings::words;

words! {
    /// The sources of degraded answers for a failed call, in the order in which they are tried.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Source {
        /// A cached answer.
        Cache = "cache",
        /// Another function of the same signature.
        Redirect = "redirect",
        /// A fallback function.
        Fallback = "fallback",
        /// A fixed value.
        Static = "static",
    }
}

/// What answered a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Answered {
    /// The call itself, with its `Ok` or its first error.
    Call,
    /// The response cache; `stale` says whether the answer was older than its `ttl`.
    Cache {
        /// Whether the answer was older than its `ttl`.
        stale: bool,
    },
    /// The function of `redirect`.
    Redirect,
    /// The function of `fallback`.
    Fallback,
    /// The value of `static_response`.
    Static,
}

impl Answered {
    /// Whether the result is a current answer from the intended service.
    pub const fn is_call(self) -> bool {
        matches!(self, Self::Call)
    }

    /// The source of degradation, if one answered.
    pub const fn source(self) -> Option<Source> {
        match self {
            Self::Call => None,
            Self::Cache { .. } => Some(Source::Cache),
            Self::Redirect => Some(Source::Redirect),
            Self::Fallback => Some(Source::Fallback),
            Self::Static => Some(Source::Static),
        }
    }
}

impl From<Source> for Answered {
    /// A cached answer is assumed to be fresh.
    fn from(source: Source) -> Self {
        match source {
            Source::Cache => Self::Cache { stale: false },
            Source::Redirect => Self::Redirect,
            Source::Fallback => Self::Fallback,
            Source::Static => Self::Static,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_comes_back_from_its_answer() {
        for source in Source::ALL.iter().copied() {
            let answered = Answered::from(source);
            assert_eq!(answered.source(), Some(source));
            assert!(!answered.is_call());
        }
        assert_eq!(Answered::Call.source(), None);
    }
}
