//! Data: all that will be generated, out of validation. Only `validate` creates one, and only if there are no faults.

use std::time::Duration;

use proc_macro2::{Group, Ident, Span};
use resilience_settings::policy::Key;
use syn::{Attribute, Expr, ExprClosure, ExprPath, Path, Signature, Token, Type, Visibility};

use crate::ast::Guarded;
use crate::boxed::Boxed;
use crate::keys::choice::Choice;
use crate::paths::Runtime;

/// An annotated function, validated.
pub(crate) struct Model {
    pub(crate) outline: Outline,
    pub(crate) body: Wrapped,
    pub(crate) site: Site,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) rules: Rules,
    pub(crate) run: Run,
    pub(crate) idempotency: Option<Idempotency>,
    pub(crate) sources: Sources,
    /// The arguments for redirect and fallback, in order.
    pub(crate) passed: Vec<Passed>,
    pub(crate) runtime: Runtime,
}

/// How the body runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Run {
    /// Repeatedly, one attempt after the other.
    Attempts,
    /// Repeatedly, each attempt with copies beside it if it is slow.
    Hedged,
    /// Once, so that it may consume its arguments.
    Once,
}

/// The idempotency clause, as far as it is code.
pub(crate) struct Idempotency {
    pub(crate) key: Expr,
    pub(crate) fingerprint: Option<Expr>,
    pub(crate) store: Option<Expr>,
}

/// The sources that answer for a failed call.
pub(crate) struct Sources {
    pub(crate) cache: Cache,
    pub(crate) redirect: Option<ExprPath>,
    pub(crate) fallback: Option<Fallback>,
    /// Which errors are answered.
    pub(crate) fallback_if: Option<ExprPath>,
    pub(crate) static_response: Option<Expr>,
}

/// The fallback.
pub(crate) enum Fallback {
    Function(ExprPath),
    Closure {
        closure: ExprClosure,
        /// It takes the error after the arguments.
        takes_error: bool,
    },
}

/// The response cache.
pub(crate) enum Cache {
    Off,
    /// One answer, without a key.
    Keyless,
    Keyed(Box<Expr>),
}

/// An argument as it is passed to a redirect or a fallback.
#[derive(Debug)]
pub(crate) enum Passed {
    /// A `&` reference or a plain number.
    Shared(Ident),
    /// A `&mut` reference.
    Reborrowed(Ident),
    /// Owned, and named in `clone(…)`.
    Cloned(Ident),
    /// Owned, and moved to the only source that takes it.
    Moved(Ident),
}

/// The parts of the function that stay as they were.
pub(crate) struct Outline {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) defaultness: Option<Token![default]>,
    pub(crate) sig: Signature,
    /// `#![…]` at the top of the body.
    pub(crate) inner: Vec<Attribute>,
}

/// The block that each attempt runs, and the type that it returns.
pub(crate) enum Wrapped {
    /// The block of an `async fn`.
    Plain { block: Group, output: Type },
    /// The block inside the form of async-trait.
    Boxed { frame: Boxed, block: Expr, output: Type },
}

/// The contents of the call site's static.
pub(crate) struct Site {
    pub(crate) service: String,
    /// What its code provides or leaves out, by the runtime's names: a setting may have no effect without it.
    pub(crate) traits: Vec<&'static str>,
    /// What its idempotency keys belong to, where it is written.
    pub(crate) scope: Option<String>,
    /// The expression of `partition`, which selects a state of its own.
    pub(crate) partition: Option<Expr>,
    /// The expression of `partition_label`, by which operators see it.
    pub(crate) partition_label: Option<Expr>,
    /// The siblings that were removed; their imports would otherwise look unused.
    pub(crate) siblings: Vec<Path>,
    /// The keys that were written, by the runtime's names.
    pub(crate) inline: Vec<(Key, Inline)>,
}

/// A value of the runtime.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Inline {
    Off,
    Switch(bool),
    Count(u64),
    Unlimited,
    Number(f64),
    Duration(Duration),
    Adaptive,
    Quantile(f64),
    Calls(u32),
    Time(Duration),
    Codes(Vec<u16>),
    Choice(&'static Choice, &'static str),
}

/// A binding that owns its value, which must survive an attempt.
pub(crate) struct Argument {
    pub(crate) ident: Ident,
    /// The user's `mut`.
    pub(crate) mutability: Option<Token![mut]>,
    /// Where `clone(…)` names it: each attempt gets a clone.
    pub(crate) cloned: Option<Span>,
    /// The `cfg` conditions under which the argument exists.
    pub(crate) cfg: Vec<Attribute>,
}

/// The user's code that classifies results.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) on_error: Option<ExprPath>,
    pub(crate) never_retry_on: Vec<Guarded>,
    pub(crate) retry_on: Vec<Guarded>,
    pub(crate) retry_if: Option<ExprPath>,
    pub(crate) record_if: Option<ExprPath>,
    pub(crate) retry_if_ok: Option<ExprPath>,
    pub(crate) on_rejection: Option<ExprPath>,
}
