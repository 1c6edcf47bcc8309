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
mod rules;
mod service;
mod shape;
mod shedding;
mod terms;
mod value;
pub(crate) mod words;

pub use cache::{CacheMode, CacheSettings};
pub use call::{Backoff, CallPolicy, StatusCodes};
pub use clause::{Clause, Sort};
pub use hedge::{AdaptiveTimeout, HedgeAfter, HedgeSettings};
pub(crate) use key::with_setters;
pub use key::{Key, KeyInfo};
pub use kind::ServiceKind;
pub(crate) use limits::{Aside, Pace};
pub use limits::{BulkheadSettings, RateSettings, ThrottleSettings};
pub use numbers::{Multiplier, Ratio, Tokens};
pub use patch::Patch;
pub use percentile::Percentile;
pub(crate) use rules::{CallRules, ServiceRules};
pub use service::{BreakerSettings, BucketSettings, BudgetSettings, QuotaSettings, ServicePolicy};
pub use shape::Shape;
pub use shedding::SheddingSettings;
pub(crate) use terms::Terms;
pub use value::{BudgetKind, Deposit, NestedRetries, Strategy, Value, Window};
