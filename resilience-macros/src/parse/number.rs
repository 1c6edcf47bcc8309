//! Parses numbers. In: one expression. Out: the number, duration or quantile that it stands for.

use std::time::Duration;

use proc_macro2::Ident;
use resilience_settings::duration;
use resilience_settings::policy::Percentile;
use syn::parse::ParseStream;
use syn::{Expr, Lit, Token, UnOp};

use crate::ast::Setting;
use crate::diagnostics::suggestion;

/// A number as written.
pub(super) enum Number {
    Whole(u64),
    Fraction(f64),
    Negative,
}

/// Parses a number.
pub(super) fn number(expr: &Expr) -> Option<Number> {
    if let Expr::Unary(unary) = expr {
        let negative = matches!(unary.op, UnOp::Neg(_)) && number(&unary.expr).is_some();
        return negative.then_some(Number::Negative);
    }
    match lit(expr)? {
        Lit::Int(int) => int.base10_parse().ok().map(Number::Whole),
        Lit::Float(float) => float.base10_parse().ok().map(Number::Fraction),
        _ => None,
    }
}

/// The same spellings as in files: a string with units, or a number of seconds.
pub(super) fn length(expr: &Expr) -> Option<Result<Duration, String>> {
    #[expect(clippy::cast_precision_loss, reason = "seconds beyond 2^52 are refused below anyway")]
    let seconds = match number(expr) {
        Some(Number::Whole(seconds)) => seconds as f64,
        Some(Number::Fraction(seconds)) => seconds,
        Some(Number::Negative) => return Some(Err("cannot be negative".to_owned())),
        None => {
            let Lit::Str(text) = lit(expr)? else { return None };
            let text = text.value();
            return Some(duration::parse(&text).ok_or_else(|| no_duration(&text, &format!("{text:?}"))));
        }
    };
    Some(Duration::try_from_secs_f64(seconds).map_err(|_| "is longer than time can be counted".to_owned()))
}

/// What is said of a text that is no length of time, and is shown like this.
pub(super) fn no_duration(text: &str, shown: &str) -> String {
    match duration::meant(text) {
        Some(meant) => format!("does not understand {shown}: write `{meant:?}`{}", duration::reason(text)),
        None => {
            format!("does not understand {shown}: write a duration such as `\"500ms\"` or `\"1m 30s\"`")
        }
    }
}

/// Whether a value starts with the word for an adaptive timeout.
pub(super) fn is_adaptive(input: ParseStream<'_>) -> bool {
    let fork = input.fork();
    fork.parse::<Ident>().is_ok_and(|name| name == "adaptive" || name == "Adaptive") && !fork.peek(Token![::])
}

/// The same as a string, as a file has it.
pub(super) fn is_adaptive_text(expr: &Expr) -> bool {
    matches!(lit(expr), Some(Lit::Str(text)) if matches!(text.value().as_str(), "adaptive" | "Adaptive"))
}

/// `P95`, `p95` or `"P95"`; other strings are durations.
pub(super) fn quantile_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => match lit(expr)? {
            Lit::Str(text) => Some(text.value()).filter(|text| text.starts_with(['P', 'p'])),
            _ => None,
        },
    }
}

/// The quantile that a name stands for, as a share.
pub(super) fn quantile(expr: &Expr) -> Option<syn::Result<Setting>> {
    let name = quantile_name(expr)?;
    Some(if let Some(percentile) = Percentile::parse(&name) {
        Ok(Setting::Quantile(percentile.ratio().get()))
    } else {
        let message = format!("unknown quantile `{name}`; {}", suggestion("", Percentile::VARIANTS));
        Err(syn::Error::new_spanned(expr, message))
    })
}

/// The literal, if it is one.
pub(super) fn lit(expr: &Expr) -> Option<&Lit> {
    match expr {
        Expr::Lit(lit) => Some(&lit.lit),
        _ => None,
    }
}
