//! What the store adds to a call, beside what two trips to the server cost anybody who makes them by hand.

use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use redis::Script;
use tests::servers::{Program, Server};

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

/// A claim and a result, by turns with two trivial scripts on a connection of the same client.
async fn measure(server: Arc<Server>, round: usize) -> (Figures, Figures) {
    let rig = Rig::new(&server);
    let client = redis::Client::open(server.url(server.address())).expect("a URL");
    let mut connection = client.get_multiplexed_async_connection().await.expect("a server");
    let trivial = Script::new("return 1");
    let (mut ours, mut by_hand) = (Vec::new(), Vec::new());
    for number in 0..CALLS {
        let call = Call::new(&format!("{round}-{number}"));
        let began = Instant::now();
        rig.claim(call).await.expect("an answer");
        rig.complete(call, "paid").await.expect("an answer");
        ours.push(began.elapsed());
        let began = Instant::now();
        for _ in 0..2 {
            let _: i64 =
                trivial.key("resilience:trivial").invoke_async(&mut connection).await.expect("an answer");
        }
        by_hand.push(began.elapsed());
    }
    (Figures::of(ours), Figures::of(by_hand))
}

/// Two of the four threads that take part are the store's own doing: its traffic does not depend on the runtime of a caller,
/// and is handed over to its thread and back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_costs_no_more_than_three_times_two_trips_to_the_server() {
    let server = Arc::new(Server::start(Program::Redis));
    let mut seen = Vec::new();
    for round in 0..TRIES {
        let measured = tokio::spawn(measure(Arc::clone(&server), round)).await;
        let (ours, by_hand) = measured.expect("no panic");
        let times = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
        let (median, p99) = (times(ours.median, by_hand.median), times(ours.p99, by_hand.p99));
        seen.push(format!(
            "a claim and a result: median {:?}, {median:.2} × two trips by hand; p99 {:?}, {p99:.2} ×",
            ours.median, ours.p99
        ));
        if median <= 3.0 && p99 <= 3.0 {
            let _ = writeln!(std::io::stdout(), "{}", seen.join("\n"));
            return;
        }
    }
    panic!("too slow in every run:\n{}", seen.join("\n"));
}
