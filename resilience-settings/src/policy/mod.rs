//! What is set: every key, its value, and the checked settings made from them. Data only; nothing here
//! sleeps, counts or decides.

mod cache;
mod call;
mod clause;
mod hedge;
mod key;
mod kind;
mod limits;
mod numbers;
mod patch;
mod percentile;
mod service;
mod shape;
mod shedding;
mod table;
mod value;

pub use cache::{CacheMode, CacheSettings};
pub use call::{Backoff, CallPolicy, StatusCodes};
pub use clause::{Clause, Sort};
pub use hedge::{AdaptiveTimeout, HedgeAfter, HedgeSettings};
pub use key::{Key, KeyInfo};
pub use kind::ServiceKind;
pub use limits::{BulkheadSettings, RateSettings, ThrottleSettings};
pub use numbers::{Multiplier, Ratio, Tokens};
pub use patch::Patch;
pub use percentile::Percentile;
pub use service::{BreakerSettings, BucketSettings, BudgetSettings, QuotaSettings, ServicePolicy};
pub use shape::Shape;
pub use shedding::SheddingSettings;
pub use value::{BudgetKind, Deposit, NestedRetries, Strategy, Value, Window};
