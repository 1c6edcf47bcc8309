//! Answers the requests of an operator about rules of chaos. In: requests. Out: rules that are listed, armed for a limited time, or
//! disarmed; or why nothing can be injected into this process.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Map, Value};

use super::handlers::{perform, read};
use crate::export::server::answers::error;
use crate::export::server::shared::Shared;

#[cfg(feature = "testing")]
use super::injected::{arm, disarm, list};

#[cfg(not(feature = "testing"))]
use self::absent::{arm, disarm, list};

/// The rules that are armed, and whether more can be.
pub(in crate::export::server) async fn list_chaos(State(shared): State<Arc<Shared>>) -> Response {
    perform(move || list(&shared)).await
}

/// Arms a rule: its keys are those of a `[chaos.NAME]` table in a file, and `name`.
pub(in crate::export::server) async fn arm_chaos(State(shared): State<Arc<Shared>>, body: Body) -> Response {
    let rule: Map<String, Value> = match read(body).await {
        Ok(rule) => rule,
        Err((status, text)) => return error(status, &text),
    };
    perform(move || arm(&shared, rule)).await
}

/// Disarms the rule of that name, if it was armed here.
pub(in crate::export::server) async fn disarm_chaos(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
) -> Response {
    perform(move || disarm(&shared, &name)).await
}

/// What is answered where nothing can be injected.
#[cfg(not(feature = "testing"))]
mod absent {
    use axum::http::StatusCode;
    use serde_json::{Map, Value};

    use crate::export::server::actions::handlers::Refused;
    use crate::export::server::shared::Shared;

    fn refused<T>() -> Result<T, Refused> {
        let text = "this program is built without feature `testing`: nothing can be injected into it";
        Err((StatusCode::NOT_IMPLEMENTED, text.to_owned()))
    }

    pub(super) fn list(_: &Shared) -> Result<Value, Refused> {
        refused()
    }

    pub(super) fn arm(_: &Shared, _: Map<String, Value>) -> Result<Value, Refused> {
        refused()
    }

    pub(super) fn disarm(_: &Shared, _: &str) -> Result<Value, Refused> {
        refused()
    }
}
