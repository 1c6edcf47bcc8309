//! Recognises errors of clients whose feature is off. In: the type of an unknown error. Out: the client it belongs to,
//! for advice on the missing feature.

use std::any::type_name;

use super::clients::clients;
use super::facts::Facts;
use super::recovery::Recovery;

/// A client whose errors would be known with its feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// The error type as users write it.
    pub(crate) error: &'static str,
    pub(crate) feature: &'static str,
    /// The beginning and end of the compiler's name for the type.
    named: (&'static str, &'static str),
    is_known: bool,
}

macro_rules! by_name {
    ($($feature:literal, $error:ty, $shown:literal, $start:literal, $end:literal;)+) => {
        const CLIENTS: &[Client] = &[$(Client {
            error: $shown,
            feature: $feature,
            named: ($start, $end),
            is_known: cfg!(feature = $feature),
        }),+];
    };
}

clients!(by_name);

/// The facts assumed of an error of this type when nothing is known about it.
pub(super) fn guess<E: ?Sized>() -> Facts {
    let found = position(type_name::<E>()).and_then(|place| u8::try_from(place + 1).ok());
    Facts::guess(Recovery::retry()).of_client(found.unwrap_or(0))
}

/// The client with this number, counted from 1.
pub(crate) fn client(number: u8) -> Option<Client> {
    CLIENTS.get(usize::from(number).checked_sub(1)?).copied()
}

fn position(mut name: &str) -> Option<usize> {
    while let Some(inner) = within(name) {
        name = inner;
    }
    CLIENTS.iter().position(|client| {
        !client.is_known && name.starts_with(client.named.0) && name.ends_with(client.named.1)
    })
}

/// The type that a reference or pointer leads to.
fn within(name: &str) -> Option<&str> {
    let of = |start| name.strip_prefix(start)?.strip_suffix('>');
    name.strip_prefix('&')
        .or_else(|| of("alloc::boxed::Box<"))
        .or_else(|| of("alloc::sync::Arc<"))
        .or_else(|| of("alloc::rc::Rc<"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_known_by_the_name_of_its_error() {
        for (name, error) in [
            ("reqwest::error::Error", "reqwest::Error"),
            ("alloc::boxed::Box<reqwest::error::Error>", "reqwest::Error"),
            ("&alloc::sync::Arc<tonic::status::Status>", "tonic::Status"),
            ("sqlx_core::error::Error", "sqlx::Error"),
            ("redis::errors::redis_error::RedisError", "redis::RedisError"),
            ("tokio_postgres::error::Error", "tokio_postgres::Error"),
            ("hyper_util::client::legacy::client::Error", "hyper_util::client::legacy::Error"),
        ] {
            let wanted = CLIENTS.iter().position(|client| client.error == error && !client.is_known);
            assert_eq!(position(name), wanted, "{name}");
        }
        for name in ["mine::reqwest::Error", "reqwest::Url", "alloc::string::String", "&", ""] {
            assert_eq!(position(name), None, "{name}");
        }
    }

    // The models are built without this client.
    #[cfg(not(resilience_loom))]
    #[test]
    fn the_guess_says_of_which_client_it_is() {
        let of = |facts: Facts| client(facts.client()).map(|client| client.feature);
        let wanted = (!cfg!(feature = "reqwest")).then_some("reqwest");
        assert_eq!(of(guess::<reqwest::Error>()), wanted);
        assert_eq!(of(guess::<std::fmt::Error>()), None);
    }
}
