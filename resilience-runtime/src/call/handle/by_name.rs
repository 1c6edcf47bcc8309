//! Calls a service by its name (`resilient_call`), the short form of a handle. In: the name of a service and a closure. Out: one
//! call. The short form of a handle.

use std::borrow::Cow;
use std::panic::Location;

use resilience_settings::policy::ServiceKind;

use super::body::Body;
use super::classifier::{ByRecovery, ByTrait, by_trait};
use super::resilient_call::{Enter, ResilientCall};
use crate::call::call::Call;
use crate::classify::{Classify, Recovery};
use crate::into_error::CarriesRejection;
use crate::registry::registry;

/// Calls a service as an annotated function would: `body` makes the future of each attempt.
///
/// The short form of a [handle](crate::Resilient) without settings of its own. The handle is made once for each place and
/// service, and looked up in each call. The settings are those of the file and of the kind.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use std::time::Duration;
/// use resilience_runtime::{ServiceKind, resilient_call};
///
/// let answer = resilient_call("search", ServiceKind::HttpApi, || async { Ok::<_, std::io::Error>(42) })
///     .deadline(Duration::from_secs(1))
///     .await;
/// assert_eq!(answer.unwrap(), 42);
/// # }
/// ```
#[track_caller]
pub fn resilient_call<F, Fut, T, E>(
    service: impl Into<Cow<'static, str>>,
    kind: ServiceKind,
    body: F,
) -> ResilientCall<ByName, F, Fut, ByTrait<E>, E>
where
    F: FnMut() -> Fut,
    Fut: Body<T, E>,
    E: Classify + CarriesRejection + 'static,
{
    ResilientCall::new(ByName::here("resilient_call", service.into(), kind), body, by_trait())
}

/// The same, where the second closure says what an error means.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use resilience_runtime::{Recovery, ServiceKind, resilient_call_with};
///
/// let body = || async { Err::<u32, _>(std::io::Error::other("gone for good")) };
/// let answer = resilient_call_with("search", ServiceKind::HttpApi, body, |error| {
///     if error.get_ref().is_some() { Recovery::never() } else { Recovery::from_error(error) }
/// })
/// .await;
/// assert!(answer.is_err());
/// # }
/// ```
#[track_caller]
pub fn resilient_call_with<F, Fut, T, E, C>(
    service: impl Into<Cow<'static, str>>,
    kind: ServiceKind,
    body: F,
    classify: C,
) -> ResilientCall<ByName, F, Fut, ByRecovery<C>, E>
where
    F: FnMut() -> Fut,
    Fut: Body<T, E>,
    C: FnMut(&E) -> Recovery,
    E: CarriesRejection + 'static,
{
    let name = ByName::here("resilient_call_with", service.into(), kind);
    ResilientCall::new(name, body, ByRecovery(classify))
}

/// A service by its name, called from one place.
#[derive(Debug)]
pub struct ByName {
    caller: &'static str,
    service: Cow<'static, str>,
    kind: ServiceKind,
    at: &'static Location<'static>,
}

impl ByName {
    #[track_caller]
    fn here(caller: &'static str, service: Cow<'static, str>, kind: ServiceKind) -> Self {
        Self { caller, service, kind, at: Location::caller() }
    }
}

impl Enter for ByName {
    #[inline]
    fn enter<K>(&self) -> Call<K> {
        Call::new(registry().bind_by_name(&self.service, self.kind, self.caller, self.at))
    }
}
