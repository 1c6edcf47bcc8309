//! Makes the page for Prometheus of the program (`render_prometheus`). In: the services of the program. Out: their page.

use super::format::Format;
use super::page::render;
use crate::observe::monitor;

/// The page that a Prometheus server scrapes, of the services of the program, in the text form: the body of an answer with
/// the type [`Format::Text`]'s [`content_type`](Format::content_type).
///
/// It needs no feature. Where the client says what it accepts, [`render`] writes the form that
/// [`Format::accepted`] picks, of [`dashboard_data`](crate::Monitor::dashboard_data).
///
/// ```
/// assert!(resilience_runtime::render_prometheus().contains("resilience_config_reloads_total{result=\"refused\"} 0"));
/// ```
pub fn render_prometheus() -> String {
    render(&monitor().dashboard_data(), Format::Text)
}
