//! Heap bytes per service and per call site, for one thread that calls them and for a second one.

use allocation_counter::measure as counted;
use benches::ops::{OpError, ready};
use benches::row::Row;
use resilience_runtime::{ServiceKind, comprehensive_retry, resilient_call};
use tokio::runtime::{Builder, Runtime};

const SERVICES: usize = 1_000;
const GROUP: &str = "services";

/// The call whose first site makes the service.
async fn here(service: &str) -> Result<u64, OpError> {
    resilient_call(service.to_owned(), ServiceKind::Generic, || ready(1)).await
}

/// The same from another line: a further site of a service that is there already.
async fn there(service: &str) -> Result<u64, OpError> {
    resilient_call(service.to_owned(), ServiceKind::Generic, || ready(1)).await
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Bytes that stay, for each of so many things.
fn kept(things: usize, work: impl FnOnce()) -> f64 {
    let bytes = counted(work).bytes_current;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let each = bytes as f64 / things as f64;
    each
}

/// One annotated call site, anew wherever this is written.
macro_rules! site {
    ($service:literal, $runtime:expr) => {{
        #[comprehensive_retry($service)]
        async fn annotated(value: u64) -> Result<u64, OpError> {
            ready(value).await
        }
        kept(1, || assert_eq!($runtime.block_on(annotated(1)), Ok(1)))
    }};
}

/// The figure for services that are met one by one, without the rare growth of a table that they share.
fn median<const N: usize>(mut bytes: [f64; N]) -> f64 {
    bytes.sort_by(f64::total_cmp);
    bytes[N / 2]
}

pub(crate) fn measure() {
    let names: Vec<String> = (0..SERVICES).map(|number| format!("service_{number:04}")).collect();
    let runtime = runtime();
    for call in [runtime.block_on(here("warm")), runtime.block_on(there("warm"))] {
        assert_eq!(call, Ok(1));
    }

    macro_rules! all {
        ($runtime:expr, $call:path) => {
            kept(SERVICES, || {
                for name in &names {
                    assert_eq!($runtime.block_on($call(name)), Ok(1));
                }
            })
        };
    }
    let first_thread = all!(runtime, here);
    let again = all!(runtime, here);
    let further_site = all!(runtime, there);
    // While the first thread lives: a thread that follows one that has ended may take over what it left.
    let second_thread = std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            let runtime = self::runtime();
            assert_eq!(runtime.block_on(here("warm")), Ok(1));
            all!(runtime, here)
        });
        other.join().expect("the second thread")
    });
    let annotated = median([
        site!("annotated_0", runtime),
        site!("annotated_1", runtime),
        site!("annotated_2", runtime),
        site!("annotated_3", runtime),
        site!("annotated_4", runtime),
        site!("annotated_5", runtime),
        site!("annotated_6", runtime),
        site!("annotated_7", runtime),
        site!("annotated_8", runtime),
    ]);
    let annotated_site = median([
        site!("annotated_0", runtime),
        site!("annotated_0", runtime),
        site!("annotated_0", runtime),
        site!("annotated_0", runtime),
        site!("annotated_0", runtime),
    ]);
    let row = |case, bytes, note: &str| Row::new("memory", GROUP, case, bytes, "bytes").note(note).print();
    row("called from one thread", annotated, "annotated function, its site included");
    row(
        "idle, whatever its threads and sites",
        annotated - annotated_site - second_thread,
        "the first figure less one site and one thread",
    );
    row("each further thread that calls it", second_thread, "1,000 services");
    row("each further annotated call site", annotated_site, "of a service that is there");
    row("by name, called from one thread", first_thread, "resilient_call, 1,000 services, tables included");
    row("by name, each further call site", further_site, "resilient_call, 1,000 services");
    row("1,000 more calls", again, "per service; anything but 0 is a leak");
    assert!(again.abs() < 1.0, "calls of known services leak: {again} bytes each");
}
