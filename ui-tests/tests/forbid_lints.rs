//! A crate that forbids what it can: an expansion that allowed one of these lints would not compile.
#![forbid(
    unsafe_code,
    unused,
    nonstandard_style,
    future_incompatible,
    unused_qualifications,
    unused_lifetimes,
    let_underscore_drop,
    redundant_imports,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unused_results,
    variant_size_differences,
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::shadow_same,
    clippy::shadow_unrelated,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::undocumented_unsafe_blocks,
    clippy::let_underscore_must_use,
    clippy::let_underscore_untyped,
    clippy::unreachable,
    clippy::unwrap_used,
    clippy::items_after_statements,
    clippy::used_underscore_binding,
    clippy::semicolon_outside_block,
    clippy::semicolon_inside_block,
    clippy::pattern_type_mismatch,
    clippy::question_mark_used
)]

use std::cell::Cell;

use resilience_runtime::retry_database as database;
use resilience_runtime::{Classify, Rejection, comprehensive_retry, graceful_degradation, resilient_service};

#[derive(Debug, Classify)]
enum Error {
    #[retry]
    Again,
    #[status(0)]
    Http(u16),
}

impl From<Rejection> for Error {
    fn from(_: Rejection) -> Self {
        Self::Again
    }
}

#[comprehensive_retry("forbids", base_delay = 0)]
async fn one(number: u32) -> Result<u32, Error> {
    tokio::task::yield_now().await;
    Ok(number)
}

#[comprehensive_retry("forbids", clone(list), base_delay = 0, retry_on(_))]
async fn two(list: Vec<u32>, mut more: Vec<u32>) -> Result<usize, Error> {
    more.push(1);
    tokio::task::yield_now().await;
    Ok(length(list).wrapping_add(more.len()))
}

#[comprehensive_retry("forbids", clone(list), base_delay = 0)]
async fn changed(mut list: Vec<u32>) -> Result<usize, Error> {
    list.push(1);
    tokio::task::yield_now().await;
    Ok(length(list))
}

fn length(list: Vec<u32>) -> usize {
    list.into_iter().map(|_| 1).sum()
}

#[database("forbids_stacked")]
#[comprehensive_retry("forbids_stacked")]
async fn three(cell: Cell<u32>) -> Result<u32, Error> {
    tokio::task::yield_now().await;
    Ok(cell.get())
}

#[graceful_degradation(
    "forbids",
    cache(ttl = "1s", key = number),
    redirect = instead,
    fallback = instead,
    static_response = 5
)]
async fn four(number: u16) -> Result<u32, Error> {
    tokio::task::yield_now().await;
    Err(Error::Http(number))
}

async fn instead(number: u16) -> Result<u32, Error> {
    tokio::task::yield_now().await;
    Ok(number.into())
}

#[comprehensive_retry("forbids_hedge", idempotent = true, hedge(after = "10ms", max = 1), partition = number)]
async fn five(number: u32) -> Result<u32, Error> {
    tokio::task::yield_now().await;
    Ok(number)
}

struct Client;

#[resilient_service("forbids")]
impl Client {
    async fn six(&self, (left, right): (u32, Cell<u32>)) -> Result<u32, Error> {
        tokio::task::yield_now().await;
        Ok(left.wrapping_add(right.get()))
    }
}

#[comprehensive_retry("forbids")]
async fn early(number: u32) -> Result<u32, Error> {
    if number > 5 {
        return Ok(5);
    }
    tokio::task::yield_now().await;
    Ok(number)
}

#[test]
fn a_crate_that_forbids_lints_can_use_the_attributes() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    runtime.block_on(async {
        assert!(matches!(one(1).await, Ok(1)));
        assert!(matches!(two(vec![1], vec![]).await, Ok(2)));
        assert!(matches!(changed(vec![1]).await, Ok(2)));
        assert!(matches!(tokio::spawn(three(Cell::new(7))).await, Ok(Ok(7))));
        assert!(matches!(four(400).await, Ok(400)));
        assert!(matches!(five(1).await, Ok(1)));
        assert!(matches!(Client.six((1, Cell::new(2))).await, Ok(3)));
        assert!(matches!(early(9).await, Ok(5)));
    });
}
