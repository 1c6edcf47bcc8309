//! Decides whether copies of a body may run side by side. In: the `hedge(…)` clause and the signature. Out: the answer, or faults.

use syn::{FnArg, Pat, ReceiverKind, Type};

use crate::ast::Ast;
use crate::diagnostics::Faults;
use crate::model::Argument;

/// Whether a hedge is written, and not as `off`.
pub(super) fn is_on(ast: &Ast) -> bool {
    ast.is_on("hedge")
}

/// Copies of a body share what it borrows, and so cannot change it.
pub(super) fn check_arguments(ast: &Ast, arguments: &[Argument], faults: &mut Faults) {
    if !is_on(ast) {
        return;
    }
    for input in &ast.function.sig.inputs {
        match input {
            FnArg::Receiver(receiver) => {
                let mutable = match &receiver.kind {
                    ReceiverKind::Reference(_, _, mutability) => mutability.is_some(),
                    ReceiverKind::Typed(_, ty) => is_mutable(ty),
                    _ => false,
                };
                if mutable {
                    faults.at(
                        receiver,
                        "`hedge` runs copies of the body side by side, which cannot share `&mut self`: take `&self`, or remove \
                         `hedge`",
                    );
                }
            }
            FnArg::Typed(typed) if is_mutable(&typed.ty) => faults.at(
                typed,
                "`hedge` runs copies of the body side by side, which cannot share a `&mut` argument: take a shared reference, \
                 or remove `hedge`",
            ),
            FnArg::Typed(typed) => {
                if let Pat::Ident(name) = &*typed.pat
                    && name.mutability.is_some()
                    && arguments
                        .iter()
                        .any(|argument| argument.ident == name.ident && argument.cloned.is_none())
                {
                    faults.at(
                        name,
                        format!(
                            "`hedge` runs copies of the body side by side, which cannot share `mut {0}`: write `clone({0})`, \
                             or remove `mut`",
                            name.ident
                        ),
                    );
                }
            }
        }
    }
}

fn is_mutable(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => reference.mutability.is_some(),
        Type::Paren(inner) => is_mutable(&inner.elem),
        Type::Group(inner) => is_mutable(&inner.elem),
        // `Pin<&mut Self>`
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            last.ident == "Pin"
                && matches!(&last.arguments, syn::PathArguments::AngleBracketed(inner)
                    if matches!(inner.args.first(), Some(syn::GenericArgument::Type(ty)) if is_mutable(ty)))
        }),
        _ => false,
    }
}
