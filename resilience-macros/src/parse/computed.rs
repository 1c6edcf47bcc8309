//! Tells values that the compiler knows only after the attribute is expanded: constants, macros, calls. In: an expression. Out:
//! whether it is one, and what to say of it.

use proc_macro2::TokenStream;
use syn::{Expr, Path};

/// The service must be known before any constant has a value.
pub(super) fn cannot_read(tokens: &TokenStream) -> String {
    format!("the service is a string literal; the attribute cannot read `{}`", shown(tokens))
}

/// Code as its author spaces it.
pub(super) fn shown(tokens: &TokenStream) -> String {
    tokens.to_string().replace(" :: ", "::").replace("! (", "!(").replace("& ", "&").replace(" [", "[")
}

/// Whether the compiler knows the value only after the attribute is expanded: a constant, a macro.
pub(super) fn is_computed(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => is_constant(&path.path),
        Expr::Macro(_)
        | Expr::Call(_)
        | Expr::MethodCall(_)
        | Expr::Field(_)
        | Expr::Index(_)
        | Expr::Cast(_)
        | Expr::Binary(_)
        | Expr::Block(_)
        | Expr::Const(_)
        | Expr::If(_)
        | Expr::Match(_) => true,
        Expr::Paren(inner) => is_computed(&inner.expr),
        Expr::Group(inner) => is_computed(&inner.expr),
        Expr::Unary(inner) => is_computed(&inner.expr),
        Expr::Reference(inner) => is_computed(&inner.expr),
        _ => false,
    }
}

/// Whether a path is named like a constant.
pub(super) fn is_constant(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| {
        let name = last.ident.to_string();
        name.contains(char::is_uppercase) && !name.contains(char::is_lowercase)
    })
}
