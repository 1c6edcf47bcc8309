//! Results: aliases, borrowed, `impl Trait`, boxed errors, units.

use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;
use std::{fmt, io};

use resilience_runtime::{Rejection, comprehensive_retry};

use crate::{Flaky, sendable, spawned};

type Answer<T> = Result<T, String>;
type Number = Answer<u32>;

#[tokio::test]
async fn alias_of_result() {
    #[comprehensive_retry("alias", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Answer<u32> {
        flaky.ask_later().await
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)))).await, Ok(2));
}

#[tokio::test]
async fn alias_without_parameters() {
    #[comprehensive_retry("bare_alias", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Number {
        flaky.ask_later().await
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)))).await, Ok(2));
}

#[tokio::test]
async fn io_result() {
    #[comprehensive_retry("io", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> io::Result<u32> {
        flaky.ask_later().await.map_err(|text| io::Error::new(io::ErrorKind::ConnectionReset, text))
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)))).await.ok(), Some(2));
}

#[tokio::test]
async fn boxed_error() {
    #[comprehensive_retry("boxed_error", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Result<u32, Box<dyn Error + Send + Sync>> {
        Ok(flaky.ask_later().await?)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)))).await.ok(), Some(2));
}

#[tokio::test]
async fn result_borrowed_from_an_argument() {
    #[comprehensive_retry("borrowed_result", base_delay = 0, max_delay = 0)]
    async fn call<'a>(flaky: &Flaky, text: &'a str) -> Result<&'a str, String> {
        flaky.ask_later().await?;
        Ok(&text[1..])
    }
    assert_eq!(sendable(call(&Flaky::new(1), "abc")).await, Ok("bc"));
}

#[tokio::test]
async fn result_borrowed_with_an_elided_lifetime() {
    #[comprehensive_retry("elided", base_delay = 0, max_delay = 0)]
    async fn call(text: &str) -> Result<Cow<'_, str>, String> {
        tokio::task::yield_now().await;
        Ok(text.into())
    }
    assert_eq!(sendable(call("abc")).await, Ok("abc".into()));
}

struct Names {
    flaky: Flaky,
    names: Vec<String>,
}

impl Names {
    #[comprehensive_retry("borrowed_self", base_delay = 0, max_delay = 0)]
    async fn first(&self, _prefix: &str) -> Result<&str, String> {
        self.flaky.ask_later().await?;
        Ok(&self.names[0])
    }

    #[comprehensive_retry("owned_from_mut", base_delay = 0, max_delay = 0)]
    async fn take(&mut self) -> Result<String, String> {
        self.flaky.ask_later().await?;
        self.names.pop().ok_or_else(|| "empty".into())
    }

    #[comprehensive_retry("shared_beside_mut", base_delay = 0, max_delay = 0)]
    async fn beside<'a>(&mut self, text: &'a str) -> Result<&'a str, String> {
        self.names.push(text.into());
        self.flaky.ask_later().await?;
        Ok(text)
    }
}

fn names() -> Names {
    Names { flaky: Flaky::new(1), names: vec!["a".into()] }
}

#[tokio::test]
async fn result_borrowed_from_self() {
    assert_eq!(sendable(names().first("x")).await, Ok("a"));
}

#[tokio::test]
async fn owned_result_of_a_mutable_self() {
    assert_eq!(sendable(names().take()).await, Ok("a".into()));
}

#[tokio::test]
async fn shared_borrow_beside_a_mutable_self() {
    assert_eq!(sendable(names().beside("x")).await, Ok("x"));
}

#[tokio::test]
async fn impl_trait_in_the_result() {
    #[comprehensive_retry("impl_result", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Result<impl fmt::Display + Send, String> {
        flaky.ask_later().await
    }
    assert_eq!(sendable(call(Arc::new(Flaky::new(1)))).await.map(|shown| shown.to_string()), Ok("2".into()));
}

#[tokio::test]
async fn nested_impl_trait_in_the_result() {
    #[comprehensive_retry("impl_nested", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Result<Vec<impl Iterator<Item = impl fmt::Debug> + Send>, String> {
        let last = flaky.ask_later().await?;
        Ok(vec![(0..last).rev()])
    }
    assert_eq!(sendable(call(Arc::new(Flaky::new(1)))).await.map(|list| list.len()), Ok(1));
}

#[tokio::test]
async fn unit_result() {
    #[comprehensive_retry("unit_result", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Result<(), String> {
        flaky.ask_later().await.map(drop)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)))).await, Ok(()));
}

#[tokio::test]
async fn trait_object_in_the_result() {
    #[comprehensive_retry("dyn_result", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Result<Box<dyn Fn() -> u32 + Send>, String> {
        let asked = flaky.ask_later().await?;
        Ok(Box::new(move || asked))
    }
    assert_eq!(sendable(call(Arc::new(Flaky::new(1)))).await.map(|get| get()), Ok(2));
}

#[tokio::test]
async fn function_in_the_result() {
    #[comprehensive_retry("fn_result", base_delay = 0, max_delay = 0)]
    async fn call(flaky: &Flaky, _log: &mut Vec<u32>) -> Result<fn(&str) -> &str, String> {
        flaky.ask_later().await?;
        Ok(str::trim)
    }
    let get = sendable(call(&Flaky::new(1), &mut Vec::new())).await;
    assert_eq!(get.map(|trim| trim(" a ")), Ok("a"));
}

#[derive(Debug, PartialEq)]
enum NoConversion {
    Asked(String),
    Rejected,
}

fn rejected(_: Rejection) -> NoConversion {
    NoConversion::Rejected
}

#[tokio::test]
async fn error_without_a_conversion_from_rejections() {
    #[comprehensive_retry("on_rejection", base_delay = 0, max_delay = 0, on_rejection = rejected)]
    async fn call(flaky: Arc<Flaky>) -> Result<u32, NoConversion> {
        flaky.ask_later().await.map_err(NoConversion::Asked)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)))).await, Ok(2));
    let last = spawned(call(Arc::new(Flaky::new(9)))).await;
    assert_eq!(last, Err(NoConversion::Asked("failure 3".into())));
}
