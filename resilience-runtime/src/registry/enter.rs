//! A site goes in, a call of it comes out, in the registry that is in force here.

use super::bound::Bound;
use super::global::global;
use super::site::Site;
use crate::call::Call;

impl Site {
    /// Begins a call.
    ///
    /// # Panics
    ///
    /// At the first call of the site, outside a tokio runtime with time enabled. Timers are armed only when a
    /// body has to wait; without this check the program would panic later, and only when the service is slow.
    #[inline]
    pub fn enter<K>(&'static self) -> Call<K> {
        #[cfg(feature = "testing")]
        if let Some(registry) = super::isolated::isolated_registry() {
            return Call::new(registry.bind(self));
        }
        Call::new(self.bound.get().copied().unwrap_or_else(|| self.bind()))
    }

    /// Apart, so that nothing is made ready for it in later calls.
    #[cold]
    #[inline(never)]
    fn bind(&'static self) -> &'static Bound {
        // Not in the initialiser: the first use of the registry logs, and a subscriber may call this very function.
        let bound = global().bind(self);
        self.bound.get_or_init(|| bound)
    }
}
