//! Refuses a partition or a cache key that borrows from an argument, as they outlive the call. In: the value that the user wrote.
//! Out: a fault at its token where it is sure to borrow. What cannot be seen here, the compiler reports.

use quote::ToTokens;
use syn::{Expr, FnArg, Pat, Type, UnOp};

use crate::ast::{Ast, Written};
use crate::diagnostics::Faults;

/// Types of the standard library that own or are a text, a path, or a list.
const LISTS: &[&str] = &["String", "str", "Vec", "PathBuf", "Path", "OsString", "OsStr", "CString", "CStr"];

/// Methods of theirs that give a reference, by which nobody else finds them.
const BORROWING: &[&str] = &[
    "as_ref",
    "as_str",
    "as_bytes",
    "as_path",
    "as_os_str",
    "as_slice",
    "borrow",
    "deref",
    "trim",
    "trim_start",
    "trim_end",
];

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    for (clause, name) in [("", "partition"), ("cache", "key")] {
        let Some(code) = ast.get(clause, name).and_then(Written::code) else { continue };
        let Some(value) = owned_instead(ast, code) else { continue };
        let written = plain(code);
        faults.at(
            code,
            format!("`{name}` needs an owned value, and `{written}` is a reference: write `{name} = {value}.to_owned()`"),
        );
    }
}

/// Of an expression that borrows from an argument, what to call `to_owned` on.
fn owned_instead(ast: &Ast, code: &Expr) -> Option<String> {
    match code {
        Expr::Paren(inner) => owned_instead(ast, &inner.expr),
        Expr::Path(_) => is_borrowed(argument(ast, code)?).then(|| plain(code)),
        Expr::Reference(reference) => {
            let place = place(&reference.expr);
            let argument = argument(ast, place.of);
            let may_be_static = argument.is_none_or(is_static) && !is_self(place.of);
            if place.is_whole && argument.is_none() || !place.is_whole && may_be_static {
                return None;
            }
            Some(plain(place.shown))
        }
        Expr::MethodCall(call) if call.args.is_empty() => {
            let is_list = LISTS.contains(&&*name_of(argument(ast, &call.receiver)?)?);
            let method = call.method.to_string();
            let borrows =
                is_list && BORROWING.contains(&&*method) && !is_static(argument(ast, &call.receiver)?);
            // What is cut off stays so.
            let value = if method.starts_with("trim") { code } else { &*call.receiver };
            borrows.then(|| plain(value))
        }
        _ => None,
    }
}

/// A place that a reference leads to.
struct Place<'e> {
    /// The variable, if that is at most one step away: what lies further may be behind a reference that lives for ever.
    of: &'e Expr,
    /// What a copy is made of.
    shown: &'e Expr,
    is_whole: bool,
}

/// `tenant`, `tenant.id`, `tenant[..]` or `*tenant`.
fn place(expr: &Expr) -> Place<'_> {
    match expr {
        Expr::Field(field) => Place { of: &field.base, shown: expr, is_whole: false },
        Expr::Index(index) => Place { of: &index.expr, shown: expr, is_whole: false },
        Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => {
            Place { of: &unary.expr, shown: &unary.expr, is_whole: false }
        }
        _ => Place { of: expr, shown: expr, is_whole: true },
    }
}

fn plain(expr: &Expr) -> String {
    expr.to_token_stream().to_string().replace(' ', "")
}

fn is_self(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident("self"))
}

/// The type of the argument that an expression names.
fn argument<'a>(ast: &'a Ast, named: &Expr) -> Option<&'a Type> {
    let Expr::Path(path) = named else { return None };
    let name = path.path.get_ident()?;
    ast.function.sig.inputs.iter().find_map(|input| match input {
        FnArg::Typed(typed) => {
            matches!(&*typed.pat, Pat::Ident(binding) if binding.ident == *name).then_some(&*typed.ty)
        }
        FnArg::Receiver(_) => None,
    })
}

/// Whether a type is a reference that does not live for ever.
fn is_borrowed(ty: &Type) -> bool {
    matches!(ty, Type::Reference(_)) && !is_static(ty)
}

/// Whether something in a type is said to live for ever; a place in it may then do so too.
fn is_static(ty: &Type) -> bool {
    ty.to_token_stream().to_string().contains("'static")
}

/// The name of a type, or of what it refers to.
fn name_of(ty: &Type) -> Option<String> {
    match ty {
        Type::Reference(reference) => name_of(&reference.elem),
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}
