//! Partitions: all of them can be used, and all slots of each.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::probes::services;
use crate::checks::findings::hold;
use crate::plan::Plan;
use crate::scenes::Scene;
use crate::waits::Gate;

/// From the settings of the scene that are in force between the rounds.
const PERMITS: usize = 16;
const PLACES: u64 = 16;

pub(super) async fn permits(scene: &'static Scene) {
    for (ledger, service) in services(scene) {
        let made = service.partitions();
        hold(made <= 24, scene.name, "there are no more partitions than places", || {
            format!("{}: {made}", ledger.service)
        });
    }
    // Breakers first: open ones let trials in after a break of milliseconds, and two successes close them.
    for key in 0..PLACES {
        let mut answers = 0;
        for _ in 0..200 {
            match (scene.ask)(Plan::steady(key)).await {
                Ok(_) if answers == 2 => break,
                Ok(_) => answers += 1,
                Err(_) => sleep(Duration::from_millis(1)).await,
            }
        }
    }
    for key in 0..PLACES {
        let gate = Arc::new(Gate::new(PERMITS));
        let mut asked = JoinSet::new();
        for _ in 0..PERMITS {
            asked.spawn((scene.ask)(Plan::through(key, Arc::clone(&gate))));
        }
        let ends = timeout(Duration::from_secs(5), asked.join_all()).await;
        hold(gate.most() == PERMITS, scene.name, "every permit of a partition can be had", || {
            let outcomes = ends.map(|outcomes| outcomes.into_iter().find(Result::is_err));
            format!("{} of {PERMITS} at once in partition {key}: {outcomes:?}", gate.most())
        });
    }
}
