//! What callers notice while a file of 1,000 services is reloaded with other numbers, twenty times.
//!
//! Two threads call all the time, so on two cores a reload takes one of them away for a while, whatever it does.
//! That is not what is asked for. So each round has three phases: nothing else runs; a third thread checks the same
//! text for as much processor time as a reload takes, and changes nothing; the third thread reloads. And the kernel
//! says how long a caller stood ready without a core: the rest of a delay is a wait for the reload itself.

mod caller;
mod phase;

use std::fs;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::time::Duration;

use benches::config_text;
use benches::ops::{OpError, ready};
use resilience_runtime::{
    ServiceKind, comprehensive_retry, load_config_from_file, resilient_call, validate_config,
};

use caller::{ProcessorTime, call_until_told};
use phase::Phase;

const SERVICES: usize = 1_000;
const ROUNDS: usize = 20;
const CALLERS: usize = 2;
/// Long enough for some hundred thousand calls.
const QUIET: Duration = Duration::from_millis(200);

#[comprehensive_retry("service_0007", bulkhead(max_concurrent = 64))]
async fn annotated(value: u64) -> Result<u64, OpError> {
    ready(value).await
}

async fn by_name(service: &str) -> Result<u64, OpError> {
    resilient_call(service.to_owned(), ServiceKind::Generic, || ready(1)).await
}

fn main() {
    let names: Vec<String> = (0..SERVICES).map(|number| format!("service_{number:04}")).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("resilience.toml");
    let write = |version| fs::write(&path, config_text::of(&names, version)).expect("the file is written");
    let reload = || drop(load_config_from_file(&path).expect("the file is valid"));
    let text = config_text::of(&names, 0);

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        for name in &names {
            assert!(by_name(name).await.is_ok());
        }
    });
    write(0);
    reload();

    // A caller reads the number of the phase after every call, and writes nothing that the others read.
    let (phase, is_over) = (AtomicUsize::new(Phase::Quiet as usize), AtomicBool::new(false));
    let begun = Barrier::new(CALLERS + 1);
    let mut reload_time = Duration::ZERO;
    let callers = std::thread::scope(|scope| {
        let callers: Vec<_> =
            (0..CALLERS).map(|_| scope.spawn(|| call_until_told(&phase, &is_over, &begun, &names))).collect();
        begun.wait();
        let turn = |next: Phase| phase.store(next as usize, std::sync::atomic::Ordering::Relaxed);
        let mut version = 1;
        let mut processor = ProcessorTime::of_this_thread();
        // The first is not measured: it says how long the control has to work.
        write(version);
        let mut needed = processor.spent_in(reload);
        for _ in 0..ROUNDS {
            turn(Phase::Quiet);
            std::thread::sleep(QUIET);

            turn(Phase::Control);
            let mut worked = Duration::ZERO;
            while worked < needed {
                worked += processor.spent_in(|| validate_config(&text).expect("the text is valid"));
            }
            turn(Phase::Between);
            version += 1;
            write(version);

            turn(Phase::Reload);
            needed = processor.spent_in(reload);
            turn(Phase::Between);
            reload_time += needed;
        }
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        callers.into_iter().map(|caller| caller.join().expect("a caller")).collect::<Vec<_>>()
    });
    phase::report(callers, reload_time, ROUNDS);
}
