//! What a program prints that asks for any free port. The program is this one, run once more for one of its tests: the port has to
//! be found in what comes out of a process.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};

use resilience_runtime::start_prometheus_server;

use crate::client::get;

/// Set in the process that serves.
const SERVES: &str = "RESILIENCE_TEST_SERVES";

/// What the process does: it serves as soon as it has read a line, says so on its other output, and ends with its input.
#[test]
fn serves_in_a_process_of_its_own() {
    if std::env::var_os(SERVES).is_none() {
        return;
    }
    let mut lines = std::io::stdin().lines();
    lines.next();
    let server = start_prometheus_server(0).expect("a free port");
    writeln!(std::io::stderr(), "serves at {}", server.address()).expect("it is read");
    lines.for_each(drop);
}

/// It is killed when dropped.
struct Process(Child);

impl Process {
    /// Runs it until it could serve.
    fn start() -> (Self, BufReader<ChildStdout>) {
        let program = std::env::current_exe().expect("known");
        let mut command = Command::new(program);
        command
            .args(["--exact", "announced::serves_in_a_process_of_its_own", "--nocapture"])
            .env(SERVES, "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        let mut output = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        while !line.starts_with("running 1 test") {
            line.clear();
            assert!(output.read_line(&mut line).expect("text") > 0, "the test is not there");
        }
        (Self(child), output)
    }

    /// Lets it serve, until this is dropped.
    fn serve(&mut self) {
        writeln!(self.0.stdin.as_mut().expect("piped"), "serve").expect("it listens");
    }

    /// The line of the other output that starts so, without that.
    fn says(&mut self, start: &str) -> Option<String> {
        let lines = BufReader::new(self.0.stderr.take().expect("piped")).lines().map_while(Result::ok);
        lines.into_iter().find_map(|line| line.strip_prefix(start).map(str::to_owned))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serves(address: &str) -> bool {
    let address: SocketAddr = address.parse().unwrap_or_else(|_| panic!("no address: {address}"));
    assert_ne!(address.port(), 0);
    get(address, "/metrics").status == 200
}

#[test]
fn port_0_prints_the_address_with_the_real_port() {
    let (mut process, output) = Process::start();
    process.serve();
    let line =
        output.lines().map_while(Result::ok).find(|line| line.contains("http://")).expect("it is printed");
    // The harness may have begun a line of its own.
    let (_, said) = line.split_once("resilience: dashboard and metrics at http://").expect(&line);
    assert!(serves(said.trim_end_matches('/')), "{line}");
}

#[test]
fn a_program_whose_output_nobody_reads_serves_all_the_same() {
    let (mut process, output) = Process::start();
    drop(output);
    process.serve();
    let address = process.says("serves at ").expect("it has started, and did not panic");
    assert!(serves(&address), "{address}");
}
