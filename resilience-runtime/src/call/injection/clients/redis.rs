//! Makes errors of `redis`, to inject them. In: one of the standard library. Out: the client's, as it makes it itself.

use std::io;

use redis::RedisError;

use super::of_io::OfIo;

impl OfIo for RedisError {
    fn of_io(error: io::Error) -> Option<Self> {
        Some(error.into())
    }
}
