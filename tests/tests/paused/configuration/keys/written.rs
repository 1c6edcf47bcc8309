//! Functions with one key each in their attribute, beside what it needs there.

use super::subject::{Subject, body};
use crate::keyed::idempotency_store::Shaky;
use crate::script::{Fault, Script};

/// A function whose attribute writes a key.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) key: &'static str,
    pub(super) of: Subject,
}

/// One function for each row.
macro_rules! functions {
    ($attribute:ident: $($name:ident $key:literal ($($text:tt)*);)+) => {
        mod $attribute {
            use resilience_runtime::$attribute;

            use super::*;

            pub(super) const ALL: &[Written] = &[$(Written {
                key: $key,
                of: Subject {
                    attribute: stringify!($attribute),
                    service: $key,
                    path: concat!(module_path!(), "::", stringify!($name)),
                    call: |script| Box::pin($name(script)),
                },
            }),+];
            $(
                #[$attribute($key, $($text)*)]
                async fn $name(script: &Script) -> Result<u32, Fault> {
                    body(script).await
                }
            )+
        }
    };
}

/// The keys of attributes that make attempts.
macro_rules! retrying {
    ($attribute:ident
        in_all { $($one:ident $key:literal $scene:path, $around:expr, $values:expr, ($($text:tt)*);)+ }
        in_retries { $($two:ident $retried:literal $played:path, $beside:expr, $pair:expr, ($($words:tt)*);)+ }
        in_files { $($rest:tt)* }) => {
        functions! { $attribute: $($one $key ($($text)*);)+ $($two $retried ($($words)*);)+ }
    };
}

/// Those of one that makes none.
macro_rules! once {
    ($attribute:ident
        in_all { $($one:ident $key:literal $scene:path, $around:expr, $values:expr, ($($text:tt)*);)+ }
        in_retries { $($retries:tt)* }
        in_files { $($rest:tt)* }) => {
        functions! { $attribute:
            $($one $key ($($text)*);)+
            circuit_breaker_enabled "circuit_breaker_enabled" (circuit_breaker_enabled = true);
        }
    };
}

rows! { retrying comprehensive_retry "retry" }
rows! { retrying resilient_service "service" }
rows! { once graceful_degradation "once" }

pub(super) fn all() -> impl Iterator<Item = &'static Written> {
    comprehensive_retry::ALL.iter().chain(resilient_service::ALL).chain(graceful_degradation::ALL)
}
