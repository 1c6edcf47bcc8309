//! Data: what the user wrote, with spans, out of parsing. Faults and duplicates are still possible.

use std::time::Duration;

use proc_macro2::{Group, Ident, TokenStream};
use syn::{Expr, ExprClosure, ExprPath, Pat, Path, Signature, Token, Visibility};

use crate::boxed::Boxed;
use crate::keys::attribute::Attribute;
use crate::keys::word::Word;

/// A function and all attributes of this crate on it.
pub(crate) struct Ast {
    /// The attributes, the one that is being expanded first.
    pub(crate) attributes: Vec<Applied>,
    /// The function.
    pub(crate) function: Function,
    /// Whether the function is covered by an attribute on its `impl` block.
    pub(crate) is_covered: bool,
}

/// An `impl` block whose methods an attribute covers.
pub(crate) struct Covered {
    /// Everything before the braces.
    pub(crate) head: TokenStream,
    /// `#![…]` at the top.
    pub(crate) inner: Vec<syn::Attribute>,
    pub(crate) braces: Group,
    pub(crate) methods: Vec<Method>,
}

/// An item of a block.
pub(crate) enum Method {
    /// Not a function.
    Other(TokenStream),
    /// A function that makes no calls, or that `#[resilience(skip)]` excludes.
    Left(Function),
    Covered(Function),
}

/// One attribute with its contents.
#[derive(Clone)]
pub(crate) struct Applied {
    /// Which one.
    pub(crate) attribute: &'static Attribute,
    /// The path of a sibling; the compiler has seen the path of the first attribute itself.
    pub(crate) path: Option<Path>,
    /// Its arguments, those that could be parsed.
    pub(crate) written: Vec<Written>,
}

/// One argument: `max_attempts = 3`.
#[derive(Clone)]
pub(crate) struct Written {
    /// The word that was recognised.
    pub(crate) word: &'static Word,
    /// The word as written; for a positional argument, the tokens of the value.
    pub(crate) name: TokenStream,
    /// The value as written.
    pub(crate) value: TokenStream,
    /// The value as parsed.
    pub(crate) setting: Setting,
    /// Whether it comes from the `impl` block; then other methods may be the ones that it affects.
    pub(crate) inherited: bool,
}

/// A value.
#[derive(Clone)]
pub(crate) enum Setting {
    /// Written but not parsed; its fault is recorded.
    Unreadable,
    Off,
    Text(String),
    Switch(bool),
    Count(u64),
    /// As many as fit into the deadline.
    Unlimited,
    Number(f64),
    Duration(Duration),
    /// An adaptive timeout with the built-in bounds.
    Adaptive,
    /// A quantile of the latencies.
    Quantile(f64),
    /// A breaker's window of that many calls.
    Calls(u64),
    /// A breaker's window of that duration.
    Time(Duration),
    Codes(Vec<u16>),
    /// A variant, in `CamelCase`.
    Choice(&'static str),
    Clause(Vec<Written>),
    Function(ExprPath),
    Closure(ExprClosure),
    /// An expression, left to the compiler.
    Code(Expr),
    Patterns(Vec<Guarded>),
    Names(Vec<Ident>),
    Crate(Path),
}

/// A pattern with its guard: `Error::Http(code) if *code >= 500`.
#[derive(Clone)]
pub(crate) struct Guarded {
    pub(crate) pattern: Pat,
    pub(crate) guard: Option<(Token![if], Expr)>,
}

/// A function as written, with its body untouched.
pub(crate) struct Function {
    /// Its attributes, without those of this crate.
    pub(crate) attrs: Vec<syn::Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) defaultness: Option<Token![default]>,
    pub(crate) sig: Signature,
    /// `#![…]` at the top of the body.
    pub(crate) inner: Vec<syn::Attribute>,
    pub(crate) body: Body,
}

/// What follows a signature.
pub(crate) enum Body {
    /// `;`
    Missing(Token![;]),
    /// A block. Kept as tokens, as its contents are left to the compiler.
    Block(Group),
    /// The form that async-trait gives to an `async fn`.
    Boxed(Boxed),
}

impl Ast {
    /// Every argument of every attribute, including those in clauses.
    pub(crate) fn written(&self) -> impl Iterator<Item = &Written> {
        self.attributes.iter().flat_map(|applied| &applied.written).flat_map(|written| {
            let inner = match &written.setting {
                Setting::Clause(inner) => inner.as_slice(),
                _ => &[],
            };
            std::iter::once(written).chain(inner)
        })
    }

    /// Whether a clause is written, and not as `off`.
    pub(crate) fn is_on(&self, clause: &str) -> bool {
        self.get("", clause).is_some_and(|written| !written.is_off())
    }

    /// The first argument of a name within a clause.
    pub(crate) fn get(&self, clause: &str, name: &str) -> Option<&Written> {
        self.written().find(|written| written.word.clause == clause && written.word.name == name)
    }
}

impl Written {
    /// Whether it is written on the function itself, so that it has to affect this function.
    pub(crate) fn is_own(&self) -> bool {
        !self.inherited
    }

    /// The value, if it is a whole number.
    pub(crate) fn count(&self) -> Option<u64> {
        match self.setting {
            Setting::Count(count) => Some(count),
            _ => None,
        }
    }

    /// The value, if it is `true` or `false`.
    pub(crate) fn switch(&self) -> Option<bool> {
        match self.setting {
            Setting::Switch(on) => Some(on),
            _ => None,
        }
    }

    /// The value, if it is an expression.
    pub(crate) fn code(&self) -> Option<&Expr> {
        match &self.setting {
            Setting::Code(expr) => Some(expr),
            _ => None,
        }
    }

    /// The value, if it is the path of a function.
    pub(crate) fn function(&self) -> Option<&ExprPath> {
        match &self.setting {
            Setting::Function(path) => Some(path),
            _ => None,
        }
    }

    /// The value, if it is a closure.
    pub(crate) fn closure(&self) -> Option<&ExprClosure> {
        match &self.setting {
            Setting::Closure(closure) => Some(closure),
            _ => None,
        }
    }

    /// Whether it is written as `off`.
    pub(crate) fn is_off(&self) -> bool {
        matches!(self.setting, Setting::Off)
    }
}
