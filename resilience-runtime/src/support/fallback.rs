//! Asks a `fallback` that is a function. In: the function. Out: its answer: called with the function's own arguments, or with those
//! and the error; whether it is `async` or not. The compiler picks by the type of the function, through marker types.

use std::future::{Future, Ready, ready};

/// A function that can stand in. `Marker` is left to inference.
#[diagnostic::on_unimplemented(
    message = "a fallback takes the function's own arguments, or those and the error",
    label = "no function of these arguments that returns what the function returns",
    note = "the error comes last, as a reference; the fallback may be `async` or not"
)]
pub trait Fallback<'e, Arguments, T, E, Marker> {
    /// The future of its answer; ready, where the function is not `async`.
    type Future: Future<Output = Result<T, E>>;

    /// Calls it.
    fn call(self, arguments: Arguments, error: &'e E) -> Self::Future;
}

/// Marks a function of the arguments.
#[derive(Debug)]
pub struct WithoutError<Made>(Made);

/// Marks a function of the arguments and the error.
#[derive(Debug)]
pub struct WithError<Made>(Made);

/// Marks a function that is not `async`.
#[derive(Debug)]
pub struct Immediate;

/// Marks a function that is, by its future.
#[derive(Debug)]
pub struct Asynchronous<F>(F);

/// What a fallback may use.
#[derive(Debug)]
#[must_use]
pub struct Given<'e, Arguments, E> {
    pub(super) arguments: Arguments,
    pub(super) error: &'e E,
}

/// Begins to ask a fallback: `given((a, b), error).ask(path)`.
///
/// `arguments` is a tuple of what the annotated function takes, moved or reborrowed. It comes before the
/// function, in a step of its own: were the types of both open, the compiler would believe the function and
/// find fault with the arguments.
#[inline]
pub fn given<Arguments, E>(arguments: Arguments, error: &E) -> Given<'_, Arguments, E> {
    Given { arguments, error }
}

impl<'e, Arguments, E> Given<'e, Arguments, E> {
    /// The future of the answer. A function that is not `async` runs now; the future borrows the error only
    /// if the function takes it.
    #[inline]
    pub fn ask<F, T, Marker>(self, function: F) -> F::Future
    where
        F: Fallback<'e, Arguments, T, E, Marker>,
    {
        function.call(self.arguments, self.error)
    }
}

macro_rules! implementations {
    ($($Argument:ident $argument:ident),*; $marker:ident, ($($with_error:ident)?), [$($Error:tt)*]) => {
        #[diagnostic::do_not_recommend]
        impl<'e, Function, T, E: 'e, $($Argument),*> Fallback<'e, ($($Argument,)*), T, E, $marker<Immediate>> for Function
        where
            Function: FnOnce($($Argument,)* $($Error)*) -> Result<T, E>,
        {
            type Future = Ready<Result<T, E>>;

            #[inline]
            fn call(self, ($($argument,)*): ($($Argument,)*), _error: &'e E) -> Self::Future {
                $(let $with_error = _error;)?
                ready(self($($argument,)* $($with_error)?))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'e, Function, Answer, T, E: 'e, $($Argument),*>
            Fallback<'e, ($($Argument,)*), T, E, $marker<Asynchronous<Answer>>> for Function
        where
            Function: FnOnce($($Argument,)* $($Error)*) -> Answer,
            Answer: Future<Output = Result<T, E>>,
        {
            type Future = Answer;

            #[inline]
            fn call(self, ($($argument,)*): ($($Argument,)*), _error: &'e E) -> Answer {
                $(let $with_error = _error;)?
                self($($argument,)* $($with_error)?)
            }
        }
    };
}

macro_rules! both {
    ($($Argument:ident $argument:ident),*) => {
        implementations! { $($Argument $argument),*; WithoutError, (), [] }
        implementations! { $($Argument $argument),*; WithError, (error), [&'e E] }
    };
}

for_each_arity! { both }

#[cfg(test)]
mod tests;
