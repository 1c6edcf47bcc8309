//! The size of the futures of annotated functions, against the same functions without the attribute: one list for
//! the program that reports it and for the one that holds it down.

use crate::ops::{OpError, pending_once, ready};
use resilience_runtime::{comprehensive_retry, resilient_service};

/// Holds so many bytes across a wait.
async fn hold<const BYTES: usize>(value: u64) -> Result<u64, OpError> {
    let mut held = [0_u8; BYTES];
    std::hint::black_box(&mut held);
    let answer = pending_once(value).await;
    std::hint::black_box(&held);
    answer
}

async fn three(id: u64, name: &str, text: String) -> Result<u64, OpError> {
    let answer = pending_once(id).await;
    std::hint::black_box((name, &text));
    answer
}

macro_rules! annotated {
    ($($name:ident($($argument:ident: $type:ty),*) [$($clause:tt)*] $body:expr;)*) => {
        mod annotated {
            use super::*;
            $(
                #[comprehensive_retry("future_sizes", $($clause)*)]
                pub(crate) async fn $name($($argument: $type),*) -> Result<u64, OpError> { $body.await }
            )*
        }

        mod plain {
            use super::*;
            $(pub(crate) async fn $name($($argument: $type),*) -> Result<u64, OpError> { $body.await })*
        }
    };
}

async fn instead(_: u64) -> Result<u64, OpError> {
    ready(0).await
}

annotated! {
    trivial(value: u64) [] ready(value);
    small(value: u64) [] hold::<64>(value);
    large(value: u64) [] hold::<1024>(value);
    arguments(id: u64, name: &str, text: String) [clone(text)] three(id, name, text);
    bulkhead(value: u64) [bulkhead(max_concurrent = 64, max_queue = 8, max_wait = "1s")] ready(value);
    fallback(value: u64) [fallback = instead] ready(value);
    cache(value: u64) [cache(ttl = "1m", key = value)] ready(value);
    hedge(value: u64) [idempotent = true, hedge(after = "50ms")] ready(value);
}

/// All of it at once.
#[resilient_service(
    "future_sizes",
    bulkhead(max_concurrent = 64),
    fallback = instead,
    cache(ttl = "1m", key = value)
)]
async fn everything(value: u64) -> Result<u64, OpError> {
    ready(value).await
}

/// How large the future of a function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FutureSize {
    /// What the function is.
    pub case: &'static str,
    /// Bytes without the attribute.
    pub plain: usize,
    /// Bytes with it.
    pub annotated: usize,
}

impl FutureSize {
    /// What the attribute adds. Never less than nothing: a plain future is part of the annotated one.
    pub fn beyond_plain(&self) -> usize {
        self.annotated.saturating_sub(self.plain)
    }
}

/// Every function that is looked at.
pub fn all() -> Vec<FutureSize> {
    macro_rules! compare {
        ($case:literal, $name:ident($($value:expr),*)) => {
            FutureSize {
                case: $case,
                plain: size_of_val(&plain::$name($($value),*)),
                annotated: size_of_val(&annotated::$name($($value),*)),
            }
        };
    }
    vec![
        compare!("trivial body", trivial(1)),
        compare!("body that holds 64 bytes", small(1)),
        compare!("body that holds 1 KB", large(1)),
        compare!("three arguments, one cloned", arguments(1, "a", String::new())),
        compare!("with a bulkhead", bulkhead(1)),
        compare!("with a fallback", fallback(1)),
        compare!("with a cache", cache(1)),
        compare!("with a hedge", hedge(1)),
        FutureSize {
            case: "everything at once",
            plain: size_of_val(&plain::trivial(1)),
            annotated: size_of_val(&everything(1)),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn an_annotated_future_holds_the_plain_one() {
        for size in all() {
            assert!(size.annotated > size.plain, "{size:?}");
        }
    }
}
