//! A partition, or the key of an answer, that borrows where only the compiler sees it.

use resilience_runtime::{comprehensive_retry, graceful_degradation};

struct Request {
    tenant: String,
}

impl Request {
    fn tenant(&self) -> &str {
        &self.tenant
    }
}

#[comprehensive_retry("api", partition = request.tenant.as_str())]
async fn one(request: Request) -> Result<usize, String> {
    Ok(request.tenant.len())
}

#[comprehensive_retry("api", partition = request.tenant())]
async fn two(request: &Request) -> Result<usize, String> {
    Ok(request.tenant.len())
}

#[graceful_degradation("api", cache(key = request.tenant()))]
async fn three(request: &Request) -> Result<usize, String> {
    Ok(request.tenant.len())
}

fn main() {}
