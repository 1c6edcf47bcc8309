//! Makes handles ([`Resilient`]) and holds their settings. In: the name of a service and settings for its calls, once. Out: a
//! handle that calls it with closures, also where the name is known only at run time.

use std::fmt;
use std::panic::Location;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use resilience_settings::Priority;

use resilience_settings::policy::{
    BudgetKind, CacheMode, Deposit, HedgeAfter, Mode, NestedRetries, OnUnavailable, Patch, Ratio,
    ServiceKind, Strategy, Window,
};

use super::body::Body;
use super::classifier::{ByFacts, ByRecovery, ByTrait, by_trait};
use super::resilient_call::{Enter, ResilientCall};
use crate::call::call::Call;
use crate::classify::{Classify, Facts, Recovery};
use crate::into_error::CarriesRejection;
use crate::registry::{BoundSite, Definition, registry};
use crate::rejection::Rejection;
use resilience_settings::with_setters;

/// A handle: calls a service as an annotated function would.
///
/// Make it once: clones share everything, and a call costs as much as one of an annotated function.
///
/// ```
/// use std::time::Duration;
/// use resilience_runtime::{Priority, Recovery, Resilient, ServiceKind};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let search = Resilient::service("search").kind(ServiceKind::HttpApi).max_attempts(3).build();
///
/// // The error type says itself what is worth another attempt: `Classify`.
/// let found = search.call(|| async { Ok::<_, std::io::Error>(7) }).await;
/// assert_eq!(found.unwrap(), 7);
///
/// // Or the call says it.
/// let found = search
///     .call_with(|| async { Err::<u32, String>("no such index".to_owned()) }, |error| {
///         if error.contains("no such") { Recovery::never() } else { Recovery::retry() }
///     })
///     .deadline(Duration::from_millis(300))
///     .priority(Priority::High)
///     .await;
/// assert_eq!(found.unwrap_err(), "no such index");
/// # }
/// ```
///
/// The closure makes a body for each attempt, and is not asked when the call is rejected before. For error types that
/// attributes understand by their sources, [`call!`](crate::call) classifies as they do.
///
/// A handle has no state of its own: state belongs to the service, which annotated functions and other handles share. The
/// number of different settings that one place of the program may make handles with is
/// [limited](resilience_settings::config::limits::MAX_SETTINGS_OF_A_PLACE), as is the number of
/// [names](resilience_settings::config::limits::MAX_NAMES_AT_RUN_TIME) that only handles use; what is above a limit is a
/// [finding](crate::Registry::findings).
///
#[doc = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/handles.md"))]
#[derive(Clone)]
pub struct Resilient {
    inner: Arc<Inner>,
}

struct Inner {
    service: String,
    at: &'static Location<'static>,
    settings: Patch,
    bound: OnceLock<&'static BoundSite>,
}

/// Builds a [handle](Resilient). Its settings have the same layer as those of an attribute.
#[derive(Clone, Debug)]
#[must_use = "a handle is made by `build`"]
pub struct ResilientBuilder {
    service: String,
    settings: Patch,
}

/// The value of a setting that can be switched off: `None`, or the value, with or without `Some`.
pub trait Setting<T> {
    /// The value.
    fn into_setting(self) -> T;
}

impl<T> Setting<Self> for Option<T> {
    fn into_setting(self) -> Self {
        self
    }
}

impl Setting<Option<Self>> for Duration {
    fn into_setting(self) -> Option<Self> {
        Some(self)
    }
}

impl Setting<Option<Self>> for u32 {
    fn into_setting(self) -> Option<Self> {
        Some(self)
    }
}

/// The argument type of a setter, for the type of its setting.
macro_rules! setting {
    (Option<$value:ty>) => { impl Setting<Option<$value>> };
    ($value:ty) => { $value };
}

/// Converts that argument.
macro_rules! set {
    ($given:ident: Option<$value:ty>) => {
        $given.into_setting()
    };
    ($given:ident: $value:ty) => {
        $given
    };
}

with_setters!(ResilientBuilder);

impl ResilientBuilder {
    /// Sets all keys of a patch; a later value of the same key wins. Values that are out of range are left out and
    /// reported, as [`Registry::findings`](crate::Registry::findings) tells. Keys of the service (`breaker`, `budget`,
    /// `bulkhead`, …) count for all its call sites, as those of an attribute do.
    pub fn settings(mut self, settings: &Patch) -> Self {
        self.settings.extend(settings);
        self
    }

    /// Makes the attempt timeout follow the latencies of the service.
    pub fn attempt_timeout_adaptive(mut self) -> Self {
        self.settings = self.settings.attempt_timeout_adaptive();
        self
    }

    /// Makes the handle. Its service learns of it at the first call.
    #[track_caller]
    pub fn build(self) -> Resilient {
        let Self { service, settings } = self;
        let at = Location::caller();
        Resilient { inner: Arc::new(Inner { service, at, settings, bound: OnceLock::new() }) }
    }
}

impl Resilient {
    /// Begins a handle of that service.
    pub fn service(name: impl Into<String>) -> ResilientBuilder {
        ResilientBuilder { service: name.into(), settings: Patch::new() }
    }

    /// The service that it calls.
    pub fn name(&self) -> &str {
        &self.inner.service
    }

    /// Calls the service: `body` makes the future of each attempt. The error type says by [`Classify`] what is worth
    /// another one.
    #[inline]
    pub fn call<F, Fut, T, E>(&self, body: F) -> ResilientCall<&Self, F, Fut, ByTrait<E>, E>
    where
        F: FnMut() -> Fut,
        Fut: Body<T, E>,
        E: Classify + CarriesRejection + 'static,
    {
        ResilientCall::new(self, body, by_trait())
    }

    /// The same, where the second closure says what an error means. It tells no HTTP status, so `retryable_status_codes`
    /// has no effect; with [`call!`](crate::call) and [`Classify`] it has.
    #[inline]
    pub fn call_with<F, Fut, T, E, C>(
        &self,
        body: F,
        classify: C,
    ) -> ResilientCall<&Self, F, Fut, ByRecovery<C>, E>
    where
        F: FnMut() -> Fut,
        Fut: Body<T, E>,
        C: FnMut(&E) -> Recovery,
        E: CarriesRejection + 'static,
    {
        ResilientCall::new(self, body, ByRecovery(classify))
    }

    /// The first half of [`call!`](crate::call). Two steps, so that the type of the error is known where it is classified.
    ///
    /// A handle is borrowed and an [`OnRejection`](super::OnRejection) is consumed, so the macro cannot say which of the two
    /// its receiver is: this has the name that generated code reserves.
    #[doc(hidden)]
    #[inline]
    pub fn resilience_by_type<F, Fut, T, E>(&self, body: F) -> Bodied<'_, F, fn(Rejection) -> E>
    where
        F: FnMut() -> Fut,
        Fut: Body<T, E>,
        E: CarriesRejection + 'static,
    {
        Bodied::new(self, body, E::from_rejection)
    }

    #[cold]
    #[inline(never)]
    fn bind(&self) -> &'static BoundSite {
        // Not in the initialiser: binding emits events, and a subscriber may call by this very handle.
        let bound = registry().bind_unwritten(&self.definition());
        self.inner.bound.get_or_init(|| bound)
    }

    fn definition(&self) -> Definition<'_> {
        let Inner { service, at, settings, .. } = &*self.inner;
        Definition { service, caller: "Resilient::call", at, settings }
    }
}

impl Enter for &Resilient {
    #[inline]
    fn enter<K>(&self) -> Call<K> {
        #[cfg(feature = "testing")]
        if let Some(registry) = crate::registry::isolated::isolated_registry() {
            return Call::new(registry.bind_unwritten(&self.definition()));
        }
        Call::new(self.inner.bound.get().copied().unwrap_or_else(|| self.bind()))
    }
}

/// A call without a classification of its errors.
#[doc(hidden)]
#[must_use = "a call is made with `classified`"]
pub struct Bodied<'h, F, R> {
    handle: &'h Resilient,
    body: F,
    on_rejection: R,
}

impl<'h, F, R> Bodied<'h, F, R> {
    #[inline]
    pub(super) fn new(handle: &'h Resilient, body: F, on_rejection: R) -> Self {
        Self { handle, body, on_rejection }
    }

    /// Says what an error means.
    #[inline]
    pub fn classified<Fut, T, E: 'static, C>(
        self,
        classify: C,
    ) -> ResilientCall<&'h Resilient, F, Fut, ByFacts<C>, E, R>
    where
        F: FnMut() -> Fut,
        Fut: Body<T, E>,
        C: FnMut(&E) -> Facts,
        R: FnMut(Rejection) -> E,
    {
        ResilientCall::with_rejections(self.handle, self.body, ByFacts(classify), self.on_rejection)
    }
}

impl fmt::Debug for Resilient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { service, at, settings, .. } = &*self.inner;
        f.debug_struct("Resilient")
            .field("service", service)
            .field("at", &format_args!("{at}"))
            .field("settings", settings)
            .finish_non_exhaustive()
    }
}

impl<F, R> fmt::Debug for Bodied<'_, F, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bodied").field("handle", self.handle).finish_non_exhaustive()
    }
}
