//! Carries out the order of an operator at all breakers of a service. In: an order of an operator. Out: the breakers of the service
//! obey: its own, and those of all its partitions, present and future.

use super::breaker_override::BreakerOverride;
use super::service::Service;
use crate::registry::targets::Target;

impl Service {
    /// Opens the breaker, and that of each partition, until [`reset_breaker`](Self::reset_breaker): every call is rejected.
    pub fn force_open(&'static self) {
        self.operate(BreakerOverride::Open);
    }

    /// Keeps the breaker closed, and that of each partition, until [`reset_breaker`](Self::reset_breaker), whatever the
    /// results.
    pub fn force_closed(&'static self) {
        self.operate(BreakerOverride::Closed);
    }

    /// Closes the breaker with an empty window, and that of each partition, also when it is closed already.
    pub fn reset_breaker(&'static self) {
        self.operate(BreakerOverride::None);
    }

    /// Opens the breaker of the partition with that label, or with that number behind `#` where `partition_label` is not
    /// written, until it is [reset](Self::reset_partition) or the whole service is: its calls are rejected, those of the others
    /// are not. Says whether there is one; should several have the label, it is done to all of them.
    ///
    /// ```
    /// # fn isolate(service: &'static resilience_runtime::Service) {
    /// if service.force_open_partition("eu-west") {
    ///     println!("nothing is sent there any more");
    /// }
    /// # }
    /// ```
    pub fn force_open_partition(&'static self, label: &str) -> bool {
        self.operate_one(label, BreakerOverride::Open)
    }

    /// The same to keep it closed, whatever the results.
    pub fn force_closed_partition(&'static self, label: &str) -> bool {
        self.operate_one(label, BreakerOverride::Closed)
    }

    /// The same to close it with an empty window, from which on it goes by its own rules.
    pub fn reset_partition(&'static self, label: &str) -> bool {
        self.operate_one(label, BreakerOverride::None)
    }

    fn operate_one(&'static self, label: &str, breaker_override: BreakerOverride) -> bool {
        let done = self.partitions.operate_one(label, breaker_override, self.now());
        let is_known = !done.is_empty();
        for (partition, transition) in done {
            Target::new(self, partition).announce(transition);
        }
        is_known
    }

    fn operate(&'static self, breaker_override: BreakerOverride) {
        let own = self.unpartitioned();
        let transition = self.partitions.operate(own, breaker_override, self.now());
        self.target().announce(transition);
    }
}
