//! A future that is not `Send`: the error points at the body, as without the attribute.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call() -> Result<(), String> {
    let shared = std::rc::Rc::new(5);
    std::future::ready(()).await;
    drop(shared);
    Ok(())
}

fn is_send(_: impl Send) {}

fn main() {
    is_send(call());
}
