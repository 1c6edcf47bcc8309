//! Binds a call site to its service, at its first call. In: a site. Out: its binding to its service, in the registry that is in
//! force for the current task.

use super::global::global;
use crate::registry::site::BoundSite;
use crate::registry::site::Site;

impl Site {
    /// The site bound to its service, which the first call does; panics outside a tokio runtime with time enabled.
    #[inline]
    pub(crate) fn bound(&'static self) -> &'static BoundSite {
        #[cfg(feature = "testing")]
        if let Some(registry) = super::isolated::isolated_registry() {
            return registry.bind(self);
        }
        self.bound.get().copied().unwrap_or_else(|| self.bind())
    }

    /// Out of line, so that later calls save no registers for it.
    #[cold]
    #[inline(never)]
    fn bind(&'static self) -> &'static BoundSite {
        // Not in the initialiser: the first use of the registry logs, and a subscriber may call this very function.
        let bound = global().bind(self);
        self.bound.get_or_init(|| bound)
    }
}
