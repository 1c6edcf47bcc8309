//! Makes the error of a client out of one of the standard library. In: a box of any error. Out: the client's.

use std::any::Any;
use std::io;

use crate::call::injection::taken::take;

/// The error of a client.
pub(in crate::call::injection) trait OfIo: Sized + 'static {
    /// What the client reports when that happens to its connection; `None` if it cannot be made to.
    fn of_io(error: io::Error) -> Option<Self>;
}

/// Takes out what is such an error, or what it can be made from; gives back any other box.
pub(in crate::call::injection) fn take_of_io<C: OfIo>(given: Box<dyn Any>) -> Result<C, Box<dyn Any>> {
    let given = match take::<C>(given) {
        Ok(error) => return Ok(error),
        Err(given) => given,
    };
    let error = take::<io::Error>(given)?;
    let kind = error.kind();
    C::of_io(error).ok_or_else(|| Box::new(io::Error::from(kind)) as Box<dyn Any>)
}

/// Whether there is no connection after it. Otherwise there is one, and something was sent.
#[cfg(any(feature = "reqwest", feature = "tonic"))]
pub(super) fn is_of_connecting(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;

    matches!(
        error.kind(),
        Kind::ConnectionRefused
            | Kind::HostUnreachable
            | Kind::NetworkUnreachable
            | Kind::AddrInUse
            | Kind::AddrNotAvailable
            | Kind::NotFound
            | Kind::PermissionDenied
    )
}
