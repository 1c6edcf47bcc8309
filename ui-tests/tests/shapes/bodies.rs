//! Bodies: early exits, labels, macros, items, recursion, attributes of their own.

use std::sync::Arc;

use resilience_runtime::comprehensive_retry;

use super::{Flaky, sendable, spawned};

#[tokio::test]
async fn return_leaves_the_attempt_and_not_the_loop() {
    #[expect(clippy::question_mark, reason = "the shape under test")]
    #[comprehensive_retry("return", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Result<u32, String> {
        if let Err(error) = flaky.ask_later().await {
            return Err(error);
        }
        return Ok(flaky.asked());
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(2)))).await, Ok(3));
}

#[tokio::test]
async fn labelled_blocks_and_loops() {
    #[comprehensive_retry("labels", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Result<u32, String> {
        let sum = 'outer: {
            let mut sum = 0;
            'each: for number in 0..10 {
                for other in 0..number {
                    if other == 3 {
                        continue 'each;
                    }
                    if number == 7 {
                        break 'outer sum;
                    }
                }
                sum += number;
            }
            sum
        };
        flaky.ask_later().await?;
        Ok(sum)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)))).await, Ok(6));
}

macro_rules! ask {
    ($flaky:expr) => {
        $flaky.ask_later().await?
    };
}

#[tokio::test]
async fn macros_in_the_body() {
    #[comprehensive_retry("macros", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Result<Vec<u32>, String> {
        Ok(vec![ask!(flaky); 2])
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)))).await, Ok(vec![2, 2]));
}

macro_rules! annotated {
    ($name:ident, $service:literal, $attempts:expr, $body:block) => {
        #[comprehensive_retry($service, max_attempts = $attempts, base_delay = 0, max_delay = 0)]
        async fn $name(flaky: Arc<Flaky>) -> Result<u32, String> {
            let _ = &flaky;
            $body
        }
    };
}

#[tokio::test]
async fn function_that_a_macro_wrote() {
    static FLAKY: Flaky = Flaky::new(1);
    annotated!(call, "from_a_macro", 2, { FLAKY.ask() });
    assert_eq!(spawned(call(Arc::default())).await, Ok(2));
}

type Answer = Result<u32, String>;

macro_rules! annotated_throughout {
    ($name:ident, $kind:ident, $text:literal, $time:expr, $check:path, $pattern:pat, $argument:ident: $type:ty, $output:ty, $body:block) => {
        #[comprehensive_retry(
            $text,
            $kind,
            base_delay = $time,
            max_delay = $time,
            retry_if = $check,
            retry_on($pattern),
            clone($argument)
        )]
        async fn $name($argument: $type) -> $output $body
    };
}

#[expect(clippy::ptr_arg, reason = "the signature that the key asks for")]
fn is_failure(error: &String) -> bool {
    error.starts_with("failure")
}

#[tokio::test]
async fn every_part_from_a_macro() {
    static FLAKY: Flaky = Flaky::new(1);
    annotated_throughout!(call, Cache, "fragments", 0.0, is_failure, _, text: String, Answer, {
        drop(text);
        FLAKY.ask_later().await
    });
    assert_eq!(spawned(call(String::new())).await, Ok(2));
}

#[tokio::test]
async fn items_in_the_body() {
    #[comprehensive_retry("items", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Result<u32, String> {
        use std::string::String as Text;
        const ONE: u32 = 1;
        struct Wrapper(u32);
        fn wrap(number: u32) -> Wrapper {
            Wrapper(number + ONE)
        }
        let _: Text = Text::new();
        Ok(wrap(flaky.ask_later().await?).0)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)))).await, Ok(3));
}

#[tokio::test]
async fn attributes_at_the_top_of_the_body() {
    #[comprehensive_retry("inner_attributes", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>) -> Result<u32, String> {
        #![expect(unused_variables, reason = "the attribute must reach the body")]
        let unused = 1;
        flaky.ask_later().await
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)))).await, Ok(2));
}

#[tokio::test]
async fn recursion_through_a_box() {
    #[comprehensive_retry("recursion", base_delay = 0, max_delay = 0)]
    async fn call(flaky: &Flaky, depth: u32) -> Result<u32, String> {
        if depth == 0 {
            return flaky.ask_later().await;
        }
        Ok(Box::pin(call(flaky, depth - 1)).await? + 1)
    }
    assert_eq!(sendable(call(&Flaky::new(0), 3)).await, Ok(4));
}

#[tokio::test]
async fn annotated_function_inside_another() {
    #[comprehensive_retry("outside", base_delay = 0, max_delay = 0)]
    async fn outside(flaky: &Flaky) -> Result<u32, String> {
        #[comprehensive_retry("inside", base_delay = 0, max_delay = 0)]
        async fn inside(flaky: &Flaky) -> Result<u32, String> {
            flaky.ask_later().await
        }
        inside(flaky).await
    }
    assert_eq!(sendable(outside(&Flaky::new(1))).await, Ok(2));
}

#[tokio::test]
async fn body_that_is_one_macro() {
    #[comprehensive_retry("only_a_macro", base_delay = 0, max_delay = 0)]
    async fn call(wanted: u32) -> Result<u32, String> {
        std::convert::identity(if wanted > 0 { Ok(wanted) } else { Err(String::new()) })
    }
    assert_eq!(spawned(call(1)).await, Ok(1));
}

#[tokio::test]
async fn body_that_never_ends_well() {
    #[comprehensive_retry("never", max_attempts = 2, base_delay = 0, max_delay = 0)]
    async fn call(flaky: &Flaky) -> Result<std::convert::Infallible, String> {
        loop {
            flaky.ask_later().await?;
        }
    }
    assert_eq!(sendable(call(&Flaky::new(u32::MAX))).await, Err("failure 2".into()));
}

#[tokio::test]
async fn closures_and_inner_async_blocks() {
    #[comprehensive_retry("closures", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>, add: u32) -> Result<u32, String> {
        let plus = |number: u32| number + add;
        let inner = async { flaky.ask_later().await };
        inner.await.map(plus)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), 3)).await, Ok(5));
}

#[tokio::test]
async fn async_move_block_over_a_clone() {
    #[comprehensive_retry("async_move", base_delay = 0, max_delay = 0, clone(flaky))]
    async fn call(flaky: Arc<Flaky>) -> Result<u32, String> {
        async move { flaky.ask_later().await }.await
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)))).await, Ok(2));
}

#[tokio::test]
async fn guard_in_the_tail_of_the_body() {
    #[comprehensive_retry("tail", base_delay = 0, max_delay = 0, clone(lock))]
    async fn call(lock: Arc<std::sync::Mutex<u32>>) -> Result<u32, String> {
        lock.lock().map(|guard| *guard).map_err(|error| error.to_string())
    }
    assert_eq!(spawned(call(Arc::default())).await, Ok(0));
}

#[tokio::test]
async fn visibility_stays() {
    mod inner {
        use super::*;
        #[comprehensive_retry("visibility", base_delay = 0, max_delay = 0)]
        pub(super) async fn call(flaky: &Flaky) -> Result<u32, String> {
            flaky.ask()
        }
    }
    assert_eq!(sendable(inner::call(&Flaky::new(1))).await, Ok(2));
}

#[tokio::test]
async fn docs_and_other_attributes_stay() {
    /// Documented.
    #[must_use = "it says so"]
    #[comprehensive_retry("attributes", base_delay = 0, max_delay = 0)]
    #[inline]
    async fn call(flaky: Arc<Flaky>) -> Result<u32, String> {
        flaky.ask_later().await
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)))).await, Ok(2));
}

#[tokio::test]
async fn instrument_below() {
    #[comprehensive_retry("instrument", base_delay = 0, max_delay = 0)]
    #[tracing::instrument(skip_all)]
    async fn call(flaky: Arc<Flaky>, text: String) -> Result<usize, String> {
        flaky.ask_later().await?;
        Ok(text.len())
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), "a".into())).await, Ok(1));
}

#[tokio::test]
async fn instrument_above_borrowed_or_cloned_arguments() {
    #[tracing::instrument(skip_all)]
    #[comprehensive_retry("instrument_above", base_delay = 0, max_delay = 0, clone(text))]
    async fn call(flaky: &Flaky, text: String, count: usize) -> Result<usize, String> {
        flaky.ask_later().await?;
        Ok(text.len() + count)
    }
    assert_eq!(sendable(call(&Flaky::new(1), "a".into(), 2)).await, Ok(3));
}

#[test]
fn a_future_holds_its_body_once() {
    async fn plain(flaky: &Flaky) -> Result<u32, String> {
        let large = [1_u8; 4096];
        let asked = flaky.ask_later().await?;
        Ok(asked + u32::from(large[asked as usize]))
    }
    #[comprehensive_retry("size")]
    async fn annotated(flaky: &Flaky) -> Result<u32, String> {
        let large = [1_u8; 4096];
        let asked = flaky.ask_later().await?;
        Ok(asked + u32::from(large[asked as usize]))
    }
    let flaky = Flaky::new(0);
    let (plain, annotated) = (size_of_val(&plain(&flaky)), size_of_val(&annotated(&flaky)));
    // Far below the second copy that one more `async fn` on the way would store.
    assert!(annotated < plain + 1024, "{plain} bytes became {annotated}");
}
