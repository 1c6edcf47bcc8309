//! One round. In: a seed and a number of operations. Out: what is wrong with its history. A server and four workers, or one with a
//! store in its memory, are started, and go on through all troubles until every operation is done.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use tests::servers::{Program, Server};

use crate::chaos::{self, Tally};
use crate::checker;
use crate::dice::Dice;
use crate::options::Options;
use crate::records::Records;
use crate::say;

const WORKERS: usize = 4;

struct Round<'a> {
    options: &'a Options,
    url: String,
    folder: tempfile::TempDir,
    logs: [Vec<PathBuf>; WORKERS],
    workers: [Option<Child>; WORKERS],
    /// How many of them there are.
    count: usize,
}

pub(crate) fn run(options: &Options) -> Result<Vec<String>, String> {
    let began = Instant::now();
    let fault = |error: std::io::Error| error.to_string();
    let mut server = (!options.is_in_memory).then(|| Server::start(Program::Redis));
    let url = server.as_ref().map_or_else(String::new, |server| server.url(server.address()));
    let count = if server.is_some() { WORKERS } else { 1 };
    let folder = tempfile::tempdir().map_err(fault)?;
    let (logs, workers) = (Default::default(), Default::default());
    let mut round = Round { options, url, folder, logs, workers, count };
    for which in 0..count {
        round.start(which).map_err(fault)?;
    }
    let mut dice = Dice::new(options.seed, 0);
    let mut tally = Tally::default();
    while round.is_going_on()? {
        let calm = if options.plant.is_some() { 50..300 } else { 300..1_300 };
        thread::sleep(Duration::from_millis(dice.among(calm)));
        let Some(server) = &mut server else {
            chaos::stand_still(round.workers[0].as_ref(), &mut dice, &mut tally);
            continue;
        };
        let killed =
            chaos::strike(server, &mut round.workers, &mut dice, &mut tally, options.plant.is_some());
        if let Some(killed) = killed {
            round.start(killed).map_err(fault)?;
        }
    }
    let mut records = Records::new(server.is_some());
    for log in round.logs.iter().flatten() {
        records.read(log).map_err(fault)?;
    }
    let seconds = began.elapsed().as_secs();
    say(&format!("seed {}: {} in {seconds} s; {}", options.seed, records.counts(), troubles(&tally)));
    let mut findings = checker::check(&records, &tally.losses);
    // A history in which nothing happened is right whatever the store does.
    if options.plant.is_none() {
        findings.extend(records.gaps(options.operations));
    }
    Ok(findings)
}

fn troubles(tally: &Tally) -> String {
    format!(
        "server killed {} times, {} of them with everything, and stopped {} times; workers stopped {} times and killed {}; \
         connections cut {} times",
        tally.kills,
        tally.losses.len(),
        tally.pauses,
        tally.paused_workers,
        tally.killed_workers,
        tally.cuts
    )
}

impl Round<'_> {
    /// Starts a worker, with what its predecessors have left to do.
    fn start(&mut self, which: usize) -> std::io::Result<()> {
        let done = self.logs[which].iter().map(fs::read_to_string).collect::<Result<String, _>>()?;
        let done = done.lines().filter(|line| line.starts_with("C ")).count() as u64;
        let left = (self.options.operations / self.count as u64).saturating_sub(done);
        let incarnation = self.logs[which].len();
        let log = self.folder.path().join(format!("{which}.{incarnation}"));
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--worker").arg((which + incarnation * WORKERS).to_string());
        command.arg("--url").arg(&self.url).arg("--log").arg(&log);
        command.arg("--operations").arg(left.to_string()).args(self.options.arguments());
        fs::write(&log, "")?;
        self.logs[which].push(log);
        self.workers[which] = Some(command.spawn()?);
        Ok(())
    }

    fn is_going_on(&mut self) -> Result<bool, String> {
        let mut is_going_on = false;
        for slot in &mut self.workers {
            let Some(worker) = slot else { continue };
            match worker.try_wait().map_err(|error| error.to_string())? {
                None => is_going_on = true,
                Some(status) if status.success() => *slot = None,
                Some(status) => return Err(format!("a worker ended with {status}")),
            }
        }
        Ok(is_going_on)
    }
}

impl Drop for Round<'_> {
    fn drop(&mut self) {
        for worker in self.workers.iter_mut().flatten() {
            let _ = worker.kill();
            let _ = worker.wait();
        }
    }
}
