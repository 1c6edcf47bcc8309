//! What a shop does. In: orders. Out: a receipt for each on the standard output, and how many leases were lost.

use examples::say;
use reqwest::Client;
use resilience_runtime::idempotency::{HEADER, to_header};
use resilience_runtime::monitor::IdempotencyResult;
use resilience_runtime::store::RedisIdempotencyProvider;
use resilience_runtime::{Rejection, comprehensive_retry, idempotency_key, registry};
use tokio::task::JoinSet;

use crate::{CENTS, Outcome};

#[derive(Clone)]
struct Till {
    client: Client,
    bank: String,
    store: RedisIdempotencyProvider,
}

#[derive(Debug, thiserror::Error)]
enum PaymentError {
    #[error("the bank: {0}")]
    Bank(#[from] reqwest::Error),
    #[error(transparent)]
    Rejected(#[from] Rejection),
}

/// One lease for all of its attempts. It is short here so that the example is; by default it lasts for half a minute or more.
#[comprehensive_retry(
    "payments",
    attempt_timeout = "10s",
    deadline = "30s",
    idempotency(key = order, fingerprint = cents, lease = "2s", store = till.store.clone())
)]
async fn charge(till: &Till, order: &str, cents: u64) -> Result<String, PaymentError> {
    till.post("/limit", order, cents).await?;
    till.post("/charge", order, cents).await
}

impl Till {
    /// Asks the bank, which is told the key each time: what it has done for this key before, it does not do again.
    async fn post(&self, path: &str, order: &str, cents: u64) -> Result<String, PaymentError> {
        let key = idempotency_key().and_then(|key| to_header(&key)).unwrap_or_default();
        let request = self.client.post(format!("{}{path}", self.bank)).header(HEADER, key);
        let answer = request.body(format!("{order} {cents}")).send().await?;
        Ok(answer.error_for_status()?.text().await?)
    }
}

/// Takes the payments for these orders, all at once.
pub(crate) async fn take(bank: &str, redis: &str, orders: &[String]) -> Outcome<()> {
    let store = RedisIdempotencyProvider::new(redis)?.with_namespace("shop");
    let till = Till { client: Client::new(), bank: bank.to_owned(), store };
    let mut payments = JoinSet::new();
    for order in orders.iter().cloned() {
        let till = till.clone();
        payments.spawn(async move {
            let receipt = charge(&till, &order, CENTS).await;
            (order, receipt)
        });
    }
    while let Some(ended) = payments.join_next().await {
        let (order, receipt) = ended?;
        say(&format!("receipt {order} {}", receipt?));
    }
    let stats = registry().service("payments").ok_or("the service is not known")?.stats();
    say(&format!("leases_lost {}", stats.idempotency(IdempotencyResult::LeaseLost)));
    Ok(())
}
