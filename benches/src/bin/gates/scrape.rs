//! A thousand services that have been called go in, what a scrape of them costs comes out: its own processor time, and how
//! long a call beside it is held up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use benches::measure::on_this_thread;
use resilience_runtime::export::prometheus::{Format, render};
use resilience_runtime::{Rejection, Resilient, ServiceKind, monitor};

use crate::flat::processor_time;

const SERVICES: usize = 1_000;
/// So many scrapes; the quickest counts, as caches are shared with whatever else runs.
const ROUNDS: usize = 12;
const LONGEST_SCRAPE: Duration = Duration::from_millis(50);
const LONGEST_STALL: Duration = Duration::from_millis(1);

/// What it took, at best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    scrape: Duration,
    bytes: usize,
    /// The slowest call beside a scrape, of the scrape that was best in this.
    stall: Duration,
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
    let mut best = Taken { scrape: Duration::MAX, bytes: 0, stall: Duration::MAX };
    for _ in 0..ROUNDS {
        let is_over = AtomicBool::new(false);
        let (scraped, slowest) = thread::scope(|scope| {
            let scrape = scope.spawn(|| {
                let began = processor_time();
                let page = render(&monitor().dashboard_data(), Format::OpenMetrics);
                let ended = processor_time();
                is_over.store(true, Ordering::Release);
                Ok::<_, String>((ended?.saturating_sub(began?), page.len()))
            });
            let mut slowest = Duration::ZERO;
            while !is_over.load(Ordering::Acquire) {
                for handle in handles.iter().step_by(97) {
                    let began = Instant::now();
                    call(handle)?;
                    slowest = slowest.max(began.elapsed());
                }
            }
            let scraped = scrape.join().map_err(|_| "the scrape panicked".to_owned())??;
            Ok::<_, String>((scraped, slowest))
        })?;
        best.scrape = best.scrape.min(scraped.0);
        best.bytes = scraped.1;
        best.stall = best.stall.min(slowest);
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
        if self.stall > LONGEST_STALL {
            faults.push(format!(
                "beside each scrape a call took {:?} or longer, more than {LONGEST_STALL:?}",
                self.stall
            ));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_scrape_and_a_call_that_is_held_up_are_faults() {
        let fine = Taken { scrape: LONGEST_SCRAPE, bytes: 1, stall: LONGEST_STALL };
        assert!(fine.faults().is_empty());
        let longer = |time: Duration| time + Duration::from_nanos(1);
        for taken in
            [Taken { scrape: longer(fine.scrape), ..fine }, Taken { stall: longer(fine.stall), ..fine }]
        {
            assert_eq!(taken.faults().len(), 1, "{taken:?}");
        }
    }
}
