//! Says what the closure of a handle may return. In: what the closure of a handle returns. Out: whether it can be the body of a
//! call; if not, the compiler says what to write.

use std::future::Future;

/// The body of a call: a future of a `Result`. For the constructors of calls whose body alone says what the error is: a bound
/// of this crate may say what to write, and one on [`Future`] says only what is missing. Where the error type is known
/// before, a body with another one is a future of a `Result` all the same, and the compiler's own words fit.
#[diagnostic::on_unimplemented(
    message = "the body of a call is a closure that returns a future of a `Result`",
    label = "`{Self}` is no future of a `Result<{T}, {E}>`",
    note = "write `|| async {{ … }}`, whose last expression is a `Result`, such as `Ok(5)`"
)]
pub trait Body<T, E> {}

// Otherwise the compiler reports the bound of the implementation in place of ours.
#[diagnostic::do_not_recommend]
impl<T, E, Fut: Future<Output = Result<T, E>>> Body<T, E> for Fut {}
