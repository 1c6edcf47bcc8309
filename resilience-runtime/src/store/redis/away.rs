//! Words why a Redis server did not carry out an operation. In: an error of the client. Out: a short name, and what is to be done
//! about the connection.

use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::store::StoreError;

/// An operation without an answer of our scripts.
#[derive(Clone, Debug)]
pub(super) struct Away {
    pub(super) error: StoreError,
    /// This connection will not do any more, and another one may.
    pub(super) drops_connection: bool,
    /// The server is there and refuses what needs memory. It still prolongs leases, so nobody may be kept from asking.
    pub(super) is_full: bool,
}

impl Away {
    pub(super) fn new(name: &'static str) -> Self {
        Self { error: StoreError::away(name), drops_connection: false, is_full: false }
    }

    /// Nothing was sent.
    pub(super) fn not_sent(name: &'static str) -> Self {
        Self { error: StoreError::away(name).not_sent(), drops_connection: false, is_full: false }
    }

    /// The same of an operation that has been sent before, and may have been carried out then.
    pub(super) fn sent_before(self) -> Self {
        Self { error: StoreError::away(self.error.name().to_owned()), ..self }
    }

    /// Why no connection came about.
    pub(super) fn connecting(error: &RedisError) -> Self {
        let away = Self::asking(error);
        Self { error: away.error.not_sent(), drops_connection: false, is_full: false }
    }

    /// Why a command was not carried out.
    pub(super) fn asking(error: &RedisError) -> Self {
        if is_server(error) {
            let code = code(error);
            // The address now belongs to a demoted server, or it soon leads to another one.
            let (drops_connection, is_full) = (code == "READONLY", code == "OOM");
            return Self { error: StoreError::away(code), drops_connection, is_full };
        }
        let name = if error.is_connection_refusal() {
            "connection refused"
        } else if error.is_timeout() {
            "timeout"
        } else if error.kind() == ErrorKind::AuthenticationFailed {
            "authentication failed"
        } else if error.is_io_error() {
            "connection lost"
        } else {
            "protocol error"
        };
        Self {
            error: StoreError::away(name),
            drops_connection: error.is_unrecoverable_error(),
            is_full: false,
        }
    }
}

pub(super) fn is_unknown_script(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::NoScript)
}

fn is_server(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension)
}

/// The code that the server answered, also where it stands inside of the answer of a failed script.
fn code(error: &RedisError) -> String {
    let code = error.code().unwrap_or("ERR");
    let detail = error.detail().unwrap_or_default();
    if code != "ERR" {
        return if is_code(code) { code.to_owned() } else { "ERR".to_owned() };
    }
    // Redis 7 and Valkey, when a script calls what its user may not.
    if detail.contains("user executing the script") || detail.contains("ACL failure in script") {
        return "NOPERM".to_owned();
    }
    // Redis 6: `Error running script (call to f_…): @user_script:7: -OOM command not allowed …`.
    let inner = detail.split_once("@user_script").and_then(|(_, rest)| rest.split(": -").nth(1));
    let inner = inner.and_then(|rest| rest.split(' ').next());
    match inner {
        Some(inner) if is_code(inner) => inner.to_owned(),
        _ if detail.contains("max number of clients") => "MAXCLIENTS".to_owned(),
        _ => "ERR".to_owned(),
    }
}

fn is_code(word: &str) -> bool {
    (2..=16).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn answered(line: &str) -> RedisError {
        let value = redis::parse_redis_value(format!("-{line}\r\n").as_bytes()).expect("an answer");
        value.extract_error().expect_err("an error")
    }

    #[test]
    fn every_error_of_a_server_has_its_code_for_a_name() {
        for (line, name) in [
            (
                "READONLY You can't write against a read only replica. script: 27a7, on @user_script:7.",
                "READONLY",
            ),
            ("LOADING Redis is loading the dataset in memory", "LOADING"),
            (
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
                "MASTERDOWN",
            ),
            ("CLUSTERDOWN The cluster is down", "CLUSTERDOWN"),
            ("MOVED 3999 127.0.0.1:6381", "MOVED"),
            ("OOM command not allowed when used memory > 'maxmemory'. script: on @user_script:7.", "OOM"),
            ("NOPERM this user has no permissions to run the 'evalsha' command", "NOPERM"),
            (
                "ERR The user executing the script can't run this command or subcommand script: 1, on @user_script:8.",
                "NOPERM",
            ),
            (
                "ERR ACL failure in script: User lame has no permissions to run the 'pexpire' command script: on @user_script:8.",
                "NOPERM",
            ),
            (
                "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
                "BUSY",
            ),
            ("NOREPLICAS Not enough good replicas to write.", "NOREPLICAS"),
            ("MISCONF Redis is configured to save RDB snapshots", "MISCONF"),
            ("TRYAGAIN Multiple keys request during rehashing of slot", "TRYAGAIN"),
            ("NOAUTH Authentication required.", "NOAUTH"),
            ("ERR max number of clients reached", "MAXCLIENTS"),
            (
                "ERR Error running script (call to f_1): @user_script:7: @user_script: 7: -OOM command not allowed",
                "OOM",
            ),
            ("ERR unknown command 'evalsha'", "ERR"),
        ] {
            let away = Away::asking(&answered(line));
            assert_eq!(away.error.name(), name, "{line}");
            assert_eq!(away.drops_connection, name == "READONLY", "{line}");
            assert_eq!(away.is_full, name == "OOM", "{line}");
            assert!(!away.error.is_not_sent(), "{line}");
        }
    }

    #[test]
    fn a_connection_that_breaks_is_dropped() {
        let of = |kind| Away::asking(&RedisError::from(io::Error::from(kind)));
        for (kind, name, drops) in [
            (io::ErrorKind::ConnectionReset, "connection lost", true),
            (io::ErrorKind::BrokenPipe, "connection lost", true),
            (io::ErrorKind::UnexpectedEof, "connection lost", true),
            (io::ErrorKind::ConnectionRefused, "connection refused", true),
        ] {
            let away = of(kind);
            assert_eq!((away.error.name(), away.drops_connection), (name, drops), "{kind:?}");
        }
        assert!(
            Away::connecting(&io::Error::from(io::ErrorKind::ConnectionRefused).into()).error.is_not_sent()
        );
    }
}
