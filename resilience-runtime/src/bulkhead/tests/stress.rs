//! Eight threads with local permits, under reloads, drops and waits. A lost wake-up is a task that never ends.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::SmallRng;
use resilience_settings::Priority;
use resilience_settings::policy::BulkheadSettings;

use super::{BulkheadPermit, Rig, acquired, of, permits};
use crate::clock::Tick;

const ALL: [Priority; 4] = [Priority::Low, Priority::Normal, Priority::High, Priority::Critical];

/// What the tasks share with the thread that reloads.
struct Stage {
    rig: Rig,
    choices: Vec<Option<BulkheadSettings>>,
    current: AtomicUsize,
    over: AtomicBool,
    inside: AtomicU32,
    most: AtomicU32,
    waits: AtomicUsize,
}

impl Stage {
    fn new(choices: Vec<Option<BulkheadSettings>>) -> &'static Self {
        Box::leak(Box::new(Self {
            rig: Rig::default(),
            choices,
            current: AtomicUsize::new(0),
            over: AtomicBool::new(false),
            inside: AtomicU32::new(0),
            most: AtomicU32::new(0),
            waits: AtomicUsize::new(0),
        }))
    }

    fn settings(&self) -> Option<&BulkheadSettings> {
        self.choices[self.current.load(Ordering::SeqCst)].as_ref()
    }

    fn reload_until_over(&self) {
        for choice in (0..self.choices.len()).cycle() {
            self.current.store(choice, Ordering::SeqCst);
            self.rig.reshape(self.settings());
            if self.over.load(Ordering::SeqCst) {
                break;
            }
            thread::sleep(Duration::from_micros(150));
        }
    }

    /// A permit, perhaps after a wait; `None` if it was refused or gave up.
    async fn permit(&self, chance: &mut SmallRng, settings: &BulkheadSettings) -> Option<BulkheadPermit> {
        if let Some(permit) = self.rig.try_acquire(settings) {
            return Some(permit);
        }
        let priority = ALL[chance.random_range(0..4)];
        let entered = self.rig.enqueue(priority, Tick(0), settings).ok()?;
        self.waits.fetch_add(1, Ordering::Relaxed);
        if chance.random_bool(0.2) {
            // Gives up at a random moment, perhaps just as the permit is granted.
            tokio::select! {
                biased;
                () = tokio::task::yield_now() => None,
                permit = acquired(entered) => permit,
            }
        } else {
            acquired(entered).await
        }
    }

    async fn run(&self, seed: u64) {
        let mut chance: SmallRng = rand::SeedableRng::seed_from_u64(seed);
        for _ in 0..2_000 {
            let Some(settings) = self.settings() else {
                tokio::task::yield_now().await;
                continue;
            };
            let Some(permit) = self.permit(&mut chance, settings).await else { continue };
            self.most.fetch_max(self.inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            match chance.random_range(0..10) {
                0..3 => {}
                3..6 => (0..chance.random_range(0..300)).for_each(|_| std::hint::spin_loop()),
                // It may continue on another thread.
                _ => tokio::task::yield_now().await,
            }
            self.inside.fetch_sub(1, Ordering::SeqCst);
            self.rig.release(permit, self.settings());
        }
    }

    /// Runs all tasks to their end and checks that all permits are back and that one thread can have them all.
    /// Returns how many ran at once at most.
    fn simulate(&'static self, tasks: u64) -> u32 {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(8).enable_time().build().unwrap();
        thread::scope(|scope| {
            if self.choices.len() > 1 {
                scope.spawn(|| self.reload_until_over());
            }
            runtime.block_on(async {
                let tasks: Vec<_> = (0..tasks).map(|seed| tokio::spawn(self.run(seed))).collect();
                for task in tasks {
                    let ended = tokio::time::timeout(Duration::from_mins(1), task).await;
                    if !matches!(ended, Ok(Ok(()))) {
                        self.over.store(true, Ordering::SeqCst);
                    }
                    ended.expect("a waiter was never woken").unwrap();
                }
            });
            self.over.store(true, Ordering::SeqCst);
        });
        assert_eq!((self.rig.in_flight(), self.rig.queue_depth()), (0, 0));
        for settings in self.choices.iter().flatten() {
            let limit = self.rig.limit(settings);
            for permit in permits(&self.rig, limit as usize, settings) {
                self.rig.release(permit, Some(settings));
            }
        }
        self.most.load(Ordering::SeqCst)
    }
}

#[test]
fn a_limit_of_twenty_holds_while_permits_go_from_thread_to_thread() {
    let stage = Stage::new(vec![Some(of(20, 1_000))]);
    let most = stage.simulate(64);
    assert!((2..=20).contains(&most), "{most}");
    assert!(stage.waits.load(Ordering::Relaxed) > 0);
}

#[test]
fn as_many_threads_as_permits_never_strand_a_waiter() {
    let most = Stage::new(vec![Some(of(16, 1_000))]).simulate(20);
    assert!((2..=16).contains(&most), "{most}");
}

#[test]
fn without_a_queue_the_limit_holds_and_every_permit_comes_back() {
    let most = Stage::new(vec![Some(of(20, 0))]).simulate(48);
    assert!((2..=20).contains(&most), "{most}");
}

#[test]
fn reloads_never_let_more_run_than_the_largest_limit() {
    let adaptive = settings!(BulkheadSettings { adaptive: true, ..of(40, 1_000) });
    let choices = [of(20, 1_000), of(40, 1_000), adaptive, of(17, 0), of(3, 1_000)];
    let most = Stage::new(choices.map(Some).into()).simulate(64);
    assert!((2..=40).contains(&most), "{most}");
}

#[test]
fn switching_off_and_on_strands_nobody_and_loses_no_permit() {
    let stage = Stage::new(vec![Some(of(20, 1_000)), None, Some(of(33, 1_000)), None, Some(of(2, 1_000))]);
    stage.simulate(64);
}

#[test]
fn what_ended_threads_left_in_their_local_permits_can_be_had() {
    let (rig, settings) = (Rig::default(), of(64, 0));
    let all_here = Barrier::new(8);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let permit = rig.try_acquire(&settings).unwrap();
                // Until all have started, no slot is free for another thread.
                all_here.wait();
                rig.release(permit, Some(&settings));
            });
        }
    });
    assert_eq!((rig.in_flight(), rig.counted()), (0, 8));
    assert_eq!(permits(&rig, 64, &settings).len(), 64);
    assert!(rig.try_acquire(&settings).is_none());
}
