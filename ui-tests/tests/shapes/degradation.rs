//! What answers for a failed call: arguments reach it in every form, and the future stays `Send`.

#![expect(
    clippy::unnecessary_wraps,
    clippy::ptr_arg,
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    reason = "the signatures that the keys ask for"
)]

use std::cell::Cell;
use std::sync::Arc;

use resilience_runtime::{comprehensive_retry, graceful_degradation, resilient_service};

use super::{Flaky, sendable, spawned};

fn other(flaky: &Flaky, number: u32) -> Result<u32, String> {
    Ok(flaky.asked() + number)
}

async fn other_later(flaky: &Flaky, number: u32) -> Result<u32, String> {
    tokio::task::yield_now().await;
    Ok(flaky.asked() + number)
}

fn told(flaky: &Flaky, number: u32, error: &String) -> Result<u32, String> {
    Ok(flaky.asked() + number + u32::try_from(error.len()).unwrap_or(0))
}

async fn told_later(flaky: &Flaky, number: u32, error: &String) -> Result<u32, String> {
    tokio::task::yield_now().await;
    Err(format!("{error} {} {number}", flaky.asked()))
}

#[tokio::test]
async fn fallbacks_of_all_four_forms() {
    #[graceful_degradation("forms", fallback = other)]
    async fn plain(flaky: &Flaky, number: u32) -> Result<u32, String> {
        flaky.ask_later().await.map(|asked| asked + number)
    }
    #[graceful_degradation("forms", fallback = other_later)]
    async fn later(flaky: &Flaky, number: u32) -> Result<u32, String> {
        flaky.ask_later().await.map(|asked| asked + number)
    }
    #[comprehensive_retry("forms", max_attempts = 2, base_delay = 0, max_delay = 0, fallback = told)]
    async fn error(flaky: &Flaky, number: u32) -> Result<u32, String> {
        flaky.ask_later().await.map(|asked| asked + number)
    }
    #[graceful_degradation("forms", fallback = told_later)]
    async fn error_later(flaky: &Flaky, number: u32) -> Result<u32, String> {
        flaky.ask_later().await.map(|asked| asked + number)
    }
    let flaky = Flaky::new(99);
    assert_eq!(sendable(plain(&flaky, 10)).await, Ok(11));
    assert_eq!(sendable(later(&flaky, 10)).await, Ok(12));
    assert_eq!(sendable(error(&flaky, 10)).await, Ok(4 + 10 + 9));
    assert_eq!(
        sendable(error_later(&flaky, 10)).await,
        Err("failure 5".into()),
        "the first error, and not that of the fallback"
    );
    assert_eq!(plain(&Flaky::new(0), 10).await, Ok(11));
}

#[tokio::test]
async fn fallbacks_that_are_closures() {
    #[graceful_degradation("closures", fallback = |flaky, number| Ok(flaky.asked() + number))]
    async fn plain(flaky: &Flaky, number: u32) -> Result<u32, String> {
        flaky.ask_later().await.map(|asked| asked + number)
    }
    #[graceful_degradation("closures", fallback = |flaky, number, error| {
        Err(format!("{} {} {number}", error.len(), flaky.asked()))
    })]
    async fn error(flaky: &Flaky, number: u32) -> Result<u32, String> {
        flaky.ask_later().await.map(|asked| asked + number)
    }
    #[graceful_degradation("closures", fallback = |flaky, number| async move { other_later(flaky, number).await })]
    async fn block(flaky: &Flaky, number: u32) -> Result<u32, String> {
        flaky.ask_later().await.map(|asked| asked + number)
    }
    #[comprehensive_retry("closures", max_attempts = 1, fallback = async |flaky, mut list: Vec<u32>, error| {
        tokio::task::yield_now().await;
        list.push(u32::try_from(error.len()).unwrap_or(0));
        Ok(list.len() + usize::from(flaky.asked() > 0))
    }, clone(list))]
    async fn later(flaky: Arc<Flaky>, list: Vec<u32>) -> Result<usize, String> {
        flaky.ask_later().await.map(|asked| list.len() + usize::try_from(asked).unwrap_or(0))
    }
    #[graceful_degradation("closures", fallback = |text| { let short = text.get(..1).ok_or("empty")?; Ok(short) })]
    async fn borrowing(text: &str) -> Result<&str, String> {
        Err(text.to_owned())
    }
    let flaky = Flaky::new(99);
    assert_eq!(sendable(plain(&flaky, 10)).await, Ok(11));
    assert_eq!(sendable(error(&flaky, 10)).await, Err("failure 2".into()));
    assert_eq!(sendable(block(&flaky, 10)).await, Ok(13));
    assert_eq!(spawned(later(Arc::new(Flaky::new(1)), vec![1])).await, Ok(3));
    assert_eq!(borrowing("abc").await, Ok("a"));
    assert_eq!(borrowing("").await, Err(String::new()));
}

#[tokio::test]
async fn the_body_runs_once_and_may_consume_its_arguments() {
    #[graceful_degradation("consumes", static_response = String::from("static"))]
    async fn call(flaky: Arc<Flaky>, text: String) -> Result<String, String> {
        let asked = spawned(async move { flaky.ask_later().await }).await?;
        Ok(text + &asked.to_string())
    }
    let flaky = Arc::new(Flaky::new(1));
    assert_eq!(spawned(call(flaky.clone(), "a".into())).await, Ok("static".into()));
    assert_eq!(flaky.asked(), 1);
    assert_eq!(spawned(call(flaky.clone(), "a".into())).await, Ok("a2".into()));
}

#[tokio::test]
async fn arguments_are_cloned_for_the_body_and_the_first_source() {
    async fn redirect(list: Vec<u32>, flaky: &Flaky) -> Result<Vec<u32>, String> {
        flaky.ask_later().await?;
        Ok(list)
    }
    fn fallback(mut list: Vec<u32>, _: &Flaky) -> Result<Vec<u32>, String> {
        list.push(9);
        Ok(list)
    }
    #[graceful_degradation("clones", redirect = redirect, fallback = fallback, clone(list))]
    async fn call(list: Vec<u32>, flaky: &Flaky) -> Result<Vec<u32>, String> {
        let mut list = std::convert::identity(list);
        list.push(flaky.ask_later().await?);
        Ok(list)
    }
    assert_eq!(sendable(call(vec![1], &Flaky::new(0))).await, Ok(vec![1, 1]));
    assert_eq!(sendable(call(vec![1], &Flaky::new(1))).await, Ok(vec![1]));
    assert_eq!(sendable(call(vec![1], &Flaky::new(2))).await, Ok(vec![1, 9]));
}

struct Client {
    flaky: Flaky,
    seen: u32,
}

impl Client {
    async fn remembered(&mut self, number: &u32) -> Result<u32, String> {
        self.flaky.ask_later().await?;
        Ok(self.seen + number)
    }

    fn forgotten(&mut self, _: &u32, error: &String) -> Result<u32, String> {
        self.seen += u32::try_from(error.len()).unwrap_or(0);
        Ok(self.seen)
    }

    #[resilient_service(
        "client",
        max_attempts = 2,
        base_delay = 0,
        max_delay = 0,
        redirect = Self::remembered,
        fallback = Client::forgotten
    )]
    async fn ask(&mut self, number: &u32) -> Result<u32, String> {
        self.seen += 1;
        self.flaky.ask_later().await.map(|asked| asked + number)
    }
}

#[tokio::test]
async fn methods_stand_in_for_methods() {
    let mut client = Client { flaky: Flaky::new(2), seen: 0 };
    assert_eq!(sendable(client.ask(&10)).await, Ok(12), "redirected after two attempts");
    client.flaky = Flaky::new(99);
    assert_eq!(client.ask(&10).await, Ok(4 + 9), "the fallback was told of the first error");
}

#[tokio::test]
async fn an_argument_that_no_thread_may_share() {
    fn other(cell: Cell<u32>) -> Result<u32, String> {
        Ok(cell.get() + 1)
    }
    #[graceful_degradation("cell", fallback = other)]
    async fn call(cell: Cell<u32>) -> Result<u32, String> {
        tokio::task::yield_now().await;
        cell.set(cell.get() + 1);
        Err("no".into())
    }
    assert_eq!(sendable(call(Cell::new(1))).await, Ok(3));
}

#[tokio::test]
async fn a_cache_answers_for_its_key() {
    #[comprehensive_retry("cached", max_attempts = 1, breaker = off, cache(ttl = "1m", key = (text.to_owned(), number)))]
    async fn call(flaky: &Flaky, text: &str, number: u32) -> Result<String, String> {
        flaky.ask_later().await.map(|asked| format!("{text} {number} {asked}"))
    }
    let good = Flaky::new(0);
    let bad = Flaky::new(99);
    assert_eq!(sendable(call(&good, "a", 1)).await, Ok("a 1 1".into()));
    assert_eq!(call(&bad, "a", 1).await, Ok("a 1 1".into()));
    assert_eq!(call(&bad, "a", 2).await, Err("failure 2".into()));
}

#[tokio::test]
async fn a_cache_that_answers_first() {
    #[graceful_degradation("ahead", cache(mode = ReadThrough))]
    async fn call() -> Result<u32, String> {
        static ASKED: Flaky = Flaky::new(0);
        ASKED.ask_later().await
    }
    assert_eq!(sendable(call()).await, Ok(1));
    assert_eq!(call().await, Ok(1));
}

#[tokio::test]
async fn copies_of_a_body_share_its_arguments() {
    #[comprehensive_retry(
        "copies",
        base_delay = 0,
        max_delay = 0,
        idempotent = true,
        hedge(after = "1s", max = 2),
        clone(list)
    )]
    async fn call(flaky: Arc<Flaky>, list: Vec<u32>, text: &str, number: u32) -> Result<String, String> {
        let sum: u32 = list.into_iter().sum();
        flaky.ask_later().await.map(|asked| format!("{text} {}", sum + number + asked))
    }
    let flaky = Arc::new(Flaky::new(1));
    assert_eq!(sendable(call(flaky, vec![1, 2], "a", 10)).await, Ok("a 15".into()));
}

#[tokio::test]
async fn a_partition_is_any_key() {
    #[resilient_service("parted", partition = tenant.to_owned(), max_partitions = 10, static_response = 7)]
    async fn call(tenant: &str) -> Result<u32, String> {
        Err(tenant.to_owned())
    }
    assert_eq!(sendable(call("a")).await, Ok(7));
}

#[tokio::test]
async fn stacked_with_a_retry_it_is_one_loop() {
    #[graceful_degradation("both", static_response = 5)]
    #[comprehensive_retry("both", max_attempts = 3, base_delay = 0, max_delay = 0)]
    async fn above(flaky: &Flaky) -> Result<u32, String> {
        flaky.ask_later().await
    }
    #[comprehensive_retry("both", max_attempts = 3, base_delay = 0, max_delay = 0)]
    #[graceful_degradation("both", static_response = 5)]
    async fn below(flaky: &Flaky) -> Result<u32, String> {
        flaky.ask_later().await
    }
    let flaky = Flaky::new(5);
    assert_eq!(sendable(above(&flaky)).await, Ok(5));
    assert_eq!(flaky.asked(), 3);
    assert_eq!(sendable(below(&flaky)).await, Ok(6));
}

#[async_trait::async_trait]
trait Port {
    async fn talk(&self, text: String) -> Result<String, String>;
}

impl Client {
    async fn instead(&self, text: String, error: &String) -> Result<String, String> {
        tokio::task::yield_now().await;
        Ok(format!("{text} {error} {}", self.seen))
    }
}

#[async_trait::async_trait]
impl Port for Client {
    #[graceful_degradation("port", fallback = Client::instead)]
    async fn talk(&self, text: String) -> Result<String, String> {
        self.flaky.ask_later().await.map(|asked| format!("{text} {asked}"))
    }
}

#[tokio::test]
async fn under_async_trait() {
    let port = Client { flaky: Flaky::new(1), seen: 0 };
    assert_eq!(sendable(port.talk("a".into())).await, Ok("a failure 1 0".into()));
    assert_eq!(sendable(port.talk("a".into())).await, Ok("a 2".into()));
}
