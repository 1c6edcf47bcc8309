//! The time goes in, what is wrong with each dependency comes out: the same troubles in each cycle, so that whoever looks at
//! the page sees each of them come and go.

use std::time::{Duration, Instant};

use resilience_runtime::{Classify, Rejection};

/// How long a cycle is.
pub(crate) const CYCLE: Duration = Duration::from_secs(30);

/// What a dependency answers with when it does not answer well.
#[derive(Clone, Debug, thiserror::Error, Classify)]
pub(crate) enum Trouble {
    #[error("connection refused")]
    #[retry]
    ConnectionRefused,
    #[error("status {status}")]
    #[status(status)]
    Overloaded { status: u16 },
    #[error("no such place")]
    #[never]
    NotFound,
    #[error(transparent)]
    #[transparent]
    Rejected(#[from] Rejection),
}

/// How a dependency is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Well,
    Slow,
    Overloaded,
    Down,
}

/// The script, from when it began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Script {
    began: Instant,
}

impl Script {
    pub(crate) fn begin() -> Self {
        Self { began: Instant::now() }
    }

    /// Seconds of the current cycle that are over.
    fn second(self) -> u64 {
        self.began.elapsed().as_secs() % CYCLE.as_secs()
    }

    /// How a dependency is now.
    pub(crate) fn condition(self, dependency: &str) -> Condition {
        match (dependency, self.second()) {
            ("postgres_orders", 5..11) => Condition::Down,
            ("claude_api", 10..17) | ("recommendations", 18..24) => Condition::Overloaded,
            ("payments", 14..21) => Condition::Slow,
            _ => Condition::Well,
        }
    }

    /// The answer of a dependency that takes about so long when it is well.
    pub(crate) async fn answer(self, dependency: &str, takes: Duration) -> Result<(), Trouble> {
        let jitter = takes.mul_f64(rand::random_range(0.6..1.6));
        match self.condition(dependency) {
            Condition::Well => tokio::time::sleep(jitter).await,
            Condition::Slow => tokio::time::sleep(jitter * 8).await,
            Condition::Overloaded => {
                tokio::time::sleep(jitter).await;
                if rand::random_bool(0.7) {
                    return Err(Trouble::Overloaded { status: 529 });
                }
            }
            Condition::Down => return Err(Trouble::ConnectionRefused),
        }
        Ok(())
    }
}
