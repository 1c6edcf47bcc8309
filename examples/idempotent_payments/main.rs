//! Two programs that take payments share a Redis, and a bank charges. One of them is killed in the middle of a charge, and one
//! stands still for longer than its lease and charges late. At the end the ledger has one charge for each order.
//!
//! ```text
//!   main ──► redis-server, the bank
//!     │
//!     └────► this program again, as a shop: charges orders, prints receipts; is killed, stopped, repeated
//! ```
//!
//! Needs `redis-server` (`apt-get install redis-server`, or its path in `RESILIENCE_REDIS_SERVER`), and the signals of Unix.
//! Ends by itself within 20 seconds.

mod bank;
mod payments;
mod redis_server;
mod shop;

use std::error::Error;

use examples::say;

use crate::bank::Bank;
use crate::redis_server::RedisServer;
use crate::shop::{Address, Shop};

type Outcome<T> = Result<T, Box<dyn Error>>;

const CENTS: u64 = 1_250;

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [word, bank, redis, orders @ ..] = arguments.as_slice()
        && word == shop::WORD
    {
        return payments::take(bank, redis, orders).await;
    }
    let redis = RedisServer::start().await?;
    let bank = Bank::start().await?;
    let address = Address { bank: bank.url(), redis: redis.url() };
    both_at_once(&bank, &address).await?;
    killed_in_the_middle(&bank, &address).await?;
    stopped_for_too_long(&bank, &address).await?;

    let (orders, requests) = bank.totals();
    for (order, charges) in &orders {
        ensure(*charges == 1, &format!("{order} was charged {charges} times"))?;
    }
    say(&format!(
        "ok: {} orders, {requests} requests to the bank, one charge for each order in its ledger",
        orders.len()
    ));
    Ok(())
}

/// Two programs are given the same orders at the same time: one of them runs each, and the other waits for its result.
async fn both_at_once(bank: &Bank, address: &Address) -> Outcome<()> {
    let orders: Vec<_> = (1..=20).map(|number| format!("order-{number}")).collect();
    let (one, other) = (Shop::open(address, &orders)?, Shop::open(address, &orders)?);
    let (one, other) = (one.closed().await?, other.closed().await?);
    ensure(one.receipts.len() == orders.len(), "an order has no receipt")?;
    ensure(one.receipts == other.receipts, "the two programs have different receipts")?;
    let requests = bank.totals().1;
    ensure(requests == orders.len(), &format!("the bank was asked {requests} times"))?;
    say(
        "two programs took the same 20 orders at once: the bank was asked 20 times, and both have the same receipts",
    );
    Ok(())
}

/// A program dies after the bank has charged and before it could store that. The lease runs out, and the repetition runs the
/// body again: the store cannot know what has happened, and the bank can, by the key.
async fn killed_in_the_middle(bank: &Bank, address: &Address) -> Outcome<()> {
    let order = ["order-21".to_owned()];
    let mut answer = bank.hold("/charge", &order[0]);
    let mut killed = Shop::open(address, &order)?;
    answer.is_held().await?;
    killed.kill().await?;
    say("a program was killed (SIGKILL) when the bank had charged order-21, before it heard of it");

    let repeated = Shop::open(address, &order)?.closed().await?;
    ensure(repeated.receipts.len() == 1, "the repetition has no receipt")?;
    let (requests, charges) = bank.of(&order[0]);
    ensure((requests, charges) == (2, 1), &format!("{requests} requests and {charges} charges"))?;
    say("another repeated it when the lease had run out: the bank knew the key, and gave the receipt again");
    Ok(())
}

/// A program stands still before it sends its charge, for longer than its lease. Another one takes the order over. The first
/// goes on and charges too: the lease does not fence what it does, and the key that it sends along does.
async fn stopped_for_too_long(bank: &Bank, address: &Address) -> Outcome<()> {
    let order = ["order-22".to_owned()];
    let mut answer = bank.hold("/limit", &order[0]);
    let stopped = Shop::open(address, &order)?;
    answer.is_held().await?;
    stopped.signal("STOP").await?;
    say("a program was stopped (SIGSTOP) in the middle of order-22, before it asked the bank to charge");

    let other = Shop::open(address, &order)?.closed().await?;
    ensure(bank.of(&order[0]) == (1, 1), "the other program did not charge")?;
    say("another took the order over when the lease had run out, and charged it");

    stopped.signal("CONT").await?;
    drop(answer);
    let late = stopped.closed().await?;
    ensure(late.receipts == other.receipts, "the two programs have different receipts")?;
    ensure(late.leases_lost == 1, "the first program could still store its result")?;
    let (requests, charges) = bank.of(&order[0]);
    ensure((requests, charges) == (2, 1), &format!("{requests} requests and {charges} charges"))?;
    say(
        "the first went on (SIGCONT) and charged as well: the bank knew the key; the store refused its result",
    );
    Ok(())
}

fn ensure(holds: bool, or_else: &str) -> Outcome<()> {
    if holds { Ok(()) } else { Err(or_else.into()) }
}
