//! The only names that generated code may use. Not part of the public interface: they change with the macros,
//! which are pinned to the same version.

mod carry;
mod fallback;
mod fields;

pub use self::carry::{CarriesRejection, carry};
pub use self::fallback::{Fallback, Given, given};
pub use self::fields::{StatusField, WaitField, status, wait};
pub use crate::__resilience_classify as classify;
pub use crate::call::{Attempt, Call, Degraded, Judged, Keep, KeepErrors, Lookup, RetryIfOk, Run, Within};
pub use crate::classify::{Facts, probe};
pub use crate::policy::{
    BudgetKind, CacheMode, Deposit, Key, NestedRetries, Ratio, ServiceKind, Strategy, Value, Window,
};
pub use crate::priority::Priority;
pub use crate::registry::{Site, SiteEntry};
pub use crate::source::Source;
pub use crate::{__resilience_edge as edge, __resilience_site as site};
#[doc(hidden)]
pub use inventory;

/// A call site: its static, registered with the program at link time; gives the call that is entered there.
///
/// In a block of its own, since a static and an import are seen by the whole block they stand in, hygiene or not.
/// After a `;` stands what the site is reduced to, after `=>` the variable that holds its partition.
/// Every name that a key or value uses is imported here, so that nothing of the user's can stand in the way.
#[doc(hidden)]
#[macro_export]
macro_rules! __resilience_site {
    (
        $service:literal, $function:literal $(, $key:ident = $value:ident $(($($held:tt)*))?)*
        $(; $only:ident)? $(=> $partition:ident)?
    ) => {{
        #[allow(unused_imports)]
        use $crate::support::{
            BudgetKind, CacheMode, Deposit, NestedRetries, Priority, Ratio, ServiceKind, Strategy, Window,
        };
        static SITE: $crate::support::Site = $crate::support::Site::new(
            $service,
            ::core::module_path!(),
            $function,
            &[$(($crate::support::Key::$key, $crate::support::Value::$value $(($($held)*))?)),*],
        )$(.$only())?;
        $crate::support::inventory::submit! { $crate::support::SiteEntry(&SITE) }
        $crate::support::Call::at(&SITE)$(.partitioned($partition))?
    }};
}

/// A return that never happens and fixes the type of the block around it.
#[doc(hidden)]
#[macro_export]
macro_rules! __resilience_edge {
    ($output:ty) => {
        if let ::core::option::Option::Some(edge) = ::core::option::Option::None::<$output> {
            return edge;
        }
    };
}
