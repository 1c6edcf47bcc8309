//! The macro by which a handle makes a call (`call!`). In: a handle and a closure. Out: the call, with the classification of
//! attributes.

/// Calls a service by a [handle](crate::Resilient), and classifies errors as the attributes do: by `Classify`, or by the known errors
/// among the sources. For error types without [`Classify`](crate::Classify), `anyhow` and `eyre` included.
///
/// ```
/// use resilience_runtime::{Resilient, call};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let search = Resilient::service("search").build();
/// let found = call!(search, || async { Ok::<_, anyhow::Error>(7) }).await;
/// assert_eq!(found.unwrap(), 7);
/// # }
/// ```
#[macro_export]
macro_rules! call {
    ($handle:expr, $body:expr $(,)?) => {
        $handle.resilience_by_type($body).classified(|error| $crate::support::classify!(error))
    };
}
