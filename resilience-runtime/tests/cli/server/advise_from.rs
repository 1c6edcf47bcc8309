//! `resilience advise --from`: the real server answers, with a sample of an hour and more, and with one of a second.

use std::time::{Duration, Instant};

use resilience_runtime::export::server::{Server, ServerBuilder};
use resilience_runtime::monitor::snapshot::{DashboardData, SampleSnapshot, ServiceSnapshot};
use resilience_runtime::{Patch, Rejection, Resilient, monitor, registry};

use crate::resilience::{Said, resilience_in};

const FILE: &str = "[services.db]\nidempotent = true\n";

fn serve(change: impl FnOnce(&mut ServiceSnapshot, &mut DashboardData)) -> Server {
    let mut sample = SampleSnapshot::default();
    sample.length_us = 7_200_000_000;
    (sample.attempts, sample.succeeded, sample.failed) = (720_000, 719_280, 720);
    sample.mean_us = Some(20_000);
    (sample.p50_us, sample.p95_us) = (Some(15_000), Some(40_000));
    (sample.p99_us, sample.p999_us) = (Some(60_000), Some(600_000));
    sample.attempts_per_second = 100.0;
    sample.peak_attempts_per_second = Some(200.0);
    (sample.in_flight_mean, sample.in_flight_peak) = (Some(2.0), 10);
    sample.retry_share_p95 = Some(0.03);
    let mut service = ServiceSnapshot::default();
    "db".clone_into(&mut service.name);
    service.sample = Some(sample);
    let mut data = DashboardData::default();
    data.version = 1;
    data.taken_at_ms = 100_000_000;
    change(&mut service, &mut data);
    data.services.push(service);
    let server = ServerBuilder::new().bind(([127, 0, 0, 1], 0)).source(move || data.clone());
    server.start().expect("a free port")
}

fn advise(server: &Server, more: &[&str]) -> Said {
    let url = server.url();
    resilience_in(&[], FILE, &[&["advise", "-", "--from", url.as_str()], more].concat())
}

#[test]
fn new_values_are_proposed_with_a_patch_that_loads() {
    let server = serve(|_, _| {});
    let said = advise(&server, &["--json"]);
    let answer = said.json();
    let verdicts: Vec<String> = answer["advice"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            let change = &one["changes"][0];
            format!("{} {} {}", one["rule"], change["key"], change["to"]).replace('"', "")
        })
        .collect();
    assert_eq!(
        verdicts,
        [
            "attempt_timeout attempt_timeout 1s 200ms",
            "bulkhead bulkhead.max_concurrent 15",
            "bulkhead bulkhead.max_queue 200",
            "budget_ratio budget.ratio 0.06",
            "failure_rate null null",
        ]
    );
    let patch = answer["patch"].as_str().expect("a patch");
    assert_eq!(resilience_in(&[], patch, &["check", "-"]).code, 0, "{patch}");
    assert_eq!(said.code, 1);
    let applied = format!(
        "{FILE}attempt_timeout = \"1200ms\"\nbulkhead = {{ max_concurrent = 15, max_queue = 200 }}\nbudget = {{ ratio = 0.06 }}\n"
    );
    let again = resilience_in(&[], &applied, &["advise", "-", "--from", server.url().as_str()]);
    assert!(!again.out.contains("proposal"), "{}", again.out);
    assert_eq!(again.code, 0, "{}", again.out);
}

#[test]
fn a_capacity_bounds_the_budget() {
    let server = serve(|service, _| service.sample.as_mut().expect("a sample").retry_share_p95 = Some(0.2));
    let said = advise(&server, &["--capacity", "db=213", "--json"]);
    assert!(said.out.contains("a capacity of 213 per second leaves 0.0650"), "{}", said.out);
}

#[test]
fn conditions_that_fail_are_said_with_numbers() {
    let server = serve(|service, data| {
        let sample = service.sample.as_mut().expect("a sample");
        sample.length_us = 2_999_000_000;
        sample.breaker_openings = 1;
        data.process.config_applied_at_ms = Some(data.taken_at_ms - 60_000);
    });
    let said = advise(&server, &[]);
    for part in ["10m 1s short of 1h", "the breaker opened once", "has held for 1m"] {
        assert!(said.out.contains(part), "no {part}: {}", said.out);
    }
    assert!(said.out.ends_with("\n3 refusals\n"), "{}", said.out);
    assert_eq!(said.code, 0, "nothing is wrong: {}", said.out);
}

#[test]
fn samples_of_many_services_are_refused_with_each_remedy_once() {
    let server = serve(|service, data| {
        let sample = service.sample.as_mut().expect("a sample");
        sample.length_us = 2_999_000_000;
        let mut other = service.clone();
        "api".clone_into(&mut other.name);
        other.sample.as_mut().expect("a sample").breaker_openings = 2;
        data.services.push(other);
    });
    let said = advise(&server, &[]);
    let expected = "\
refused: 2 services: sample
    api: the sample is 49m 59s long, 10m 1s short of 1h; the breaker opened 2 times within the
    sample, and may not once
    db: the sample is 49m 59s long, 10m 1s short of 1h
    = help: ask again once it is longer; `monitor().start()` keeps the process sampling
    = help: ask after a sample in which it did not, which begins with the process
";
    assert!(said.out.starts_with(expected), "{}", said.out);
    assert_eq!(advise(&server, &["--json"]).json()["advice"][0]["place"], "the sample");
}

#[test]
fn services_that_nobody_knows_are_told() {
    let server = serve(|_, _| {});
    for arguments in [["--capacity", "cash=5"], ["--calls", "db:cash"]] {
        let said = advise(&server, &arguments);
        let whose = "names `cash`, of which neither the file nor the process has anything";
        assert!(said.err.contains(whose) && said.code == 2, "{said:?}");
    }
}

#[test]
fn changes_at_run_time_are_changes_of_what_was_measured() {
    let with = |file: Option<u64>, update: Option<u64>| {
        let server = serve(|service, data| {
            let at = |ago: u64| data.taken_at_ms - ago;
            data.process.config_applied_at_ms = file.map(at);
            service.sample.as_mut().expect("a sample").settings_updated_at_ms = update.map(at);
        });
        advise(&server, &[]).out
    };
    let refused = "another configuration came into force 1h 59m after the sample began, and has held for 1m";
    let (minute, day) = (60_000, 86_400_000);
    assert!(with(None, Some(minute)).contains(refused), "an update alone");
    assert!(with(Some(day), Some(minute)).contains(refused), "the later of both");
    assert!(with(Some(minute), Some(day)).contains(refused), "the later of both");
    for (file, update) in [(None, Some(day)), (Some(day), Some(day)), (None, Some(2 * 3_600_000 - 9_000))] {
        let said = with(file, update);
        assert!(said.contains("proposal") && !said.contains("came into force"), "{said}");
    }
}

#[test]
fn a_process_that_has_just_begun_says_how_long_it_is_still_to_wait() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = ServerBuilder::new().bind(([127, 0, 0, 1], 0)).start().expect("a free port");
    let handle = Resilient::service("advised").attempt_timeout(Duration::from_millis(700)).build();
    monitor().dashboard_data();
    for _ in 0..3 {
        let ended: Result<(), Rejection> = runtime.block_on(async { handle.call(|| async { Ok(()) }).await });
        assert!(ended.is_ok());
    }
    let file = "[services.advised]\n";
    let told = || resilience_in(&[], file, &["advise", "-", "--from", server.url().as_str()]);
    let said = told();
    assert!(said.out.contains("short of 1h") && said.out.contains("fewer than 1000"), "{said:?}");
    assert_eq!(said.code, 0, "{said:?}");
}

#[test]
fn a_sample_knows_when_an_update_of_its_service_changed() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let handle = Resilient::service("updated").build();
    let updated = || {
        let all = monitor().dashboard_data().services;
        let sample = all.into_iter().find(|service| service.name == "updated")?.sample?;
        Some(sample.settings_updated_at_ms)
    };
    let ended: Result<(), Rejection> = runtime.block_on(async { handle.call(|| async { Ok(()) }).await });
    assert!(ended.is_ok());
    let began = Instant::now();
    while updated().is_none() {
        assert!(began.elapsed() < Duration::from_secs(30), "readings are taken every two seconds");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(updated(), Some(None));
    registry().update_service("updated", &Patch::new().max_attempts(2)).expect("known");
    let set = updated().flatten().expect("an update");
    assert!(!registry().clear_update("other") && updated() == Some(Some(set)));
    std::thread::sleep(Duration::from_millis(5));
    assert!(registry().clear_update("updated"));
    assert!(updated().flatten().is_some_and(|taken_back| taken_back > set), "that changes settings as well");
}

#[test]
fn what_is_no_dashboard_is_said() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    let server = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut stream, _) = listener.accept().expect("a client");
        let _ = stream.read(&mut [0; 1_000]);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello").expect("sent");
    });
    let said = resilience_in(&[], FILE, &["advise", "-", "--from", &address.to_string()]);
    assert!(said.err.contains("does not answer as the server of a dashboard does"), "{said:?}");
    assert_eq!(said.code, 2);
    server.join().expect("it ended");
}
