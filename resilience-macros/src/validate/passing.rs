//! Decides how each argument is passed to a redirect and a fallback. In: the arguments of the function. Out: how each reaches a
//! redirect and a fallback.

use syn::{FnArg, Ident, Pat, ReceiverKind, Type};

use crate::ast::{Ast, Body, Setting};
use crate::diagnostics::Faults;
use crate::model::Passed;

/// Types that are copied by passing them on, whoever wrote the program.
const COPIED: &[&str] = &[
    "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
    "f32", "f64", "Duration", "Instant",
];

/// The arguments in order, when anything takes them.
pub(super) fn check(ast: &Ast, faults: &mut Faults) -> Vec<Passed> {
    let is_written = |name| {
        ast.get("", name).is_some_and(|written| written.function().is_some() || written.closure().is_some())
    };
    let (redirect, fallback) = (is_written("redirect"), is_written("fallback"));
    let word = match (redirect, fallback) {
        (false, false) => return Vec::new(),
        (true, _) => "redirect",
        (false, true) => "fallback",
    };
    let mut all = Vec::new();
    for input in &ast.function.sig.inputs {
        let Some(passed) = passed(ast, input, word, faults) else {
            continue;
        };
        if redirect && fallback {
            refuse_second(&passed, faults);
        }
        all.push(passed);
    }
    all
}

fn passed(ast: &Ast, input: &FnArg, word: &str, faults: &mut Faults) -> Option<Passed> {
    match input {
        FnArg::Receiver(receiver) => {
            let ident = match &ast.function.body {
                Body::Boxed(boxed) => boxed.receiver(),
                _ => None,
            };
            let ident = ident.unwrap_or_else(|| Ident::from(receiver.self_token));
            Some(match &receiver.kind {
                ReceiverKind::Reference(_, _, Some(_)) => Passed::Reborrowed(ident),
                ReceiverKind::Reference(..) => Passed::Shared(ident),
                ReceiverKind::Typed(_, ty) => of_type(ident, ty),
                _ => Passed::Moved(ident),
            })
        }
        FnArg::Typed(typed) => {
            if let Some(cfg) = typed.attrs.iter().find(|attr| attr.path().is_ident("cfg")) {
                faults.at(
                    cfg,
                    format!("`{word}` takes the arguments of the function, which cannot be conditional: write the function twice"),
                );
                return None;
            }
            match &*typed.pat {
                Pat::Ident(name) if name.subpat.is_none() && !name.ident.to_string().starts_with("__arg") => {
                    let cloned = is_cloned(ast, &name.ident);
                    Some(if cloned {
                        Passed::Cloned(name.ident.clone())
                    } else {
                        of_type(name.ident.clone(), &typed.ty)
                    })
                }
                pat => {
                    faults.at(
                        pat,
                        format!("`{word}` takes this argument as a whole: give it a name, and take it apart in the body"),
                    );
                    None
                }
            }
        }
    }
}

/// What the first taker consumes is gone for the second.
fn refuse_second(passed: &Passed, faults: &mut Faults) {
    if let Passed::Moved(ident) = passed {
        let remedy = if ident == "self" || ident == "__self" {
            "take `&self`".to_owned()
        } else {
            format!("write `clone({ident})`, or take a reference")
        };
        faults.at(
            ident,
            format!("`{ident}` goes to `redirect`, and `fallback` could not have it any more: {remedy}"),
        );
    }
}

fn is_cloned(ast: &Ast, ident: &Ident) -> bool {
    matches!(ast.get("", "clone").map(|written| &written.setting), Some(Setting::Names(names)) if names.contains(ident))
}

fn of_type(ident: Ident, ty: &Type) -> Passed {
    match ty {
        Type::Reference(reference) if reference.mutability.is_some() => Passed::Reborrowed(ident),
        Type::Reference(_) => Passed::Shared(ident),
        Type::Paren(inner) => of_type(ident, &inner.elem),
        Type::Group(inner) => of_type(ident, &inner.elem),
        Type::Path(path)
            if path.path.segments.last().is_some_and(|last| COPIED.iter().any(|name| last.ident == name)) =>
        {
            Passed::Shared(ident)
        }
        _ => Passed::Moved(ident),
    }
}
