//! Compares counts. In: a service without calls under way. Out: whether its counts match those of its callers, and
//! nothing is in use.

use resilience_runtime::monitor::{CallOutcome, Stats};
use resilience_runtime::{Service, SheddingLevel, registry};

use crate::checks::findings::{ALL, hold, violated};
use crate::checks::journal;
use crate::checks::ledger::Ledger;
use crate::scenes::Scene;

/// Compares the counts of all services of the scenes with the ledgers.
pub(crate) fn check_counts(scenes: &[&'static Scene]) {
    for ledger in scenes.iter().flat_map(|scene| scene.ledgers) {
        journal::enter(ledger.scene);
        if let Some(service) = registry().service(ledger.service) {
            Look { ledger, service, stats: service.stats() }.all();
        } else if ledger.polled.get() > 0 {
            violated(ledger.scene, "a service that was called is known", ledger.service);
        }
    }
    let level = registry().shedding_level();
    hold(level == SheddingLevel::Nothing, ALL, "nothing is shed when nobody looks at the load", || {
        format!("{level:?}")
    });
    let retries = registry().concurrent_retries();
    hold(retries == 0, ALL, "places under the cap on retries are back", || format!("{retries} are taken"));
}

struct Look {
    ledger: &'static Ledger,
    service: &'static Service,
    stats: Stats,
}

impl Look {
    fn all(&self) {
        self.nothing_is_in_use();
        self.calls();
        if !self.ledger.has_stand_ins {
            self.outcomes();
        }
        self.attempts();
        self.budget();
    }

    fn hold(&self, is_so: bool, check: &'static str, details: impl FnOnce() -> String) {
        let service = self.ledger.service;
        hold(is_so, self.ledger.scene, check, || format!("{service}: {}", details()));
    }

    /// The two have to be equal, except for calls on whose stack foreign code panicked: these may be counted either
    /// way.
    fn same(&self, check: &'static str, seen: u64, counted: u64, either: u64) {
        self.hold((seen..=seen + either).contains(&counted), check, || {
            let or_more = if either == 0 { String::new() } else { format!(" (or {either} more)") };
            format!("{counted} are counted, {seen}{or_more} were seen")
        });
    }

    fn nothing_is_in_use(&self) {
        let taken = self.service.bulkhead_in_flight().unwrap_or(0);
        let limit = self.service.bulkhead_limit().unwrap_or(0);
        self.hold(taken == 0, "all permits are back", || format!("{taken} of {limit} are taken"));
        let waiting = self.service.bulkhead_queue_depth().unwrap_or(0);
        self.hold(waiting == 0, "nobody is in the queue", || format!("{waiting} wait"));
        let (begun, ended) = (self.ledger.begun.get(), self.ledger.ended.get());
        self.hold(begun == ended, "all bodies are gone", || {
            format!("{begun} have begun, {ended} have ended")
        });
        let (most, highest) =
            (self.ledger.most, self.ledger.highest.load(std::sync::atomic::Ordering::Relaxed));
        self.hold(highest <= most, "no more are inside than there are permits", || {
            format!("{highest} at once, of {most}")
        });
    }

    fn calls(&self) {
        let (started, ended) = (self.stats.started(), self.stats.ended());
        self.hold(started == ended, "every call has ended, once", || {
            format!("{started} have begun, {ended} have ended")
        });
        self.same("every call is counted, once", self.ledger.polled.get(), started, 0);
    }

    fn outcomes(&self) {
        let Self { ledger, stats, .. } = self;
        let shaken = ledger.shaken.get();
        let struck = ledger.struck.get() + shaken;
        let ok = stats.calls(CallOutcome::Success);
        let cancelled = stats.calls(CallOutcome::Cancelled);
        let panicked = stats.calls(CallOutcome::Panicked);
        let failed = stats.ended().saturating_sub(ok + cancelled + panicked);
        self.same("answers are counted as such", ledger.ok.get(), ok, struck);
        self.same("errors and rejections are counted as such", ledger.failed.get(), failed, struck);
        self.same("dropped calls are counted as such", ledger.cancelled.get(), cancelled, shaken);
        self.same("panics are counted as such", ledger.panicked.get(), panicked, struck);
    }

    fn attempts(&self) {
        let (begun, counted) = (self.ledger.begun.get(), self.stats.attempts_ended());
        let struck = self.ledger.struck.get() + self.ledger.shaken.get();
        if self.ledger.has_copies {
            self.hold(counted >= begun, "every attempt is counted, once", || {
                format!("{counted} are counted, {begun} bodies have begun")
            });
        } else {
            self.same("every attempt is counted, once", begun, counted, struck);
            // Each call has at most one attempt that is not a retry.
            let firsts = counted.saturating_sub(self.stats.retries());
            self.hold(firsts <= self.stats.started(), "retries are counted as such", || {
                format!(
                    "{counted} attempts of {} calls, {} retries",
                    self.stats.started(),
                    self.stats.retries()
                )
            });
        }
    }

    /// Retries are at most what calls, the burst and the time have paid for; tokens are between zero and the burst.
    fn budget(&self) {
        let Some(pays) = &self.ledger.pays else { return };
        let (calls, retries) = (count(self.stats.started()), count(self.stats.retries()));
        let burst = f64::from(pays.burst);
        let allowed =
            pays.ratio * calls + burst + f64::from(pays.per_second) * (journal::time().as_secs_f64() + 1.0);
        self.hold(retries <= allowed, "retries are paid for", || {
            format!("{retries} retries, {allowed:.0} are paid for by {calls} calls")
        });
        // The settings between the rounds have it on.
        let tokens = self.service.budget_tokens().unwrap_or(f64::NAN);
        self.hold((0.0..=burst).contains(&tokens), "there are as many tokens as can be", || {
            format!("{tokens} tokens in a bucket of {burst}")
        });
    }
}

#[expect(clippy::cast_precision_loss, reason = "fewer than 2 to the power of 52")]
fn count(events: u64) -> f64 {
    events as f64
}
