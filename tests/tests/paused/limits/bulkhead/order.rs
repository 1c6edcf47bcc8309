//! The order in which waiting calls are admitted.

use super::*;

/// Calls that begin shortly after one another while the only slot is taken for 100 ms; returns the order in which they
/// run.
async fn order(priorities: &[Priority], apart: u64) -> Vec<usize> {
    let ran = Mutex::new(Vec::new());
    let first = async {
        let _ = ask(slow(1_000, Answer(0))).await;
    };
    let waiting = priorities.iter().enumerate().map(|(place, &priority)| {
        let ran = &ran;
        async move {
            tokio::time::sleep(ms(1 + apart * place as u64)).await;
            let script = Script::new([slow(10, Answer(1))]);
            let outcome = with_priority(priority, call(&script)).await;
            assert_eq!(outcome, Ok(1));
            ran.lock().unwrap().push((script.asked()[0], place));
        }
    });
    tokio::join!(first, futures::future::join_all(waiting));
    let ran = ran.into_inner().unwrap();
    ran.into_iter().map(|(_, place)| place).collect()
}

const SETTINGS: &str = "max_attempts = 1\nbulkhead = { max_concurrent = 1, max_wait = '9s' }";

#[tokio::test(start_paused = true)]
async fn within_a_priority_the_first_to_come_is_the_first_to_run() {
    testing::isolated(async {
        configure(SETTINGS);
        assert_eq!(order(&[Priority::Normal; 5], 1).await, [0, 1, 2, 3, 4]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_higher_priority_goes_first() {
    testing::isolated(async {
        configure(SETTINGS);
        let priorities =
            [Priority::Low, Priority::Normal, Priority::Critical, Priority::High, Priority::Critical];
        assert_eq!(order(&priorities, 1).await, [2, 4, 3, 1, 0]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_wait_makes_up_for_a_priority() {
    testing::isolated(async {
        configure(SETTINGS);
        // A quarter of a second for each level: 300 ms are worth one, 600 ms two.
        assert_eq!(order(&[Priority::Low, Priority::Normal, Priority::High], 300).await, [0, 1, 2]);
        assert_eq!(order(&[Priority::Low, Priority::High, Priority::Low], 300).await, [1, 0, 2]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_takes_no_permit_that_somebody_waits_for() {
    testing::isolated(async {
        configure(SETTINGS);
        let (waiting, newcomer) = (Script::new([slow(50, Answer(1))]), Script::new([Answer(1)]));
        tokio::join!(ask(slow(100, Answer(1))), call(&waiting), async {
            // At the very moment at which the slot is released.
            tokio::time::sleep(ms(100)).await;
            call(&newcomer).await
        })
        .2
        .unwrap();
        assert_eq!((waiting.asked(), newcomer.asked()), (vec![ms(100)], vec![ms(150)]));
    })
    .await;
}
