//! Data: what a call does, step by step, for the record of an isolated registry: every call, also one that succeeds at once.
//! Without feature `testing` nobody keeps it, and none is made.

/// One step of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallStep {
    /// It begins.
    CallBegan { function: &'static str },
    /// An attempt has ended: its number, of which five are distinguished, why it was made, how it ended, and the variant or
    /// type of its error.
    AttemptEnded { number: u8, why: &'static str, outcome: &'static str, class: Option<&'static str> },
    /// Another attempt begins after one that has failed.
    RetryBegan { attempt: u32 },
    /// It has ended.
    CallEnded { outcome: &'static str, rejection: Option<&'static str> },
    /// A rule or a script has put that fault into it.
    #[cfg(feature = "testing")]
    Injected { rule: &'static str, fault: &'static str },
    /// Something else has answered for it.
    Answered { source: &'static str },
    /// Its response cache has answered, so that it makes no attempt.
    AnsweredAhead { stale: bool },
    /// The result of its idempotency clause.
    Key { result: &'static str },
}
