//! Methods: every sort of `self`, in inherent impls, traits and traits with default bodies.

use std::pin::Pin;
use std::sync::Arc;

use resilience_runtime::{comprehensive_retry, retry_database};

use crate::{Flaky, sendable, spawned};

#[derive(Default)]
struct Client {
    flaky: Flaky,
    log: Vec<u32>,
}

impl Client {
    fn failing(failures: u32) -> Self {
        Self { flaky: Flaky::new(failures), log: Vec::new() }
    }

    #[comprehensive_retry("shared_self", base_delay = 0, max_delay = 0)]
    async fn shared(&self, add: u32) -> Result<u32, String> {
        Ok(self.flaky.ask_later().await? + add)
    }

    #[comprehensive_retry("mutable_self", base_delay = 0, max_delay = 0)]
    async fn mutable(&mut self) -> Result<usize, String> {
        self.log.push(self.flaky.asked());
        tokio::task::yield_now().await;
        self.log.push(0);
        self.flaky.ask()?;
        Ok(self.log.len())
    }

    #[comprehensive_retry("owned_self", base_delay = 0, max_delay = 0)]
    async fn owned(self) -> Result<u32, String> {
        self.flaky.ask_later().await
    }

    #[comprehensive_retry("mut_self", base_delay = 0, max_delay = 0)]
    async fn owned_mut(mut self) -> Result<usize, String> {
        self.log.push(1);
        self.flaky.ask_later().await?;
        Ok(self.log.len())
    }

    #[comprehensive_retry("arc_self", base_delay = 0, max_delay = 0)]
    async fn arc(self: Arc<Self>) -> Result<u32, String> {
        self.flaky.ask_later().await
    }

    #[comprehensive_retry("arc_ref_self", base_delay = 0, max_delay = 0)]
    async fn arc_ref(self: &Arc<Self>) -> Result<usize, String> {
        self.flaky.ask_later().await?;
        Ok(Arc::strong_count(self))
    }

    #[comprehensive_retry("box_self", base_delay = 0, max_delay = 0)]
    async fn boxed(self: Box<Self>) -> Result<u32, String> {
        self.flaky.ask_later().await
    }

    #[comprehensive_retry("pin_self", base_delay = 0, max_delay = 0)]
    async fn pinned(self: Pin<&mut Self>) -> Result<u32, String> {
        self.flaky.ask_later().await
    }

    #[retry_database("associated", base_delay = 0, max_delay = 0)]
    async fn associated(client: &Self) -> Result<u32, String> {
        client.flaky.ask_later().await
    }

    #[comprehensive_retry("two", base_delay = 0, max_delay = 0)]
    pub(crate) async fn two_references(&self, name: &str) -> Result<String, String> {
        self.flaky.ask_later().await?;
        Ok(name.to_uppercase())
    }
}

#[tokio::test]
async fn shared_self() {
    assert_eq!(sendable(Client::failing(1).shared(5)).await, Ok(7));
}

#[tokio::test]
async fn mutable_self() {
    assert_eq!(sendable(Client::failing(1).mutable()).await, Ok(4));
}

#[tokio::test]
async fn owned_self() {
    assert_eq!(spawned(Client::failing(1).owned()).await, Ok(2));
}

#[tokio::test]
async fn owned_mut_self() {
    assert_eq!(spawned(Client::failing(1).owned_mut()).await, Ok(2));
}

#[tokio::test]
async fn arc_self() {
    assert_eq!(spawned(Arc::new(Client::failing(1)).arc()).await, Ok(2));
}

#[tokio::test]
async fn arc_ref_self() {
    assert_eq!(sendable(Arc::new(Client::failing(1)).arc_ref()).await, Ok(1));
}

#[tokio::test]
async fn box_self() {
    assert_eq!(spawned(Box::new(Client::failing(1)).boxed()).await, Ok(2));
}

#[tokio::test]
async fn pin_self() {
    let mut client = Client::failing(1);
    assert_eq!(sendable(Pin::new(&mut client).pinned()).await, Ok(2));
}

#[tokio::test]
async fn associated_function() {
    assert_eq!(sendable(Client::associated(&Client::failing(1))).await, Ok(2));
}

#[tokio::test]
async fn self_and_another_reference() {
    assert_eq!(sendable(Client::failing(1).two_references("a")).await, Ok("A".into()));
}

trait Service {
    fn flaky(&self) -> &Flaky;

    async fn required(&self) -> Result<u32, String>;

    #[comprehensive_retry("default_body", base_delay = 0, max_delay = 0)]
    async fn with_default(&self) -> Result<u32, String> {
        self.flaky().ask_later().await
    }
}

impl Service for Client {
    fn flaky(&self) -> &Flaky {
        &self.flaky
    }

    #[comprehensive_retry("trait_impl", base_delay = 0, max_delay = 0)]
    async fn required(&self) -> Result<u32, String> {
        self.flaky.ask_later().await
    }
}

#[tokio::test]
async fn method_of_a_trait_impl() {
    assert_eq!(sendable(Client::failing(1).required()).await, Ok(2));
}

#[tokio::test]
async fn default_body_of_a_trait() {
    assert_eq!(sendable(Client::failing(1).with_default()).await, Ok(2));
}
