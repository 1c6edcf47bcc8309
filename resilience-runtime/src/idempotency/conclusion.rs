//! Decides what becomes of the record of a call that ends: it is stored, free, or left to run out. In: how the call ended, and
//! what its bodies did. Out: one of the three.

/// What becomes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conclusion {
    /// The result is stored.
    Store,
    /// The key is free at once: nothing was done, or the operation itself says that it has failed.
    Free,
    /// The lease runs out: whether something was done is not known, and an effect may still be on its way.
    RunOut,
}

/// What the bodies of a call have done so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bodies {
    /// None has been polled.
    NotStarted,
    /// One runs, or was dropped before it ended: timed out, abandoned, panicked.
    CutOff,
    /// The last one ended by itself.
    Ended,
}

impl Conclusion {
    /// Of a call that has ended; `succeeded` says that its body gave an `Ok` that is wanted.
    pub(crate) const fn of(succeeded: bool, bodies: Bodies) -> Self {
        match bodies {
            _ if succeeded => Self::Store,
            Bodies::NotStarted | Bodies::Ended => Self::Free,
            Bodies::CutOff => Self::RunOut,
        }
    }

    /// Of a call that is dropped before it has ended: by whoever made it, or by a panic.
    pub(crate) const fn of_dropped(bodies: Bodies) -> Self {
        match bodies {
            Bodies::NotStarted => Self::Free,
            // Between two attempts too: the one that ended may have had an effect that its error does not tell of, and the
            // caller no longer hears the error.
            Bodies::CutOff | Bodies::Ended => Self::RunOut,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_becomes_of_a_record_follows_from_how_the_call_ended() {
        for (bodies, succeeded, failed, dropped) in [
            (Bodies::NotStarted, Conclusion::Store, Conclusion::Free, Conclusion::Free),
            (Bodies::CutOff, Conclusion::Store, Conclusion::RunOut, Conclusion::RunOut),
            (Bodies::Ended, Conclusion::Store, Conclusion::Free, Conclusion::RunOut),
        ] {
            assert_eq!(Conclusion::of(true, bodies), succeeded, "{bodies:?}");
            assert_eq!(Conclusion::of(false, bodies), failed, "{bodies:?}");
            assert_eq!(Conclusion::of_dropped(bodies), dropped, "{bodies:?}");
        }
    }
}
