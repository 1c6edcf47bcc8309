//! Keys of caches: none of them waits for a call that is gone.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::checks::findings::hold;
use crate::plan::Plan;
use crate::scenes::Scene;

/// Longer than an attempt may take, and shorter than the deadline, at which a caller stops waiting.
const SOON: Duration = Duration::from_secs(2);

/// Requests each key twice at once.
pub(super) async fn answered(scene: &'static Scene) {
    let mut calls = JoinSet::new();
    for key in 0..2 * scene.temper.keys {
        let key = key / 2;
        calls.spawn(async move { (key, timeout(SOON, (scene.ask)(Plan::steady(key))).await) });
    }
    for (key, answer) in calls.join_all().await {
        hold(matches!(answer, Ok(Ok(given)) if given == key), scene.name, "every key is answered", || {
            format!("key {key}: {answer:?}")
        });
    }
}
