//! The state that the callers of one round share: how many calls are left, the scenes, and the runtimes.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use crate::checks::findings;
use crate::dice::Dice;
use crate::scenes::Scene;

/// Calls that have ended, in all rounds, for the watchdog.
static ENDED: AtomicU64 = AtomicU64::new(0);

/// Calls that have ended so far.
pub(crate) fn ended_calls() -> u64 {
    ENDED.load(Ordering::Relaxed)
}

/// One more call has ended.
pub(super) fn call_ended() {
    ENDED.fetch_add(1, Ordering::Relaxed);
}

/// One round.
pub(crate) struct Stage {
    left: AtomicU64,
    until: Instant,
    is_over: AtomicBool,
    scenes: Vec<&'static Scene>,
    runtimes: Mutex<Vec<Handle>>,
}

impl Stage {
    /// A round of that many calls, or of that time if it is shorter.
    pub(crate) fn new(calls: u64, time: Duration, scenes: &[&'static Scene]) -> Self {
        // A scene is listed as often as its weight.
        let scenes =
            scenes.iter().flat_map(|&scene| std::iter::repeat_n(scene, scene.weight)).collect::<Vec<_>>();
        let until = Instant::now() + time;
        Self {
            left: AtomicU64::new(calls),
            until,
            is_over: AtomicBool::new(false),
            scenes,
            runtimes: Mutex::default(),
        }
    }

    /// Whether there is another call to make.
    pub(crate) fn takes_one(&self) -> bool {
        let left = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        match left {
            Ok(left) if left.is_multiple_of(64) => {
                if Instant::now() >= self.until || findings::is_final() {
                    self.is_over.store(true, Ordering::Relaxed);
                }
                !self.is_over.load(Ordering::Relaxed)
            }
            Ok(_) => !self.is_over.load(Ordering::Relaxed),
            Err(_) => false,
        }
    }

    pub(crate) fn scene(&self, dice: &mut Dice) -> &'static Scene {
        dice.pick(&self.scenes)
    }

    /// Where futures may be moved to.
    pub(crate) fn add_runtime(&self, handle: Handle) {
        self.runtimes.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
    }

    pub(crate) fn runtime(&self, dice: &mut Dice) -> Option<Handle> {
        let runtimes = self.runtimes.lock().unwrap_or_else(PoisonError::into_inner);
        let place = usize::try_from(dice.below(runtimes.len().max(1) as u64)).unwrap_or(0);
        runtimes.get(place).cloned()
    }
}
