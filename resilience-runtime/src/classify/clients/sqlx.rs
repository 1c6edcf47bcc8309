//! Classifies `sqlx::Error`. In: the error. Out: its classification.

use std::error::Error as _;

use sqlx::Error;
use sqlx::error::{DatabaseError, ErrorKind};

use super::sql_code;
use crate::classify::classified::Classify;
use crate::classify::recovery::Recovery;

/// By its variant:
///
/// | error | verdict |
/// | --- | --- |
/// | `Io`, a Unix socket that is not there (yet) | [`retry`](Recovery::retry), [`not_sent`](Recovery::not_sent) |
/// | `Io`, any other | what `std::io::Error` says |
/// | `Tls`, `PoolTimedOut` | [`retry`](Recovery::retry), [`not_sent`](Recovery::not_sent) |
/// | `Protocol` `WorkerCrashed` `BeginFailed` | [`retry`](Recovery::retry) |
/// | every other (`Migrate`, variants of later versions) | what its sources say; [`retry`](Recovery::retry) when they say nothing |
/// | `RowNotFound` `TypeNotFound` `ColumnNotFound` `ColumnIndexOutOfBounds` `ColumnDecode` `Decode` | [`never`](Recovery::never) |
/// | `Configuration` `InvalidArgument` `Encode` `AnyDriverError` `PoolClosed` `InvalidSavePointStatement` | [`local`](Recovery::local) |
/// | `Database`, a constraint | [`never`](Recovery::never) |
/// | `Database`, else by its code | the next table; without a code [`retry`](Recovery::retry) |
///
/// A pool that timed out sent nothing, but still is a failure of the database: sqlx itself tries again when the
/// connection is refused, so a database that is down shows as exactly this.
///
/// | code | verdict |
/// | --- | --- |
/// | 53300 (too many connections) | [`throttled`](Recovery::throttled), [`not_sent`](Recovery::not_sent) |
/// | 53xxx (disk, memory) | [`throttled`](Recovery::throttled) |
/// | 08001, 08004 (no connection), 57P03 (starting up) | [`retry`](Recovery::retry), [`not_sent`](Recovery::not_sent) |
/// | 08xxx (connection), 40xxx (serialization, deadlock), 57xxx (shutdown, statement timeout), 58xxx and XXxxx (system), 55P03 and 55006 (locks), 25006 (read-only after a failover), HYxxx and 70xxx (MySQL: lock wait, interrupted) | [`retry`](Recovery::retry) |
/// | 40002 (constraint at commit), 57P04 (database dropped), every other SQLSTATE | [`never`](Recovery::never) |
/// | SQLite 5, 6, 10, 13, 14, 15 (busy, locked, I/O, full, cannot open, lock protocol) | [`retry`](Recovery::retry) |
/// | SQLite 7 (no memory) | [`local`](Recovery::local) |
/// | every other SQLite code | [`never`](Recovery::never) |
impl Classify for Error {
    fn classify(&self) -> Recovery {
        match self {
            // The client opens no files except the socket of a database that is not up yet.
            Self::Io(error) if error.kind() == std::io::ErrorKind::NotFound => Recovery::retry().not_sent(),
            Self::Io(error) => error.classify(),
            Self::Database(error) => by_database(&**error),
            Self::Tls(_) | Self::PoolTimedOut => Recovery::retry().not_sent(),
            Self::RowNotFound
            | Self::TypeNotFound { .. }
            | Self::ColumnNotFound(_)
            | Self::ColumnIndexOutOfBounds { .. }
            | Self::ColumnDecode { .. }
            | Self::Decode(_) => Recovery::never(),
            Self::Configuration(_)
            | Self::InvalidArgument(_)
            | Self::Encode(_)
            | Self::AnyDriverError(_)
            | Self::PoolClosed
            | Self::InvalidSavePointStatement => Recovery::local(),
            Self::Protocol(_) | Self::WorkerCrashed | Self::BeginFailed => Recovery::retry(),
            _ => self.source().map_or(Recovery::retry(), Recovery::from_error),
        }
    }
}

fn by_database(error: &dyn DatabaseError) -> Recovery {
    if !matches!(error.kind(), ErrorKind::Other) {
        return Recovery::never();
    }
    error.code().map_or(Recovery::retry(), |code| sql_code::verdict(&code))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::error::Error as StdError;
    use std::{fmt, io};

    use super::*;
    use crate::classify::chain;

    /// The error that a driver would return.
    #[derive(Debug)]
    struct Said(Option<&'static str>, fn() -> ErrorKind);

    impl fmt::Display for Said {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the database said no")
        }
    }

    impl StdError for Said {}

    impl DatabaseError for Said {
        fn message(&self) -> &str {
            self.0.unwrap_or("no")
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            self.0.map(Cow::Borrowed)
        }

        fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            (self.1)()
        }
    }

    fn said(code: Option<&'static str>, kind: fn() -> ErrorKind) -> Error {
        Error::Database(Box::new(Said(code, kind)))
    }

    #[test]
    fn the_variant_decides() {
        let boxed = || "x".into();
        for (error, verdict) in [
            (Error::Io(io::ErrorKind::ConnectionReset.into()), Recovery::retry()),
            (Error::Io(io::ErrorKind::ConnectionRefused.into()), Recovery::retry().not_sent()),
            (Error::Io(io::ErrorKind::NotFound.into()), Recovery::retry().not_sent()),
            (Error::Io(io::ErrorKind::PermissionDenied.into()), Recovery::never()),
            (Error::Tls(boxed()), Recovery::retry().not_sent()),
            (Error::PoolTimedOut, Recovery::retry().not_sent()),
            (Error::Protocol("x".into()), Recovery::retry()),
            (Error::WorkerCrashed, Recovery::retry()),
            (Error::BeginFailed, Recovery::retry()),
            (Error::RowNotFound, Recovery::never()),
            (Error::ColumnNotFound("x".into()), Recovery::never()),
            (Error::Decode(boxed()), Recovery::never()),
            (Error::Configuration(boxed()), Recovery::local()),
            (Error::InvalidArgument("x".into()), Recovery::local()),
            (Error::Encode(boxed()), Recovery::local()),
            (Error::PoolClosed, Recovery::local()),
            (Error::InvalidSavePointStatement, Recovery::local()),
        ] {
            assert_eq!(error.classify(), verdict, "{error:?}");
            assert_eq!(chain::facts(&error).recovery(), verdict, "{error:?} in a chain");
        }
    }

    #[test]
    fn the_code_of_the_database_decides() {
        for (code, verdict) in [
            (Some("40001"), Recovery::retry()),
            (Some("53200"), Recovery::throttled()),
            (Some("42601"), Recovery::never()),
            (None, Recovery::retry()),
        ] {
            assert_eq!(said(code, || ErrorKind::Other).classify(), verdict, "{code:?}");
        }
    }

    #[test]
    fn a_constraint_is_never_retried_whatever_the_code() {
        for kind in
            [|| ErrorKind::UniqueViolation, || ErrorKind::ForeignKeyViolation] as [fn() -> ErrorKind; 2]
        {
            assert_eq!(said(Some("40001"), kind).classify(), Recovery::never());
        }
    }
}
