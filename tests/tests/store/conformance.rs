//! The conformance suite, with a store of its own for each process that it plays.

use resilience_runtime::testing::idempotency_store_suite;
use tests::servers::{Program, Server};

use crate::rig::Rig;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_and_valkey_keep_the_contract_of_a_store() {
    for program in [Program::Redis, Program::Valkey] {
        let server = Server::start(program);
        let checked = idempotency_store_suite(async || Rig::new(&server).store, tokio::time::sleep).await;
        assert!(checked.is_ok(), "{program:?}: {}", checked.unwrap_err());
    }
}
