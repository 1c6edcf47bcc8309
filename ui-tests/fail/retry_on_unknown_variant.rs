//! A pattern with a variant that does not exist.

use resilience_runtime::comprehensive_retry;

enum Error {
    Timeout,
    Http(u16),
}

impl From<resilience_runtime::Rejection> for Error {
    fn from(_: resilience_runtime::Rejection) -> Self {
        Self::Timeout
    }
}

#[comprehensive_retry("api", retry_on(Error::Tiemout))]
async fn call() -> Result<(), Error> {
    Err(Error::Http(500))
}

fn main() {}
