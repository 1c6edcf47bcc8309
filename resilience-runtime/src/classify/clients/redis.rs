//! Classifies `redis::RedisError`. In: the error. Out: its classification.

use std::error::Error as _;

use redis::{ErrorKind, RedisError};

use crate::classify::chain;
use crate::classify::classified::Classify;
use crate::classify::facts::Facts;
use crate::classify::recovery::Recovery;

/// By its kind:
///
/// | error | verdict |
/// | --- | --- |
/// | connection refused, a Unix socket that is not there (yet), no node or master known | [`retry`](Recovery::retry), [`not_sent`](Recovery::not_sent) |
/// | `Io`, any other | what its source says; [`retry`](Recovery::retry) when that says nothing |
/// | `Parse` | [`retry`](Recovery::retry) |
/// | `UnexpectedReturnType` `AuthenticationFailed` `RESP3NotSupported` | [`never`](Recovery::never) |
/// | `Client` `InvalidClientConfig` `EmptySentinelList` `Serialize` | [`local`](Recovery::local) |
/// | an answer of the server | by its code, the next table |
///
/// | code | verdict |
/// | --- | --- |
/// | `LOADING` `MASTERDOWN` `CLUSTERDOWN` `READONLY` `TRYAGAIN` `MOVED` `ASK` | [`retry`](Recovery::retry), and [`not_sent`](Recovery::not_sent) outside of pipelines |
/// | `BUSY` `MISCONF` `NOREPLICAS` `UNBLOCKED` | [`retry`](Recovery::retry) |
/// | `OOM` | [`throttled`](Recovery::throttled) |
/// | `ERR max number of clients reached` | [`throttled`](Recovery::throttled), [`not_sent`](Recovery::not_sent) |
/// | every other | [`never`](Recovery::never) |
impl Classify for RedisError {
    fn classify(&self) -> Recovery {
        match self.kind() {
            // The client opens no files except the socket of a server that is not up yet.
            _ if self.is_connection_refusal() => Recovery::retry().not_sent(),
            ErrorKind::Io => self.source().map_or(Recovery::retry(), Recovery::from_error),
            ErrorKind::ClusterConnectionNotFound
            | ErrorKind::MasterNameNotFoundBySentinel
            | ErrorKind::NoValidReplicasFoundBySentinel => Recovery::retry().not_sent(),
            ErrorKind::UnexpectedReturnType
            | ErrorKind::AuthenticationFailed
            | ErrorKind::RESP3NotSupported => Recovery::never(),
            ErrorKind::Client | ErrorKind::InvalidClientConfig | ErrorKind::EmptySentinelList => {
                Recovery::local()
            }
            ErrorKind::Server(_) | ErrorKind::Extension => by_code(self),
            // The kind `Serialize` exists only with a feature of redis, which this crate does not turn on.
            _ if self.category() == "serializing" => Recovery::local(),
            _ => self.source().and_then(chain::search).map_or(Recovery::retry(), Facts::recovery),
        }
    }
}

fn by_code(error: &RedisError) -> Recovery {
    match error.code().unwrap_or_default() {
        "LOADING" | "MASTERDOWN" | "CLUSTERDOWN" | "READONLY" | "TRYAGAIN" | "MOVED" | "ASK" => {
            // A pipeline's error is the first of its errors and has no source; other commands of the pipeline may have
            // been executed.
            if error.source().is_some() { Recovery::retry().not_sent() } else { Recovery::retry() }
        }
        "BUSY" | "MISCONF" | "NOREPLICAS" | "UNBLOCKED" => Recovery::retry(),
        "OOM" => Recovery::throttled(),
        "ERR" if error.detail().is_some_and(|detail| detail.contains("max number of clients")) => {
            Recovery::throttled().not_sent()
        }
        _ => Recovery::never(),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// The error that the client makes of an answer of the server.
    fn answered(line: &str) -> RedisError {
        let value = redis::parse_redis_value(format!("-{line}\r\n").as_bytes()).expect("an answer");
        value.extract_error().expect_err("an error")
    }

    #[test]
    fn the_kind_decides() {
        let io = |kind| RedisError::from(io::Error::from(kind));
        let of = |kind| RedisError::from((kind, "x"));
        for (error, verdict) in [
            (io(io::ErrorKind::ConnectionRefused), Recovery::retry().not_sent()),
            #[cfg(unix)]
            (io(io::ErrorKind::NotFound), Recovery::retry().not_sent()),
            (io(io::ErrorKind::ConnectionReset), Recovery::retry()),
            (io(io::ErrorKind::PermissionDenied), Recovery::never()),
            (of(ErrorKind::Io), Recovery::retry()),
            (of(ErrorKind::Parse), Recovery::retry()),
            (of(ErrorKind::ClusterConnectionNotFound), Recovery::retry().not_sent()),
            (of(ErrorKind::UnexpectedReturnType), Recovery::never()),
            (of(ErrorKind::AuthenticationFailed), Recovery::never()),
            (of(ErrorKind::Client), Recovery::local()),
            (of(ErrorKind::InvalidClientConfig), Recovery::local()),
        ] {
            assert_eq!(error.classify(), verdict, "{error}");
            assert_eq!(chain::facts(&error).recovery(), verdict, "{error} in a chain");
        }
    }

    #[test]
    fn the_code_of_the_server_decides() {
        for (line, verdict) in [
            ("LOADING Redis is loading the dataset in memory", Recovery::retry().not_sent()),
            ("READONLY You can't write against a read only replica.", Recovery::retry().not_sent()),
            ("CLUSTERDOWN The cluster is down", Recovery::retry().not_sent()),
            ("TRYAGAIN Multiple keys request during rehashing of slot", Recovery::retry().not_sent()),
            ("BUSY Redis is busy running a script", Recovery::retry()),
            ("MISCONF Redis is configured to save RDB snapshots", Recovery::retry()),
            ("OOM command not allowed when used memory > 'maxmemory'.", Recovery::throttled()),
            ("ERR max number of clients reached", Recovery::throttled().not_sent()),
            ("ERR unknown command", Recovery::never()),
            ("WRONGTYPE Operation against a key holding the wrong kind of value", Recovery::never()),
            ("NOAUTH Authentication required.", Recovery::never()),
            ("EXECABORT Transaction discarded because of previous errors.", Recovery::never()),
        ] {
            assert_eq!(answered(line).classify(), verdict, "{line}");
        }
    }
}
