//! Arguments: owned, borrowed, destructured, `mut`, `impl Trait`, not `Sync`, cloned.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use resilience_runtime::comprehensive_retry;

use crate::{Flaky, sendable, spawned};

#[tokio::test]
async fn no_arguments() {
    static FLAKY: Flaky = Flaky::new(1);
    #[comprehensive_retry("no_arguments", base_delay = 0, max_delay = 0)]
    async fn call() -> Result<u32, String> {
        FLAKY.ask_later().await
    }
    assert_eq!(spawned(call()).await, Ok(2));
}

#[tokio::test]
async fn owned_argument_that_is_only_read() {
    #[comprehensive_retry("owned", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>, text: String) -> Result<String, String> {
        let asked = flaky.ask_later().await?;
        Ok(format!("{text} {asked}"))
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(2)), "hello".into())).await, Ok("hello 3".into()));
}

#[tokio::test]
async fn borrowed_arguments() {
    #[comprehensive_retry("borrowed", base_delay = 0, max_delay = 0)]
    async fn call(flaky: &Flaky, text: &str) -> Result<String, String> {
        let asked = flaky.ask_later().await?;
        Ok(format!("{text} {asked}"))
    }
    let flaky = Flaky::new(1);
    assert_eq!(sendable(call(&flaky, "hello")).await, Ok("hello 2".into()));
}

#[tokio::test]
async fn mutably_borrowed_argument() {
    #[comprehensive_retry("mutably_borrowed", base_delay = 0, max_delay = 0)]
    async fn call(flaky: &Flaky, log: &mut Vec<u32>) -> Result<u32, String> {
        log.push(flaky.asked());
        tokio::task::yield_now().await;
        log.push(100);
        flaky.ask()
    }
    let mut log = Vec::new();
    assert_eq!(sendable(call(&Flaky::new(1), &mut log)).await, Ok(2));
    assert_eq!(log, [0, 100, 1, 100]);
}

#[tokio::test]
async fn mut_argument_keeps_its_changes_between_attempts() {
    #[comprehensive_retry("mut_argument", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>, mut count: u32) -> Result<u32, String> {
        count += 10;
        flaky.ask_later().await?;
        Ok(count)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(2)), 1)).await, Ok(31));
}

#[tokio::test]
async fn mut_argument_in_clone_starts_afresh() {
    #[comprehensive_retry("mut_clone", base_delay = 0, max_delay = 0, clone(count))]
    async fn call(flaky: Arc<Flaky>, mut count: u32) -> Result<u32, String> {
        count += 10;
        flaky.ask_later().await?;
        Ok(count)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(2)), 1)).await, Ok(11));
}

#[tokio::test]
async fn cloned_argument_may_be_consumed() {
    #[comprehensive_retry("cloned", base_delay = 0, max_delay = 0, clone(text, more))]
    async fn call(flaky: Arc<Flaky>, text: String, more: Vec<u8>) -> Result<(String, usize), String> {
        let consumed = std::convert::identity(text);
        flaky.ask_later().await?;
        Ok((consumed, more.into_boxed_slice().len()))
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), "a".into(), vec![1])).await, Ok(("a".into(), 1)));
}

#[tokio::test]
async fn destructured_tuple() {
    #[comprehensive_retry("tuple", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>, (left, mut right): (String, u32)) -> Result<String, String> {
        right += 1;
        flaky.ask_later().await?;
        Ok(format!("{left}{right}"))
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), ("a".into(), 0))).await, Ok("a2".into()));
}

struct Point {
    x: u32,
    y: Vec<u32>,
}

#[tokio::test]
async fn destructured_struct() {
    #[comprehensive_retry("struct", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>, Point { x, y: rest }: Point) -> Result<usize, String> {
        flaky.ask_later().await?;
        Ok(x as usize + rest.len())
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), Point { x: 2, y: vec![0; 3] })).await, Ok(5));
}

#[tokio::test]
async fn destructured_reference() {
    #[comprehensive_retry("destructured_reference", base_delay = 0, max_delay = 0)]
    async fn call(flaky: &Flaky, Point { x, y }: &Point, &(a, b): &(u32, u32)) -> Result<usize, String> {
        flaky.ask_later().await?;
        Ok((*x + a + b) as usize + y.len())
    }
    let point = Point { x: 1, y: vec![0; 2] };
    assert_eq!(sendable(call(&Flaky::new(1), &point, &(10, 20))).await, Ok(33));
}

#[tokio::test]
async fn destructured_mutable_reference() {
    #[comprehensive_retry("destructured_mut", base_delay = 0, max_delay = 0)]
    async fn call(flaky: &Flaky, Point { x, y }: &mut Point) -> Result<usize, String> {
        *x += 1;
        y.push(*x);
        flaky.ask_later().await?;
        Ok(y.len())
    }
    let mut point = Point { x: 0, y: vec![] };
    assert_eq!(sendable(call(&Flaky::new(1), &mut point)).await, Ok(2));
    assert_eq!((point.x, point.y), (2, vec![1, 2]));
}

#[tokio::test]
async fn whole_and_part_of_an_array() {
    #[comprehensive_retry("array", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>, all @ [first, ..]: [u32; 3]) -> Result<u32, String> {
        flaky.ask_later().await?;
        Ok(first + all[2])
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), [1, 2, 3])).await, Ok(4));
}

#[tokio::test]
async fn by_ref_binding_and_wildcard() {
    #[expect(clippy::toplevel_ref_arg, reason = "the shape under test")]
    #[comprehensive_retry("wildcard", base_delay = 0, max_delay = 0)]
    async fn call(ref flaky: Arc<Flaky>, _: u8, _unused: String) -> Result<u32, String> {
        flaky.ask_later().await
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), 0, String::new())).await, Ok(2));
}

struct Unit;

#[tokio::test]
async fn unit_struct_in_a_pattern() {
    #[comprehensive_retry("unit", base_delay = 0, max_delay = 0)]
    async fn call((Unit, flaky): (Unit, Arc<Flaky>)) -> Result<u32, String> {
        flaky.ask_later().await
    }
    assert_eq!(spawned(call((Unit, Arc::new(Flaky::new(1))))).await, Ok(2));
}

#[tokio::test]
async fn impl_trait_argument() {
    #[comprehensive_retry("impl_trait", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>, show: impl std::fmt::Display + Send) -> Result<String, String> {
        flaky.ask_later().await?;
        Ok(show.to_string())
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), 7)).await, Ok("7".into()));
}

#[tokio::test]
async fn closure_argument_is_called_by_each_attempt() {
    #[comprehensive_retry("closure", base_delay = 0, max_delay = 0)]
    async fn call(mut next: impl FnMut() -> Result<u32, String>) -> Result<u32, String> {
        tokio::task::yield_now().await;
        next()
    }
    let mut count = 0;
    let next = move || {
        count += 1;
        if count < 3 { Err("not yet".into()) } else { Ok(count) }
    };
    assert_eq!(spawned(call(next)).await, Ok(3));
}

#[tokio::test]
async fn argument_that_is_not_sync() {
    #[comprehensive_retry("not_sync", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Arc<Flaky>, seen: Cell<u32>) -> Result<u32, String> {
        seen.set(seen.get() + 1);
        flaky.ask_later().await?;
        Ok(seen.get())
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), Cell::new(0))).await, Ok(2));
}

#[tokio::test]
async fn cloned_argument_that_is_not_sync() {
    #[comprehensive_retry("cloned_not_sync", base_delay = 0, max_delay = 0, clone(seen))]
    async fn call(flaky: Arc<Flaky>, seen: Cell<u32>) -> Result<u32, String> {
        seen.set(seen.get() + 1);
        flaky.ask_later().await?;
        Ok(seen.into_inner())
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), Cell::new(0))).await, Ok(1));
}

#[tokio::test]
async fn argument_that_is_not_even_send() {
    #[comprehensive_retry("not_send", base_delay = 0, max_delay = 0)]
    async fn call(flaky: Rc<Flaky>) -> Result<u32, String> {
        flaky.ask_later().await
    }
    assert_eq!(call(Rc::new(Flaky::new(1))).await, Ok(2));
}

#[tokio::test]
async fn argument_under_a_condition() {
    #[comprehensive_retry("condition", base_delay = 0, max_delay = 0)]
    async fn call(
        flaky: Arc<Flaky>,
        #[cfg(test)] add: u32,
        #[cfg(not(test))] absent: u32,
    ) -> Result<u32, String> {
        Ok(flaky.ask_later().await? + add)
    }
    assert_eq!(spawned(call(Arc::new(Flaky::new(1)), 5)).await, Ok(7));
}
