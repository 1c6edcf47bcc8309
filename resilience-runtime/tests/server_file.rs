//! What `[global]` says of monitoring: `monitor().start()` starts it, follows the file, and ends it. The registry of the
//! program is one, so these tests take turns.

mod log_lines;

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Once;
use std::time::{Duration, Instant};

use resilience_runtime::config::FindingKind;
use resilience_runtime::{ServiceKind, monitor, registry, resilient_call, start_prometheus_server};
use tokio::sync::{Mutex as Turns, MutexGuard};

use log_lines::{kept, lines, listen};

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for its turn, with no file in force and no line written.
async fn turn() -> MutexGuard<'static, ()> {
    static TURNS: Turns<()> = Turns::const_new(());
    static LISTENS: Once = Once::new();
    let turn = TURNS.lock().await;
    LISTENS.call_once(listen);
    load("");
    kept().clear();
    turn
}

fn load(global: &str) {
    let findings = registry().load_config(&format!("[global]\n{global}\n"), "test.toml").expect("valid");
    assert!(findings.iter().all(|one| one.kind() != FindingKind::Inactive), "{findings:?}");
}

/// A port that is free, as far as one can tell.
fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|taken| taken.local_addr()).expect("a port").port()
}

/// Whether the page for Prometheus is served there.
fn answers(address: impl Into<SocketAddr>) -> bool {
    let address = address.into();
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let request = format!("GET /metrics HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    let mut answer = String::new();
    // One that is about to stop may accept and then reset.
    let heard = stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_string(&mut answer));
    if heard.is_err() || answer.is_empty() {
        return false;
    }
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer.contains("resilience_config_reloads_total")
}

fn local(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what}: {:#?}", lines(&[]));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_file_opens_no_port_and_starting_does_until_the_guard_is_dropped() {
    let _turn = turn().await;
    let port = free_port();
    load(&format!("prometheus_enabled = true\nprometheus_port = {port}"));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!answers(local(port)), "loading a file opens no port");
    let monitoring = monitor().start();
    assert!(answers(local(port)), "as soon as it is started");
    let second = monitor().start();
    drop(monitoring);
    assert!(answers(local(port)), "another wants it");
    drop(second);
    assert!(TcpListener::bind(local(port)).is_ok(), "the port is free");
}

#[tokio::test]
async fn without_prometheus_enabled_no_port_is_opened() {
    let _turn = turn().await;
    let port = free_port();
    load(&format!("prometheus_port = {port}"));
    let _monitoring = monitor().start();
    assert!(!answers(local(port)));
    assert_eq!(lines(&["resilience::server"]), [""; 0]);
}

#[tokio::test]
async fn the_server_follows_the_file_off_and_on_and_to_another_port() {
    let _turn = turn().await;
    let (first, second) = (free_port(), free_port());
    let served = |port: u16| load(&format!("prometheus_enabled = true\nprometheus_port = {port}"));
    let _monitoring = monitor().start();
    assert!(!answers(local(first)));
    served(first);
    until("it is switched on", || answers(local(first))).await;
    load(&format!("prometheus_enabled = false\nprometheus_port = {first}"));
    until("it is switched off", || !answers(local(first))).await;
    served(first);
    until("it is back", || answers(local(first))).await;
    served(second);
    until("it is at the other port", || answers(local(second))).await;
    until("and at the other alone", || !answers(local(first))).await;
    registry().load_config("[global]\nprometheus_port = 0\n", "test.toml").expect_err("refused");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(answers(local(second)), "a file that is refused changes nothing");
}

#[tokio::test]
async fn the_address_is_that_of_the_file_also_when_the_port_stays() {
    let _turn = turn().await;
    let port = free_port();
    let served = |address: &str| {
        load(&format!(
            "prometheus_enabled = true\nprometheus_port = {port}\nprometheus_address = \"{address}\""
        ));
    };
    // All of 127.0.0.0/8 is this machine on Linux alone.
    let other = SocketAddr::from(([127, 0, 0, 2], port));
    served("127.0.0.1");
    let _monitoring = monitor().start();
    assert!(answers(local(port)));
    assert!(!answers(other));
    served("0.0.0.0");
    if cfg!(target_os = "linux") {
        until("it listens at all addresses", || answers(other)).await;
        served("127.0.0.2");
        until("it listens at one", || answers(other) && !answers(local(port))).await;
    }
}

#[tokio::test]
async fn a_taken_port_is_told_once_and_stops_nothing_and_is_tried_again() {
    let _turn = turn().await;
    let taken = TcpListener::bind(local(0)).expect("a port");
    let port = taken.local_addr().expect("bound").port();
    let error = start_prometheus_server(port).expect_err("taken");
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    assert!(error.to_string().contains("0 takes a free one"), "{error}");
    load(&format!(
        "prometheus_enabled = true\nprometheus_port = {port}\nmetrics_export_interval = \"100ms\""
    ));
    let monitoring = monitor().start();
    let told = || lines(&["ERROR resilience::server", &format!("127.0.0.1:{port}"), "0 takes a free one"]);
    assert_eq!(told().len(), 1, "{:#?}", lines(&[]));
    resilient_call("goes_on", ServiceKind::Generic, async || Ok::<_, &'static str>(1)).await.expect("fine");
    until("summaries go on", || !lines(&["resilience::summary", "service=goes_on"]).is_empty()).await;
    assert!(monitor().dashboard_data().services.iter().any(|service| service.name == "goes_on"));
    drop(taken);
    until("the port is free, and taken then", || answers(local(port))).await;
    assert_eq!(told().len(), 1, "told once");
    // On the way to a port that is taken, the old one stays.
    let taken = TcpListener::bind(local(0)).expect("a port");
    let other = taken.local_addr().expect("bound").port();
    load(&format!("prometheus_enabled = true\nprometheus_port = {other}"));
    until("that is told too", || !lines(&["ERROR", &format!("127.0.0.1:{other}")]).is_empty()).await;
    assert!(answers(local(port)));
    drop(monitoring);
    assert!(!answers(local(port)));
}

#[tokio::test]
async fn each_interval_has_a_line_for_each_service_with_traffic() {
    let _turn = turn().await;
    let call = async |service: &'static str, is_fine: bool| {
        let outcome = if is_fine { Ok(1) } else { Err("no answer") };
        let _ = resilient_call(service, ServiceKind::Generic, async || outcome).await;
    };
    call("before", true).await;
    load("metrics_export_interval = \"1h\"");
    let monitoring = monitor().start();
    call("busy", true).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(lines(&["resilience::summary"]), [""; 0]);
    load("metrics_export_interval = \"200ms\"\n[services.idle]\nmax_attempts = 2");
    let of = |service: &str| lines(&["INFO resilience::summary", &format!("service={service} ")]);
    until("a shorter interval holds at once", || of("busy").len() == 1).await;
    let line = &of("busy")[0];
    for part in
        ["calls=1 ", "success_rate=1.0", "failure=0", "attempts=1 ", "p50_seconds=", "breaker=\"closed\""]
    {
        assert!(line.contains(part), "{part} in {line}");
    }
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!((of("busy").len(), of("before").len(), of("idle").len()), (1, 0, 0), "no traffic, no line");
    call("busy", true).await;
    until("the next interval with traffic has a line", || of("busy").len() == 2).await;
    drop(monitoring);
    call("busy", true).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(of("busy").len(), 2, "the guard ends it");
}

#[test]
fn the_end_of_the_runtime_of_the_first_call_ends_neither_server_nor_readings() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (turn, port, monitoring) = runtime.block_on(async {
        let turn = turn().await;
        let port = free_port();
        load(&format!("prometheus_enabled = true\nprometheus_port = {port}"));
        resilient_call("first", ServiceKind::Generic, async || Ok::<_, &'static str>(1)).await.expect("fine");
        (turn, port, monitor().start())
    });
    drop(runtime);
    assert!(answers(local(port)));
    let before = monitor().service("first").expect("known").windows.expect("watched").since_us;
    std::thread::sleep(Duration::from_millis(2_300));
    let windows = monitor().service("first").expect("known").windows.expect("watched");
    assert!(windows.since_us >= before + 2_000_000, "{before} {windows:?}");
    assert!(answers(local(port)));
    drop(monitoring);
    assert!(!answers(local(port)));
    drop(turn);
}
