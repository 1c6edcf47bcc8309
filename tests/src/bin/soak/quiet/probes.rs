//! Probes. In: a scene without calls under way. Out: whether its services work, tested by calls.

use std::sync::Arc;
use std::time::{Duration, Instant};

use resilience_runtime::{RejectionKind, Service, registry};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::{alone, keys, places, waits};
use crate::checks::findings::{hold, violated};
use crate::checks::journal;
use crate::checks::ledger::Ledger;
use crate::plan::{Fault, Plan};
use crate::scenes::{Probe, Scene};
use crate::waits::Gate;

/// Checks what only calls can show.
pub(crate) async fn probe(scenes: &[&'static Scene], round: usize) {
    for &scene in scenes {
        journal::enter(scene.name);
        for probe in scene.probes {
            match probe {
                Probe::Breaker => breaker(scene).await,
                Probe::Permits => permits(scene).await,
                Probe::Turns => waits::turns(scene).await,
                Probe::Timeout => waits::timeout_in_time(scene).await,
                Probe::Keys => keys::answered(scene).await,
                Probe::Partitions => places::permits(scene).await,
                Probe::LeftTrials => alone::trials(scene).await,
                Probe::LeftPermit => alone::permit(scene).await,
                // It takes a second.
                Probe::LeftFlight if round.is_multiple_of(8) => alone::flight(scene).await,
                Probe::LeftFlight => {}
            }
        }
    }
}

/// The services of a scene that calls have been made to.
pub(super) fn services(scene: &'static Scene) -> impl Iterator<Item = (&'static Ledger, &'static Service)> {
    scene.ledgers.iter().filter_map(|ledger| Some((*ledger, registry().service(ledger.service)?)))
}

/// Breaks last a few milliseconds here.
const CLOSES_WITHIN: Duration = Duration::from_secs(5);

/// Makes calls until all breakers are closed. There are no other calls: a half-open breaker that rejects has lost a
/// trial.
async fn breaker(scene: &'static Scene) {
    let begun = Instant::now();
    for key in 0.. {
        if services(scene).all(|(_, service)| service.breaker_state().is_closed()) {
            return;
        }
        let half_open: Vec<_> =
            services(scene).filter(|(_, service)| service.breaker_state().is_half_open()).collect();
        let Ok(outcome) = timeout(CLOSES_WITHIN, (scene.ask)(Plan::steady(key))).await else {
            violated(scene.name, "a call that is alone ends", &format!("not within {CLOSES_WITHIN:?}"));
            return;
        };
        if let Err(Fault::Rejected(rejection)) = &outcome
            && rejection.kind() == RejectionKind::CircuitOpen
        {
            let refuses = half_open.iter().find(|(ledger, service)| {
                ledger.service == rejection.service() && service.breaker_state().is_half_open()
            });
            if let Some((ledger, _)) = refuses {
                violated(ledger.scene, "all trials are back", &format!("{}: {rejection}", ledger.service));
                return;
            }
            sleep(Duration::from_millis(1)).await;
        }
        if begun.elapsed() > CLOSES_WITHIN {
            let states: Vec<_> =
                services(scene).map(|(ledger, service)| (ledger.service, service.breaker_state())).collect();
            violated(scene.name, "breakers close", &format!("{states:?}, the last call: {outcome:?}"));
            return;
        }
    }
}

/// As many calls as there are slots are inside at once.
async fn permits(scene: &'static Scene) {
    let limits = services(scene).filter_map(|(_, service)| {
        let settings = service.policy().bulkhead.as_ref()?;
        // An adaptive limit may change now.
        Some(if settings.adaptive { settings.min_concurrent } else { settings.max_concurrent } as usize)
    });
    // Calls may go through several services, so as many as the smallest has slots.
    let Some(permits) = limits.min() else { return };
    // Keys that are equal modulo 4 take the same path through the scene.
    for way in 0..2 {
        let gate = Arc::new(Gate::new(permits));
        let seen = all_at_once(scene, way, permits, &gate).await;
        hold(seen.is_ok(), scene.name, "every permit can be had", || {
            format!("{} of {permits} at once, {seen:?}", gate.most())
        });
    }
}

/// That many calls, which wait for one another.
async fn all_at_once(scene: &Scene, way: u64, calls: usize, gate: &Arc<Gate>) -> Result<(), String> {
    let mut asked = JoinSet::new();
    for call in 0..calls {
        asked.spawn((scene.ask)(Plan::through(way + call as u64 * 4, Arc::clone(gate))));
    }
    let ends = timeout(Duration::from_secs(5), asked.join_all()).await;
    let outcomes = ends.map_err(|_| "the calls do not end".to_owned())?;
    if gate.most() < calls {
        return Err("some never came in".to_owned());
    }
    match outcomes.into_iter().find_map(Result::err) {
        None => Ok(()),
        Some(fault) => Err(format!("{fault:?}")),
    }
}
