//! Nine services of a shop, and callers who keep them busy: what the page shows.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use resilience_runtime::store::MemoryStore;
use resilience_runtime::{
    Rejection, Resilient, ServiceKind, comprehensive_retry, retry_ai_service, retry_cache, retry_database,
    retry_http_api, retry_message_queue, retry_microservice,
};

use crate::trouble::{Script, Trouble};

#[retry_database(
    "postgres_orders",
    base_delay = "20ms",
    breaker(window = "10s", min_calls = 10, open_for = "1500ms", max_open_for = "2s"),
    fallback = |_script: Script| Ok(())
)]
async fn store_order(script: Script) -> Result<(), Trouble> {
    script.answer("postgres_orders", Duration::from_millis(8)).await
}

/// The large model; a small one stands in for it.
#[retry_ai_service(
    "claude_api",
    max_attempts = 3,
    base_delay = "50ms",
    max_delay = "200ms",
    deadline = "3s",
    redirect = ask_small_model
)]
async fn ask(script: Script) -> Result<(), Trouble> {
    script.answer("claude_api", Duration::from_millis(120)).await
}

#[retry_ai_service("small_model", max_attempts = 2)]
async fn ask_small_model(script: Script) -> Result<(), Trouble> {
    script.answer("small_model", Duration::from_millis(40)).await
}

#[retry_cache("redis_sessions")]
async fn session(script: Script) -> Result<(), Trouble> {
    script.answer("redis_sessions", Duration::from_millis(1)).await
}

/// What was paid, by order. Two processes of one shop would share a `RedisIdempotencyProvider`.
static RECEIPTS: LazyLock<MemoryStore> = LazyLock::new(MemoryStore::default);

/// An order that comes again is not paid again.
#[retry_http_api(
    "payments",
    bulkhead(max_concurrent = 6, max_queue = 12, max_wait = "300ms"),
    idempotency(key = order, wait = "200ms", store = RECEIPTS.clone())
)]
async fn pay(script: Script, order: u64) -> Result<(), Trouble> {
    script.answer("payments", Duration::from_millis(40)).await
}

/// A new order as a rule, now and then the last one.
fn order() -> u64 {
    static ORDERS: AtomicU64 = AtomicU64::new(1);
    ORDERS.fetch_add(u64::from(rand::random_bool(0.95)), Ordering::Relaxed)
}

/// Each shop has a breaker of its own.
#[retry_microservice("search", partition = format!("shop-{shop}"))]
async fn search(script: Script, shop: u32) -> Result<(), Trouble> {
    // One of them asks for what the index does not have.
    if shop == 3 && rand::random_bool(0.8) {
        return Err(Trouble::ConnectionRefused);
    }
    script.answer("search", Duration::from_millis(12)).await
}

/// Many addresses are not known to it, which is an answer like any other.
#[comprehensive_retry("geocoding", kind = HttpApi)]
async fn locate(script: Script) -> Result<(), Trouble> {
    if rand::random_bool(0.3) {
        return Err(Trouble::NotFound);
    }
    script.answer("geocoding", Duration::from_millis(25)).await
}

/// New here: for now its rules only count what they would do.
#[retry_http_api("recommendations", mode = Observe)]
async fn recommend(script: Script) -> Result<(), Trouble> {
    script.answer("recommendations", Duration::from_millis(30)).await
}

/// Nobody writes a letter here.
#[retry_message_queue("letters")]
async fn send_letter(script: Script) -> Result<(), Trouble> {
    script.answer("letters", Duration::from_millis(5)).await
}

/// Callers, until the runtime ends. `more` services are called as well, by handles.
pub(crate) fn start(script: Script, more: u32) {
    keep(4, 20, move || store_order(script));
    keep(3, 60, move || ask(script));
    keep(4, 6, move || session(script));
    keep(8, 60, move || pay(script, order()));
    keep(4, 30, move || search(script, rand::random_range(0..8)));
    keep(2, 50, move || locate(script));
    keep(2, 50, move || recommend(script));
    // Named, so that it is shown before its first call; that never comes.
    let _ = send_letter;
    for number in 0..more {
        let name = format!("shelf-{number:03}");
        let shelf = Resilient::service(name).kind(ServiceKind::Microservice).build();
        keep(1, 700, move || {
            let shelf = shelf.clone();
            async move {
                let look = shelf.call(|| async {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    Ok::<_, Rejection>(())
                });
                look.await
            }
        });
    }
}

/// So many callers who wait about so many milliseconds from one call to the next.
fn keep<F, E>(callers: u32, pause: u64, call: impl Fn() -> F + Clone + Send + 'static)
where
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Send + 'static,
{
    for _ in 0..callers {
        let call = call.clone();
        tokio::spawn(async move {
            loop {
                // What it came to is what the page shows.
                let _ = call().await;
                let pause = rand::random_range(pause / 2..pause * 2);
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
        });
    }
}
