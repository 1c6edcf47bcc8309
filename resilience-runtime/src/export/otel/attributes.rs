//! Makes the attributes of OpenTelemetry out of names and labels of a series.

use std::sync::Arc;

use opentelemetry::{KeyValue, Value};

use crate::export::metric::Labels;
use crate::export::name::normalised;

/// The attribute that names the service, as the page does.
pub(super) fn dependency(name: &str) -> KeyValue {
    // Shared by all series of the service.
    let name: Arc<str> = normalised(name).into();
    KeyValue::new("dependency", Value::String(name.into()))
}

/// Replaces the attributes of the last series but its dependency.
pub(super) fn relabel(attributes: &mut Vec<KeyValue>, dependencies: usize, labels: Labels<'_>) {
    attributes.truncate(dependencies);
    attributes.extend(labels.iter().map(|(name, value)| KeyValue::new(*name, (*value).to_owned())));
}
