//! Plays one policy at one load in front of one server: the run that most scenarios compare. In: what the server and the load are
//! like, in units of the attempt timeout. Out: what came of the calls, a unit after the other.

use std::sync::Arc;
use std::time::Duration;

use super::policy::Policy;
use super::world::{Condition, Fuse, Load, Random, Server, Service, Timeline, Traffic, in_virtual_time};
use crate::call::Resilient;
use crate::monitor::Stats;
use crate::registry::{Service as CalledService, registry};

/// A run. All times are in units.
#[derive(Clone, Debug)]
pub(super) struct Episode {
    pub(super) unit: Duration,
    pub(super) workers: usize,
    /// How long a worker has a request.
    pub(super) takes: f64,
    /// Whether that is only its mean.
    pub(super) is_random: bool,
    pub(super) conditions: Vec<Condition>,
    /// From when on there is how much load, as a share of what the server can do.
    pub(super) load: Vec<(f64, f64)>,
    pub(super) end: f64,
}

impl Episode {
    /// Plays it.
    pub(super) fn play(&self, policy: &Policy, seed: u64) -> Timeline {
        self.play_and_ask(policy, seed, |_| ()).0
    }

    /// The same, and what is to be known of the service at the end.
    pub(super) fn play_and_ask<A: Send>(
        &self,
        policy: &Policy,
        seed: u64,
        ask: impl FnOnce(&Stats) -> A + Send,
    ) -> (Timeline, A) {
        in_virtual_time(seed, || async {
            policy.put_in_force();
            let handle = Resilient::service(policy.service()).build();
            let traffic = self.traffic(seed);
            traffic.drive(self.arrivals(seed), &handle).await;
            let stats = registry().service(policy.service()).map(CalledService::stats);
            (traffic.finish(), ask(&stats.unwrap_or_default()))
        })
    }

    /// The server, with nothing behind it yet.
    pub(super) fn traffic(&self, seed: u64) -> Arc<Traffic> {
        let unit = self.unit.as_secs_f64();
        let takes = self.takes * unit;
        let service = if self.is_random { Service::Exponential(takes) } else { Service::Fixed(takes) };
        let conditions: Vec<Condition> = self.conditions.iter().map(|one| one.in_seconds(unit)).collect();
        let server = Server::new(self.workers, service, &conditions, Random::new(seed, 2));
        Traffic::new(server, unit, Arc::new(Fuse::for_calls(self.arrivals(seed).calls())))
    }

    /// When its calls arrive.
    pub(super) fn arrivals(&self, seed: u64) -> Load {
        let unit = self.unit.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a number of workers")]
        let capacity = self.workers as f64 / (self.takes * unit);
        let steps: Vec<(f64, f64)> =
            self.load.iter().map(|(from, load)| (from * unit, load * capacity)).collect();
        Load::new(&steps, self.end * unit, Random::new(seed, 1))
    }
}
