//! Calls keep their deadlines while the server stands still, and those who wait for others too.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use resilience_runtime::store::RedisIdempotencyProvider;
use resilience_runtime::{Rejection, RejectionKind, comprehensive_retry};
use tests::servers::{Program, Server};
use tokio::time::sleep;

use crate::rig::Rig;

const DEADLINE: Duration = Duration::from_millis(300);
const CALLERS: u64 = 16;
/// Few, so that calls wait for one another.
const KEYS: u64 = 4;
/// A run in which the machine was busy elsewhere says nothing about calls.
const TRIES: usize = 5;
/// How late a sleeper of five milliseconds may be in a run that counts.
const QUIET: Duration = Duration::from_millis(25);

#[comprehensive_retry(
    "deadlines",
    retry_enabled = false,
    breaker = off,
    budget = off,
    attempt_timeout = off,
    deadline = "300ms",
    idempotency(key = key, lease = "500ms", ttl = "50ms", store = store.clone())
)]
async fn call(key: u64, store: &RedisIdempotencyProvider) -> Result<u64, Rejection> {
    sleep(Duration::from_millis(20)).await;
    Ok(key)
}

/// What a run was like.
#[derive(Default)]
struct Run {
    /// Of calls that were not over at once.
    times: Vec<Duration>,
    unavailable: u64,
    late: u64,
    answered: u64,
    /// How late the sleeper was at most.
    sleeper: Duration,
}

impl Run {
    fn p99(&mut self) -> Duration {
        self.times.sort_unstable();
        self.times[self.times.len() * 99 / 100]
    }
}

async fn caller(number: u64, store: RedisIdempotencyProvider, is_over: &AtomicBool) -> Run {
    let mut run = Run::default();
    while !is_over.load(Ordering::Relaxed) {
        let began = Instant::now();
        let outcome = call(number % KEYS, &store).await;
        let took = began.elapsed();
        match outcome.map_err(|refused| refused.kind()) {
            Ok(_) => run.answered += 1,
            Err(RejectionKind::IdempotencyStoreUnavailable) => run.unavailable += 1,
            // The second where another call holds the key until then.
            Err(RejectionKind::DeadlineExceeded | RejectionKind::IdempotencyInProgress) => run.late += 1,
            Err(other) => panic!("{other:?}"),
        }
        if took > DEADLINE / 4 {
            run.times.push(took);
        }
        sleep(Duration::from_millis(5)).await;
    }
    run
}

async fn run(server: &Server) -> Run {
    let store = Rig::new(server).store;
    let (is_over, latest) = (AtomicBool::new(false), AtomicU64::new(0));
    let callers =
        futures::future::join_all((0..CALLERS).map(|number| caller(number, store.clone(), &is_over)));
    let sleeper = async {
        let pause = Duration::from_millis(5);
        while !is_over.load(Ordering::Relaxed) {
            let began = Instant::now();
            sleep(pause).await;
            let late = u64::try_from(began.elapsed().saturating_sub(pause).as_micros()).unwrap_or(u64::MAX);
            latest.fetch_max(late, Ordering::Relaxed);
        }
    };
    let troubles = async {
        for _ in 0..4 {
            sleep(Duration::from_millis(400)).await;
            server.pause();
            // Long enough for its breaker to open, and for trials in between to hang as well.
            sleep(Duration::from_millis(1_300)).await;
            server.resume();
        }
        sleep(Duration::from_millis(400)).await;
        is_over.store(true, Ordering::Relaxed);
    };
    let (runs, (), ()) = futures::join!(callers, sleeper, troubles);
    let sleeper = Duration::from_micros(latest.into_inner());
    runs.into_iter().fold(Run { sleeper, ..Run::default() }, |mut all, run| {
        all.times.extend(run.times);
        all.unavailable += run.unavailable;
        all.late += run.late;
        all.answered += run.answered;
        all
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_end_in_time_while_the_server_stands_still() {
    let server = Server::start(Program::Redis);
    for _ in 0..TRIES {
        let mut run = run(&server).await;
        assert!(run.times.len() > 50, "{} calls took any time", run.times.len());
        assert!(run.answered > 0 && run.unavailable > 0, "{} and {}", run.answered, run.unavailable);
        let (p99, most) = (run.p99(), run.times.last().copied().unwrap_or_default());
        let said = format!(
            "a deadline of {DEADLINE:?}: {} answers, {} without a store, {} too late; p99 {p99:?}, at most {most:?}, and a \
             sleeper was {:?} late at most",
            run.answered, run.unavailable, run.late, run.sleeper
        );
        let _ = writeln!(std::io::stdout(), "{said}");
        if run.sleeper <= QUIET {
            assert!(p99 <= DEADLINE + Duration::from_millis(50), "{said}");
            assert!(most <= DEADLINE + Duration::from_millis(500), "{said}");
            return;
        }
        // Whatever else the machine does, nobody is left to wait.
        assert!(most <= DEADLINE + Duration::from_millis(500) + 4 * run.sleeper, "{said}");
    }
    let _ = writeln!(
        std::io::stdout(),
        "the p99 was not judged: something else delayed the sleeper in each of {TRIES} runs"
    );
}
