//! How important a call is. Plain vocabulary; the rules that use it live with shedding and queues.

/// How important a call is to the people it serves.
///
/// Nested calls inherit the priority of the outer call.
///
/// ```
/// use resilience_runtime::Priority;
/// assert!(Priority::Critical > Priority::Low);
/// assert_eq!(Priority::default(), Priority::Normal);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Priority {
    /// Nobody waits for it: prefetching, analytics, batch work.
    Low,
    /// The usual case.
    #[default]
    Normal,
    /// Somebody waits for it.
    High,
    /// Must get through while anything does: payments, health checks, log-in.
    Critical,
}

/// The importance in force at a point of the program, and whether the request itself was given it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Importance {
    priority: Priority,
    requested: bool,
}

impl Importance {
    /// Outside any annotated call.
    pub(crate) const ROOT: Self = Self { priority: Priority::Normal, requested: false };

    /// That of a request at run time, which beats what is written at the calls it makes.
    pub(crate) const fn requested(priority: Priority) -> Self {
        Self { priority, requested: true }
    }

    /// That of a call made here. What is written says how important such calls are, a request how important this
    /// one is, so the request wins; without either it is that of the outer call.
    #[inline]
    pub(crate) fn of_call(self, written: Option<Priority>) -> Self {
        match written {
            Some(priority) if !self.requested => Self { priority, ..self },
            _ => self,
        }
    }

    #[inline]
    pub(crate) const fn priority(self) -> Priority {
        self.priority
    }
}
