//! A store before a server, and short words for its operations, for tests.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use resilience_runtime::store::{
    Claim, Completion, Fingerprint, IdempotencyStore as _, Owner, RecordName, RedisIdempotencyProvider,
    Release, Renewal, StoreError,
};
use tests::servers::Server;

pub(crate) const LEASE: Duration = Duration::from_secs(20);
pub(crate) const TTL: Duration = Duration::from_mins(1);

/// One program that uses a server.
pub(crate) struct Rig {
    pub(crate) store: RedisIdempotencyProvider,
}

/// One call of it.
#[derive(Clone, Copy)]
pub(crate) struct Call {
    pub(crate) record: RecordName,
    pub(crate) owner: Owner,
}

impl Call {
    pub(crate) fn new(key: &str) -> Self {
        Self { record: RecordName::new("", "payments", "charge", key.as_bytes()), owner: Owner::random() }
    }
}

impl Rig {
    pub(crate) fn new(server: &Server) -> Self {
        Self::at(server, server.address())
    }

    /// With something between the two.
    pub(crate) fn at(server: &Server, address: SocketAddr) -> Self {
        Self { store: RedisIdempotencyProvider::new(&server.url(address)).expect("a URL") }
    }

    pub(crate) async fn claim(&self, call: Call) -> Result<Claim, StoreError> {
        self.store.claim(call.record, call.owner, Fingerprint::NONE, LEASE).await
    }

    pub(crate) async fn renew(&self, call: Call) -> Result<Renewal, StoreError> {
        self.store.renew(call.record, call.owner, LEASE).await
    }

    pub(crate) async fn complete(&self, call: Call, value: &str) -> Result<Completion, StoreError> {
        self.store.complete(call.record, call.owner, Fingerprint::NONE, TTL, Some(value.as_bytes())).await
    }

    pub(crate) async fn release(&self, call: Call) -> Result<Release, StoreError> {
        self.store.release(call.record, call.owner).await
    }

    /// Claims it, which has to be granted.
    #[track_caller]
    pub(crate) fn holds(&self, call: Call) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let claim = self.claim(call).await;
            assert!(matches!(claim, Ok(Claim::Granted(_))), "{claim:?}, at {caller}");
        }
    }

    /// The name of the reason for which a claim is not answered, and how long that took.
    pub(crate) async fn refusal(&self) -> (String, Duration) {
        let began = Instant::now();
        let claim = self.claim(Call::new("refused")).await;
        let error = claim.expect_err("the store is away");
        (error.name().to_owned(), began.elapsed())
    }

    /// How long it takes until the store answers again.
    pub(crate) async fn back(&self) -> Duration {
        let began = Instant::now();
        loop {
            match self.claim(Call::new(&format!("back-{:?}", Instant::now()))).await {
                Ok(_) => return began.elapsed(),
                Err(error) => assert!(began.elapsed() < Duration::from_secs(20), "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// As another call would be answered, if it has this result.
pub(crate) fn done(value: &str) -> Claim {
    Claim::Done { value: Some(value.as_bytes().to_vec()) }
}
