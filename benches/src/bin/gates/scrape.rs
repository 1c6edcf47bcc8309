//! A thousand services that have been called go in, what a scrape of them costs comes out: its own processor time, and what
//! it costs calls beside it. By the clock that cannot be told on a machine that does other things as well; a call that a
//! lock holds up waits, and the system counts that.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use benches::measure::{on_this_thread, processor_time};
use resilience_runtime::export::prometheus::{Format, render};
use resilience_runtime::{Rejection, Resilient, ServiceKind, monitor};

const SERVICES: usize = 1_000;
/// So many scrapes; the quickest counts, as caches are shared with whatever else runs.
const ROUNDS: usize = 12;
const LONGEST_SCRAPE: Duration = Duration::from_millis(50);

/// What it took, at best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    scrape: Duration,
    bytes: usize,
    /// How often calls beside a scrape waited for somebody, of the scrape that was best in this.
    waits: u64,
}

/// Makes the services, calls each, and scrapes.
pub(crate) fn make() -> Result<Taken, String> {
    let runtime = on_this_thread();
    let handles: Vec<_> = (0..SERVICES)
        .map(|number| Resilient::service(format!("scraped-{number}")).kind(ServiceKind::HttpApi).build())
        .collect();
    let call = |handle: &Resilient| {
        let outcome = runtime.block_on(async { handle.call(|| async { Ok::<_, Rejection>(1) }).await });
        outcome.map_err(|rejection| rejection.to_string())
    };
    for handle in &handles {
        for _ in 0..3 {
            call(handle)?;
        }
    }
    let mut best = Taken { scrape: Duration::MAX, bytes: 0, waits: u64::MAX };
    for _ in 0..ROUNDS {
        let is_over = AtomicBool::new(false);
        let (scraped, waited) = thread::scope(|scope| {
            let scrape = scope.spawn(|| {
                let began = processor_time();
                let page = render(&monitor().dashboard_data(), Format::OpenMetrics);
                let ended = processor_time();
                is_over.store(true, Ordering::Release);
                Ok::<_, String>((ended?.saturating_sub(began?), page.len()))
            });
            let before = waits()?;
            while !is_over.load(Ordering::Acquire) {
                for handle in handles.iter().step_by(97) {
                    call(handle)?;
                }
            }
            let waited = waits()? - before;
            let scraped = scrape.join().map_err(|_| "the scrape panicked".to_owned())??;
            Ok::<_, String>((scraped, waited))
        })?;
        best.scrape = best.scrape.min(scraped.0);
        best.bytes = scraped.1;
        best.waits = best.waits.min(waited);
    }
    Ok(best)
}

impl Taken {
    /// One line for each thing that does not hold.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.scrape > LONGEST_SCRAPE {
            faults.push(format!(
                "a scrape of {SERVICES} services takes {:?} of processor time, more than {LONGEST_SCRAPE:?}",
                self.scrape
            ));
        }
        if self.waits > 0 {
            faults.push(format!("beside each scrape calls waited {} times or more often", self.waits));
        }
        faults
    }
}

/// How often this thread has waited for something: of itself, not because others had the processor.
fn waits() -> Result<u64, String> {
    const FILE: &str = "/proc/thread-self/status";
    let text = fs::read_to_string(FILE).map_err(|error| format!("{FILE}: {error}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    let count = line.and_then(|count| count.trim().parse().ok());
    count.ok_or_else(|| format!("{FILE}: no number of voluntary switches"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: Taken = Taken { scrape: LONGEST_SCRAPE, bytes: 1, waits: 0 };

    #[test]
    fn a_slow_scrape_and_a_call_that_is_held_up_are_faults() {
        assert!(FINE.faults().is_empty());
        let longer = LONGEST_SCRAPE + Duration::from_nanos(1);
        for taken in [Taken { scrape: longer, ..FINE }, Taken { waits: 1, ..FINE }] {
            assert_eq!(taken.faults().len(), 1, "{taken:?}");
        }
    }

    #[test]
    fn a_thread_that_waits_is_seen_to_wait() {
        let before = waits().unwrap();
        thread::sleep(Duration::from_millis(1));
        assert!(waits().unwrap() > before);
    }
}
