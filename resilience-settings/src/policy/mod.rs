//! What is set: every key, its value, and the checked settings made from them. Data only; nothing here
//! sleeps, counts or decides.

pub(crate) mod cache;
pub(crate) mod call;
pub(crate) mod fields;
pub(crate) mod hedge;
pub(crate) mod idempotency;
pub(crate) mod kind;
pub(crate) mod limits;
pub(crate) mod numbers;
pub(crate) mod percentile;
pub(crate) mod service;
pub(crate) mod shedding;
mod status_codes;

pub use crate::keys::clause::{Clause, Sort};
pub use crate::keys::key::{Key, KeyInfo};
pub use crate::keys::patch::Patch;
pub use crate::keys::shape::Shape;
pub use crate::keys::value::{
    BudgetKind, CacheMode, Deposit, Mode, NestedRetries, OnUnavailable, Strategy, Value, Window,
};
pub use cache::CacheSettings;
pub use call::{Backoff, CallPolicy};
pub use hedge::{AdaptiveTimeout, HedgeAfter, HedgeSettings};
pub use idempotency::{IdempotencySettings, IdempotencyWait};
pub use kind::ServiceKind;
pub use limits::{BulkheadSettings, RateSettings, ThrottleSettings};
pub use numbers::{Multiplier, Ratio, Tokens};
pub use percentile::Percentile;
pub use service::{BreakerSettings, BucketSettings, BudgetSettings, QuotaSettings, ServicePolicy};
pub use shedding::SheddingSettings;
pub use status_codes::StatusCodes;
