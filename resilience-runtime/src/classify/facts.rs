//! Data: the facts about one failed attempt, its classification and what the rules of the site say. In: the classification of its
//! error, and the rules written at the call site, where the error type is known. Out: one value, from which the engine decides.

use super::recovery::{Action, Recovery};

/// What an error, and the rules written at the call site, say about it; the engine decides from these.
///
/// All methods take `self` by value: generated code calls them, and method lookup finds a method of a user's trait that
/// takes `self` before one that borrows.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Facts {
    /// The classification.
    pub(crate) recovery: Recovery,
    /// The HTTP status that the error carries.
    pub(crate) status: Option<u16>,
    ruled: Ruled,
    /// What the allow-list of `retry_on` and `retry_if` says, if one is written.
    pub(crate) listed: Option<bool>,
    /// What `breaker(record_if = …)` says, if written.
    pub(crate) failure: Option<bool>,
    standing: Standing,
}

/// What the classification is based on, and whose error it is. Packed into one byte, so that all facts fit into a
/// register of 32 bytes:
///
/// | bits | set by | meaning |
/// | --- | --- | --- |
/// | `GUESSED` | `guess` | nothing is known about the error; the recovery is the default |
/// | `BY_HAND` | `by` | `on_error` gave the recovery, and `of` keeps it |
/// | `REJECTION` | `of(Rejection)` | the error stands for a rejection of an inner call, which still exists |
/// | `LOST` | `of(LostRejection)` | the same, but the rejection was lost in the conversion |
/// | upper four | `of_client` | number of the client whose feature is off, see `strangers`; 0 for none |
///
/// Neither `REJECTION` nor `LOST`: the error is the body's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Standing(u8);

impl Standing {
    const GUESSED: u8 = 1;
    const BY_HAND: u8 = 2;
    const REJECTION: u8 = 4;
    const LOST: u8 = 8;
    const CLIENT_SHIFT: u32 = 4;
}

/// What the rules of the call site say beyond their result, packed into one byte:
///
/// | bit | set by | meaning |
/// | --- | --- | --- |
/// | `NEVER` | `never`, `never_if` | `never_retry_on` or `never_retry_if` matched |
/// | `NEVER_BY_FUNCTION` | `never_if` | it was `never_retry_if`, for the log |
/// | `LISTED_BY_FUNCTION` | `only_if` | the allow-list is `retry_if` alone, for the log |
/// | `BY_CHAIN` | `by_chain` | the classification is that of an error among the sources, for the log |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ruled(u8);

impl Ruled {
    const NEVER: u8 = 1;
    const NEVER_BY_FUNCTION: u8 = 2;
    const LISTED_BY_FUNCTION: u8 = 4;
    const BY_CHAIN: u8 = 8;
}

/// The origin of the error that a failed body returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CameOut {
    /// The body's own error.
    Own,
    /// The rejection of an inner call, which still exists.
    Rejection,
    /// The rejection of an inner call that was lost when it was converted into that call's error.
    LostRejection,
}

impl Facts {
    /// Facts that consist of the classification alone.
    pub const fn new(recovery: Recovery, status: Option<u16>) -> Self {
        Self { recovery, status, ruled: Ruled(0), listed: None, failure: None, standing: Standing(0) }
    }

    /// The classification of an error of which nothing is known.
    pub(crate) const fn guess(recovery: Recovery) -> Self {
        Self { standing: Standing(Standing::GUESSED), ..Self::new(recovery, None) }
    }

    /// Marks it as an error of the client with this number, at most 15; 0 is none.
    pub(crate) const fn of_client(mut self, client: u8) -> Self {
        self.standing.0 |= client << Standing::CLIENT_SHIFT;
        self
    }

    /// The number of the client whose error it is, if this build does not know that client's errors; 0 is none.
    #[inline]
    pub(crate) const fn client(&self) -> u8 {
        self.standing.0 >> Standing::CLIENT_SHIFT
    }

    /// The classification.
    pub const fn recovery(self) -> Recovery {
        self.recovery
    }

    /// The HTTP status that the error carries.
    pub const fn status(self) -> Option<u16> {
        self.status
    }

    /// Classification by hand: `on_error = …`. The status is kept.
    pub const fn by(mut self, recovery: Recovery) -> Self {
        self.recovery = recovery;
        self.standing.0 |= Standing::BY_HAND;
        self
    }

    /// Whether `never_retry_on(…)` matched.
    pub const fn never(mut self, matched: bool) -> Self {
        if matched {
            self.ruled.0 |= Ruled::NEVER;
        }
        self
    }

    /// Whether `never_retry_if` agreed.
    pub const fn never_if(mut self, agreed: bool) -> Self {
        if agreed {
            self.ruled.0 |= Ruled::NEVER | Ruled::NEVER_BY_FUNCTION;
        }
        self
    }

    /// Whether `retry_on(…)` matched, or a `retry_if = …` beside it agreed.
    pub const fn only(mut self, listed: bool) -> Self {
        self.listed = Some(listed);
        self
    }

    /// Whether `retry_if = …` agreed, if there is no `retry_on(…)`.
    pub const fn only_if(mut self, listed: bool) -> Self {
        self.listed = Some(listed);
        self.ruled.0 |= Ruled::LISTED_BY_FUNCTION;
        self
    }

    /// The same facts, found on a known error among the sources.
    pub(crate) const fn by_chain(mut self) -> Self {
        self.ruled.0 |= Ruled::BY_CHAIN;
        self
    }

    /// What `breaker(record_if = …)` said: `true` counts as a failure, `false` as a success.
    pub const fn failure(mut self, failed: bool) -> Self {
        self.failure = Some(failed);
        self
    }

    /// Whether `never_retry_on` or `never_retry_if` matched.
    #[inline]
    pub(crate) const fn is_never(&self) -> bool {
        self.ruled.0 & Ruled::NEVER != 0
    }

    /// Which of the two it was, as its setting is spelled.
    #[inline]
    pub(crate) const fn name_of_never(&self) -> &'static str {
        if self.ruled.0 & Ruled::NEVER_BY_FUNCTION == 0 { "never_retry_on" } else { "never_retry_if" }
    }

    /// The allow-list, as its setting is spelled.
    #[inline]
    pub(crate) const fn name_of_list(&self) -> &'static str {
        if self.ruled.0 & Ruled::LISTED_BY_FUNCTION == 0 { "retry_on" } else { "retry_if" }
    }

    /// What the classification is based on.
    #[inline]
    pub(crate) const fn name_of_verdict(&self) -> &'static str {
        if self.standing.0 & Standing::BY_HAND != 0 {
            "on_error"
        } else if self.is_rejection() {
            "rejection"
        } else if self.ruled.0 & Ruled::BY_CHAIN != 0 {
            "source_chain"
        } else {
            "classification"
        }
    }

    /// Whether the classification is known rather than assumed.
    #[inline]
    pub(crate) const fn is_known(&self) -> bool {
        self.standing.0 & Standing::GUESSED == 0
    }

    /// Whether it is the rejection of an inner call.
    #[inline]
    pub(crate) const fn is_rejection(&self) -> bool {
        self.standing.0 & (Standing::REJECTION | Standing::LOST) != 0
    }

    /// The origin of the error.
    #[cold]
    pub(crate) const fn came_out(&self) -> CameOut {
        if self.standing.0 & Standing::REJECTION != 0 {
            CameOut::Rejection
        } else if self.standing.0 & Standing::LOST != 0 {
            CameOut::LostRejection
        } else {
            CameOut::Own
        }
    }

    /// The same facts for an error of that origin. A rejection of an inner call arose before anything was sent, unless
    /// `on_error` classifies it, so later decisions can use the facts alone.
    #[cold]
    pub(crate) const fn of(mut self, came_out: CameOut) -> Self {
        let standing = match came_out {
            CameOut::Own => return self,
            CameOut::Rejection => Standing::REJECTION,
            CameOut::LostRejection => Standing::LOST,
        };
        if self.standing.0 & Standing::BY_HAND == 0 {
            self.recovery.action = Action::Local;
        }
        self.standing.0 |= standing;
        self
    }
}
