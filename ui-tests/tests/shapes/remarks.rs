//! What the compiler remarks on in a function of the user's, it remarks on under an attribute as well: an expectation
//! of a lint is fulfilled, and one that nothing fulfils fails this crate, whose warnings are errors.

use std::cell::Cell;

use resilience_runtime::{comprehensive_retry, graceful_degradation};

use super::spawned;

#[comprehensive_retry("remarks")]
#[expect(unused_variables, reason = "under test")]
async fn unused(number: u32, text: String) -> Result<u32, String> {
    Ok(number)
}

#[comprehensive_retry("remarks", clone(text))]
#[expect(unused_variables, reason = "under test")]
async fn unused_clone(number: u32, text: String) -> Result<u32, String> {
    Ok(number)
}

struct Named {
    text: u32,
}

#[comprehensive_retry("remarks")]
#[expect(unused_variables, reason = "under test")]
async fn unused_beside_a_field(number: u32, text: String) -> Result<u32, String> {
    let named = Named { text: number };
    Ok(named.text)
}

#[comprehensive_retry("remarks")]
#[expect(unused_mut, reason = "under test")]
async fn unneeded(mut number: u32, mut changed: Vec<u32>) -> Result<u32, String> {
    changed.push(number);
    Ok(number)
}

#[comprehensive_retry("remarks", clone(number))]
#[expect(unused_mut, reason = "under test")]
async fn unneeded_for_a_clone(mut number: String) -> Result<usize, String> {
    Ok(number.len())
}

#[graceful_degradation("remarks", static_response = 1)]
#[expect(unused_mut, unused_variables, reason = "under test")]
async fn once(mut number: u32, text: String) -> Result<u32, String> {
    Ok(number)
}

#[comprehensive_retry("remarks", idempotent = true, hedge(max = 1))]
#[expect(unused_variables, reason = "under test")]
async fn hedged(number: u32, text: String) -> Result<u32, String> {
    Ok(number)
}

#[comprehensive_retry("remarks")]
#[expect(unused_must_use, unreachable_code, reason = "under test")]
async fn within(number: u32) -> Result<u32, String> {
    "5".parse::<u32>();
    let five = number;
    return Ok(five);
    Ok(5)
}

/// `mut` is needed for a clone only, and is not remarked on.
#[comprehensive_retry("remarks", clone(list))]
async fn changed_clone(mut list: Vec<u32>) -> Result<usize, String> {
    list.push(1);
    Ok(list.len())
}

/// Captured as a whole and uniquely, so that what is in it need not be `Sync`.
#[comprehensive_retry("remarks")]
async fn parts(mut pair: (u32, Cell<u32>), other: Cell<u32>) -> Result<u32, String> {
    pair.0 += 1;
    tokio::task::yield_now().await;
    Ok(pair.0 + pair.1.get() + other.get())
}

#[tokio::test]
async fn functions_do_what_they_say() {
    let text = String::new;
    assert_eq!(unused(1, text()).await, Ok(1));
    assert_eq!(unused_clone(1, text()).await, Ok(1));
    assert_eq!(unused_beside_a_field(1, text()).await, Ok(1));
    assert_eq!(unneeded(1, vec![]).await, Ok(1));
    assert_eq!(unneeded_for_a_clone(text()).await, Ok(0));
    assert_eq!(once(1, text()).await, Ok(1));
    assert_eq!(hedged(1, text()).await, Ok(1));
    assert_eq!(within(5).await, Ok(5));
    assert_eq!(changed_clone(vec![]).await, Ok(1));
    assert_eq!(spawned(parts((1, Cell::new(2)), Cell::new(3))).await, Ok(7));
}
