//! In: what the closure of a handle returns. Out: whether it can be the body of a call; if not, the compiler says what to
//! write.

use std::future::Future;

/// The body of a call: a future of a `Result`. For the constructors of calls alone: a bound of this crate may say what is
/// missing, and one on [`Future`] says only that.
#[diagnostic::on_unimplemented(
    message = "the body of a call is a closure that returns a future of a `Result`",
    label = "`{Self}` is no future of a `Result`",
    note = "write `|| async {{ … }}`, whose last expression is a `Result`, such as `Ok(5)`"
)]
pub trait Body<T, E> {}

// Otherwise the compiler reports the bound of the implementation in place of ours.
#[diagnostic::do_not_recommend]
impl<T, E, Fut: Future<Output = Result<T, E>>> Body<T, E> for Fut {}
