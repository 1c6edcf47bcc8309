//! The only names that generated code may use. Not part of the public interface: they change with the macros,
//! which are pinned to the same version.
//!
//! A method that has to borrow its receiver is called `resilience_by_type`, whatever it does: a trait of the user's that is
//! implemented for everything comes before it, so its name is reserved, and one name is enough. Every other method is
//! called on what has the type of its `self`.

/// Implements something for each number of arguments that a fallback may have; `E` is the error.
macro_rules! for_each_arity {
    ($implement:ident) => {
        $implement! {}
        $implement! { A a }
        $implement! { A a, B b }
        $implement! { A a, B b, C c }
        $implement! { A a, B b, C c, D d }
        $implement! { A a, B b, C c, D d, F f }
        $implement! { A a, B b, C c, D d, F f, G g }
        $implement! { A a, B b, C c, D d, F f, G g, H h }
        $implement! { A a, B b, C c, D d, F f, G g, H h, I i }
        $implement! { A a, B b, C c, D d, F f, G g, H h, I i, J j }
        $implement! { A a, B b, C c, D d, F f, G g, H h, I i, J j, K k }
        $implement! { A a, B b, C c, D d, F f, G g, H h, I i, J j, K k, L l }
        $implement! { A a, B b, C c, D d, F f, G g, H h, I i, J j, K k, L l, M m }
    };
}

mod call_macro;
mod closure;
mod fallback;
mod fields;
mod kept;

pub use self::closure::Answer;
pub use self::fallback::{Fallback, Given, given};
pub use self::fields::{StatusField, WaitField, status, wait};
pub use self::kept::{CacheKey, PartitionKey, PartitionLabel, cache_key, label, partition};
#[cfg(feature = "testing")]
pub use crate::call::probe as injection;
pub use crate::call::{
    Attempt, AttemptBody, Call, ClassifiedBody, Degraded, InjectedBody, Inside, KeepErrors, LastOutcome,
    Lookup, Protected, RetryIfOk, Settled, Slot, Within,
};
pub use crate::classify::{Facts, probe};
pub use crate::into_error::{CarriesRejection, convert, convert_in_parameter};
pub use crate::registry::Site;
pub use crate::source::Source;
pub use resilience_settings::Priority;
pub use resilience_settings::policy::{
    BudgetKind, CacheMode, Deposit, Key, Mode, NestedRetries, OnUnavailable, Ratio, ServiceKind, Strategy,
    Value, Window,
};
pub use std::convert::Infallible;

/// A call site: its static, registered with the program at link time; gives the call that is entered there.
///
/// In a block of its own, since a static and an import are seen by the whole block they stand in, hygiene or not.
/// After a `;` stands what its code provides or leaves out, after `=>` the variable that holds its partition, and
/// the one that gives its label.
/// Every name that a key or value uses is imported here, so that nothing of the user's can stand in the way.
#[doc(hidden)]
#[macro_export]
macro_rules! __resilience_site {
    (
        $service:literal, $function:literal $(, $key:ident = $value:ident $(($($held:tt)*))?)*
        $(; $($has:ident $(= $which:literal)?),+)? $(=> $partition:ident $($label:ident)?)?
    ) => {{
        use $crate::support::{
            BudgetKind, CacheMode, Deposit, Mode, NestedRetries, OnUnavailable, Priority, Ratio, ServiceKind, Strategy, Window,
        };
        fn here() -> &'static ::core::primitive::str {
            ::core::any::type_name_of_val(&here)
        }
        static SITE: $crate::support::Site = $crate::support::Site::new(
            $service,
            ::core::module_path!(),
            $function,
            &[$(($crate::support::Key::$key, $crate::support::Value::$value $(($($held)*))?)),*],
        ).within(here)$($(.$has($($which)?))+)?;
        $crate::__resilience_link!(SITE);
        $crate::__resilience_partition!($crate::support::Call::at(&SITE) $(, $partition $($label)?)?)
    }};
}

/// A call, in the partition that a variable holds, with the label that another gives.
#[doc(hidden)]
#[macro_export]
macro_rules! __resilience_partition {
    ($call:expr) => {
        $call
    };
    ($call:expr, $partition:ident) => {
        $call.partitioned($partition)
    };
    ($call:expr, $partition:ident $label:ident) => {
        $call.partitioned_as($partition, $label)
    };
}

/// What is known of an error, given a reference to it: one expression of type `Facts`.
#[doc(hidden)]
#[macro_export]
macro_rules! __resilience_classify {
    // The error is evaluated outside of the block, where our traits are not yet in scope, and once.
    ($error:expr) => {
        match $error {
            error => {
                use $crate::support::probe::*;
                (&&&&&&$crate::support::probe::probe(error)).resilience_by_type()
            }
        }
    };
}

/// Fills the slot of a fault that is injected, by whatever way there is for the types of the function; with `unknown`,
/// its error may not own what it holds, with `if`, it does where these names are types and no type parameters.
#[cfg(feature = "testing")]
#[doc(hidden)]
#[macro_export]
macro_rules! __resilience_inject {
    ($slot:expr) => {
        match $slot {
            slot => {
                slot.take_owned();
                $crate::__resilience_inject!(slot, unknown);
            }
        }
    };
    ($slot:expr, if $($name:ty),+) => {
        match $slot {
            slot => {
                // Outside of the block that imports, since the names are the user's.
                let owned_if = $crate::support::injection::gate::<
                    ($(::core::marker::PhantomData<$name>,)+),
                    _,
                    _,
                >(slot);
                {
                    use $crate::support::injection::owned_error::*;
                    (&&owned_if).resilience_by_type();
                }
                $crate::__resilience_inject!(slot, unknown);
            }
        }
    };
    ($slot:expr, unknown) => {
        match $slot {
            slot => {
                $crate::__resilience_inject!(
                    slot, by known_error error_from_io error_from_reqwest error_from_middleware error_from_hyper_util
                    error_from_tonic error_from_sqlx error_from_postgres error_from_redis known_value
                );
            }
        }
    };
    ($slot:ident, by $($question:ident)+) => {
        $({
            use $crate::support::injection::$question::*;
            (&$slot).resilience_by_type();
        })+
    };
}

/// The same where nothing is injected.
#[cfg(not(feature = "testing"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __resilience_inject {
    ($slot:expr $(, $($known:tt)+)?) => {
        match $slot {
            _ => {}
        }
    };
}

/// A return that never happens and fixes the type of the block around it.
#[doc(hidden)]
#[macro_export]
macro_rules! __resilience_edge {
    ($output:ty $(; $($(#[$cfg:meta])* [$captured:expr])*)?) => {
        if let ::core::option::Option::Some(edge) = ::core::option::Option::None::<$output> {
            if true {
                return edge;
            }
            $(
                let _never = $crate::support::never();
                $($(#[$cfg])* let _ = $captured;)*
            )?
        }
    };
}

/// Makes the program run a function before `main` that puts a static site on the list of all sites.
///
/// There is no safe way in the language. The section is named in a macro, so that it is this crate that is trusted, and
/// a user's `forbid(unsafe_code)` holds for what the user wrote.
#[doc(hidden)]
#[macro_export]
macro_rules! __resilience_link {
    ($site:ident) => {
        const _: () = {
            // Beside others that run once: the linkers of these targets keep such code together.
            #[cfg_attr(
                any(target_os = "linux", target_os = "android"),
                unsafe(link_section = ".text.startup")
            )]
            extern "C" fn link() {
                $crate::support::Site::link_at_start(&$site);
            }

            #[used]
            #[cfg_attr(
                any(
                    target_family = "wasm",
                    target_os = "linux",
                    target_os = "android",
                    target_os = "dragonfly",
                    target_os = "freebsd",
                    target_os = "netbsd",
                    target_os = "openbsd",
                    target_os = "haiku",
                    target_os = "illumos",
                    target_os = "solaris",
                    target_os = "nto",
                    target_os = "redox",
                    target_os = "vxworks",
                    target_os = "hurd",
                    target_os = "none",
                ),
                unsafe(link_section = ".init_array")
            )]
            #[cfg_attr(
                target_vendor = "apple",
                unsafe(link_section = "__DATA,__mod_init_func,mod_init_funcs")
            )]
            #[cfg_attr(windows, unsafe(link_section = ".CRT$XCU"))]
            static LINK: extern "C" fn() = link;
        };
    };
}

// Below their definitions, where they go by their own names and not by those at the root of the crate.
pub use __resilience_classify as classify;
pub use __resilience_edge as edge;
pub use __resilience_inject as inject;
pub use __resilience_site as site;

/// A value that there is none of. What follows the call is never reached: it is no use of what it captures, and needs
/// no `mut`, but captured it is.
#[cold]
pub fn never() -> Infallible {
    unreachable!("the edge of an attempt is never taken")
}
