//! What the clause adds to a call, beside what two trips to the server cost anybody who makes them by hand: where the call is,
//! or as the store does, on a thread of its own, so that the connection outlives the runtime of a call.

use std::future::pending;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use redis::Script;
use redis::aio::MultiplexedConnection;
use resilience_runtime::store::RedisIdempotencyProvider;
use resilience_runtime::{Rejection, comprehensive_retry};
use tests::servers::{Program, Server};
use tokio::runtime::{Builder, Handle};

use crate::rig::{Call, Rig};

const CALLS: usize = 2_000;
/// By the median, what a call may add, in two trips by hand. Measured, as users build it: 2.0, of which a thread of their own for
/// the trips takes a third, and the work that a server has with the scripts and their two writes each as much again and more. The
/// rest is a margin, and what a build without optimisation adds.
const MOST: f64 = if cfg!(debug_assertions) { 5.0 } else { 2.3 };
/// The same at the 99th percentile, by that of the trips.
const MOST_P99: f64 = 3.0;
/// The same as the first, in two trips on a thread of their own.
const MOST_BEYOND: f64 = if cfg!(debug_assertions) { 4.0 } else { 1.75 };
/// Beside other work on the machine, a run may be disturbed.
const TRIES: usize = 5;

#[comprehensive_retry("cost", deadline = "5s", idempotency(key = key, store = store.clone(), ttl = "60s"))]
async fn protected(key: &str, store: &RedisIdempotencyProvider) -> Result<usize, Rejection> {
    Ok(key.len())
}

#[comprehensive_retry("cost", deadline = "5s")]
async fn bare(key: &str) -> Result<usize, Rejection> {
    Ok(key.len())
}

struct Figures {
    median: Duration,
    p99: Duration,
}

impl Figures {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self { median: times[times.len() / 2], p99: times[times.len() * 99 / 100] }
    }
}

/// All in one run, by turns.
struct Run {
    /// A call with the clause, less the same call without it.
    added: Figures,
    by_hand: Figures,
    on_a_thread: Figures,
}

async fn connection(url: String) -> MultiplexedConnection {
    let client = redis::Client::open(url).expect("a URL");
    client.get_multiplexed_async_connection().await.expect("a server")
}

/// A trivial script.
async fn trip(mut connection: MultiplexedConnection, script: Script) {
    let key = "resilience:trivial";
    let _: i64 = script.key(key).invoke_async(&mut connection).await.expect("an answer");
}

/// A runtime that is always there.
fn thread() -> Handle {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let handle = runtime.handle().clone();
    std::thread::spawn(move || runtime.block_on(pending::<()>()));
    handle
}

async fn measure(server: Arc<Server>, round: usize) -> Run {
    let rig = Rig::new(&server);
    let (url, thread, trivial) = (server.url(server.address()), thread(), Script::new("return 1"));
    let here = connection(url.clone()).await;
    let there = thread.spawn(connection(url)).await.expect("no panic");
    let (mut added, mut by_hand, mut on_a_thread) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..CALLS {
        let key = format!("{round}-{number}");
        let began = Instant::now();
        protected(&key, &rig.store).await.expect("an answer");
        let with = began.elapsed();
        let began = Instant::now();
        bare(&key).await.expect("an answer");
        added.push(with.saturating_sub(began.elapsed()));
        let began = Instant::now();
        for _ in 0..2 {
            trip(here.clone(), trivial.clone()).await;
        }
        by_hand.push(began.elapsed());
        let began = Instant::now();
        for _ in 0..2 {
            thread.spawn(trip(there.clone(), trivial.clone())).await.expect("no panic");
        }
        on_a_thread.push(began.elapsed());
    }
    Run { added: Figures::of(added), by_hand: Figures::of(by_hand), on_a_thread: Figures::of(on_a_thread) }
}

/// Microseconds of the server for one script, by its own count.
fn in_the_server(server: &Server) -> f64 {
    let said = server.ask(&["INFO", "commandstats"]);
    let line = said.lines().find(|line| line.starts_with("cmdstat_evalsha:"));
    let per_call = line.and_then(|line| line.split("usec_per_call=").nth(1)?.split(',').next()?.parse().ok());
    server.ask(&["CONFIG", "RESETSTAT"]);
    per_call.expect("it counts them")
}

/// What the scripts of a claim and a result take in the server, and two trivial ones.
async fn scripts(server: &Server, round: usize) -> (f64, f64) {
    let (rig, trivial) = (Rig::new(server), Script::new("return 1"));
    in_the_server(server);
    for number in 0..500 {
        let call = Call::new(&format!("script-{round}-{number}"));
        rig.holds(call).await;
        rig.complete(call, "paid").await.expect("an answer");
    }
    let ours = 2.0 * in_the_server(server);
    let here = connection(server.url(server.address())).await;
    for _ in 0..500 {
        trip(here.clone(), trivial.clone()).await;
    }
    (ours, 2.0 * in_the_server(server))
}

/// Two of the four threads that take part are the store's own doing: its traffic does not depend on the runtime of a caller,
/// and is handed over to its thread and back. Beyond that it costs little.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_adds_little_to_two_trips_to_the_server() {
    let server = Arc::new(Server::start(Program::Redis));
    let mut seen = Vec::new();
    for round in 0..TRIES {
        let measured = tokio::spawn(measure(Arc::clone(&server), round)).await;
        let Run { added, by_hand, on_a_thread } = measured.expect("no panic");
        let times = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
        let (median, p99) = (times(added.median, by_hand.median), times(added.p99, by_hand.p99));
        let hops = times(on_a_thread.median, by_hand.median);
        let beyond = times(added.median, on_a_thread.median);
        let (ours, trivial) = scripts(&server, round).await;
        seen.push(format!(
            "a call with a key adds a median of {:?}, {median:.2} × two trips by hand ({:?}): {hops:.2} × for a thread of \
             their own ({:?}), and {beyond:.2} × beyond that; p99 {:?}, {p99:.2} × ({:?}); the scripts take {ours:.0} µs, \
             two trivial ones {trivial:.0} µs",
            added.median, by_hand.median, on_a_thread.median, added.p99, by_hand.p99
        ));
        if median <= MOST && p99 <= MOST_P99 && beyond <= MOST_BEYOND {
            let _ = writeln!(std::io::stdout(), "{}", seen.join("\n"));
            return;
        }
    }
    panic!("too slow in every run:\n{}", seen.join("\n"));
}
