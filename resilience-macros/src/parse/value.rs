//! Parses the value of one word, or words the fault, with how such a value is written. In: its tokens. Out: its meaning, or the
//! fault.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Expr, Lit, Pat, Path, Token};

use super::computed::{cannot_read, is_computed, shown};
use super::hint::{no_length, remedy};
use super::number::{Number, is_adaptive_text, length, lit, number, quantile, quantile_name};
use super::suffix::foreign_suffix;
use crate::ast::{Guarded, Setting};
use crate::diagnostics::suggestion;
use crate::keys::choice::Choice;
use crate::keys::word::{Takes, Word};

/// Parses the value of a word, after the `=`; also returns its tokens.
pub(crate) fn read(word: &Word, input: ParseStream<'_>) -> syn::Result<(Setting, TokenStream)> {
    if word.takes == Takes::Crate {
        let wrong = |fault: syn::Error| {
            syn::Error::new(fault.span(), format!("`{}` is written {}", word.name, example(word)))
        };
        let path = input.call(Path::parse_mod_style).map_err(wrong)?;
        return Ok((Setting::Crate(path.clone()), path.into_token_stream()));
    }
    let expr = ungroup(input.parse()?);
    let tokens = expr.to_token_stream();
    if word.takes != Takes::Code
        && let Some(fault) = foreign_suffix(word, &expr)
    {
        return Err(fault);
    }
    let unread = is_computed(&expr);
    let remedy = remedy(word, &expr).map(|remedy| format!("; {remedy}")).unwrap_or_default();
    let setting = understand(word, expr).unwrap_or_else(|| {
        Err(syn::Error::new_spanned(
            &tokens,
            match (word.name, unread) {
                ("service", true) => cannot_read(&tokens),
                (name, true) => {
                    format!(
                        "`{name}` is written {}; the attribute cannot read `{}`",
                        example(word),
                        shown(&tokens)
                    )
                }
                (name, false) => format!("`{name}` is written {}{remedy}", example(word)),
            },
        ))
    })?;
    Ok((setting, tokens))
}

/// Parses the parenthesised list of a word.
pub(crate) fn list(word: &Word, input: ParseStream<'_>, name: &Ident) -> syn::Result<Setting> {
    if input.is_empty() {
        return Err(syn::Error::new_spanned(name, format!("`{}` is written {}", word.name, example(word))));
    }
    if word.takes == Takes::Names {
        let names = Punctuated::<Ident, Token![,]>::parse_terminated_with(input, |input| {
            // `self` and other keywords are refused later, with a better message.
            input.call(syn::ext::IdentExt::parse_any)
        })?;
        return Ok(Setting::Names(names.into_iter().collect()));
    }
    let patterns = Punctuated::<Guarded, Token![,]>::parse_terminated_with(input, |input| {
        let pattern = input.call(Pat::parse_multi_with_leading_vert)?;
        if !input.is_empty() && !input.peek(Token![if]) && !input.peek(Token![,]) {
            return Err(input.error("expected a pattern as in `match`, optionally with `if`"));
        }
        let guard = if input.peek(Token![if]) { Some((input.parse()?, input.parse()?)) } else { None };
        Ok(Guarded { pattern, guard })
    })?;
    Ok(Setting::Patterns(patterns.into_iter().collect()))
}

/// How a word is written, for messages.
pub(crate) fn example(word: &Word) -> String {
    let name = word.name;
    match word.takes {
        Takes::Text => format!("`{name} = \"…\"`"),
        Takes::Switch => format!("`{name} = true` or `{name} = false`"),
        Takes::Count { or_off: false, .. } => format!("with a whole number: `{name} = 3`"),
        Takes::Attempts => format!("with a whole number or `Unlimited`: `{name} = 3`"),
        Takes::Count { or_off: true, .. } => format!("with a whole number or `off`: `{name} = 3`"),
        Takes::Number { .. } => format!("with a number: `{name} = 0.5`"),
        Takes::Duration { or_off: false, .. } => {
            format!("with a duration: `{name} = \"500ms\"`, `\"1m 30s\"`, or a number of seconds")
        }
        Takes::Timeout => format!(
            "with a duration, `off`, `adaptive` or `adaptive(…)`: `{name} = \"500ms\"`, `{name} = adaptive(ceiling = \"2s\")`"
        ),
        Takes::Quantile => {
            format!("with the name of a quantile or a share: `{name} = P99`, `{name} = 0.97`")
        }
        Takes::AfterOrQuantile => {
            format!("with a duration or the name of a quantile: `{name} = \"50ms\"`, `{name} = P95`")
        }
        Takes::Code => format!("with an expression: `{name} = …`"),
        Takes::Duration { or_off: true, .. } => {
            format!("with a duration or `off`: `{name} = \"500ms\"`, `\"1m 30s\"`, or a number of seconds")
        }
        Takes::Window => format!(
            "with a whole number of calls or a string with a unit of time: `{name} = 100`, `{name} = \"30s\"`"
        ),
        Takes::Codes => format!("with a list of HTTP status codes: `{name} = [429, 503]`"),
        Takes::Choice(choice) => format!("with one of its names: `{name} = {}`", choice.variants[0]),
        Takes::Clause => format!("`{name}(…)` or `{name} = off`"),
        Takes::Function => format!("with the path of a function: `{name} = path::to::function`"),
        Takes::FunctionOrClosure => format!(
            "with the path of a function or a closure: `{name} = path::to::function`, `{name} = |…| Ok(…)`"
        ),
        Takes::Patterns => format!("with patterns over the error: `{name}(Error::Timeout | Error::Busy)`"),
        Takes::Names => format!("with names of arguments: `{name}(request)`"),
        Takes::Crate => format!("`{name} = ::path::of::the::crate`"),
    }
}

/// `None` if the value is of another kind than the word takes.
fn understand(word: &Word, expr: Expr) -> Option<syn::Result<Setting>> {
    let fault = |message: String| Some(Err(syn::Error::new_spanned(&expr, message)));
    // `false`, and `"off"` as in a file.
    let off = match &expr {
        Expr::Path(path) => path.path.is_ident("off"),
        _ => match lit(&expr) {
            Some(Lit::Bool(on)) => !on.value,
            Some(Lit::Str(text)) => text.value() == "off",
            _ => false,
        },
    };
    let setting = match word.takes {
        Takes::Text => match lit(&expr)? {
            Lit::Str(text) => Setting::Text(text.value()),
            _ => return None,
        },
        Takes::Switch => match lit(&expr)? {
            Lit::Bool(on) => Setting::Switch(on.value()),
            _ => return None,
        },
        Takes::Clause
        | Takes::Timeout
        | Takes::Duration { or_off: true, .. }
        | Takes::Count { or_off: true, .. }
            if off =>
        {
            Setting::Off
        }
        Takes::Clause if matches!(lit(&expr), Some(Lit::Bool(_))) => Setting::Clause(Vec::new()),
        Takes::Code => Setting::Code(expr),
        Takes::Timeout if is_adaptive_text(&expr) => Setting::Adaptive,
        Takes::Quantile | Takes::AfterOrQuantile if quantile_name(&expr).is_some() => return quantile(&expr),
        Takes::Quantile => match number(&expr)? {
            Number::Fraction(share) if (0.5..1.0).contains(&share) => Setting::Quantile(share),
            _ => {
                return fault(format!(
                    "`{}` must be from 0.5 to below 1, or a name such as `P99`",
                    word.name
                ));
            }
        },
        Takes::Attempts if is_unlimited(&expr) => Setting::Unlimited,
        Takes::Attempts => match number(&expr)? {
            Number::Whole(count) => Setting::Count(count),
            Number::Negative => return fault(format!("`{}` must be at least 1", word.name)),
            Number::Fraction(_) => return None,
        },
        Takes::Count { min, .. } => match number(&expr)? {
            Number::Whole(count) => Setting::Count(count),
            Number::Negative => return fault(format!("`{}` must be at least {min}", word.name)),
            Number::Fraction(_) => return None,
        },
        Takes::Number { min, .. } => match number(&expr)? {
            #[expect(clippy::cast_precision_loss, reason = "ranges end far below 2^52")]
            Number::Whole(count) => Setting::Number(count as f64),
            Number::Fraction(number) => Setting::Number(number),
            Number::Negative => return fault(format!("`{}` must be at least {min}", word.name)),
        },
        Takes::Duration { .. } | Takes::Timeout | Takes::AfterOrQuantile => match length(&expr)? {
            Ok(time) => Setting::Duration(time),
            Err(message) => return fault(no_length(word, &expr, &message)),
        },
        Takes::Window => match number(&expr) {
            Some(Number::Whole(calls)) => Setting::Calls(calls),
            Some(Number::Negative) => return fault(format!("`{}` must be at least 1", word.name)),
            Some(Number::Fraction(number)) => {
                return fault(format!(
                    "`window` as a number counts calls and has no fraction: write `window = \"{number}s\"` for a time"
                ));
            }
            None => match length(&expr)? {
                Ok(time) => Setting::Time(time),
                Err(message) => return fault(no_length(word, &expr, &message)),
            },
        },
        Takes::Codes => return codes(word, &expr),
        Takes::Choice(choice) => return variant(choice, &expr),
        Takes::FunctionOrClosure if matches!(&expr, Expr::Closure(closure) if closure.attrs.is_empty()) => {
            let Expr::Closure(closure) = expr else { return None };
            Setting::Closure(closure)
        }
        Takes::Function | Takes::FunctionOrClosure => match expr {
            Expr::Path(path) if path.attrs.is_empty() => Setting::Function(path),
            _ => return None,
        },
        Takes::Clause | Takes::Patterns | Takes::Names | Takes::Crate => return None,
    };
    Some(Ok(setting))
}

/// `Unlimited`, or the string that a file has.
fn is_unlimited(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => path.path.is_ident("Unlimited") || path.path.is_ident("unlimited"),
        _ => matches!(lit(expr), Some(Lit::Str(text)) if matches!(&*text.value(), "Unlimited" | "unlimited")),
    }
}

fn codes(word: &Word, expr: &Expr) -> Option<syn::Result<Setting>> {
    let Expr::Array(array) = expr else { return None };
    let mut codes = Vec::new();
    for item in &array.elems {
        match number(item) {
            Some(Number::Whole(code)) if (100..=599).contains(&code) => {
                codes.push(u16::try_from(code).unwrap_or(599));
            }
            _ => {
                let message = match lit(item) {
                    Some(Lit::Str(class)) if class.value().to_lowercase().ends_with("xx") => {
                        "a class of HTTP status codes is written code by code, such as `[500, 502, 503, 504]`"
                            .to_owned()
                    }
                    _ => {
                        let remedy =
                            remedy(word, expr).map(|remedy| format!(": {remedy}")).unwrap_or_default();
                        format!("an HTTP status code is a number from 100 to 599{remedy}")
                    }
                };
                return Some(Err(syn::Error::new_spanned(item, message)));
            }
        }
    }
    if codes.is_empty() {
        let message = "an empty list would retry no status at all: leave it out, or write `max_attempts = 1`";
        return Some(Err(syn::Error::new_spanned(expr, message)));
    }
    Some(Ok(Setting::Codes(codes)))
}

/// `HttpApi`, `http_api`, `ServiceKind::HttpApi` or `"http_api"`.
fn variant(choice: &'static Choice, expr: &Expr) -> Option<syn::Result<Setting>> {
    let name = match expr {
        Expr::Path(path) => path.path.segments.last()?.ident.to_string(),
        _ => match lit(expr)? {
            Lit::Str(text) => text.value(),
            _ => return None,
        },
    };
    Some(match choice.find(&name) {
        Some(variant) => Ok(Setting::Choice(variant)),
        None => Err(syn::Error::new_spanned(
            expr,
            format!("unknown {} `{name}`; {}", choice.what, with_list(&name, choice)),
        )),
    })
}

/// Enums are small, so the whole list is shown after a suggestion, too.
fn with_list(name: &str, choice: &Choice) -> String {
    let guess = suggestion(name, choice.variants);
    let all = suggestion("", choice.variants);
    if guess == all { all } else { format!("{guess} {all}") }
}

/// A value that comes from a `macro_rules!` is wrapped in an invisible group.
fn ungroup(expr: Expr) -> Expr {
    match expr {
        Expr::Group(group) => ungroup(*group.expr),
        expr => expr,
    }
}
