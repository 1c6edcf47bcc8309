//! `resilience load` against servers on the loopback.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::resilience::{Said, resilience};

/// When a server answers with a status, or stalls.
type Answer = dyn Fn(&str) -> u16 + Send + Sync;

/// A server that answers each request, of however many connections, until the test ends.
fn server(answer: impl Fn(&str) -> u16 + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = listener.local_addr().expect("it has one");
    let answer: Arc<Answer> = Arc::new(answer);
    thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            let answer = Arc::clone(&answer);
            thread::spawn(move || serve(&connection, &*answer));
        }
    });
    address
}

/// The requests of one connection.
fn serve(connection: &TcpStream, answer: &Answer) -> Option<()> {
    let mut reader = BufReader::new(connection);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let length = head
            .to_lowercase()
            .split_once("content-length: ")
            .and_then(|(_, rest)| rest.lines().next()?.trim().parse::<usize>().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).ok()?;
        let status = answer(&format!("{head}{}", String::from_utf8_lossy(&body)));
        let response = format!("HTTP/1.1 {status} Any\r\ncontent-length: 2\r\n\r\nok");
        (&mut &*connection).write_all(response.as_bytes()).ok()?;
    }
}

/// Loads an address, with these arguments in words.
fn load(address: SocketAddr, words: &str, more: &[&str]) -> Said {
    let url = format!("http://{address}/path");
    let mut arguments = vec!["load", &url];
    arguments.extend(words.split_whitespace());
    arguments.extend(more);
    resilience(&arguments)
}

/// The same, until the machine was idle enough to measure: the program says when it was not.
fn measured(address: SocketAddr, words: &str, more: &[&str]) -> Said {
    for _ in 0..9 {
        let said = load(address, words, more);
        if said.code != 3 {
            return said;
        }
    }
    panic!("the machine is too busy for any measurement")
}

/// Answers after a time beside which the delays of a busy machine are small.
fn slowly(status: u16, millis: u64) -> SocketAddr {
    server(move |_| {
        thread::sleep(Duration::from_millis(millis));
        status
    })
}

/// A client that waits for each answer before it sends the next request: how long each took.
fn closed_loop(address: SocketAddr, lasts: Duration) -> Vec<Duration> {
    let mut connection = TcpStream::connect(address).expect("it listens");
    connection.set_nodelay(true).expect("a socket");
    let began = Instant::now();
    let mut taken = Vec::new();
    while began.elapsed() < lasts {
        let sent = Instant::now();
        connection.write_all(b"GET / HTTP/1.1\r\nhost: it\r\n\r\n").expect("it takes it");
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\nok") {
            let mut some = [0; 256];
            let read = connection.read(&mut some).expect("it answers");
            answer.extend_from_slice(&some[..read]);
        }
        taken.push(sent.elapsed());
        thread::sleep(Duration::from_millis(10));
    }
    taken.sort_unstable();
    taken
}

/// A server that takes 400 ms, and answers nothing from the second to the fourth second after its first request.
fn stalling() -> SocketAddr {
    let began = std::sync::OnceLock::new();
    server(move |_| {
        let since = began.get_or_init(Instant::now).elapsed();
        thread::sleep(Duration::from_millis(400));
        if (2.0..4.0).contains(&since.as_secs_f64()) {
            thread::sleep(Duration::from_secs(4).saturating_sub(since));
        }
        200
    })
}

#[test]
fn a_stall_is_a_quarter_of_all_latencies_and_one_request_of_a_closed_loop() {
    let closed = closed_loop(stalling(), Duration::from_secs(8));
    let slow = closed.iter().filter(|taken| **taken > Duration::from_millis(1_200)).count();
    assert!(closed.len() > 11 && slow <= 1, "nine of ten are as fast as ever: {closed:?}");

    // Each run stalls anew, as the server begins with its first request.
    let said =
        (0..6).map(|_| load(stalling(), "--rate 30 --for 8s --even --json", &[])).find(|said| said.code != 3);
    let report = said.expect("the machine is too busy for any measurement").json();
    assert_eq!(report["calls"]["ok"], 240, "{report}");
    let [half, p90] = ["p50", "p90"].map(|name| report["latency"][name].as_f64().expect("measured"));
    assert!(half < 1.0, "{report}");
    assert!(p90 > 1.2, "a quarter of the requests were meant to start while it stalled: {report}");
}

#[test]
fn thresholds_decide_and_failures_are_counted_by_status() {
    let fine = slowly(200, 700);
    let said = measured(fine, "--rate 50 --for 1s", &["--threshold", "success >= 100 %", "-t", "p50 < 20 s"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("  ok      success >= 100 %  100 %\n"), "{}", said.out);
    assert!(said.out.starts_with("load: poisson 50/s for 1s, seed 1\n"), "{}", said.out);
    assert_eq!(said.err, "", "no progress where there is no terminal");

    let said =
        measured(slowly(503, 700), "--rate 50 --for 1s --even --json --threshold", &["success > 0.99"]);
    assert_eq!(said.code, 1, "{said:?}");
    let report = said.json();
    assert_eq!(report["errors"]["status 503"], 50, "{report}");
    assert_eq!(report["thresholds"][0]["met"], false, "{report}");
}

#[test]
fn a_generator_that_cannot_keep_its_schedule_ends_with_3_and_has_no_percentiles() {
    let folder = tempfile::tempdir().expect("a folder");
    let listed = folder.path().join("run.hgrm");
    let words = "--rate 200000 --for 1s --even --max-in-flight 200000 --drain 1ms --json --hgrm";
    let said = load(server(|_| 200), words, &[listed.to_str().expect("text")]);
    assert_eq!(said.code, 3, "{said:?}");
    assert_eq!(said.json()["latency"], serde_json::Value::Null);
    assert!(!listed.exists(), "a file without percentiles would be taken for one with some");
}

#[test]
fn method_headers_and_body_are_sent_as_written() {
    let address = server(|request| {
        let is_right = request.starts_with("PUT /path HTTP/1.1\r\n")
            && request.to_lowercase().contains("\r\nx-who: me\r\n")
            && request.ends_with("\r\n\r\nhello");
        if is_right { 200 } else { 400 }
    });
    let said = load(address, "--rate 20 --for 500ms --even -X PUT -d hello --json -H", &["x-who: me"]);
    assert_eq!(said.json()["calls"]["ok"], 10, "{}", said.out);
}

#[test]
fn a_run_is_saved_drawn_replayed_and_compared_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let (saved, drawn, listed) = (path("run.json"), path("run.svg"), path("run.hgrm"));
    let starts = path("starts");
    fs::write(&starts, "1764331200.0\n1764331200.1\n1764331200.3\n").expect("writable");
    let address = slowly(200, 300);
    let said =
        measured(address, "", &["--replay", &starts, "--save", &saved, "--svg", &drawn, "--hgrm", &listed]);
    assert!(said.out.starts_with("load: replay of 3 calls"), "{said:?}");
    assert!(fs::read_to_string(&drawn).expect("written").starts_with("<svg "));
    let listed = fs::read_to_string(&listed).expect("written");
    assert!(listed.starts_with("       Value     Percentile TotalCount 1/(1-Percentile)\n"), "{listed}");
    assert!(listed.contains(" 1.000000000000          3\n#[Mean "), "{listed}");
    let replay = ["--replay", &starts, "--baseline", &saved, "--allow", "50", "--json"];
    let said = measured(slowly(200, 1_500), "", &replay);
    assert_eq!((said.code, &said.json()["baseline"]["worse"]), (1, &true.into()), "{}", said.out);
    let said = load(address, "--rate 10 --for 1s", &["--baseline", &saved]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("use the same schedule"), "{}", said.err);
}

#[test]
fn what_cannot_be_loaded_is_said_before_anything_is_sent() {
    let nobody =
        TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a port");
    for (url, arguments, part) in [
        (format!("http://{nobody}/"), &[][..], "cannot reach `127.0.0.1` at port"),
        ("ftp://127.0.0.1/".to_owned(), &[], "`ftp` is no scheme"),
        ("nowhere".to_owned(), &[], "`nowhere` is no address"),
        ("http://127.0.0.1:1/".to_owned(), &["--threshold", "p99 < 80"], "a time needs a unit"),
        ("http://127.0.0.1:1/".to_owned(), &["--for", "30"], "write `30s`, since a text needs a unit"),
        ("http://127.0.0.1:1/".to_owned(), &["--spike", "500"], "write the peak, its begin and its length"),
        ("http://127.0.0.1:1/".to_owned(), &["--replay", "nowhere"], "cannot read `nowhere`"),
        ("http://127.0.0.1:1/".to_owned(), &["--baseline", "nowhere"], "cannot read `nowhere`"),
        (format!("http://{nobody}/"), &["--header", "none"], "`none` is no header"),
    ] {
        let mut all = vec!["load", &url];
        all.extend(arguments);
        let said = resilience(&all);
        assert_eq!(said.code, 2, "{url} {arguments:?}: {said:?}");
        assert!(said.err.contains(part), "{url} {arguments:?}: {}", said.err);
    }
}
