//! Reads the URL of a Redis server. In: a URL, or the name of an environment variable that holds one. Out: what the client needs to
//! connect; its password is never shown.

use std::fmt;

use redis::{Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo};

/// The address of a server, with user and password.
#[derive(Clone)]
pub(super) struct Address {
    client: Client,
    /// Host, port and database.
    shown: String,
}

/// Why a URL is none of a server.
///
/// Does not contain the URL, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedisUrlError {
    fault: Fault,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    Missing { variable: String },
    NoUrl,
    NoTls,
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, RedisUrlError> {
        match url.strip_prefix("env:") {
            Some(variable) => {
                let missing = || RedisUrlError { fault: Fault::Missing { variable: variable.to_owned() } };
                Self::of(&std::env::var(variable).map_err(|_| missing())?)
            }
            None => Self::of(url),
        }
    }

    fn of(url: &str) -> Result<Self, RedisUrlError> {
        if !cfg!(feature = "redis-rustls") && (url.starts_with("rediss:") || url.starts_with("valkeys:")) {
            return Err(RedisUrlError { fault: Fault::NoTls });
        }
        let no_url = |_| RedisUrlError { fault: Fault::NoUrl };
        let info: ConnectionInfo = url.into_connection_info().map_err(no_url)?;
        let shown = match info.addr() {
            ConnectionAddr::Unix(path) => path.display().to_string(),
            address => format!("{address}/{}", info.redis_settings().db()),
        };
        // Without the option, small commands wait for the acknowledgement of earlier ones.
        let tcp = info.tcp_settings().clone().set_nodelay(true);
        // Announcing the client's name needs a right that the documented user does not have.
        let settings = info.redis_settings().clone().set_skip_set_lib_name();
        let info = info.set_tcp_settings(tcp).set_redis_settings(settings);
        Ok(Self { client: Client::open(info).map_err(no_url)?, shown })
    }

    /// What connects, and resolves the name of the host each time.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Display for RedisUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fault {
            Fault::Missing { variable } => write!(f, "the environment variable `{variable}` is not set"),
            Fault::NoUrl => {
                f.write_str("not a URL such as `redis://user:password@host:6379/0`, or `env:NAME`")
            }
            Fault::NoTls => f.write_str("a `rediss://` URL needs feature `redis-rustls`"),
        }
    }
}

impl std::error::Error for RedisUrlError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let address = Address::parse("redis://me:hunter2@store.example:6380/3").expect("a URL");
        assert_eq!(format!("{address:?} {address:#?}"), "store.example:6380/3 store.example:6380/3");
        for wrong in ["redis://me:hunter2@store.example:port", "hunter2", "http://:hunter2@x/", ""] {
            let error = Address::parse(wrong).expect_err("no URL");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{wrong}");
        }
    }

    #[test]
    fn a_variable_may_hold_the_url() {
        let error = Address::parse("env:RESILIENCE_NO_SUCH_VARIABLE").expect_err("not set");
        assert_eq!(error.to_string(), "the environment variable `RESILIENCE_NO_SUCH_VARIABLE` is not set");
        // Cargo sets this one, and it holds no URL.
        let error = Address::parse("env:CARGO_PKG_NAME").expect_err("no URL");
        assert_eq!(error.fault, Fault::NoUrl);
    }

    #[test]
    fn small_commands_are_not_held_back() {
        let address = Address::parse("redis://localhost").expect("a URL");
        assert!(address.client().get_connection_info().tcp_settings().nodelay());
    }

    #[test]
    #[cfg(not(feature = "redis-rustls"))]
    fn a_url_for_tls_needs_the_feature() {
        let error = Address::parse("rediss://localhost").expect_err("no TLS");
        assert_eq!(error.fault, Fault::NoTls);
    }
}
