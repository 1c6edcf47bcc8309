//! In: the services of the program. Out: what OpenTelemetry is given of them, as text.

use resilience_runtime::export::otel::Exporter;

#[path = "../../../tests/tests/otel/hand.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod hand;

/// Every instrument, and every series with its labels and its value.
pub(crate) fn exported() -> String {
    let hand = hand::Hand::default();
    let exporting = Exporter::new().start(&hand);
    let told = format!("{:?} {:?}", hand.described(), hand.collect());
    drop(exporting);
    told
}
