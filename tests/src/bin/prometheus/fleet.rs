//! A moment goes in, a snapshot of four services comes out, as a program under load would have it: counters grow, and grow
//! otherwise while there is trouble.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use resilience_runtime::monitor::snapshot::{
    BudgetSnapshot, BulkheadSnapshot, Counts, DashboardData, ServiceSnapshot, StoreSnapshot,
};
use resilience_runtime::monitor::{AttemptOutcome, IdempotencyResult, ObservedDecision};
use resilience_runtime::{BreakerState, Ending, RejectionKind, Source};

const TICK: Duration = Duration::from_millis(50);
/// A name that would break a page or a terminal, if it were let.
const ODD_NAME: &str = "a \"name\" \\ <script>\n\u{1b}[2J\u{202e}{}";
/// What is shown of it.
pub(crate) const ODD_NAME_SHOWN: &str = "a \"name\" \\\\ <script>\\n\\u{1b}[2J\\u{202e}{}";

pub(crate) struct Fleet(Arc<Mutex<State>>);

struct State {
    data: DashboardData,
    is_in_trouble: bool,
    ticks: u64,
}

impl Fleet {
    /// Time goes on in a thread of its own, which ends with the program.
    pub(crate) fn start() -> Self {
        let mut data = DashboardData::default();
        let names = [("claude_api", "ai_service"), ("postgres_db", "database"), ("redis_cache", "cache")];
        data.services = names.map(|(name, kind)| service(name, kind)).into();
        data.services.push(service(ODD_NAME, "http_api"));
        data.services[0].service_type = Some("ai_claude".into());
        data.services[1].would = zeros(ObservedDecision::ALL.iter().map(|decision| decision.name()));
        data.process.reloads_applied = 1;
        data.process.config_applied_at_ms = Some(now_ms());
        data.process.stores.push(store());
        let state = Arc::new(Mutex::new(State { data, is_in_trouble: false, ticks: 0 }));
        let own = Arc::clone(&state);
        thread::spawn(move || {
            loop {
                thread::sleep(TICK);
                lock(&own).tick();
            }
        });
        Self(state)
    }

    pub(crate) fn be_in_trouble(&self, is_in_trouble: bool) {
        let mut state = lock(&self.0);
        state.is_in_trouble = is_in_trouble;
        let process = &mut state.data.process;
        process.reloads_refused += u64::from(is_in_trouble);
        process.shedding = u8::from(is_in_trouble);
        process.overrides_active = u64::from(is_in_trouble);
        process.stores[0].up = !is_in_trouble;
        let service = &mut state.data.services[0];
        service.breaker.state = if is_in_trouble { "open" } else { "closed" };
        bump(&mut service.breaker.transitions, service.breaker.state, 1);
    }

    pub(crate) fn snapshot(&self) -> DashboardData {
        lock(&self.0).data.clone()
    }
}

impl Clone for Fleet {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl State {
    /// What happens within 50 ms: two calls to each service but the idle one, and in trouble the first service fails.
    fn tick(&mut self) {
        self.ticks += 1;
        let is_bad = self.is_in_trouble;
        for (place, service) in self.data.services.iter_mut().enumerate() {
            if place == 2 {
                continue;
            }
            let bad = is_bad && place == 0;
            service.calls.in_flight = 1 + self.ticks % 3;
            // 32 ms, and 4 s in trouble.
            service.latency.buckets[if bad { 15 } else { 8 }] += 2;
            service.latency.count += 2;
            service.latency.total_us += if bad { 8_000_000 } else { 64_000 };
            service.waiting.backoff_us += if bad { 100_000 } else { 0 };
            service.health.score = if bad { 20 } else { 100 };
            service.budget = Some(BudgetSnapshot::default());
            if let Some(budget) = &mut service.budget {
                budget.capacity = 10.0;
                budget.tokens = if bad { 0.5 } else { 9.5 };
            }
            let mut bulkhead = BulkheadSnapshot::default();
            (bulkhead.limit, bulkhead.in_flight) = (8, if bad { 8 } else { 1 });
            bulkhead.queue_depth = if bad { 3 } else { 0 };
            service.bulkhead = Some(bulkhead);
            if bad {
                service.calls.failure += 1;
                service.calls.rejected += 1;
                bump(&mut service.attempts.original, "retryable", 1);
                bump(&mut service.attempts.retry, "timed_out", 1);
                bump(&mut service.rejections, "bulkhead_full", 1);
                bump(&mut service.unretried, "budget_exhausted", 1);
                bump(&mut service.fallbacks.failure, "redirect", 1);
            } else {
                service.calls.success += 2;
                bump(&mut service.attempts.original, "success", 2);
                bump(&mut service.idempotency, "executed", 2);
                bump(&mut service.would, "retry", 1);
            }
        }
    }
}

/// A service that nobody has called: every label is there.
fn service(name: &str, kind: &'static str) -> ServiceSnapshot {
    let mut service = ServiceSnapshot::default();
    name.clone_into(&mut service.name);
    service.kind = kind;
    kind.clone_into(&mut service.template);
    let outcomes = || zeros(AttemptOutcome::ALL.iter().map(|outcome| outcome.name()));
    service.attempts.original = outcomes();
    service.attempts.retry = outcomes();
    service.attempts.hedge = outcomes();
    service.rejections = zeros(RejectionKind::ALL.iter().map(|kind| kind.name()));
    service.unretried = zeros(Ending::ALL.iter().map(|ending| ending.name()));
    service.breaker.on = true;
    service.breaker.state = BreakerState::Closed.name();
    service.breaker.transitions = zeros(BreakerState::ALL.iter().map(|state| state.name()));
    service.partitions.by_state = service.breaker.transitions.clone();
    service.fallbacks.success = zeros(Source::ALL.iter().map(|source| source.name()));
    service.fallbacks.failure = service.fallbacks.success.clone();
    service.idempotency = zeros(IdempotencyResult::ALL.iter().map(|result| result.name()));
    service
}

/// The store of their keys.
fn store() -> StoreSnapshot {
    let mut store = StoreSnapshot::default();
    (store.store, store.up) = ("redis", true);
    store
}

fn zeros(labels: impl Iterator<Item = &'static str>) -> Counts {
    labels.map(|label| (label, 0)).collect()
}

fn bump(counts: &mut Counts, label: &str, by: u64) {
    *counts = counts.iter().map(|(known, count)| (known, count + by * u64::from(known == label))).collect();
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds of this age")]
fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

fn lock(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
