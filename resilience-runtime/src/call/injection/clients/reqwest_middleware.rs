//! Makes errors of `reqwest-middleware`, to inject them. In: an error of the standard library. Out: that of the client beneath.

use std::io;

use reqwest_middleware::Error;

use super::of_io::OfIo;

impl OfIo for Error {
    fn of_io(error: io::Error) -> Option<Self> {
        reqwest::Error::of_io(error).map(Self::Reqwest)
    }
}
