//! Simulated operators. In: the services. Out: breakers forced open and closed, and patches on the settings, while
//! calls go on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use resilience_runtime::{Patch, registry};

use crate::checks::journal;
use crate::dice::Dice;
use crate::foreign::hazards::inside;
use crate::foreign::subscriber::listen;

/// Acts until it is told to stop.
pub(crate) struct Operators {
    services: Vec<&'static str>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    rounds: u64,
}

impl Operators {
    pub(crate) fn new(services: Vec<&'static str>) -> Self {
        Self { services, stop: Arc::default(), thread: None, rounds: 0 }
    }

    pub(crate) fn start(&mut self) {
        self.rounds += 1;
        self.stop.store(false, Ordering::SeqCst);
        let (stop, services, mut dice) =
            (Arc::clone(&self.stop), self.services.clone(), Dice::new((1 << 41) + self.rounds));
        self.thread = Some(thread::spawn(move || {
            journal::enter("operators");
            while !stop.load(Ordering::SeqCst) {
                let service = dice.pick(&services);
                // A listener may panic in the operator's call; that is the operator's own panic.
                let _ = catch_unwind(AssertUnwindSafe(|| inside(|| act(service, &mut dice))));
                thread::sleep(Duration::from_millis(1 + dice.below(10)));
            }
        }));
    }

    /// Stops, and undoes everything.
    pub(crate) fn stop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        for name in &self.services {
            registry().clear_update(name);
            if let Some(service) = registry().service(name) {
                service.reset_breaker();
            }
        }
    }
}

fn act(name: &str, dice: &mut Dice) {
    let Some(service) = registry().service(name) else { return };
    match dice.below(8) {
        kind @ (0 | 1) => {
            if kind == 0 {
                service.force_open();
            } else {
                service.force_closed();
            }
            // A service forced open for long would not see the other hazards.
            thread::sleep(Duration::from_millis(3));
            service.reset_breaker();
        }
        2 | 3 => service.reset_breaker(),
        4 => {
            let _ = registry().update_service(name, &Patch::new().max_attempts(2));
        }
        5 => {
            let _ = registry().update_service(name, &Patch::new().breaker_half_open_calls(3));
        }
        6 => listen(dice.pick(&[0, 1, 2])),
        _ => {
            registry().clear_update(name);
        }
    }
}
