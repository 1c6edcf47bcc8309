//! Hedging at a quantile, for services with a tail: the published figure, and that hedging does not distort the
//! quantile that it depends on.

use std::cell::Cell;
use std::time::Duration;

use super::*;

#[comprehensive_retry("tail", idempotent = true, hedge(after = P95), attempt_timeout = "60s", deadline = "60s")]
async fn hedged_at_p95(service: &Tail) -> Result<(), Fault> {
    service.answer().await
}

#[comprehensive_retry("tail", attempt_timeout = "60s", deadline = "60s")]
async fn plain(service: &Tail) -> Result<(), Fault> {
    service.answer().await
}

/// A service that is sometimes slow, with a seeded generator (`SplitMix64`), so that each run is the same.
struct Tail {
    state: Cell<u64>,
    asked: Cell<u32>,
    time: fn(draw: u64) -> u64,
}

impl Tail {
    fn new(time: fn(u64) -> u64) -> Self {
        Self { state: Cell::new(42), asked: Cell::new(0), time }
    }

    async fn answer(&self) -> Result<(), Fault> {
        self.asked.set(self.asked.get() + 1);
        let state = self.state.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.state.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        tokio::time::sleep(ms((self.time)(mixed ^ (mixed >> 31)))).await;
        Ok(())
    }
}

const CALLS: u32 = 5_000;

/// The latencies of consecutive calls, sorted.
async fn latencies(mut call: impl AsyncFnMut() -> Result<(), Fault>) -> Vec<Duration> {
    let mut all = Vec::new();
    for _ in 0..CALLS {
        let start = Instant::now();
        assert_eq!(call().await, Ok(()));
        all.push(start.elapsed());
    }
    all.sort_unstable();
    all
}

fn quantile(sorted: &[Duration], percent: usize) -> Duration {
    sorted[sorted.len() * percent / 100]
}

/// 99 % around 100 ms, 1 % at a second: ten times as slow as the published service, since the resolution of timers is a
/// millisecond.
fn bimodal(draw: u64) -> u64 {
    if draw.is_multiple_of(100) { 1_000 } else { 80 + (draw >> 32) % 41 }
}

/// Dean and Barroso, "The Tail at Scale", 2013.
#[tokio::test(start_paused = true)]
async fn hedging_at_p95_takes_the_tail_off_for_about_five_percent_more_requests() {
    testing::isolated(async {
        let service = Tail::new(bimodal);
        let before = latencies(async || plain(&service).await).await;
        let (p95, p99) = (quantile(&before, 95), quantile(&before, 99));
        assert!(p99 >= ms(1_000), "{p99:?}");
        assert!((ms(110)..=ms(120)).contains(&p95), "{p95:?}");

        let service = Tail::new(bimodal);
        let after = latencies(async || hedged_at_p95(&service).await).await;
        let p99 = quantile(&after, 99);
        assert!(p99 < p95 * 2, "{p99:?} with a p95 of {p95:?}");
        let more = f64::from(service.asked.get()) / f64::from(CALLS) - 1.0;
        assert!((0.01..0.06).contains(&more), "{more}");
    })
    .await;
}

/// The slow ones are those that lose to a copy. If they were not counted, the quantile would sink, and more and more
/// attempts would have a copy.
#[tokio::test(start_paused = true)]
async fn the_quantile_does_not_sink_because_of_the_copies() {
    testing::isolated(async {
        // The budget would pay for every copy, and the tail is heavy: one in 20 takes longer than 200 ms, one in 100
        // longer than a second.
        let text = "[services.tail]\nbudget = 'off'\n";
        registry().load_config(text, "test.toml").unwrap();
        let service = Tail::new(|draw| 10_000 / (1 + draw % 1_000));
        latencies(async || hedged_at_p95(&service).await).await;
        let more = f64::from(service.asked.get()) / f64::from(CALLS) - 1.0;
        assert!((0.02..0.07).contains(&more), "{more}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn there_are_no_copies_before_enough_is_known() {
    testing::isolated(async {
        let service = Tail::new(|draw| if draw.is_multiple_of(4) { 500 } else { 10 });
        for _ in 0..20 {
            assert_eq!(hedged_at_p95(&service).await, Ok(()));
        }
        assert_eq!(service.asked.get(), 20);
    })
    .await;
}
