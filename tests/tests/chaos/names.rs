//! Names of rules: what replaces and disarms them, however many there are, and what is counted under them.

use std::io::{self, ErrorKind};

use resilience_runtime::testing::{self, chaos};
use resilience_runtime::{comprehensive_retry, render_prometheus};

use crate::snapshot;

#[comprehensive_retry("named", max_attempts = 1, breaker = off)]
async fn ask() -> Result<u64, io::Error> {
    Ok(7)
}

fn names() -> Vec<String> {
    chaos::rules().into_iter().map(|rule| rule.name).collect()
}

/// More than there are labels for.
const MANY: usize = 1_100;

#[tokio::test(start_paused = true)]
async fn rules_without_a_name_never_replace_one_another_however_many_there_were() {
    testing::isolated(async {
        for _ in 0..MANY {
            let down = chaos::rule("named").io_error(ErrorKind::TimedOut).arm();
            ask().await.expect_err("the rule");
            assert_eq!(down.injected(), 1);
        }
        ask().await.expect("all guards are dropped");

        let refused = chaos::rule("named").io_error(ErrorKind::ConnectionRefused).count(1).arm();
        let reset = chaos::rule("named").io_error(ErrorKind::ConnectionReset).count(1).arm();
        assert!(refused.is_armed() && reset.is_armed());
        assert_ne!(refused.name(), reset.name());
        assert_eq!(names(), [refused.name(), reset.name()]);
        assert_eq!(ask().await.expect_err("the first").kind(), ErrorKind::ConnectionRefused);
        assert_eq!(ask().await.expect_err("the second").kind(), ErrorKind::ConnectionReset);

        // What has a name is told apart all the same.
        let named = chaos::rule("named").named("down").io_error(ErrorKind::TimedOut).arm();
        ask().await.expect_err("the third");
        assert_eq!((named.name(), snapshot("named").injections.get("down")), ("down", 1));
        let total = snapshot("named").injections.total();
        assert_eq!(total, MANY as u64 + 3, "each is counted under some label");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_name_replaces_only_itself_though_it_shares_its_label() {
    testing::isolated(async {
        for number in 0..MANY {
            let _brief = chaos::rule("named").named(&format!("name {number}")).hang().arm();
        }
        let late = chaos::rule("named").named("late").io_error(ErrorKind::TimedOut).arm();
        let later = chaos::rule("named").named("later").io_error(ErrorKind::TimedOut).arm();
        assert_eq!(names(), ["late", "later"]);
        ask().await.expect_err("a rule");
        assert_eq!((late.injected(), later.injected()), (1, 0));
        let again = chaos::rule("named").named("late").latency("1s").arm();
        assert_eq!((late.is_armed(), later.is_armed(), again.is_armed()), (false, true, true));
        drop(late);
        assert_eq!(names(), ["later", "late"], "the guard of what was replaced ends nothing else");
        let page = render_prometheus();
        assert!(page.contains("rule=\"other\"} 1") && !page.contains("rule=\"late"), "{page}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn names_and_numbers_are_those_of_one_registry() {
    // More names in all than one registry tells apart.
    for round in 0..=MANY / 40 {
        testing::isolated(async {
            for number in 0..40 {
                let name = format!("{number} of round {round}");
                let named = chaos::rule("named").named(&name).io_error(ErrorKind::TimedOut).count(1).arm();
                let unnamed = chaos::rule("named").io_error(ErrorKind::TimedOut).count(1).arm();
                assert_eq!((named.name(), unnamed.name()), (&*name, &*format!("rule-{}", 2 * number + 2)));
                ask().await.expect_err("the first");
                ask().await.expect_err("the second");
            }
            let injections = snapshot("named").injections;
            let last = format!("39 of round {round}");
            assert_eq!((injections.get(&last), injections.get("rule-2"), injections.total()), (1, 1, 80));
        })
        .await;
    }
}
