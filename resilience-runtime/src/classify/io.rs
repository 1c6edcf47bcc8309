//! Classifies `std::io::Error`. In: the error. Out: its classification, by the error that it wraps or else by its kind.

use std::error::Error;
use std::io::{self, ErrorKind};

use super::chain;
use super::classified::Classify;
use super::facts::Facts;
use super::recovery::Recovery;

/// By the error that it wraps, if that is known (`io::Error::source` skips it, this does not), and else by its kind:
///
/// | verdict | kinds |
/// | --- | --- |
/// | [`retry`](Recovery::retry), [`not_sent`](Recovery::not_sent) | `ConnectionRefused` |
/// | [`retry`](Recovery::retry) | `TimedOut` `ConnectionReset` `ConnectionAborted` `NotConnected` `BrokenPipe` `UnexpectedEof` `WriteZero` `Interrupted` `WouldBlock` `HostUnreachable` `NetworkUnreachable` `NetworkDown` `ResourceBusy` `Deadlock` `ExecutableFileBusy` `StaleNetworkFileHandle` `StorageFull`, `Other` and every kind not named here |
/// | [`never`](Recovery::never) | `NotFound` `PermissionDenied` `AlreadyExists` `NotADirectory` `IsADirectory` `DirectoryNotEmpty` `ReadOnlyFilesystem` `InvalidData` `NotSeekable` `QuotaExceeded` `FileTooLarge` `CrossesDevices` `TooManyLinks` `Unsupported` |
/// | [`local`](Recovery::local) | `InvalidInput` `InvalidFilename` `ArgumentListTooLong` `AddrInUse` `AddrNotAvailable` `OutOfMemory`, and on Unix too many open files (`EMFILE`, `ENFILE`) |
///
/// `HostUnreachable` and similar kinds are not `not_sent`: they also end connections that were in use. A full disk is a
/// failure and not an answer: it gets space again, and until then the breaker should count it.
///
/// A file that is not there and the socket of a server that has not started are one error, `NotFound`: of a file it is an
/// answer. A function whose `io::Error` comes from connecting alone says so by
/// `on_error = Recovery::from_connect_error`, one that also does other things with a variant of its own error type for it.
impl Classify for io::Error {
    fn classify(&self) -> Recovery {
        facts(self).recovery
    }

    fn status(&self) -> Option<u16> {
        facts(self).status
    }
}

impl Recovery {
    /// What an error means that a connect has ended with, to a Unix socket too: a socket that is not there is that of a
    /// server that has not started, so `NotFound` is [`retry`](Self::retry). Whatever is retried was not sent.
    ///
    /// ```
    /// # #[cfg(unix)] {
    /// use resilience_runtime::{Recovery, comprehensive_retry};
    /// use tokio::net::UnixStream;
    ///
    /// #[comprehensive_retry("agent", on_error = Recovery::from_connect_error)]
    /// async fn connect() -> Result<UnixStream, std::io::Error> {
    ///     UnixStream::connect("/run/agent.sock").await
    /// }
    /// # }
    /// ```
    pub fn from_connect_error(error: &io::Error) -> Self {
        let verdict =
            if error.kind() == ErrorKind::NotFound { Self::retry() } else { Classify::classify(error) };
        if verdict.is_retry() { verdict.not_sent() } else { verdict }
    }
}

fn facts(error: &io::Error) -> Facts {
    error
        .get_ref()
        .and_then(|payload| chain::search(payload as &(dyn Error + 'static)))
        .unwrap_or_else(|| Facts::new(by_kind(error), None))
}

fn by_kind(error: &io::Error) -> Recovery {
    if is_out_of_files(error) {
        return Recovery::local();
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => Recovery::retry().not_sent(),
        ErrorKind::NotFound
        | ErrorKind::PermissionDenied
        | ErrorKind::AlreadyExists
        | ErrorKind::NotADirectory
        | ErrorKind::IsADirectory
        | ErrorKind::DirectoryNotEmpty
        | ErrorKind::ReadOnlyFilesystem
        | ErrorKind::InvalidData
        | ErrorKind::NotSeekable
        | ErrorKind::QuotaExceeded
        | ErrorKind::FileTooLarge
        | ErrorKind::CrossesDevices
        | ErrorKind::TooManyLinks
        | ErrorKind::Unsupported => Recovery::never(),
        // `AddrNotAvailable` is the error of a connect that finds no free port: a shortage on this side, which more
        // connects make worse.
        ErrorKind::InvalidInput
        | ErrorKind::InvalidFilename
        | ErrorKind::ArgumentListTooLong
        | ErrorKind::AddrInUse
        | ErrorKind::AddrNotAvailable
        | ErrorKind::OutOfMemory => Recovery::local(),
        _ => Recovery::retry(),
    }
}

/// Whether the process or the machine has run out of file descriptors. That is no fault of the dependency, and
/// `ErrorKind` has no name for it.
#[cfg(unix)]
fn is_out_of_files(error: &io::Error) -> bool {
    // The same numbers on every Unix.
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    matches!(error.raw_os_error(), Some(ENFILE | EMFILE))
}

#[cfg(not(unix))]
fn is_out_of_files(_: &io::Error) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_decides() {
        let table = [
            (ErrorKind::ConnectionRefused, Recovery::retry().not_sent()),
            (ErrorKind::TimedOut, Recovery::retry()),
            (ErrorKind::ConnectionReset, Recovery::retry()),
            (ErrorKind::ConnectionAborted, Recovery::retry()),
            (ErrorKind::NotConnected, Recovery::retry()),
            (ErrorKind::BrokenPipe, Recovery::retry()),
            (ErrorKind::UnexpectedEof, Recovery::retry()),
            (ErrorKind::WriteZero, Recovery::retry()),
            (ErrorKind::Interrupted, Recovery::retry()),
            (ErrorKind::WouldBlock, Recovery::retry()),
            (ErrorKind::HostUnreachable, Recovery::retry()),
            (ErrorKind::NetworkUnreachable, Recovery::retry()),
            (ErrorKind::NetworkDown, Recovery::retry()),
            (ErrorKind::StorageFull, Recovery::retry()),
            (ErrorKind::Other, Recovery::retry()),
            (ErrorKind::NotFound, Recovery::never()),
            (ErrorKind::PermissionDenied, Recovery::never()),
            (ErrorKind::AlreadyExists, Recovery::never()),
            (ErrorKind::InvalidData, Recovery::never()),
            (ErrorKind::Unsupported, Recovery::never()),
            (ErrorKind::InvalidInput, Recovery::local()),
            (ErrorKind::AddrInUse, Recovery::local()),
            (ErrorKind::AddrNotAvailable, Recovery::local()),
            (ErrorKind::OutOfMemory, Recovery::local()),
        ];
        for (kind, verdict) in table {
            assert_eq!(io::Error::from(kind).classify(), verdict, "{kind:?}");
            assert_eq!(
                io::Error::new(kind, "a payload of no known type").classify(),
                verdict,
                "{kind:?} with a payload"
            );
        }
    }

    #[tokio::test]
    async fn a_refused_connection_was_not_sent() {
        let free = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a loopback port");
        let refused = tokio::net::TcpStream::connect(free).await.expect_err("nobody listens there any more");
        assert_eq!(refused.classify(), Recovery::retry().not_sent());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_socket_that_is_not_there_yet_is_worth_another_connect() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = tokio::net::UnixStream::connect(folder.path().join("agent.sock")).await;
        let missing = missing.expect_err("no server has made it");
        assert_eq!(Recovery::from_connect_error(&missing), Recovery::retry().not_sent());
        assert_eq!(missing.classify(), Recovery::never(), "the same error as of a file");
        let of = |kind| Recovery::from_connect_error(&io::Error::from(kind));
        assert_eq!(of(ErrorKind::TimedOut), Recovery::retry().not_sent());
        assert_eq!(of(ErrorKind::PermissionDenied), Recovery::never());
        assert_eq!(of(ErrorKind::AddrNotAvailable), Recovery::local());
    }

    #[cfg(unix)]
    #[test]
    fn running_out_of_files_is_our_own_fault() {
        assert_eq!(io::Error::from_raw_os_error(24).classify(), Recovery::local());
        assert_eq!(io::Error::from_raw_os_error(23).classify(), Recovery::local());
        assert_eq!(io::Error::from_raw_os_error(104).classify(), Recovery::retry());
    }
}
