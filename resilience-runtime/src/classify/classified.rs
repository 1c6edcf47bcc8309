//! The trait [`Classify`], by which an error type classifies itself.

use super::facts::Facts;
use super::recovery::Recovery;

/// An error that knows whether it is worth a retry.
///
/// Derive it with `#[derive(Classify)]`, or write it:
///
/// ```
/// use resilience_runtime::{Classify, Recovery};
///
/// enum ApiError {
///     Http(u16),
///     BadInput,
/// }
///
/// impl Classify for ApiError {
///     fn classify(&self) -> Recovery {
///         match self {
///             Self::Http(429) => Recovery::throttled(),
///             Self::Http(500..) => Recovery::retry(),
///             Self::Http(_) => Recovery::never(),
///             Self::BadInput => Recovery::local(),
///         }
///     }
///
///     fn status(&self) -> Option<u16> {
///         match self {
///             Self::Http(status) => Some(*status),
///             Self::BadInput => None,
///         }
///     }
/// }
/// # assert!(ApiError::Http(503).classify().is_retry());
/// ```
#[diagnostic::on_unimplemented(
    message = "nothing says which errors of type `{Self}` are worth another attempt",
    label = "`{Self}` does not implement `Classify`",
    note = "write `#[derive(Classify)]` on it, or say it at the call: `call_with(body, |error| Recovery::retry())`, \
            `resilient_call_with(…, |error| Recovery::retry())`",
    note = "`resilience_runtime::call!(handle, body)` looks for known errors among its sources, as attributes do"
)]
pub trait Classify {
    /// The classification.
    fn classify(&self) -> Recovery;

    /// The HTTP status that the error carries, if any. If `retryable_status_codes` is set, the status decides.
    fn status(&self) -> Option<u16> {
        None
    }

    /// Both at once, for types that have to search for them.
    #[doc(hidden)]
    fn resilience_facts(&self) -> Facts {
        Facts::new(self.classify(), self.status())
    }

    /// The kind of error, for the log: a variant or a type, never a text. `None` if classifying it has noted the class of
    /// the error inside it.
    #[doc(hidden)]
    fn resilience_class(&self) -> Option<&'static str> {
        Some(std::any::type_name::<Self>())
    }
}
