//! A function for each attribute, with only a service, and handles: what each layer's word about a key is tried on.

use resilience_runtime::{
    Patch, Resilient, comprehensive_retry, graceful_degradation, resilient_service, retry_ai_service,
    retry_cache, retry_database, retry_http_api, retry_message_queue, retry_microservice,
};

use super::subject::{Need, Subject, body, need, settings_of_handle};
use crate::script::{Fault, Script};

macro_rules! plain {
    ($($attribute:ident $service:literal),+ $(,)?) => {
        /// A function for each attribute.
        pub(super) const PLAIN: &[Subject] = &[$(Subject {
            attribute: stringify!($attribute),
            service: $service,
            path: concat!(module_path!(), "::functions::", stringify!($attribute)),
            call: |script| Box::pin(functions::$attribute(script)),
        }),+];

        mod functions {
            use super::*;
            $(
                #[$attribute($service)]
                pub(super) async fn $attribute(script: &Script) -> Result<u32, Fault> {
                    body(script).await
                }
            )+
        }
    };
}

plain! {
    comprehensive_retry "plain_retry",
    graceful_degradation "plain_degradation",
    resilient_service "plain_service",
    retry_ai_service "plain_ai",
    retry_database "plain_database",
    retry_cache "plain_cache",
    retry_http_api "plain_http",
    retry_message_queue "plain_queue",
    retry_microservice "plain_microservice",
}

/// A handle with only a service. Its path has file and line before this.
pub(super) const HANDLE: Subject = Subject {
    attribute: "handle",
    service: "plain_handle",
    path: "::Resilient::call",
    call: |script| Box::pin(by_handle(HANDLE.service, Patch::new(), script)),
};

/// One that says what the thread has set, as an attribute does.
pub(super) const BUILT: Subject = Subject {
    attribute: "builder",
    service: "built_handle",
    path: "::Resilient::call",
    call: |script| Box::pin(by_handle(BUILT.service, settings_of_handle(), script)),
};

/// A handle says at the call what an attribute has as code.
async fn by_handle(service: &str, settings: Patch, script: &Script) -> Result<u32, Fault> {
    let handle = Resilient::service(service).settings(&settings).build();
    let call = handle.call(|| body(script));
    match need() {
        Need::Nothing => call.await,
        Need::Partition(tenant) => call.partition(tenant).await,
        Need::Answers => {
            call.fallback(|_| std::future::pending::<Result<u32, Fault>>()).fallback(|_| Ok(99)).await
        }
    }
}
