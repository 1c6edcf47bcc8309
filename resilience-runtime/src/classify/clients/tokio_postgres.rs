//! Classifies `tokio_postgres::Error`. In: the error. Out: its classification.

use std::error::Error as _;

use tokio_postgres::Error;

use super::sql_code;
use crate::classify::classified::Classify;
use crate::classify::facts::Facts;
use crate::classify::recovery::Recovery;
use crate::classify::{chain, peel};

/// By the first row that applies:
///
/// | error | verdict |
/// | --- | --- |
/// | the connector was refused by an annotated call | what that [`Rejection`](crate::Rejection) says |
/// | the database said no | by its SQLSTATE, as that of `sqlx` |
/// | no connection, the machine out of files or ports | [`local`](Recovery::local) |
/// | no connection: refused, DNS, TLS, a Unix socket that is not there (yet) | [`retry`](Recovery::retry), [`not_sent`](Recovery::not_sent) |
/// | the connection broke | what the `std::io::Error` says |
/// | a parameter, the configuration | [`local`](Recovery::local) |
/// | authentication, a column or a number of rows that is not there | [`never`](Recovery::never) |
/// | everything else: closed, timeout, an answer that makes no sense | [`retry`](Recovery::retry) |
///
/// The client distinguishes most of these by their text alone.
impl Classify for Error {
    fn classify(&self) -> Recovery {
        if let Some(rejection) = self.source().and_then(peel::rejection) {
            return rejection.classify();
        }
        if let Some(code) = self.code() {
            return sql_code::verdict(code.code());
        }
        let below = self.source().and_then(chain::search).map(Facts::recovery);
        by_text(&self.to_string(), below)
    }
}

/// By the text of the error, and what its sources say, if the text allows for sources.
fn by_text(text: &str, below: Option<Recovery>) -> Recovery {
    let is = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    if is(&["error connecting to server", "error performing TLS handshake"]) {
        return match below {
            Some(verdict) if verdict.is_local() => verdict,
            // The client opens no files except the socket of a database that is not up yet.
            _ => Recovery::retry().not_sent(),
        };
    }
    if is(&["error communicating with the server"]) {
        return below.unwrap_or(Recovery::retry());
    }
    if is(&[
        "error serializing parameter",
        "error encoding message",
        "expected ",
        "invalid connection string",
        "invalid configuration",
    ]) {
        return Recovery::local();
    }
    if is(&[
        "authentication error",
        "error deserializing column",
        "invalid column",
        "query returned an unexpected number of",
    ]) {
        return Recovery::never();
    }
    Recovery::retry()
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use tokio_postgres::error::SqlState;
    use tokio_postgres::{Config, NoTls};

    use super::*;

    /// The error of a client whose server answers its start-up message with these bytes and closes the connection.
    async fn met(answer: Vec<u8>) -> Error {
        let (client, mut server) = duplex(1024);
        let greeting = async move {
            let mut start = [0; 256];
            let _ = server.read(&mut start).await;
            let _ = server.write_all(&answer).await;
        };
        let mut config = Config::new();
        config.user("nobody");
        let (met, ()) = tokio::join!(config.connect_raw(client, NoTls), greeting);
        met.err().expect("no server is there")
    }

    /// A start-up answer that consists of an error.
    fn fatal(code: &str) -> Vec<u8> {
        let fields = format!("SFATAL\0C{code}\0Mno\0\0");
        let length = u32::try_from(fields.len() + 4).expect("a short text");
        [&b"E"[..], &length.to_be_bytes(), fields.as_bytes()].concat()
    }

    #[tokio::test]
    async fn what_the_database_says_decides_by_its_code() {
        let starting = met(fatal("57P03")).await;
        assert_eq!(starting.code().map(SqlState::code), Some("57P03"));
        assert_eq!(starting.classify(), Recovery::retry().not_sent());
        assert_eq!(chain::facts(&starting).recovery(), Recovery::retry().not_sent());
        let wrong = met(fatal("28P01")).await;
        assert_eq!(wrong.classify(), Recovery::never());
    }

    #[tokio::test]
    async fn a_connection_that_ends_is_retried_and_faulty_settings_are_not() {
        assert_eq!(met(Vec::new()).await.classify(), Recovery::retry());
        let settings = Config::from_str("port = what").expect_err("no number");
        assert_eq!(settings.classify(), Recovery::local());
    }

    #[test]
    fn the_text_decides_where_the_client_tells_no_more() {
        let sent = Recovery::retry();
        for (text, below, verdict) in [
            ("error connecting to server", Some(Recovery::never()), sent.not_sent()),
            ("error connecting to server", Some(Recovery::local()), Recovery::local()),
            ("error performing TLS handshake", None, sent.not_sent()),
            ("error communicating with the server", Some(Recovery::never()), Recovery::never()),
            ("error communicating with the server", None, sent),
            ("error serializing parameter 0", None, Recovery::local()),
            ("expected 2 parameters but got 1", None, Recovery::local()),
            ("error deserializing column 0", None, Recovery::never()),
            ("query returned an unexpected number of rows", None, Recovery::never()),
            ("connection closed", None, sent),
            ("timeout waiting for server", None, sent),
            ("unexpected message from server", None, sent),
        ] {
            assert_eq!(by_text(text, below), verdict, "{text}, {below:?}");
        }
    }
}
