//! Asks a `fallback` that is a closure. In: the closure of `fallback`. Out: its answer; what it takes is known from its number of
//! parameters, and what it gives back from the type of that.
//!
//! The compiler finds the types of a closure's parameters in a bound on `FnOnce`, and nowhere else: the trait that
//! functions go by would leave them open.

use std::future::{Future, Ready, ready};

use super::fallback::{Asynchronous, Given, Immediate};

/// What a fallback gives back. `Marker` is left to inference.
#[diagnostic::on_unimplemented(
    message = "a fallback returns what the function returns, or a future of that",
    label = "this is no `Result<{T}, {E}>`, and no future of one"
)]
pub trait Answer<T, E, Marker> {
    /// The future of the answer; ready, where it is there.
    type Future: Future<Output = Result<T, E>>;

    /// Makes it.
    fn answer(self) -> Self::Future;
}

impl<T, E> Answer<T, E, Immediate> for Result<T, E> {
    type Future = Ready<Self>;

    #[inline]
    fn answer(self) -> Self::Future {
        ready(self)
    }
}

#[diagnostic::do_not_recommend]
impl<F, T, E> Answer<T, E, Asynchronous<F>> for F
where
    F: Future<Output = Result<T, E>>,
{
    type Future = F;

    #[inline]
    fn answer(self) -> F {
        self
    }
}

macro_rules! asks {
    ($($Argument:ident $argument:ident),*) => {
        impl<'e, E, $($Argument),*> Given<'e, ($($Argument,)*), E> {
            /// The future of the answer of a closure of the arguments.
            #[inline]
            pub fn ask_closure<Closure, Answered, T, Marker>(self, closure: Closure) -> Answered::Future
            where
                Closure: FnOnce($($Argument),*) -> Answered,
                Answered: Answer<T, E, Marker>,
            {
                let ($($argument,)*) = self.arguments;
                closure($($argument),*).answer()
            }

            /// The future of the answer of a closure of the arguments and the error.
            #[inline]
            pub fn ask_closure_with_error<Closure, Answered, T, Marker>(self, closure: Closure) -> Answered::Future
            where
                Closure: FnOnce($($Argument,)* &'e E) -> Answered,
                Answered: Answer<T, E, Marker>,
            {
                let ($($argument,)*) = self.arguments;
                closure($($argument,)* self.error).answer()
            }

            /// The future of an `async` closure of the arguments.
            #[inline]
            pub fn ask_async_closure<Closure, Answered, T>(self, closure: Closure) -> Answered
            where
                Closure: FnOnce($($Argument),*) -> Answered,
                Answered: Future<Output = Result<T, E>>,
            {
                let ($($argument,)*) = self.arguments;
                closure($($argument),*)
            }

            /// The future of an `async` closure of the arguments and the error.
            #[inline]
            pub fn ask_async_closure_with_error<Closure, Answered, T>(self, closure: Closure) -> Answered
            where
                Closure: FnOnce($($Argument,)* &'e E) -> Answered,
                Answered: Future<Output = Result<T, E>>,
            {
                let ($($argument,)*) = self.arguments;
                closure($($argument,)* self.error)
            }
        }
    };
}

for_each_arity! { asks }
