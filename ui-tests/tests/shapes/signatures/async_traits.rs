//! Under `#[async_trait]`, which hands the attribute a boxed form of the method.

use std::sync::Arc;

use async_trait::async_trait;
use resilience_runtime::comprehensive_retry;

use crate::{Flaky, sendable, spawned};

#[async_trait]
trait Port: Send + Sync {
    async fn shared(&self, text: String) -> Result<String, String>;
    async fn mutable(&mut self, mut count: u32) -> Result<u32, String>;
    async fn pair(&self, (left, right): (String, u32), names: &str) -> Result<String, String>;
    async fn cloned(&self, text: String) -> Result<String, String>;
    async fn generic<T: ToString + Send + 'static>(&self, value: T) -> Result<String, String>
    where
        Self: Sized;
    async fn borrowing<'a>(&self, text: &'a str) -> Result<&'a str, String>;
    async fn question(&self) -> Result<u32, String>;

    #[comprehensive_retry("boxed_default", base_delay = 0, max_delay = 0)]
    async fn with_default(&self, flaky: &Flaky) -> Result<u32, String> {
        flaky.ask_later().await
    }
}

struct Adapter(Flaky);

#[async_trait]
impl Port for Adapter {
    #[comprehensive_retry("boxed_shared", base_delay = 0, max_delay = 0)]
    async fn shared(&self, text: String) -> Result<String, String> {
        let asked = self.0.ask_later().await?;
        Ok(format!("{text}{asked}"))
    }

    #[comprehensive_retry("boxed_mutable", base_delay = 0, max_delay = 0)]
    async fn mutable(&mut self, mut count: u32) -> Result<u32, String> {
        count += 1;
        self.0.ask_later().await?;
        self.0 = Flaky::new(0);
        Ok(count)
    }

    #[comprehensive_retry("boxed_pair", base_delay = 0, max_delay = 0)]
    async fn pair(&self, (left, right): (String, u32), names: &str) -> Result<String, String> {
        let asked = self.0.ask_later().await?;
        Ok(format!("{left}{right}{names}{asked}"))
    }

    #[comprehensive_retry("boxed_cloned", base_delay = 0, max_delay = 0, clone(text))]
    async fn cloned(&self, text: String) -> Result<String, String> {
        let consumed = std::convert::identity(text);
        self.0.ask_later().await?;
        Ok(consumed)
    }

    #[comprehensive_retry("boxed_generic", base_delay = 0, max_delay = 0)]
    async fn generic<T: ToString + Send + 'static>(&self, value: T) -> Result<String, String>
    where
        Self: Sized,
    {
        let text = value.to_string();
        self.0.ask_later().await?;
        Ok(text)
    }

    #[comprehensive_retry("boxed_borrowing", base_delay = 0, max_delay = 0)]
    async fn borrowing<'a>(&self, text: &'a str) -> Result<&'a str, String> {
        self.0.ask_later().await?;
        Ok(text.trim())
    }

    #[comprehensive_retry("boxed_question", base_delay = 0, max_delay = 0)]
    async fn question(&self) -> Result<u32, String> {
        if self.0.ask_later().await? == 2 {
            return Ok(20);
        }
        Err("the wrong attempt".into())
    }
}

fn adapter() -> Adapter {
    Adapter(Flaky::new(1))
}

#[tokio::test]
async fn boxed_shared_self() {
    assert_eq!(sendable(adapter().shared("a".into())).await, Ok("a2".into()));
}

#[tokio::test]
async fn boxed_mutable_self() {
    assert_eq!(sendable(adapter().mutable(0)).await, Ok(2));
}

#[tokio::test]
async fn boxed_destructured_argument() {
    assert_eq!(sendable(adapter().pair(("a".into(), 1), "b")).await, Ok("a1b2".into()));
}

#[tokio::test]
async fn boxed_cloned_argument() {
    assert_eq!(sendable(adapter().cloned("a".into())).await, Ok("a".into()));
}

#[tokio::test]
async fn boxed_generic_method() {
    assert_eq!(sendable(adapter().generic(5)).await, Ok("5".into()));
}

#[tokio::test]
async fn boxed_borrowed_result() {
    assert_eq!(sendable(adapter().borrowing(" a ")).await, Ok("a"));
}

#[tokio::test]
async fn boxed_return_and_question_mark() {
    assert_eq!(sendable(adapter().question()).await, Ok(20));
}

#[tokio::test]
async fn boxed_default_body() {
    assert_eq!(sendable(adapter().with_default(&Flaky::new(1))).await, Ok(2));
}

#[tokio::test]
async fn boxed_trait_object_in_a_task() {
    let port: Arc<dyn Port> = Arc::new(adapter());
    let future = async move { port.shared("a".into()).await };
    assert_eq!(spawned(future).await, Ok("a2".into()));
}

#[async_trait(?Send)]
trait Local {
    async fn local(&self) -> Result<u32, String>;
}

#[async_trait(?Send)]
impl Local for std::rc::Rc<Flaky> {
    #[comprehensive_retry("boxed_local", base_delay = 0, max_delay = 0)]
    async fn local(&self) -> Result<u32, String> {
        self.ask_later().await
    }
}

#[tokio::test]
async fn boxed_without_send() {
    assert_eq!(std::rc::Rc::new(Flaky::new(1)).local().await, Ok(2));
}
