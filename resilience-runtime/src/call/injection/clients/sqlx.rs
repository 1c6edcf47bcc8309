//! Makes errors of `sqlx`, to inject them. In: one of the standard library. Out: the client's, as it makes it itself.

use std::io;

use sqlx::Error;

use super::of_io::OfIo;

impl OfIo for Error {
    fn of_io(error: io::Error) -> Option<Self> {
        Some(Self::Io(error))
    }
}
