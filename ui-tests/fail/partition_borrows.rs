//! A partition, or the key of an answer, that is sure to borrow from an argument.

use resilience_runtime::{comprehensive_retry, graceful_degradation};

struct Request {
    tenant: String,
}

#[comprehensive_retry("api", partition = tenant.as_str())]
async fn one(tenant: String) -> Result<usize, String> {
    Ok(tenant.len())
}

#[comprehensive_retry("api", partition = tenant.trim())]
async fn two(tenant: &str) -> Result<usize, String> {
    Ok(tenant.len())
}

#[comprehensive_retry("api", partition = &request.tenant)]
async fn three(request: &Request) -> Result<usize, String> {
    Ok(request.tenant.len())
}

#[graceful_degradation("api", cache(key = &tenant[..2]))]
async fn four(tenant: String) -> Result<usize, String> {
    Ok(tenant.len())
}

#[graceful_degradation("api", cache(key = tenant.as_bytes()))]
async fn five(tenant: &String) -> Result<usize, String> {
    Ok(tenant.len())
}

impl Request {
    #[comprehensive_retry("api", partition = &self.tenant)]
    async fn six(&self) -> Result<usize, String> {
        Ok(self.tenant.len())
    }

    #[comprehensive_retry("api", partition = tenant.trim())]
    async fn lives_for_ever(&self, tenant: &'static str) -> Result<usize, String> {
        Ok(tenant.len() + self.tenant.len())
    }
}

fn main() {}
