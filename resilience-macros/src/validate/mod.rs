//! [`Ast`] → [`Model`]: what is allowed. One file per clause, each sees the whole and adds its own faults.

mod arguments;
mod borrows;
mod degradation;
mod function;
mod hedge;
mod idempotency;
mod moves;
mod once;
mod owned;
mod passing;
mod retry;
mod rules;
mod service;
mod settings;

use resilience_settings::policy::Key;

use crate::ast::{Applied, Ast, Body, Covered, Function, Method, Setting, Written};
use crate::diagnostics::Faults;
use crate::keys::word::Takes;
use crate::model::{Inline, Model, Outline, Run, Site, Wrapped};
use crate::paths::Runtime;

/// Checks everything, and gives a model when nothing is wrong.
pub(crate) fn validate(ast: Ast, faults: &mut Faults) -> Option<Model> {
    let service = settings(&ast, faults);
    function::check(&ast, faults);
    borrows::check(&ast.function, faults);
    moves::check(&ast, faults);
    degradation::check_function(&ast, faults);
    let arguments = arguments::check(&ast, faults);
    hedge::check_arguments(&ast, &arguments, faults);
    let passed = passing::check(&ast, faults);
    if !faults.is_empty() {
        return None;
    }
    let site = Site {
        service: service?,
        siblings: ast.attributes.iter().filter_map(|applied| applied.path.clone()).collect(),
        inline: inline(&ast),
        traits: degradation::traits(&ast),
        scope: idempotency::scope(&ast),
        partition: ast.get("", "partition").and_then(Written::code).cloned(),
        partition_label: ast.get("", "partition_label").and_then(Written::code).cloned(),
    };
    let run = if hedge::is_on(&ast) {
        Run::Hedged
    } else if degradation::is_once(&ast) {
        Run::Once
    } else {
        Run::Attempts
    };
    let idempotency = idempotency::clause(&ast);
    let sources = degradation::sources(&ast);
    let rules = rules::collect(&ast);
    let runtime = Runtime::new(ast.get("", "crate").and_then(|written| match &written.setting {
        Setting::Crate(path) => Some(path.clone()),
        _ => None,
    }));
    let function = ast.function;
    let body = match function.body {
        Body::Missing(_) => return None,
        Body::Block(block) => Wrapped::Plain { block, output: function::output(&function.sig)?.clone() },
        Body::Boxed(frame) => {
            let (output, block) = frame.result()?;
            Wrapped::Boxed { frame, block, output }
        }
    };
    let outline = Outline {
        attrs: function.attrs,
        vis: function.vis,
        defaultness: function.defaultness,
        sig: function.sig,
        inner: function.inner,
    };
    Some(Model { outline, body, site, arguments, rules, run, idempotency, sources, passed, runtime })
}

/// Checks what the attribute of a block says, and that there is something to cover.
pub(crate) fn block(applied: &Applied, block: &Covered, faults: &mut Faults) {
    let covered = block.methods.iter().find_map(|method| match method {
        Method::Covered(function) => Some(function),
        _ => None,
    });
    if let Some(clone) = applied.written.iter().find(|written| written.word.name == "clone") {
        faults.at(
            &clone.name,
            "`clone` names the arguments of one function: write it on the method, `#[resilient_service(clone(…))]`",
        );
    }
    let Some(function) = covered else {
        if !faults.is_empty() {
            return;
        }
        faults.add(syn::Error::new(
            proc_macro2::Span::call_site(),
            "there is no `async fn` in this block, so there is nothing to cover: remove the attribute",
        ));
        return;
    };
    let ast = Ast {
        attributes: vec![applied.clone()],
        function: Function {
            attrs: Vec::new(),
            vis: syn::Visibility::Inherited,
            defaultness: None,
            sig: function.sig.clone(),
            inner: Vec::new(),
            body: Body::Missing(<syn::Token![;]>::default()),
        },
        is_covered: true,
    };
    settings(&ast, faults);
}

/// Checks what the attributes say, whatever the function; gives the name of the service.
fn settings(ast: &Ast, faults: &mut Faults) -> Option<String> {
    once::check(ast, faults);
    settings::ranges::check(ast, faults);
    let service = service::check(ast, faults);
    let values = settings::values::Values::of(ast);
    retry::check(ast, faults);
    settings::conflicts::check(ast, &values, faults);
    rules::check(ast, faults);
    degradation::check_settings(ast, faults);
    idempotency::check(ast, faults);
    service
}

/// The written keys that are policy, with the kind that an attribute stands for.
fn inline(ast: &Ast) -> Vec<(Key, Inline)> {
    let mut inline = Vec::new();
    if let Some((choice, kind)) = service::fixed_kind(ast) {
        inline.push((Key::Kind, Inline::Choice(choice, kind)));
    }
    inline.extend(ast.written().filter_map(|written| {
        let value = match (&written.setting, written.word.takes) {
            (Setting::Off, _) => Inline::Off,
            (Setting::Clause(_), Takes::Timeout) | (Setting::Adaptive, _) => Inline::Adaptive,
            (Setting::Quantile(share), _) => Inline::Quantile(*share),
            (Setting::Clause(_), _) => Inline::Switch(true),
            (Setting::Switch(on), _) => Inline::Switch(*on),
            (Setting::Count(count), _) => Inline::Count(*count),
            (Setting::Unlimited, _) => Inline::Unlimited,
            (Setting::Number(number), _) => Inline::Number(*number),
            (Setting::Duration(time), _) => Inline::Duration(*time),
            (Setting::Calls(calls), _) => Inline::Calls(u32::try_from(*calls).unwrap_or(u32::MAX)),
            (Setting::Time(time), _) => Inline::Time(*time),
            (Setting::Codes(codes), _) => Inline::Codes(codes.clone()),
            (Setting::Choice(variant), Takes::Choice(choice)) => Inline::Choice(choice, variant),
            _ => return None,
        };
        Some((written.word.key?, value))
    }));
    inline
}
