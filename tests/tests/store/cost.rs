//! What the store adds to a call, beside what two trips to the server cost anybody who makes them by hand: where the call is,
//! or as the store does, on a thread of its own, so that the connection outlives the runtime of a call.

use std::future::pending;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use redis::Script;
use redis::aio::MultiplexedConnection;
use tests::servers::{Program, Server};
use tokio::runtime::{Builder, Handle};

use crate::rig::{Call, Rig};

const CALLS: usize = 2_000;
/// Beside other work on the machine, a run may be disturbed.
const TRIES: usize = 5;

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
    ours: Figures,
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

/// A claim and a result, by turns with two trivial scripts.
async fn measure(server: Arc<Server>, round: usize) -> Run {
    let rig = Rig::new(&server);
    let (url, thread, trivial) = (server.url(server.address()), thread(), Script::new("return 1"));
    let here = connection(url.clone()).await;
    let there = thread.spawn(connection(url)).await.expect("no panic");
    let (mut ours, mut by_hand, mut on_a_thread) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..CALLS {
        let call = Call::new(&format!("{round}-{number}"));
        let began = Instant::now();
        rig.claim(call).await.expect("an answer");
        rig.complete(call, "paid").await.expect("an answer");
        ours.push(began.elapsed());
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
    Run { ours: Figures::of(ours), by_hand: Figures::of(by_hand), on_a_thread: Figures::of(on_a_thread) }
}

/// Two of the four threads that take part are the store's own doing: its traffic does not depend on the runtime of a caller,
/// and is handed over to its thread and back. Beyond that it costs little.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_costs_no_more_than_three_times_two_trips_to_the_server() {
    let server = Arc::new(Server::start(Program::Redis));
    let mut seen = Vec::new();
    for round in 0..TRIES {
        let measured = tokio::spawn(measure(Arc::clone(&server), round)).await;
        let Run { ours, by_hand, on_a_thread } = measured.expect("no panic");
        let times = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
        let (median, p99) = (times(ours.median, by_hand.median), times(ours.p99, by_hand.p99));
        let beyond_thread = times(ours.median, on_a_thread.median);
        seen.push(format!(
            "a claim and a result: median {:?}, {median:.2} × two trips by hand ({:?}), {beyond_thread:.2} × the same on a \
             thread of their own ({:?}); p99 {:?}, {p99:.2} × two trips by hand",
            ours.median, by_hand.median, on_a_thread.median, ours.p99
        ));
        if median <= 3.0 && p99 <= 3.0 && beyond_thread <= 2.0 {
            let _ = writeln!(std::io::stdout(), "{}", seen.join("\n"));
            return;
        }
    }
    panic!("too slow in every run:\n{}", seen.join("\n"));
}
