//! Names of the user's that are also ours: neither sees the other.

use std::sync::Arc;

use resilience_runtime::{comprehensive_retry, graceful_degradation};

use super::{Flaky, spawned};

#[tokio::test]
async fn arguments_named_like_ours() {
    #[comprehensive_retry("ours", base_delay = 0, max_delay = 0, retry_on(error if !error.is_empty()))]
    #[expect(non_snake_case, clippy::too_many_arguments, reason = "the names under test")]
    async fn call(
        call: Arc<Flaky>,
        error: u32,
        outcome: u32,
        edge: u32,
        SITE: u32,
        support: u32,
        value: u32,
        attempt: u32,
    ) -> Result<u32, String> {
        let asked = call.ask_later().await?;
        Ok(asked + error + outcome + edge + SITE + support + value + attempt)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), 1, 1, 1, 1, 1, 1, 1)).await, Ok(9));
}

#[tokio::test]
async fn raw_identifiers() {
    #[comprehensive_retry("raw", base_delay = 0, max_delay = 0, clone(r#type))]
    async fn r#match(r#fn: Arc<Flaky>, r#type: String) -> Result<String, String> {
        r#fn.ask_later().await?;
        Ok(std::convert::identity(r#type))
    }
    assert_eq!(spawned(r#match(Arc::new(Flaky::new(1)), "a".into())).await, Ok("a".into()));
}

mod shadowed {
    #![expect(non_camel_case_types, dead_code, reason = "names that would stand in the way")]

    use super::Flaky;

    mod core {}
    mod std {}
    mod resilience_runtime {}
    struct Some;
    struct Option;
    struct ControlFlow;
    struct Clone;
    enum bool {}
    const SITE: u32 = 5;
    static __SITE: u32 = 5;
    type Result = ::std::result::Result<u32, ::std::string::String>;
    #[expect(unused_macros, reason = "nobody may call it")]
    macro_rules! matches {
        ($($any:tt)*) => {
            compile_error!("the user's macro is called")
        };
    }

    #[::resilience_runtime::comprehensive_retry(
        "shadowed",
        base_delay = 0,
        max_delay = 0,
        retry_on(_),
        clone(number),
        retryable_status_codes = [500]
    )]
    pub(super) async fn call(flaky: ::std::sync::Arc<Flaky>, number: u32) -> Result {
        let asked = flaky.ask_later().await?;
        Ok(asked + number + SITE)
    }
}

#[tokio::test]
async fn shadowed_names() {
    assert_eq!(spawned(shadowed::call(Arc::new(Flaky::new(1)), 1)).await, Ok(8));
}

#[tokio::test]
async fn body_cannot_see_our_names() {
    #[comprehensive_retry("hidden", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Result<u32, String> {
        let site = __RESILIENCE_SITE + outcome();
        Ok(flaky.ask_later().await? + site)
    }
    const __RESILIENCE_SITE: u32 = 10;
    fn outcome() -> u32 {
        1
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)))).await, Ok(13));
}

#[tokio::test]
async fn item_in_the_body_named_like_an_argument() {
    #[comprehensive_retry("item_name", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>, number: u32) -> Result<u32, String> {
        fn number() -> u32 {
            7
        }
        Ok(flaky.ask_later().await? + number())
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), 1)).await, Ok(9));
}

#[tokio::test]
async fn code_in_keys_cannot_see_our_names() {
    const SITE: u32 = 1;
    struct Key;
    #[graceful_degradation("key_code", cache(key = (answer, lookup)), partition = partition, static_response = outcome + lookup + degraded + SITE)]
    async fn call(
        partition: u32,
        lookup: u32,
        degraded: u32,
        answer: u32,
        outcome: u32,
    ) -> Result<u32, String> {
        let Key = Key;
        Err(format!("{partition} {answer}"))
    }
    assert_eq!(spawned(call(1, 2, 3, 4, 5)).await, Ok(11));
}
