//! One attribute for every `async fn` of an `impl` block.

use std::sync::Arc;

use resilience_runtime::{comprehensive_retry, resilient_service, retry_http_api};

use super::{Flaky, sendable, spawned};

struct Client<T> {
    flaky: Flaky,
    #[expect(dead_code, reason = "a parameter under test")]
    extra: T,
}

impl<T> Client<T> {
    const fn new(failures: u32, extra: T) -> Self {
        Self { flaky: Flaky::new(failures), extra }
    }
}

#[resilient_service("block", HttpApi, max_attempts = 3, base_delay = 0, max_delay = 0, strategy = Fixed, breaker(min_calls = 90, quiet_failures = off))]
impl<T: Send + Sync> Client<T>
where
    T: Clone,
{
    #![expect(clippy::unused_self, reason = "an attribute of the block")]

    const LIMIT: u32 = 7;

    /// Inherits everything.
    async fn ask(&self, text: &str) -> Result<String, String> {
        self.flaky.ask_later().await.map(|asked| format!("{text} {asked}"))
    }

    /// Overrides one key, and one within a clause.
    #[resilient_service(max_attempts = 2, breaker(open_for = "1s", min_calls = 50))]
    pub(super) async fn ask_less(&mut self) -> Result<u32, String> {
        self.flaky.ask_later().await
    }

    /// Another attribute adds keys, and says the kind itself.
    #[retry_http_api(clone(list), max_attempts = 1)]
    #[must_use = "it says so"]
    async fn ask_with(&self, list: Vec<u32>) -> Result<usize, String> {
        let _ = self.flaky.ask_later().await?;
        Ok(std::convert::identity(list).len())
    }

    /// Another service.
    #[comprehensive_retry("elsewhere", breaker = off, static_response = Self::LIMIT)]
    async fn ask_elsewhere(&self) -> Result<u32, String> {
        self.flaky.ask_later().await
    }

    #[resilience(skip)]
    async fn count(&self) -> u32 {
        tokio::task::yield_now().await;
        self.flaky.asked()
    }

    fn plain(&self) -> u32 {
        9 + Self::LIMIT
    }
}

#[tokio::test]
async fn each_method_is_covered_and_its_own_keys_override() {
    let mut client = Client::new(99, 'x');
    assert_eq!(sendable(client.ask("a")).await, Err("failure 3".into()));
    assert_eq!(sendable(client.ask_less()).await, Err("failure 5".into()));
    assert_eq!(sendable(client.ask_with(vec![1, 2])).await, Err("failure 6".into()));
    assert_eq!(sendable(client.ask_elsewhere()).await, Ok(7));
    assert_eq!(client.count().await, 9);
    assert_eq!(client.plain(), 16);
    let client = Client::new(2, 'x');
    assert_eq!(client.ask("a").await, Ok("a 3".into()));
}

trait Port {
    type Answer;

    async fn ask(&self) -> Result<Self::Answer, String>;

    async fn twice(&self) -> Result<(), String> {
        self.ask().await.map(drop)
    }
}

#[resilient_service(service = "trait_block", max_attempts = 2, base_delay = 0, max_delay = 0)]
impl Port for Arc<Flaky> {
    type Answer = u32;

    async fn ask(&self) -> Result<u32, String> {
        self.ask_later().await
    }
}

#[tokio::test]
async fn the_methods_of_a_trait() {
    let flaky = Arc::new(Flaky::new(99));
    assert_eq!(flaky.ask().await, Err("failure 2".into()));
    assert_eq!(flaky.twice().await, Err("failure 4".into()));
}

#[async_trait::async_trait]
trait Boxed {
    async fn inside(&self, text: String) -> Result<String, String>;
    async fn outside(&self, text: &str) -> Result<String, String>;
}

struct Below(Flaky);
struct Above(Flaky);

#[async_trait::async_trait]
#[resilient_service("boxed_block", max_attempts = 2, base_delay = 0, max_delay = 0)]
impl Boxed for Below {
    async fn inside(&self, text: String) -> Result<String, String> {
        self.0.ask_later().await.map(|asked| format!("{text} {asked}"))
    }

    #[comprehensive_retry(max_attempts = 1)]
    async fn outside(&self, text: &str) -> Result<String, String> {
        self.0.ask_later().await.map(|asked| format!("{text} {asked}"))
    }
}

#[resilient_service("boxed_block", max_attempts = 2, base_delay = 0, max_delay = 0)]
#[async_trait::async_trait]
impl Boxed for Above {
    async fn inside(&self, text: String) -> Result<String, String> {
        self.0.ask_later().await.map(|asked| format!("{text} {asked}"))
    }

    #[comprehensive_retry(max_attempts = 1)]
    async fn outside(&self, text: &str) -> Result<String, String> {
        self.0.ask_later().await.map(|asked| format!("{text} {asked}"))
    }
}

#[tokio::test]
async fn under_and_above_async_trait() {
    for port in [&Below(Flaky::new(3)) as &(dyn Boxed + Sync), &Above(Flaky::new(3))] {
        assert_eq!(sendable(port.inside("a".into())).await, Err("failure 2".into()));
        assert_eq!(sendable(port.outside("a")).await, Err("failure 3".into()));
        assert_eq!(sendable(port.outside("a")).await, Ok("a 4".into()));
    }
}

#[tokio::test]
async fn a_function_gets_all_of_it() {
    #[resilient_service(
        "function",
        Database,
        max_attempts = 3,
        base_delay = 0,
        max_delay = 0,
        static_response = 0
    )]
    async fn call(flaky: Arc<Flaky>) -> Result<u32, String> {
        flaky.ask_later().await
    }
    #[resilient_service(
        "function_off",
        base_delay = 0,
        degradation_enabled = false,
        circuit_breaker_enabled = false
    )]
    async fn partly(flaky: Arc<Flaky>) -> Result<u32, String> {
        flaky.ask_later().await
    }
    let flaky = Arc::new(Flaky::new(99));
    assert_eq!(spawned(call(flaky.clone())).await, Ok(0));
    assert_eq!(flaky.asked(), 3);
    assert_eq!(spawned(partly(Arc::new(Flaky::new(0)))).await, Ok(1));
}
