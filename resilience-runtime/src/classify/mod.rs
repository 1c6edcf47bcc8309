//! Classification of errors: [`Recovery`], what an error says about retrying, and how it is determined for an error.
//!
//! An annotated function asks in this order, at the call site, where the type of the error is known:
//!
//! 1. `on_error = path`, when written;
//! 2. [`Classify`], when the error implements it. `std::io::Error`, tokio's `Elapsed`, [`Rejection`] and the
//!    errors of the clients behind features `reqwest`, `reqwest-middleware`, `hyper-util`, `tonic`, `sqlx`,
//!    `tokio-postgres` and `redis` do, and so do boxes, `Rc`, `Arc` and references of such errors;
//! 3. the source chain of whatever is an error or gives one out: `Box<dyn Error + Send + Sync>`, `anyhow`,
//!    `eyre`, an enum made with `thiserror`. It is searched outermost first for the types of point 2 and for
//!    those of your own that you [`register`], or of others that you [`register_with`] a function;
//! 4. **everything else is retried and counts as a failure in the breaker**: `String`, `&str`, types that are no
//!    errors, errors with nothing known in their chain. Implement [`Classify`], or write `on_error`, where that
//!    is wrong: a validation error that is retried costs time and budget, and opens the breaker.
//!
//! Four limits are worth knowing.
//!
//! - An error that is the *context* of a report, as in `.context(Busy)`, is no part of its source chain. With the
//!   features `anyhow` and `eyre` it is found as their `downcast_ref` finds it, the outermost first; without them, only
//!   the error below the context is seen. The same holds for [`Recovery::from_error`](crate::Recovery::from_error),
//!   which is given no report.
//! - `#[error(transparent)]` of `thiserror` gives out the *source of* the wrapped error, never the wrapped error
//!   itself, so `#[error(transparent)] Io(io::Error)` hides the `io::Error` from the chain. Write
//!   `#[derive(Classify)]` with `#[transparent]` on such a variant, or a message instead of `transparent`.
//! - For a generic `E`, only its written bounds count. `E: Classify` suffices. `E: Error` shows the sources but not the
//!   outermost error: its type can only be asked for with `'static`, and whether that is written cannot be determined.
//!   A bare `E` is retried.
//! - `Box<dyn Error + 'a>`, a box of an error that borrows, does not compile. `Box<dyn Error>` in the signature of a
//!   function is `'static` and does, and so does a named type that borrows.
//!
//! [`Rejection`]: crate::Rejection

mod chain;
mod classified;
mod clients;
mod facts;
mod io;
mod opaque;
mod peel;
#[doc(hidden)]
pub mod probe;
mod recovery;
mod registered;
#[cfg(any(feature = "anyhow", feature = "eyre"))]
mod reports;
mod retry_after;
mod status;
mod strangers;
mod wrapped;

pub use classified::Classify;
pub(crate) use facts::CameOut;
#[doc(hidden)]
pub use facts::Facts;
pub(crate) use peel::told;
pub(crate) use recovery::Action;
pub use recovery::Recovery;
pub use registered::{register, register_with};
pub use retry_after::parse_retry_after;
#[cfg(any(feature = "reqwest", feature = "tonic"))]
pub use retry_after::retry_after_from_headers;
pub(crate) use strangers::{Client, client};
