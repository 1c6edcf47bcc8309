//! Refuses keys of cache, redirect, fallback and static response that never act. In: cache, redirect, fallback and static response.
//! Out: the sources of answers, or faults of keys that never act. Attributes that make no loop take no keys of retries.

use quote::ToTokens;
use resilience_settings::policy::Key;
use resilience_settings::rules::acts;
use syn::{Expr, ExprClosure, FnArg, Pat};

use super::owned;
use crate::ast::{Ast, Written};
use crate::diagnostics::Faults;
use crate::keys::table::WORDS;
use crate::keys::word::Word;
use crate::model::{Cache, Fallback, Sources};

/// The code that answers, or only says something about that.
const ABOUT_ANSWERS: &[&str] = &["redirect", "fallback", "fallback_if", "static_response"];

/// What answers, beside the cache.
const SOURCES: &[&str] = &["redirect", "fallback", "static_response"];

/// What says something about a loop of attempts only.
const ABOUT_ATTEMPTS: &[&str] = &["max_attempts", "budget"];

/// Whether the body runs once, since no attribute makes a loop.
pub(super) fn is_once(ast: &Ast) -> bool {
    !ast.attributes.iter().any(|applied| applied.attribute.retries)
}

pub(super) fn check_settings(ast: &Ast, faults: &mut Faults) {
    check_switches(ast, faults);
    check_once(ast, faults);
    if let Some(timeout) = ast.get("", "degrade_timeout").filter(|key| key.is_own())
        && ast.get("", "redirect").is_none()
        && ast.get("", "fallback").is_none()
    {
        faults.at(
            &timeout.name,
            "`degrade_timeout` limits `redirect` and `fallback`, and neither is written: remove it, or add one of them",
        );
    }
    if let Some(condition) = ast.get("", "fallback_if").filter(|key| key.is_own())
        && SOURCES.iter().all(|name| ast.get("", name).is_none())
        && !ast.is_on("cache")
    {
        faults.at(
            &condition.name,
            "`fallback_if` says which errors are answered for, and nothing answers: add `fallback`, `static_response`, \
             `redirect` or `cache`, or remove it",
        );
    }
    if let Some(partitions) = ast.get("", "max_partitions").filter(|key| key.is_own())
        && ast.get("", "partition").is_none()
    {
        faults.at(
            &partitions.name,
            "`max_partitions` cannot act without `partition`: add `partition = …`, or remove it",
        );
    }
    if let Some(label) = ast.get("", "partition_label").filter(|key| key.is_own())
        && ast.get("", "partition").is_none()
    {
        faults.at(
            &label.name,
            "`partition_label` says how operators see a partition, and there is none: add `partition = …`, or remove it",
        );
    }
}

/// A cache is asked by key, and answers alike whatever the arguments when there is none.
pub(super) fn check_function(ast: &Ast, faults: &mut Faults) {
    check_static_response(ast, faults);
    check_closure(ast, faults);
    owned::check(ast, faults);
    if let Some(cache) = ast.get("", "cache").filter(|cache| !cache.is_off())
        && ast.get("cache", "key").is_none()
        && let Some(first) = ast.function.sig.inputs.first()
    {
        let remedy = match first {
            FnArg::Receiver(_) => "such as `cache(key = id)`, with what the answer depends on in `self`",
            FnArg::Typed(_) => "such as `cache(key = id)`",
        };
        faults.at(
            &cache.name,
            format!("`cache` needs a `key` where there are arguments, or it would give one answer to all: write one, {remedy}"),
        );
    }
    if is_once(ast)
        && let Some(clone) = ast.get("", "clone")
        && ["redirect", "fallback"].iter().all(|name| ast.get("", name).is_none())
        && !super::hedge::is_on(ast)
    {
        faults.at(
            &clone.name,
            "`clone` cannot act: the body runs once, so it may consume its arguments as they are; remove it",
        );
    }
}

/// What the runtime cannot know of the code, and has to check settings by.
pub(super) fn traits(ast: &Ast) -> Vec<&'static str> {
    let provided = [
        ("", "partition", "partitioned"),
        ("", "redirect", "redirected"),
        ("", "fallback", "with_fallback"),
        ("", "static_response", "with_static_response"),
        ("idempotency", "store", "stored"),
    ];
    let once = is_once(ast).then_some("degradation_only").into_iter();
    let provided = provided.into_iter().filter(|(clause, word, _)| ast.get(clause, word).is_some());
    once.chain(provided.map(|(_, _, name)| name)).collect()
}

/// A closure takes what a function would take. Its number of parameters is all that can be seen here.
fn check_closure(ast: &Ast, faults: &mut Faults) {
    let Some(closure) = ast.get("", "fallback").and_then(Written::closure) else { return };
    let inputs = &ast.function.sig.inputs;
    let written = closure.inputs.len();
    if written == inputs.len() || takes_error(ast, closure) {
        return;
    }
    let names: Vec<String> = inputs
        .iter()
        .map(|input| match input {
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(name) if name.ident != "__self" => name.ident.to_string(),
                Pat::Ident(_) => "this".to_owned(),
                _ => "_".to_owned(),
            },
            FnArg::Receiver(_) => "this".to_owned(),
        })
        .collect();
    let with_error: Vec<&str> = names.iter().map(String::as_str).chain(["error"]).collect();
    faults.at(
        closure,
        format!(
            "a fallback takes the function's own arguments, or those and the error: write `|{}| …` or `|{}| …`",
            names.join(", "),
            with_error.join(", ")
        ),
    );
}

fn takes_error(ast: &Ast, closure: &ExprClosure) -> bool {
    closure.inputs.len() == ast.function.sig.inputs.len() + 1
}

/// `Ok(5)` where the `5` belongs.
fn check_static_response(ast: &Ast, faults: &mut Faults) {
    let Some(Expr::Call(call)) = ast.get("", "static_response").and_then(Written::code) else { return };
    let Expr::Path(made) = &*call.func else { return };
    let Some(variant) = made.path.segments.last().map(|last| last.ident.to_string()) else { return };
    // A result of results may well be meant.
    let output =
        super::function::output(&ast.function.sig).map(|output| output.to_token_stream().to_string());
    if output.is_some_and(|output| output.matches("Result").count() > 1) {
        return;
    }
    let argument = call.args.to_token_stream();
    match variant.as_str() {
        "Ok" => faults.at(
            call,
            format!("`static_response` is the `T` of the `Result`: give the `T`, `static_response = {argument}`"),
        ),
        "Err" => faults.at(
            call,
            "`static_response` answers for an error: give the `T` of the `Result`, or remove it to return the error",
        ),
        _ => {}
    }
}

/// What was written, for the model.
pub(super) fn sources(ast: &Ast) -> Sources {
    let function = |name| ast.get("", name).and_then(Written::function).cloned();
    Sources {
        cache: match ast.get("cache", "key").and_then(Written::code) {
            _ if !ast.is_on("cache") => Cache::Off,
            Some(key) => Cache::Keyed(Box::new(key.clone())),
            None => Cache::Keyless,
        },
        redirect: function("redirect"),
        fallback: ast.get("", "fallback").and_then(|written| {
            let of_closure = |closure: &ExprClosure| Fallback::Closure {
                closure: closure.clone(),
                takes_error: takes_error(ast, closure),
            };
            let of_function = written.function().cloned().map(Fallback::Function);
            of_function.or_else(|| written.closure().map(of_closure))
        }),
        fallback_if: function("fallback_if"),
        static_response: ast.get("", "static_response").and_then(Written::code).cloned(),
    }
}

fn check_switches(ast: &Ast, faults: &mut Faults) {
    let about_retries: Vec<&str> =
        super::retry::about_retries(ast).map(|written| written.word.name).collect();
    let switch_over = |word: &Word| match word.key {
        Some(key) => acts::switch_over(key),
        None if about_retries.contains(&word.name) => Some(Key::RetryEnabled),
        None => ABOUT_ANSWERS.contains(&word.name).then_some(Key::DegradationEnabled),
    };
    for switch in
        [Key::RetryEnabled, Key::CircuitBreakerEnabled, Key::RetryBudgetEnabled, Key::DegradationEnabled]
    {
        let name = switch.info().name;
        if ast.get("", name).and_then(Written::switch) != Some(false) {
            continue;
        }
        // Of a clause as a whole it is enough to say that it cannot act.
        let written = WORDS.iter().filter(|word| word.clause.is_empty() && switch_over(word) == Some(switch));
        let written = written.filter_map(|word| ast.get("", word.name));
        for key in written.filter(|key| key.is_own() && !key.is_off() && key.count() != Some(1)) {
            faults.at(
                &key.name,
                format!("`{}` cannot act with `{name} = false`: remove one of them", key.word.name),
            );
        }
    }
}

fn check_once(ast: &Ast, faults: &mut Faults) {
    let Some(attribute) = ast.attributes.first().filter(|_| is_once(ast)) else {
        return;
    };
    let attempts = ABOUT_ATTEMPTS.iter().filter_map(|name| ast.get("", name));
    let written = super::retry::about_retries(ast).chain(attempts);
    for key in written.filter(|key| key.is_own() && !key.is_off() && key.count() != Some(1)) {
        faults.at(
            &key.name,
            format!(
                "`{}` cannot act, since `{}` alone never retries: use `resilient_service`, or add `#[comprehensive_retry]`",
                key.word.name, attribute.attribute.name
            ),
        );
    }
    for name in ["retry_enabled", "retry_budget_enabled"] {
        let Some(switch) = ast.get("", name) else { continue };
        faults.at(
            &switch.name,
            format!(
                "`{name}` cannot act, since `{}` alone never retries: remove it",
                attribute.attribute.name
            ),
        );
    }
}
