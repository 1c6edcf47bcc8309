//! Refuses functions that an attribute cannot cover. In: the signature. Out: faults unless it is an `async fn` with a body and a
//! result that can be an error.

use proc_macro2::{TokenStream, TokenTree};
use syn::{ReturnType, Signature, Type, TypeParamBound};

use crate::ast::{Ast, Body};
use crate::diagnostics::Faults;

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    let function = &ast.function;
    let sig = &function.sig;
    let attribute = ast.attributes.first().map_or("comprehensive_retry", |applied| applied.attribute.name);
    match &function.body {
        Body::Missing(_) => faults.at(
            &sig.ident,
            "a method without a body cannot be retried: put the attribute on its implementations, or give it a default body",
        ),
        Body::Boxed(boxed) => {
            if let Some((output, _)) = boxed.result().filter(|(output, _)| is_plainly_no_result(output)) {
                faults.at(&output, format!("this function returns no `Result`, {}", advice(ast)));
            }
            return;
        }
        Body::Block(_) => {}
    }
    if let Some(constness) = &sig.constness {
        faults.at(constness, "a `const fn` makes no calls: write `async fn`");
    } else if sig.asyncness.is_none() {
        if let Some(future) = output(sig).filter(|output| is_future(output)) {
            faults.at(
                future,
                if ast.is_covered {
                    "a function that returns a future is not accepted yet: write `async fn`, or leave it alone with \
                     `#[resilience(skip)]`"
                } else {
                    "a function that returns a future is not accepted yet: write `async fn`; if an attribute above made it so, \
                     such as `#[async_recursion]`, write this one above it"
                },
            );
            return;
        }
        faults.at(
            sig.fn_token,
            if is_driven(&function.body) {
                // What `#[tokio::main]` and its like make of an `async fn`.
                format!(
                    "`{attribute}` goes on an `async fn`, and an attribute above it has taken the `async` away: write \
                     `#[{attribute}(…)]` above `#[tokio::main]`, `#[tokio::test]` or whatever it is"
                )
            } else {
                format!("`{attribute}` goes on an `async fn`: add `async`")
            },
        );
    }
    let advice = advice(ast);
    match output(sig) {
        None => faults.at(&sig.ident, format!("this function returns nothing, {advice}")),
        Some(output) if is_plainly_no_result(output) => {
            faults.at(output, format!("this function returns no `Result`, {advice}"));
        }
        Some(_) => {}
    }
}

fn advice(ast: &Ast) -> &'static str {
    if ast.is_covered {
        "so nothing says when it failed: return `Result<T, E>`, or leave it alone with `#[resilience(skip)]`"
    } else {
        "so nothing says when it failed: return `Result<T, E>`"
    }
}

/// Whether the body drives a future to its end.
fn is_driven(body: &Body) -> bool {
    fn names(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == "block_on",
            TokenTree::Group(group) => names(group.stream()),
            _ => false,
        })
    }
    matches!(body, Body::Block(block) if names(block.stream()))
}

/// The written return type.
pub(super) fn output(sig: &Signature) -> Option<&Type> {
    match &sig.output {
        ReturnType::Default => None,
        ReturnType::Type(_, output) => Some(output),
    }
}

fn is_future(output: &Type) -> bool {
    let named = |path: &syn::Path| {
        path.segments.last().is_some_and(|last| {
            let name = last.ident.to_string();
            name == "Future" || name == "BoxFuture" || name == "LocalBoxFuture" || name == "Pin"
        })
    };
    match output {
        Type::ImplTrait(opaque) => opaque
            .bounds
            .iter()
            .any(|bound| matches!(bound, TypeParamBound::Trait(bound) if named(&bound.path))),
        Type::Path(path) => named(&path.path),
        Type::Paren(inner) => is_future(&inner.elem),
        Type::Group(inner) => is_future(&inner.elem),
        _ => false,
    }
}

/// Only what cannot be an alias of `Result`; the compiler checks the rest.
fn is_plainly_no_result(output: &Type) -> bool {
    const KNOWN: &[&str] = &[
        "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
        "isize", "f32", "f64", "String", "Option", "Vec",
    ];
    match output {
        Type::Paren(inner) => is_plainly_no_result(&inner.elem),
        Type::Group(inner) => is_plainly_no_result(&inner.elem),
        Type::Path(path) => {
            path.qself.is_none()
                && path.path.segments.len() == 1
                && KNOWN.contains(&path.path.segments[0].ident.to_string().as_str())
        }
        Type::Macro(_) | Type::Infer(_) | Type::Verbatim(_) => false,
        _ => true,
    }
}
