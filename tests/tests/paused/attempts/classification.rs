//! Errors that hide what they wrap: boxes, anyhow, enums around other errors.

use std::io;

use resilience_runtime::{Rejection, classify, comprehensive_retry, testing};

use crate::script::configure;

#[derive(Debug, thiserror::Error)]
enum Wrapper {
    #[error("cannot read")]
    Io(#[source] io::Error),
    #[error(transparent)]
    Rejected(#[from] Rejection),
}

macro_rules! attempts {
    ($error:ty, $make:expr) => {{
        #[comprehensive_retry("svc", base_delay = 0, max_attempts = 3)]
        async fn fail(attempts: &mut u32) -> Result<(), $error> {
            *attempts += 1;
            Err($make)
        }
        let mut attempts = 0;
        testing::isolated(async {
            configure("");
            let _ = fail(&mut attempts).await;
        })
        .await;
        attempts
    }};
}

fn refused() -> io::Error {
    io::ErrorKind::ConnectionRefused.into()
}

fn not_found() -> io::Error {
    io::ErrorKind::NotFound.into()
}

#[tokio::test(start_paused = true)]
async fn the_chain_of_sources_tells_what_an_error_is() {
    type Boxed = Box<dyn std::error::Error + Send + Sync>;
    assert_eq!(attempts!(io::Error, refused()), 3);
    assert_eq!(attempts!(io::Error, not_found()), 1);
    assert_eq!(attempts!(Wrapper, Wrapper::Io(refused())), 3);
    assert_eq!(attempts!(Wrapper, Wrapper::Io(not_found())), 1);
    assert_eq!(attempts!(anyhow::Error, anyhow::Error::new(not_found()).context("while reading")), 1);
    assert_eq!(attempts!(anyhow::Error, anyhow::Error::new(refused()).context("while reading")), 3);
    assert_eq!(attempts!(Boxed, Boxed::from(not_found())), 1);
    assert_eq!(attempts!(String, "nobody knows".to_owned()), 3, "what nobody knows is retried");
}

#[derive(Debug, thiserror::Error)]
#[error("foreign")]
struct Foreign;

impl classify::Classify for Foreign {
    fn classify(&self) -> classify::Recovery {
        classify::Recovery::never()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("around foreign")]
struct AroundForeign(#[source] Foreign);

impl From<Rejection> for AroundForeign {
    fn from(_: Rejection) -> Self {
        Self(Foreign)
    }
}

#[tokio::test(start_paused = true)]
async fn a_registered_type_is_found_in_the_chain() {
    assert_eq!(attempts!(AroundForeign, AroundForeign(Foreign)), 3);
    classify::register::<Foreign>();
    assert_eq!(attempts!(AroundForeign, AroundForeign(Foreign)), 1);
}

#[tokio::test(start_paused = true)]
async fn a_generic_error_counts_by_its_written_bounds() {
    #[comprehensive_retry("svc", base_delay = 0, max_attempts = 3)]
    async fn bounded<E: classify::Classify + From<Rejection>>(
        attempts: &mut u32,
        make: fn() -> E,
    ) -> Result<(), E> {
        *attempts += 1;
        Err(make())
    }
    #[comprehensive_retry("svc", base_delay = 0, max_attempts = 3)]
    async fn unbounded<E: From<Rejection>>(attempts: &mut u32, make: fn() -> E) -> Result<(), E> {
        *attempts += 1;
        Err(make())
    }
    testing::isolated(async {
        configure("");
        let (mut with, mut without) = (0, 0);
        let _ = bounded::<io::Error>(&mut with, not_found).await;
        let _ = unbounded::<io::Error>(&mut without, not_found).await;
        assert_eq!((with, without), (1, 3));
    })
    .await;
}
