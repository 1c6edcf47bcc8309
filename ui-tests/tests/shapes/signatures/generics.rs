//! Generic functions and methods: parameters, bounds, lifetimes, constants.

use std::fmt::Display;
use std::sync::Arc;

use resilience_runtime::{Rejection, comprehensive_retry};

use crate::{Flaky, sendable, spawned};

#[tokio::test]
async fn type_parameter_with_a_where_clause() {
    #[comprehensive_retry("generic", base_delay = 0, max_delay = 0)]
    async fn call<T>(flaky: Arc<Flaky>, value: T) -> Result<String, String>
    where
        T: Display + Send,
    {
        flaky.ask_later().await?;
        Ok(value.to_string())
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), 5)).await, Ok("5".into()));
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), "a")).await, Ok("a".into()));
}

#[tokio::test]
async fn generic_error() {
    #[comprehensive_retry("generic_error", base_delay = 0, max_delay = 0)]
    async fn call<E: From<Rejection> + From<String> + Send>(flaky: Arc<Flaky>) -> Result<u32, E> {
        Ok(flaky.ask_later().await?)
    }
    assert_eq!(spawned(call::<String>(Arc::new(Flaky::new(1)))).await, Ok(2));
}

#[tokio::test]
async fn generic_error_with_a_name_of_its_own() {
    #[comprehensive_retry("generic_error", base_delay = 0, max_delay = 0)]
    async fn call<Problem: From<Rejection> + From<String> + Send>(flaky: Arc<Flaky>) -> Result<u32, Problem> {
        Ok(flaky.ask_later().await?)
    }
    assert_eq!(spawned(call::<String>(Arc::new(Flaky::new(1)))).await, Ok(2));
}

#[tokio::test]
async fn generic_result() {
    #[comprehensive_retry("generic_result", base_delay = 0, max_delay = 0)]
    async fn call<T: From<u32> + Send>(flaky: &Flaky) -> Result<T, String> {
        Ok(flaky.ask_later().await?.into())
    }
    assert_eq!(sendable(call::<u64>(&Flaky::new(1))).await, Ok(2_u64));
}

#[tokio::test]
async fn constant_parameter() {
    #[comprehensive_retry("const_parameter", base_delay = 0, max_delay = 0)]
    async fn call<const N: usize>(flaky: Arc<Flaky>) -> Result<[u32; N], String> {
        Ok([flaky.ask_later().await?; N])
    }
    assert_eq!(spawned(call::<2>(Arc::new(Flaky::new(1)))).await, Ok([2, 2]));
}

#[tokio::test]
async fn named_lifetimes() {
    #[comprehensive_retry("lifetimes", base_delay = 0, max_delay = 0)]
    async fn call<'a, 'b: 'a>(flaky: &'a Flaky, long: &'b str, short: &'a str) -> Result<&'a str, String> {
        flaky.ask_later().await?;
        Ok(if long.len() > short.len() { long } else { short })
    }
    assert_eq!(sendable(call(&Flaky::new(1), "long", "s")).await, Ok("long"));
}

struct Pool<T> {
    flaky: Flaky,
    item: T,
}

impl<T: Clone + Send + Sync> Pool<T> {
    #[comprehensive_retry("generic_self", base_delay = 0, max_delay = 0)]
    async fn get(&self) -> Result<T, String> {
        self.flaky.ask_later().await?;
        Ok(self.item.clone())
    }

    #[comprehensive_retry("generic_method", base_delay = 0, max_delay = 0)]
    async fn map<U: Send, F: Fn(&T) -> U + Send>(&self, map: F) -> Result<U, String> {
        self.flaky.ask_later().await?;
        Ok(map(&self.item))
    }
}

#[tokio::test]
async fn method_of_a_generic_type() {
    let pool = Pool { flaky: Flaky::new(1), item: 7_u8 };
    assert_eq!(sendable(pool.get()).await, Ok(7));
}

#[tokio::test]
async fn generic_method_of_a_generic_type() {
    let pool = Pool { flaky: Flaky::new(1), item: 7_u8 };
    assert_eq!(sendable(pool.map(|item| u32::from(*item) + 1)).await, Ok(8));
}

#[tokio::test]
async fn associated_types() {
    #[comprehensive_retry("associated_types", base_delay = 0, max_delay = 0)]
    async fn call<I>(flaky: Arc<Flaky>, mut items: I) -> Result<Option<I::Item>, String>
    where
        I: Iterator + Send,
        I::Item: Send,
    {
        flaky.ask_later().await?;
        Ok(items.next())
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), 0..3)).await, Ok(Some(0)));
}
