//! `resilience chaos`, with the real server: what it arms hits the calls of this program, and what it disarms no longer does.

use std::io;

use resilience_runtime::Resilient;
use resilience_runtime::export::server::{Server, ServerBuilder};
use resilience_runtime::testing::chaos;

use crate::resilience::{Said, resilience_in};

const TOKEN: &str = "of-the-operator";

fn serve() -> Server {
    ServerBuilder::new().bind(([127, 0, 0, 1], 0)).token(TOKEN).start().expect("a free port")
}

fn chaos_of(server: &Server, arguments: &[&str]) -> Said {
    let token = [("RESILIENCE_OPERATOR_TOKEN", TOKEN)];
    resilience_in(&token, "", &[&["chaos", server.url().as_str()], arguments].concat())
}

fn call() -> Result<(), io::Error> {
    let handle = Resilient::service("rehearsed").max_attempts(1).build();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async { handle.call(|| async { Ok(()) }).await })
}

#[test]
fn rules_are_armed_listed_and_disarmed_in_a_process_that_allows_it() {
    let server = serve();
    let refused = chaos_of(&server, &["arm", "early", "target=rehearsed", "error=timed_out"]);
    assert!(refused.err.contains("(403)") && refused.err.contains("chaos::allow()"), "{refused:?}");
    assert_eq!(refused.code, 2);
    assert!(chaos_of(&server, &["list"]).out.contains("none can be armed from here"));
    chaos::allow();

    let armed = chaos_of(
        &server,
        &["arm", "out", "target=rehearsed", "error=timed_out", "count=2", "expires_after=5m"],
    );
    assert!(
        armed.out.starts_with("armed out: error at rehearsed, by operator, has hit 0 attempts, ends in "),
        "{armed:?}"
    );
    assert!(armed.err.contains("the process knows no service `rehearsed` yet"), "{armed:?}");
    let error = call().expect_err("a rule is armed");
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    let listed = chaos_of(&server, &["list", "--json"]).json();
    assert_eq!(
        (&listed["rules"][0]["name"], &listed["rules"][0]["injected"]),
        (&"out".into(), &1.into()),
        "{listed}"
    );

    let disarmed = chaos_of(&server, &["disarm", "out"]);
    assert_eq!(
        (disarmed.out.as_str(), disarmed.code),
        ("disarmed out, which has hit 1 attempt\n", 0),
        "{disarmed:?}"
    );
    assert!(call().is_ok());
    assert_eq!(chaos_of(&server, &["list"]).out, "no rule is armed\n");
    let gone = chaos_of(&server, &["disarm", "out"]);
    assert!(gone.err.contains("(404)") && gone.code == 2, "{gone:?}");

    for name in ["one", "two"] {
        let armed = chaos_of(&server, &["arm", name, "target=rehearsed@somewhere", "hang"]);
        assert_eq!((armed.code, armed.err.as_str()), (0, ""), "now it is known: {armed:?}");
    }
    let all = chaos_of(&server, &["disarm", "--all"]);
    assert_eq!(all.out.lines().count(), 2, "{all:?}");
    assert_eq!(chaos_of(&server, &["disarm", "--all"]).out, "nothing is armed by operators\n");

    let wrong = chaos_of(&server, &["arm", "odd", "target=rehearsed", "hnag"]);
    assert!(wrong.err.contains("did you mean `hang`") && wrong.code == 2, "{wrong:?}");
}

#[test]
fn without_the_token_nothing_is_done() {
    let server = serve();
    let url = server.url();
    for arguments in [&["arm", "x", "target=rehearsed", "hang"][..], &["disarm", "x"]] {
        let said = resilience_in(
            &[("RESILIENCE_OPERATOR_TOKEN", "")],
            "",
            &[&["chaos", url.as_str()], arguments].concat(),
        );
        assert!(said.err.contains("is taken from RESILIENCE_OPERATOR_TOKEN"), "{said:?}");
        assert_eq!(said.code, 2);
    }
}
