//! Refuses a body whose first attempt would move an argument: what `#[instrument]` makes of a body when it stands above, and `async
//! move { … }.await`. The compiler refuses these, too, but cannot name the remedy.

use proc_macro2::{TokenStream, TokenTree};
use syn::{FnArg, Ident, Pat, Type};

use crate::ast::{Ast, Body, Setting};
use crate::diagnostics::Faults;

/// Types that are moved and not copied, whoever wrote the program. The compiler checks all others.
const OWNED: &[&str] = &["Arc", "BTreeMap", "Box", "Bytes", "HashMap", "PathBuf", "Rc", "String", "Vec"];

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    let Body::Block(block) = &ast.function.body else {
        return;
    };
    if super::degradation::is_once(ast) {
        return;
    }
    let body = block.stream();
    let instrumented = is_instrumented(body.clone());
    if !instrumented && !is_moving(body.clone()) {
        return;
    }
    let cloned: &[Ident] = match ast.get("", "clone").map(|written| &written.setting) {
        Some(Setting::Names(names)) => names,
        _ => &[],
    };
    for input in &ast.function.sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let Pat::Ident(name) = &*typed.pat else { continue };
        let name = &name.ident;
        if !is_owned(&typed.ty) || cloned.contains(name) || !mentions(body.clone(), name) {
            continue;
        }
        let message = if instrumented {
            format!(
                "`#[instrument]` stands above and moves `{name}` into the first attempt: put `#[instrument]` below, or write \
                 `clone({name})`"
            )
        } else {
            format!(
                "`async move` moves `{name}` into the first attempt: remove `move`, or write `clone({name})`"
            )
        };
        faults.at(name, message);
    }
}

/// The first statement of what `#[instrument]` writes.
fn is_instrumented(body: TokenStream) -> bool {
    let mut tokens = body.into_iter().map(|token| token.to_string());
    tokens.any(|token| token == "__tracing_attr_span")
}

/// The body is `async move { … }.await` and nothing else.
fn is_moving(body: TokenStream) -> bool {
    let tokens: Vec<String> = body.into_iter().map(|token| token.to_string()).collect();
    match tokens.as_slice() {
        [first, second, _, dot, last] => [first, second, dot, last] == ["async", "move", ".", "await"],
        _ => false,
    }
}

fn is_owned(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| OWNED.iter().any(|owned| last.ident == owned))
        }
        _ => false,
    }
}

fn mentions(body: TokenStream, name: &Ident) -> bool {
    body.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}
