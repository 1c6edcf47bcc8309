//! Classifies `tonic::Status`. In: the status. Out: its classification, with the delay that the server asked for.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use tonic::{Code, ConnectError, Status};

use super::retry_info;
use crate::classify::classified::Classify;
use crate::classify::peel;
use crate::classify::recovery::Recovery;
use crate::classify::retry_after::from_fields;

/// By its code:
///
/// | verdict | codes |
/// | --- | --- |
/// | [`retry`](Recovery::retry) | `Unavailable` `DeadlineExceeded` `Aborted` `Internal` `Unknown` |
/// | [`throttled`](Recovery::throttled) | `ResourceExhausted` |
/// | [`never`](Recovery::never) | `InvalidArgument` `NotFound` `AlreadyExists` `PermissionDenied` `Unauthenticated` `FailedPrecondition` `OutOfRange` `Unimplemented` `DataLoss` `Ok` |
/// | [`local`](Recovery::local) | `Cancelled`, except the ones that tonic makes of a timeout, ours or the server's, and of a lost connection: these are [`retry`](Recovery::retry) |
///
/// `Unavailable` because of a refused connection, or of a Unix socket that is not there (yet), is
/// [`not_sent`](Recovery::not_sent). A [`Rejection`](crate::Rejection) among the sources decides alone.
///
/// The delay is taken from the metadata `grpc-retry-pushback-ms` (gRFC A6; a negative one says "do not retry" and
/// becomes a delay that no policy allows, so that the call ends with its real error and still counts as failed), else
/// from `google.rpc.RetryInfo` in the details, else from `retry-after-ms` and `retry-after`. There is no HTTP status:
/// `retryable_status_codes` never applies to gRPC.
impl Classify for Status {
    fn classify(&self) -> Recovery {
        if let Some(rejection) = self.source().and_then(peel::rejection) {
            return rejection.classify();
        }
        let mut verdict = by_code(self);
        if self.code() == Code::Unavailable && was_refused(self) {
            verdict = verdict.not_sent();
        }
        match wait(self) {
            Some(wait) => verdict.after(wait),
            None => verdict,
        }
    }
}

fn by_code(status: &Status) -> Recovery {
    match status.code() {
        Code::Unavailable | Code::DeadlineExceeded | Code::Aborted | Code::Internal | Code::Unknown => {
            Recovery::retry()
        }
        Code::ResourceExhausted => Recovery::throttled(),
        // `Cancelled` from a server, or from the caller, has no source. tonic gives the same code to its own
        // `TimeoutExpired`, and to connections that end during a request.
        Code::Cancelled if status.source().is_some() => Recovery::retry(),
        // The same from a server built with tonic: over the wire, only the text is left.
        Code::Cancelled if status.message() == "Timeout expired" => Recovery::retry(),
        Code::Cancelled => Recovery::local(),
        Code::Ok
        | Code::InvalidArgument
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::FailedPrecondition
        | Code::OutOfRange
        | Code::Unimplemented
        | Code::DataLoss
        | Code::Unauthenticated => Recovery::never(),
    }
}

fn was_refused(status: &Status) -> bool {
    // A connector opens no files except the socket of a server that is not up yet.
    let mut in_connector = false;
    status.source().into_iter().flat_map(peel::walk).any(|source| {
        in_connector |= source.is::<ConnectError>();
        peel::peel::<io::Error>(source).is_some_and(|error| match error.kind() {
            io::ErrorKind::ConnectionRefused => true,
            io::ErrorKind::NotFound => in_connector,
            _ => false,
        })
    })
}

fn wait(status: &Status) -> Option<Duration> {
    let text = |name: &str| status.metadata().get(name).and_then(|value| value.to_str().ok());
    if let Some(pushback) = text("grpc-retry-pushback-ms") {
        // A negative or unreadable value forbids the retry (gRFC A6).
        return Some(pushback.trim().parse().map_or(Duration::MAX, Duration::from_millis));
    }
    retry_info::delay(status.details()).or_else(|| from_fields(text))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tonic::TimeoutExpired;
    use tonic::metadata::MetadataMap;

    use super::*;
    use crate::classify::chain;
    use crate::rejection::{Rejection, RejectionKind};

    fn with(name: &'static str, value: &'static str) -> Status {
        let mut metadata = MetadataMap::new();
        metadata.insert(name, value.parse().expect("ASCII"));
        Status::with_metadata(Code::Unavailable, "busy", metadata)
    }

    #[test]
    fn the_code_decides() {
        for (code, verdict) in [
            (Code::Ok, Recovery::never()),
            (Code::Cancelled, Recovery::local()),
            (Code::Unknown, Recovery::retry()),
            (Code::InvalidArgument, Recovery::never()),
            (Code::DeadlineExceeded, Recovery::retry()),
            (Code::NotFound, Recovery::never()),
            (Code::AlreadyExists, Recovery::never()),
            (Code::PermissionDenied, Recovery::never()),
            (Code::ResourceExhausted, Recovery::throttled()),
            (Code::FailedPrecondition, Recovery::never()),
            (Code::Aborted, Recovery::retry()),
            (Code::OutOfRange, Recovery::never()),
            (Code::Unimplemented, Recovery::never()),
            (Code::Internal, Recovery::retry()),
            (Code::Unavailable, Recovery::retry()),
            (Code::DataLoss, Recovery::never()),
            (Code::Unauthenticated, Recovery::never()),
        ] {
            let status = Status::new(code, "");
            assert_eq!(status.classify(), verdict, "{code:?}");
            assert_eq!(chain::facts(&status).recovery(), verdict, "{code:?} in a chain");
            assert_eq!(Classify::status(&status), None);
        }
    }

    #[test]
    fn the_timeout_of_tonic_itself_is_retried() {
        let status = Status::from_error(Box::new(TimeoutExpired(())));
        assert_eq!(status.code(), Code::Cancelled);
        assert_eq!(status.classify(), Recovery::retry());
        // The error that a server's timeout causes arrives without the source.
        assert_eq!(Status::cancelled("Timeout expired").classify(), Recovery::retry());
        assert_eq!(Status::cancelled("no longer wanted").classify(), Recovery::local());
    }

    #[test]
    fn a_refused_connection_was_not_sent() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        let status = Status::from_error(Box::new(ConnectError(refused.into())));
        assert_eq!(status.classify(), Recovery::retry().not_sent());

        let absent = io::Error::from(io::ErrorKind::NotFound);
        let status = Status::from_error(Box::new(ConnectError(absent.into())));
        assert_eq!(status.classify(), Recovery::retry().not_sent(), "a socket that is not there yet");

        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        let status = Status::from_error(Box::new(ConnectError(reset.into())));
        assert_eq!(status.classify(), Recovery::retry());
    }

    #[test]
    fn a_rejection_among_the_sources_decides() {
        let mut status = Status::unavailable("inner call");
        status.set_source(Arc::new(Rejection::new(RejectionKind::CircuitOpen, "db")));
        assert_eq!(status.classify(), Recovery::local());
    }

    #[test]
    fn the_wait_is_read_from_metadata_and_details() {
        let second = Some(Duration::from_secs(1));
        assert_eq!(with("retry-after", "1").classify().retry_after(), second);
        assert_eq!(with("retry-after-ms", "1000").classify().retry_after(), second);
        assert_eq!(with("grpc-retry-pushback-ms", "1000").classify().retry_after(), second);
        assert_eq!(with("x-other", "1").classify().retry_after(), None);

        let details = retry_info::tests::details(1, 0);
        let status = Status::with_details(Code::ResourceExhausted, "busy", details.into());
        assert_eq!(status.classify(), Recovery::throttled().after(Duration::from_secs(1)));
    }

    #[test]
    fn a_negative_pushback_asks_for_a_wait_that_no_policy_allows() {
        for value in ["-1", "never"] {
            let verdict = with("grpc-retry-pushback-ms", value).classify();
            assert_eq!(verdict, Recovery::retry().after(Duration::MAX), "{value}");
        }
    }
}
