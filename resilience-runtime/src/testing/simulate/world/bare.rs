//! The same loop without the engine, to tell what the engine costs in it: a task for each call, one request with a timeout.

use std::sync::Arc;
use std::time::Duration;

use super::failed::Failed;
use super::load::Load;
use super::traffic::Traffic;
use crate::rejection::RejectionKind;

/// Makes all the calls, each of one attempt of at most `timeout`.
pub(in crate::testing::simulate) async fn drive_bare(traffic: &Arc<Traffic>, load: Load, timeout: Duration) {
    traffic
        .spawn_each(load, |arrived| {
            let traffic = traffic.clone();
            async move {
                let result = tokio::time::timeout(timeout, traffic.request()).await;
                let timed_out = Failed::Ended(RejectionKind::AttemptTimeout);
                traffic.count(arrived, result.unwrap_or(Err(timed_out)));
            }
        })
        .await;
}
