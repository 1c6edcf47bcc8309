//! The page for Prometheus of the program's own registry, beside calls.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use resilience_runtime::export::server::ServerBuilder;
use resilience_runtime::{Classify, Rejection, Resilient, ServiceKind};

use crate::client::get;

#[derive(Debug, Classify)]
enum Fault {
    #[retry]
    Down,
    #[never]
    Wrong,
    #[transparent]
    Rejected(Rejection),
}

impl From<Rejection> for Fault {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

/// The counters of a page about one dependency, by their series.
fn counters(page: &str, dependency: &str) -> HashMap<String, f64> {
    let label = format!("dependency=\"{dependency}\"");
    let lines = page.lines().filter(|line| line.contains(&label)).filter_map(|line| line.rsplit_once(' '));
    let is_counter = |series: &str| {
        let name = series.split('{').next().unwrap_or_default();
        ["_total", "_bucket", "_count", "_sum"].iter().any(|end| name.ends_with(end))
    };
    lines
        .filter(|(series, _)| is_counter(series))
        .map(|(series, value)| (series.to_owned(), value.parse().expect("a number")))
        .collect()
}

#[test]
fn eight_writers_beside_a_scrape_loop_and_no_counter_ever_falls() {
    const CALLS: u32 = 3_000;
    let server = ServerBuilder::new().start().expect("a free port");
    let handle = Resilient::service("scraped").kind(ServiceKind::HttpApi).max_attempts(2).build();
    let is_over = AtomicBool::new(false);
    let scrape = || counters(&get(server.address(), "/metrics").body, "scraped");
    thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|_| {
                let handle = handle.clone();
                scope.spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
                    runtime.expect("a runtime").block_on(async {
                        for number in 0..CALLS {
                            let call = handle.call(|| async {
                                match number % 40 {
                                    0 => Err(Fault::Down),
                                    1 => Err(Fault::Wrong),
                                    _ => Ok(number),
                                }
                            });
                            let _ = call.await;
                        }
                    });
                })
            })
            .collect();
        let reader = scope.spawn(|| {
            let (mut before, mut rounds) = (HashMap::new(), 0);
            while !is_over.load(Ordering::Relaxed) {
                let now = scrape();
                for (series, value) in &before {
                    let after = now.get(series).unwrap_or_else(|| panic!("{series} is gone"));
                    assert!(after >= value, "{series} fell from {value} to {after}");
                }
                (before, rounds) = (now, rounds + 1);
            }
            rounds
        });
        for writer in writers {
            writer.join().expect("it has called");
        }
        is_over.store(true, Ordering::Relaxed);
        assert!(reader.join().expect("no counter fell") > 2);
    });
    let ended: f64 = scrape()
        .iter()
        .filter(|(series, _)| series.starts_with("resilience_calls_total{"))
        .map(|(_, count)| count)
        .sum();
    assert!((ended - f64::from(8 * CALLS)).abs() < 0.5, "{ended} calls");
}
