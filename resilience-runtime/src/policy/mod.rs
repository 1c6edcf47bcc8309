//! What is set, as calls go by it: every key, its value, and the checked settings made from them. Nothing here sleeps, counts
//! or reads a clock.

mod effective_policy;
mod limits;
mod rules;

pub(crate) use effective_policy::{EffectivePolicy, Observation};
pub(crate) use limits::{LocalPermitLimits, Pace};
#[doc(inline)]
pub use resilience_settings::policy::{
    AdaptiveTimeout, Backoff, BreakerSettings, BucketSettings, BudgetKind, BudgetSettings, BulkheadSettings,
    CacheMode, CacheSettings, CallPolicy, Clause, Deposit, HedgeAfter, HedgeSettings, IdempotencySettings,
    IdempotencyWait, Key, KeyInfo, Mode, Multiplier, NestedRetries, OnUnavailable, Patch, Percentile,
    QuotaSettings, RateSettings, Ratio, ServiceKind, ServicePolicy, Shape, SheddingSettings, Sort,
    StatusCodes, Strategy, ThrottleSettings, Tokens, Value, Window,
};
pub(crate) use rules::{CallRules, ServiceRules};
