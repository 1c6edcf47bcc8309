//! Makes errors of `tonic`, to inject them. In: one of the standard library. Out: the status with which a channel reports it.

use std::io;

use tonic::{ConnectError, Status};

use super::of_io::{OfIo, is_of_connecting};

impl OfIo for Status {
    fn of_io(error: io::Error) -> Option<Self> {
        if is_of_connecting(&error) {
            return Some(Self::from_error(Box::new(ConnectError(error.into()))));
        }
        Some(error.into())
    }
}
