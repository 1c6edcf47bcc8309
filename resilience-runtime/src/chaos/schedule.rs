//! Decides at which times an armed rule of chaos acts, and when it is over. In: how long it has been armed. Out: whether it acts
//! now, and whether it is over for good.

use std::time::Duration;

/// When a rule acts, counted from the moment that it was armed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// So long it waits first.
    pub(crate) after: Duration,
    /// So long it acts, once or each time; `None` for as long as it is armed.
    pub(crate) lasting: Option<Duration>,
    /// How long after it began to act it begins again.
    pub(crate) every: Option<Duration>,
    /// When it is disarmed by itself.
    pub(crate) expires_after: Option<Duration>,
}

impl Schedule {
    /// Whether it acts so long after it was armed.
    pub(crate) fn is_acting(&self, armed: Duration) -> bool {
        let Some(acting) = armed.checked_sub(self.after) else { return false };
        let Some(lasting) = self.lasting else { return true };
        match self.every {
            Some(every) if !every.is_zero() => rest(acting, every) < lasting,
            _ => acting < lasting,
        }
    }

    /// When it ceases to act that acts so long after it was armed, counted from then; `None` if it goes on for ever.
    pub(crate) fn acts_until(&self, armed: Duration) -> Option<Duration> {
        let lasting = self.lasting?;
        let acting = armed.saturating_sub(self.after);
        let begun = match self.every {
            Some(every) if !every.is_zero() && lasting >= every => return None,
            Some(every) if !every.is_zero() => armed.saturating_sub(rest(acting, every)),
            _ => self.after,
        };
        Some(begun.saturating_add(lasting))
    }

    /// When it is over for good, counted from when it was armed, if it ever is.
    pub(crate) fn ends_after(&self) -> Option<Duration> {
        let done =
            self.lasting.filter(|_| self.every.is_none()).map(|lasting| self.after.saturating_add(lasting));
        self.expires_after.into_iter().chain(done).min()
    }

    /// Whether it will never act again.
    pub(crate) fn is_over(&self, armed: Duration) -> bool {
        self.ends_after().is_some_and(|end| armed >= end)
    }
}

/// What is left of a time after whole periods of it.
fn rest(time: Duration, period: Duration) -> Duration {
    let nanos = time.as_nanos() % period.as_nanos().max(1);
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_acts_after_a_while_for_a_while_again_and_again() {
        let s = Duration::from_secs;
        let always = Schedule::default();
        assert!(
            always.is_acting(Duration::ZERO)
                && always.is_acting(s(1_000_000))
                && !always.is_over(s(1_000_000))
        );
        let once = Schedule { after: s(10), lasting: Some(s(5)), ..Schedule::default() };
        let acts = |schedule: &Schedule| (0..40).filter(|at| schedule.is_acting(s(*at))).collect::<Vec<_>>();
        assert_eq!(acts(&once), [10, 11, 12, 13, 14]);
        assert!(!once.is_over(s(14)) && once.is_over(s(15)));
        let again = Schedule { every: Some(s(20)), ..once };
        assert_eq!(acts(&again), [10, 11, 12, 13, 14, 30, 31, 32, 33, 34]);
        assert!(!again.is_over(s(1_000)));
        let until = |schedule: &Schedule, at| schedule.acts_until(s(at));
        assert_eq!(
            (until(&always, 7), until(&once, 12), until(&again, 12)),
            (None, Some(s(15)), Some(s(15)))
        );
        assert_eq!((until(&again, 30), until(&again, 34)), (Some(s(35)), Some(s(35))));
        assert_eq!(until(&Schedule { every: Some(s(5)), ..once }, 12), None, "without a gap");
        let ends = Schedule { expires_after: Some(s(12)), ..again };
        assert_eq!(
            [always, once, again, ends].map(|of| of.ends_after()),
            [None, Some(s(15)), None, Some(s(12))]
        );
        assert!(!ends.is_over(s(11)) && ends.is_over(s(12)));
    }
}
