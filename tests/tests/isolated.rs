//! Five hundred tests in one program, each with a registry of its own: the same services and functions, and other settings,
//! results, times, breakers, caches, keys and pressure in each.

use std::cell::Cell;
use std::time::Duration;

use resilience_runtime::{Rejection, RejectionKind, comprehensive_retry, registry, testing};
use testing::expect::Happening;
use tokio::time::{Instant, sleep};

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    Down,
    Rejected(RejectionKind),
}

impl From<Rejection> for Fault {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection.kind())
    }
}

/// Fails so often before it answers.
#[comprehensive_retry("shared")]
async fn ask(failures: &Cell<u32>, answer: u64) -> Result<u64, Fault> {
    let Some(left) = failures.get().checked_sub(1) else { return Ok(answer) };
    failures.set(left);
    Err(Fault::Down)
}

/// Takes a random time.
#[comprehensive_retry("jittered", max_attempts = 2, base_delay = "1s")]
async fn jittered() -> Result<u64, Fault> {
    Err(Fault::Down)
}

#[comprehensive_retry("kept", max_attempts = 1, cache(key = 1_u8, ttl = "1h", mode = ReadThrough))]
async fn cached(answer: u64) -> Result<u64, Fault> {
    Ok(answer)
}

#[comprehensive_retry("written", max_attempts = 1, idempotency(key = "the same"))]
async fn written(answer: u64) -> Result<u64, Fault> {
    Ok(answer)
}

async fn scene(number: u64) {
    let (attempts, delay) = (number % 4 + 1, Duration::from_millis(number + 1));
    let opens = number.is_multiple_of(2);
    let breaker = if opens {
        format!("{{ consecutive_failures = 5, open_for = '{}m', max_open_for = '1d' }}", number + 1)
    } else {
        "'off'".to_owned()
    };
    let settings = format!(
        "[services.shared]\nstrategy = 'fixed'\njitter = 0.0\nbudget = 'off'\nmax_attempts = {attempts}\nbase_delay = \
         '{}ms'\nbreaker = {breaker}\n",
        delay.as_millis(),
    );
    registry().load_config(&settings, "test.toml").expect("valid settings");

    let (failures, began) = (Cell::new(u32::try_from(attempts).unwrap() - 1), Instant::now());
    assert_eq!(ask(&failures, number).await, Ok(number));
    assert_eq!(began.elapsed(), delay * (u32::try_from(attempts).unwrap() - 1));
    let as_many = usize::try_from(attempts).unwrap();
    testing::expect("shared")
        .calls(1)
        .attempts(as_many)
        .retries(as_many - 1)
        .succeeds()
        .never(Happening::Opens);
    assert_eq!(registry().services().len(), 4, "and nobody else's");

    failures.set(u32::MAX);
    for _ in 0..5 {
        assert!(ask(&failures, number).await.is_err());
    }
    let is_open = ask(&failures, number).await == Err(Fault::Rejected(RejectionKind::CircuitOpen));
    assert_eq!(is_open, opens);
    if opens {
        testing::expect("shared").fails().then_opens().then_rejects(RejectionKind::CircuitOpen);
        failures.set(0);
        sleep(Duration::from_mins(number + 1) * 9 / 10 / 2).await;
        assert!(ask(&failures, number).await.is_err(), "the break is not over");
        sleep(Duration::from_mins(number + 1) * 2).await;
        assert_eq!(ask(&failures, number).await, Ok(number));
        testing::expect("shared").opens().then_half_opens().then_succeeds();
    }

    for _ in 0..2 {
        assert_eq!((cached(number).await, written(number).await), (Ok(number), Ok(number)));
        assert_eq!((cached(0).await, written(0).await), (Ok(number), Ok(number)), "of this test");
    }
    testing::expect("written").calls(4).attempts(1).then_replays();
    testing::expect("kept").calls(4).attempts(1);

    assert!(registry().pressure() == 0.0);
    #[expect(clippy::cast_precision_loss, reason = "below 500")]
    let pressure = number as f64;
    testing::set_pressure(pressure);
    failures.set(0);
    let shed = ask(&failures, number).await == Err(Fault::Rejected(RejectionKind::Shed));
    assert_eq!((shed, registry().pressure().to_bits()), (number > 1, pressure.to_bits()));
}

/// How long a call with a random delay takes.
async fn random_delay(seed: u64) -> Duration {
    let began = Instant::now();
    assert!(testing::isolated_with(seed, jittered()).await.is_err());
    began.elapsed()
}

fn play(number: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(async {
        testing::isolated(scene(number)).await;
        assert_eq!(random_delay(number).await, random_delay(number).await);
        assert_ne!(random_delay(number).await, random_delay(number + 1).await);
    });
}

/// A module with a hundred tests each.
macro_rules! hundreds {
    ($($name:ident $hundreds:literal)*) => {$(
        mod $name {
            tens! { $hundreds: t0 0 t1 1 t2 2 t3 3 t4 4 t5 5 t6 6 t7 7 t8 8 t9 9 }
        }
    )*};
}

macro_rules! tens {
    ($hundreds:literal: $($name:ident $tens:literal)*) => {$(
        mod $name {
            units! { $hundreds $tens: u0 0 u1 1 u2 2 u3 3 u4 4 u5 5 u6 6 u7 7 u8 8 u9 9 }
        }
    )*};
}

macro_rules! units {
    ($hundreds:literal $tens:literal: $($name:ident $units:literal)*) => {$(
        #[test]
        fn $name() {
            crate::play(100 * $hundreds + 10 * $tens + $units);
        }
    )*};
}

hundreds! { h0 0 h1 1 h2 2 h3 3 h4 4 }
