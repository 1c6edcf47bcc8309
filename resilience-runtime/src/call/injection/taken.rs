//! Takes an error out of its box. In: a box of any error. Out: the error, if it is of the type that is asked for.

use std::any::Any;

/// The error, or the box again.
pub(super) fn take<E: 'static>(given: Box<dyn Any>) -> Result<E, Box<dyn Any>> {
    given.downcast().map(|error| *error)
}
