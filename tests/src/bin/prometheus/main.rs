//! In: the folder `monitoring`, a Prometheus server that is installed, and the example `monitoring` as a program, named by
//! the only argument. Out: the word that the server scrapes the example and a page of ours in both formats, answers every
//! panel and every rule for each, sees each alert fire in a scripted trouble and stop after it, and that on an open breaker
//! in the example; or what was wrong, and exit code 1. `checks/prometheus` runs it.

mod alerts;
mod api;
mod example;
mod fleet;
mod http;
mod pages;
mod panels;
mod server;
mod time_lapse;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use self::api::Api;
use self::example::Example;
use self::fleet::Fleet;
use self::pages::Pages;
use self::server::Server;

/// How long the fleet is well first. The alert on latency compares with what was before, some 15 s ago in time lapse.
const WELL: Duration = Duration::from_secs(22);
/// How long anything may take to come or to go.
const PATIENCE: Duration = Duration::from_mins(1);

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            say(&format!("wrong: {fault}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let monitoring = Path::new(env!("CARGO_MANIFEST_DIR")).join("../monitoring");
    let fleet = Fleet::start();
    let pages = Pages::serve(&fleet)?;
    pages.check()?;
    let program = std::env::args_os().nth(1).ok_or("the program of the example is not named")?;
    let example = Example::start(Path::new(&program))?;
    example.check()?;
    let targets = [(pages::SERVICE, pages.targets()), (example::SERVICE, example.targets())];
    let server = Server::start(&monitoring, &targets)?;
    let api = Api::new(server.address());

    let began = Instant::now();
    within("all targets are scraped", || api.targets_are_up(4))?;
    pages.were_served_in_both_formats()?;
    say("ok: scraped in both formats");
    while began.elapsed() < WELL {
        thread::sleep(Duration::from_millis(500));
        alerts::none(&api)?;
    }
    say("ok: no alert while all is well");

    let alerts = api.alerts()?;
    if alerts.is_empty() {
        return Err("no alert is loaded".into());
    }
    fleet.be_in_trouble(true);
    let mut missing = alerts;
    within("every alert fires", || alerts::fired(&api, &mut missing))?;
    say("ok: every alert fired");
    within("every rule answers", || api.rules_answer())?;
    within("every panel answers", || panels::answer(&api, &monitoring, pages::SERVICE))?;
    within("labels are ours and those of the targets", || {
        api.labels_are_clean(pages::SERVICE, "claude_api", &pages.targets())
    })?;
    within("a name of any characters is one label", || api.name_is(fleet::ODD_NAME_SHOWN))?;
    say("ok: every rule and panel answers");

    fleet.be_in_trouble(false);
    within("every alert stops", || alerts::none(&api))?;
    say("ok: every alert stopped");

    within("every rule answers for the example", || api.records_answer(example::SERVICE))?;
    within("every panel answers for the example", || panels::answer(&api, &monitoring, example::SERVICE))?;
    within("labels are ours and those of the targets", || {
        api.labels_are_clean(example::SERVICE, example::TROUBLED, &example.targets())
    })?;
    say("ok: every rule and panel answers for the running example");
    let fires = || alerts::breaker(&api, example::SERVICE, example::TROUBLED);
    within(
        "no alert on the breaker of the example",
        || if fires()? { Err("it fires".into()) } else { Ok(()) },
    )?;
    within("it fires", || if fires()? { Ok(()) } else { Err("it does not".into()) })?;
    within("it stops", || if fires()? { Err("it still fires".into()) } else { Ok(()) })?;
    say("ok: the alert on the breaker of the example fired and stopped");
    Ok(())
}

/// Asks until the answer is good, or says what was wrong with the last.
fn within(what: &str, mut ask: impl FnMut() -> Result<(), String>) -> Result<(), String> {
    let began = Instant::now();
    loop {
        match ask() {
            Ok(()) => return Ok(()),
            Err(fault) if began.elapsed() > PATIENCE => return Err(format!("not so: {what}: {fault}")),
            Err(_) => thread::sleep(Duration::from_millis(250)),
        }
    }
}

/// `RESILIENCE_PROMETHEUS_PIDS` names a file for the ids of all processes that are started, so that whoever stops this
/// program can stop them too.
fn note(child: &Child) -> std::io::Result<()> {
    let Some(file) = std::env::var_os("RESILIENCE_PROMETHEUS_PIDS") else { return Ok(()) };
    let mut file = OpenOptions::new().append(true).create(true).open(file)?;
    writeln!(file, "{}", child.id())
}

/// Prints a line. That nobody reads it is no reason to stop.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
