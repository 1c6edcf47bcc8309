//! How long a source may take.

use resilience_runtime::{RejectionKind, comprehensive_retry, testing};
use tokio::time::Instant;

use super::{Asked, all, configure, redirect};
use crate::script::{Answer, Fail, Fault, Hang, Script, ms, secs, slow};

#[tokio::test(start_paused = true)]
async fn after_the_deadline_a_redirect_gets_the_attempt_timeout() {
    testing::isolated(async {
        // The second attempt is cut off by the deadline, six seconds after the start.
        for (timeout, takes, answer) in [
            ("'4s'", 3_990, 1),
            ("'4s'", 4_010, 99),
            ("'off'", 5_990, 1),
            ("'off'", 6_010, 99),
        ] {
            configure(&format!(
                "[services.svc]\nmax_attempts = 2\nbase_delay = 0\ndeadline = '6s'\nattempt_timeout = {timeout}\n"
            ));
            let mut asked = Asked::new(Script::new([Hang]));
            asked.redirect = Script::new([slow(takes, Answer(1))]);
            let start = Instant::now();
            assert_eq!(all(&asked).await, Ok(answer), "{timeout} {takes}");
            assert!(start.elapsed() <= ms(6_004 + takes), "{timeout} {takes} {:?}", start.elapsed());
        }
    })
    .await;
}

#[comprehensive_retry("svc", redirect = redirect, static_response = 7)]
async fn late(asked: &Asked) -> Result<u32, Fault> {
    asked.call.step().await
}

#[tokio::test(start_paused = true)]
async fn a_redirect_within_the_deadline_may_use_what_is_left_of_it() {
    testing::isolated(async {
        configure("[services.svc]\nmax_attempts = 1\ndeadline = '10s'\nattempt_timeout = '1s'\n");
        let mut asked = Asked::new(Script::new([Fail(Fault::Down)]));
        asked.redirect = Script::new([slow(9_000, Answer(1)), Hang]);
        assert_eq!(late(&asked).await, Ok(1));
        let start = Instant::now();
        assert_eq!(late(&asked).await, Ok(7), "and no more than that");
        assert!((secs(10)..=ms(10_002)).contains(&start.elapsed()), "{:?}", start.elapsed());
    })
    .await;
}

#[comprehensive_retry("outer", max_attempts = 1, deadline = "2s", attempt_timeout = off)]
async fn hurried(asked: &Asked) -> Result<u32, Fault> {
    late(asked).await
}

#[tokio::test(start_paused = true)]
async fn no_source_goes_beyond_the_deadline_of_an_outer_call() {
    testing::isolated(async {
        configure("[services.svc]\nmax_attempts = 1\ndeadline = '10s'\nattempt_timeout = '1s'\n");
        let mut asked = Asked::new(Script::new([Hang]));
        asked.redirect = Script::new([Hang]);
        let start = Instant::now();
        let outcome = hurried(&asked).await;
        // The inner and the outer timer go off together; either answer is in time.
        assert!(
            matches!(&outcome, Ok(7))
                || matches!(&outcome, Err(Fault::Rejected(it)) if it.kind() == RejectionKind::DeadlineExceeded),
            "{outcome:?}"
        );
        assert!(start.elapsed() <= ms(2_002), "{:?}", start.elapsed());
    })
    .await;
}
