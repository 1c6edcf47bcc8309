//! Kills and stops servers and workers during a round. In: both. Out: when the store forgot everything.

use std::ops::Range;
use std::process::Child;
use std::thread;
use std::time::Duration;

use tests::servers::{Persistence, Server, signal};

use crate::clock::now;
use crate::dice::Dice;

/// A restart of the server that lost everything: what was before says nothing about what comes after.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loss {
    pub(crate) from: u64,
    pub(crate) until: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) kills: u32,
    pub(crate) losses: Vec<Loss>,
    pub(crate) pauses: u32,
    pub(crate) paused_workers: u32,
    pub(crate) killed_workers: u32,
    pub(crate) cuts: u32,
}

/// What may go wrong, by number.
const ANY: Range<u64> = 0..10;
/// A worker stands still, and its leases run out: what tells a store that does it wrong from one that does not.
const STANDSTILL: Range<u64> = 5..8;

/// One trouble, or one that shows a planted fault. The worker that is returned has been killed, and has to be started again.
pub(crate) fn strike(
    server: &mut Server,
    workers: &mut [Option<Child>],
    dice: &mut Dice,
    tally: &mut Tally,
    is_planted: bool,
) -> Option<usize> {
    let which = usize::try_from(dice.among(0..4)).unwrap_or_default();
    // First of all, long enough for everybody to notice: a round must not pass because nothing happened in it.
    if !is_planted && tally.pauses == 0 {
        server.pause();
        millis(dice, 1_600..2_000);
        server.resume();
        tally.pauses += 1;
        return None;
    }
    match dice.among(if is_planted { STANDSTILL } else { ANY }) {
        trouble @ 0..3 => {
            let from = now();
            server.kill();
            millis(dice, 0..250);
            let persistence = if trouble == 0 { Persistence::Empty } else { Persistence::Kept };
            server.restart(persistence);
            tally.kills += 1;
            if persistence == Persistence::Empty {
                tally.losses.push(Loss { from, until: now() });
            }
        }
        3..5 => {
            server.pause();
            millis(dice, 50..900);
            server.resume();
            tally.pauses += 1;
        }
        5..8 => {
            stand_still(workers[which].as_ref(), dice, tally);
        }
        8 => {
            let worker = workers[which].as_mut()?;
            worker.kill().ok()?;
            worker.wait().ok()?;
            workers[which] = None;
            tally.killed_workers += 1;
            return Some(which);
        }
        _ => {
            let cut = server
                .operator()
                .and_then(|mut operator| operator.ask(&["CLIENT", "KILL", "USER", "resilience"]));
            tally.cuts += u32::from(cut.is_ok());
        }
    }
    None
}

/// A worker stands still for longer than a lease.
pub(crate) fn stand_still(worker: Option<&Child>, dice: &mut Dice, tally: &mut Tally) {
    let Some(worker) = worker else { return };
    signal(worker.id(), "STOP");
    millis(dice, 650..1_500);
    signal(worker.id(), "CONT");
    tally.paused_workers += 1;
}

fn millis(dice: &mut Dice, range: Range<u64>) {
    thread::sleep(Duration::from_millis(dice.among(range)));
}
