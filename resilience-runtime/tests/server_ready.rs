//! Readiness of a program whose configuration is refused: a process of its own, as the registry of the program remembers.

use axum::body::Body;
use http::{Request, StatusCode};
use resilience_runtime::export::server::ServerBuilder;
use resilience_runtime::registry;
use tower_service::Service;

#[tokio::test]
async fn a_program_is_ready_from_its_first_valid_configuration_on() {
    let mut router = ServerBuilder::new().router();
    let mut ready = async || {
        let request = Request::get("/ready").body(Body::empty()).expect("a request");
        router.call(request).await.expect("never fails").status()
    };
    assert_eq!(ready().await, StatusCode::OK, "a program without a file has the settings of its attributes");
    registry().load_config("[services.a]\nmax_attempts = 0", "test.toml").expect_err("out of range");
    assert_eq!(ready().await, StatusCode::SERVICE_UNAVAILABLE);
    registry().load_config("[services.a]\nmax_attempts = 2", "test.toml").expect("valid");
    assert_eq!(ready().await, StatusCode::OK);
    registry().load_config("[services.a]\nmax_attempts = 0", "test.toml").expect_err("out of range");
    assert_eq!(ready().await, StatusCode::OK, "the valid one is in force");
}
