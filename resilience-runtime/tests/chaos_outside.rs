//! Rules of chaos from outside, in a file and over HTTP, before the program allows them and after. A process of its own, as what
//! it allows holds for all of it.

#[path = "server/client.rs"]
mod client;

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use resilience_runtime::config::FindingKind;
use resilience_runtime::export::server::ServerBuilder;
use resilience_runtime::testing::{chaos, simulate};
use resilience_runtime::{Resilient, registry};
use serde_json::{Value, json};

use crate::client::{Answer, ask, get};

const JSON: (&str, &str) = ("content-type", "application/json");
const TOKEN: (&str, &str) = ("authorization", "Bearer t0ken");

const FILE: &str = "[services.db]\nmax_attempts = 1\nbreaker = 'off'\n\n[chaos.evening]\ntarget = 'db'\nerror = 'timed_out'\n";

/// One call.
fn call() -> Result<u64, io::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let handle = Resilient::service("db").build();
    runtime.block_on(async { handle.call(|| async { Ok::<_, io::Error>(7) }).await })
}

fn idle() -> Vec<String> {
    let findings = registry().findings().into_iter().filter(|one| one.kind() == FindingKind::IdleRule);
    findings.map(|one| one.to_string()).collect()
}

fn arm(address: SocketAddr, rule: &Value) -> Answer {
    ask(address, "POST /api/chaos", &[JSON, TOKEN], &rule.to_string())
}

fn disarm(address: SocketAddr, name: &str) -> Answer {
    ask(address, &format!("DELETE /api/chaos/{name}"), &[TOKEN], "")
}

fn armed(address: SocketAddr) -> Vec<String> {
    let said = get(address, "/api/chaos").json();
    let rules = said["rules"].as_array().expect("a list");
    rules
        .iter()
        .map(|rule| {
            format!("{} by {}", rule["name"].as_str().expect("text"), rule["origin"].as_str().expect("text"))
        })
        .collect()
}

/// How often the dashboard has it that the rule has hit.
fn injections(address: SocketAddr, rule: &str) -> u64 {
    let data = get(address, "/api/dashboard").json();
    let services = data["services"].as_array().expect("a list");
    let db = services.iter().find(|service| service["name"] == "db").expect("it is known");
    db["injections"][rule].as_u64().unwrap_or(0)
}

#[test]
fn rules_from_outside_act_once_the_program_allows_them_and_leave_nothing() {
    let server = ServerBuilder::new().token("t0ken").start().expect("a free port");
    let at = server.address();
    let down = json!({"name": "down", "target": "db", "error": "connection_refused"});

    // Not allowed: a file is found, a request is refused, and calls go on.
    let findings = registry().load_config(FILE, "shop.toml").expect("valid");
    let found = findings.iter().find(|one| one.kind() == FindingKind::IdleRule).expect("found at the load");
    assert!(found.to_string().contains("`chaos.evening` in line 5 of shop.toml"), "{found}");
    assert!(idle().len() == 1 && idle()[0].contains("chaos::allow()"), "{:?}", idle());
    let refused = arm(at, &down);
    assert!(refused.status == 403 && refused.body.contains("chaos::allow()"), "{}", refused.body);
    assert_eq!(refused.header("content-type"), Some("application/json"));
    assert_eq!(get(at, "/api/chaos").json(), json!({"allowed": false, "rules": []}));
    assert_eq!(call().expect("nothing is armed"), 7);

    // Allowed: the file in force acts at once, and no more with the next that says nothing.
    chaos::allow();
    assert_eq!((armed(at), idle().len()), (vec!["evening by file".to_owned()], 0));
    assert_eq!(call().expect_err("the file").kind(), ErrorKind::TimedOut);
    registry().load_config(FILE, "shop.toml").expect("valid");
    assert_eq!(injections(at, "evening"), 1);
    let id = |said: Value| said["rules"][0]["id"].as_u64();
    assert_eq!(id(get(at, "/api/chaos").json()), Some(1), "the same rule does not begin anew");
    registry().load_config(&FILE[..FILE.find("\n\n").expect("two tables")], "shop.toml").expect("valid");
    assert_eq!((armed(at), call().expect("disarmed")), (Vec::new(), 7));

    // Used up, it does not begin again because something else of the file has changed.
    let once = format!("{FILE}count = 1\n");
    registry().load_config(&once, "shop.toml").expect("valid");
    call().expect_err("the file");
    registry()
        .load_config(&format!("{once}[services.other]\nmax_attempts = 2\n"), "shop.toml")
        .expect("valid");
    assert_eq!((armed(at), call().expect("used up")), (Vec::new(), 7));
    registry().load_config("[services.db]\nmax_attempts = 1\nbreaker = 'off'\n", "shop.toml").expect("valid");

    // A simulation makes its own trouble, whatever is allowed here: the rule would hang every attempt.
    let plain = "[services.db]\nmax_attempts = 2\nbreaker = 'off'\n";
    let played = |file: &str| {
        let policy = simulate::Policy::from_toml(file, "shop.toml", "db").expect("valid");
        simulate::scenario("layers").expect("there is one").policy(policy).quick().run()
    };
    let hung = played(&format!("{plain}[chaos.hung]\ntarget = 'db'\nhang = true\n"));
    assert_eq!(hung.rows(), played(plain).rows());
    assert!(hung.ignored()[0].starts_with("chaos.hung: "), "{:?}", hung.ignored());

    // Armed over HTTP: seen within a second, and gone without a trace.
    let began = Instant::now();
    assert_eq!(arm(at, &down).status, 200);
    assert_eq!(call().expect_err("the operator").kind(), ErrorKind::ConnectionRefused);
    assert_eq!(injections(at, "down"), 1);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(armed(at), ["down by operator"]);
    assert!(
        get(at, "/metrics")
            .body
            .contains("resilience_chaos_injections_total{dependency=\"db\",rule=\"down\"} 1")
    );
    let gone = disarm(at, "down");
    assert_eq!((gone.status, gone.json()["injected"].as_u64()), (200, Some(1)), "{}", gone.body);
    assert_eq!((armed(at), call().expect("disarmed"), disarm(at, "down").status), (Vec::new(), 7, 404));

    // Used up, it is there as long as an attempt hangs by it, and lets that go.
    let once = json!({"name": "once", "target": "db", "hang": true, "count": 1});
    assert_eq!(arm(at, &once).status, 200);
    let hanging = std::thread::spawn(call);
    while injections(at, "once") == 0 {
        assert!(began.elapsed() < Duration::from_mins(1) && !hanging.is_finished());
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!((call().expect("used up"), armed(at)), (7, vec!["once by operator".to_owned()]));
    assert_eq!((disarm(at, "once").status, armed(at)), (200, Vec::new()));
    assert_eq!(hanging.join().expect("it ends").expect("its body runs"), 7);
    assert_eq!(
        arm(at, &json!({"name": "once", "target": "db", "error": "timed_out", "count": 1})).status,
        200
    );
    call().expect_err("armed");
    assert_eq!(armed(at), [""; 0]);

    // It ends by itself.
    let brief = json!({"name": "brief", "target": "db", "error": "timed_out", "expires_after": "300ms"});
    assert_eq!(arm(at, &brief).status, 200);
    call().expect_err("armed");
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!((call().expect("over"), armed(at)), (7, Vec::new()));

    // What is wrong is refused as in a file, and the guard is that of all actions.
    for (rule, status, says) in [
        (json!({"target": "db", "hang": true}), 400, "`name`"),
        (json!({"name": "a", "target": "db"}), 400, "injects nothing"),
        (json!({"name": "a", "target": "db", "hang": true, "rate": 20}), 400, "rate"),
        (json!({"name": "a", "target": "db", "hang": true, "expires_after": "25h"}), 400, "a day at most"),
    ] {
        let answer = arm(at, &rule);
        assert!(answer.status == status && answer.body.contains(says), "{rule}: {}", answer.body);
    }
    let body = down.to_string();
    for (headers, status) in
        [(vec![JSON], 401), (vec![TOKEN], 415), (vec![JSON, TOKEN, ("origin", "http://evil.example")], 403)]
    {
        assert_eq!(ask(at, "POST /api/chaos", &headers, &body).status, status, "{headers:?}");
    }
    assert_eq!(ask(at, "DELETE /api/chaos/down", &[], "").status, 401);
    let events = get(at, "/api/chaos").json();
    assert_eq!(events, json!({"allowed": true, "rules": []}));
}
