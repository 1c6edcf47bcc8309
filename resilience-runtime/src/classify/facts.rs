//! All that is known of one failed attempt, gathered at the call site where the error type is known.

use super::recovery::{Action, Recovery};

/// What an error and the rules written at the call site say about it; the engine decides from these.
///
/// All methods take `self`: generated code calls them, and a method that borrows is found after one of a trait of the
/// user's that does not.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Facts {
    /// The classification.
    pub(crate) recovery: Recovery,
    /// The HTTP status that the error carries.
    pub(crate) status: Option<u16>,
    /// Whether `never_retry_on` matched.
    pub(crate) never: bool,
    /// What the whitelist of `retry_on` and `retry_if` says, when one is written.
    pub(crate) listed: Option<bool>,
    /// What `breaker(record_if = …)` says, when written.
    pub(crate) failure: Option<bool>,
    standing: Standing,
}

/// What the classification rests on, and whose error it is; in the upper half of which client, see `strangers`. One byte, for which the rest has room: all of the facts fit
/// into a register of 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Standing(u8);

impl Standing {
    const GUESSED: u8 = 1;
    const BY_HAND: u8 = 2;
    const REJECTION: u8 = 4;
    const LOST: u8 = 8;
    const CLIENT_SHIFT: u32 = 4;
}

/// What came out of a body that has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CameOut {
    /// An error of its own.
    Own,
    /// A rejection that an inner call gave, and that still exists.
    Rejection,
    /// A rejection of an inner call that was lost in becoming that call's error.
    LostRejection,
}

impl Facts {
    /// The classification alone.
    pub const fn new(recovery: Recovery, status: Option<u16>) -> Self {
        Self { recovery, status, never: false, listed: None, failure: None, standing: Standing(0) }
    }

    /// That of an error of which nothing is known.
    pub(crate) const fn guess(recovery: Recovery) -> Self {
        Self { standing: Standing(Standing::GUESSED), ..Self::new(recovery, None) }
    }

    /// The same, of an error of the client with this number of at most 15; 0 is none.
    pub(crate) const fn of_client(mut self, client: u8) -> Self {
        self.standing.0 |= client << Standing::CLIENT_SHIFT;
        self
    }

    /// The number of the client whose error it is, where this build does not know its errors; 0 is none.
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

    /// Classification by hand: `on_error = …`. The status stays.
    pub const fn by(mut self, recovery: Recovery) -> Self {
        self.recovery = recovery;
        self.standing.0 |= Standing::BY_HAND;
        self
    }

    /// Whether `never_retry_on(…)` matched.
    pub const fn never(mut self, matched: bool) -> Self {
        self.never = matched;
        self
    }

    /// Whether `retry_on(…)` matched or `retry_if = …` agreed.
    pub const fn only(mut self, listed: bool) -> Self {
        self.listed = Some(listed);
        self
    }

    /// What `breaker(record_if = …)` said: `true` votes failure, `false` votes success.
    pub const fn failure(mut self, failed: bool) -> Self {
        self.failure = Some(failed);
        self
    }

    /// Whether the classification is more than a guess.
    #[inline]
    pub(crate) const fn is_known(&self) -> bool {
        self.standing.0 & Standing::GUESSED == 0
    }

    /// Whether it is the rejection of an inner call.
    #[inline]
    pub(crate) const fn is_rejection(&self) -> bool {
        self.standing.0 & (Standing::REJECTION | Standing::LOST) != 0
    }

    /// Whose error it is.
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

    /// The same of an error that came out so. A rejection of an inner call arose before anything was sent, unless
    /// `on_error` says what it is: so whoever decides by the facts need not ask once more.
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
