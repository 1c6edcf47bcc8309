//! Decides which arguments of a function are cloned for each attempt. In: the signature and `clone(…)`. Out: the arguments that own
//! their value, and which are cloned.

use proc_macro2::Ident;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, FnArg, Pat, PatIdent, Type};

use crate::ast::{Ast, Body, Function, Setting};
use crate::diagnostics::{Faults, suggestion};
use crate::model::Argument;

pub(super) fn check(ast: &Ast, faults: &mut Faults) -> Vec<Argument> {
    let mut arguments = owned(&ast.function);
    mark_clones(ast, &mut arguments, faults);
    // `_unused` stays unused, or clippy would say so at the user's own token.
    arguments.retain(|argument| argument.cloned.is_some() || !argument.ident.to_string().starts_with('_'));
    arguments
}

fn mark_clones(ast: &Ast, arguments: &mut [Argument], faults: &mut Faults) {
    let Some(Setting::Names(names)) = ast.get("", "clone").map(|written| &written.setting) else {
        return;
    };
    let mut seen: Vec<&Ident> = Vec::new();
    for name in names {
        if seen.contains(&name) {
            faults.at(name, format!("`{name}` is named already: remove one of them"));
        }
        seen.push(name);
        let places: Vec<String> = arguments.iter().map(|argument| argument.ident.to_string()).collect();
        if let Some(argument) = arguments.iter_mut().find(|argument| argument.ident == *name) {
            argument.cloned = Some(name.span());
        } else {
            faults.at(name, refusal(&ast.function, name, &places));
        }
    }
}

fn refusal(function: &Function, name: &Ident, places: &[String]) -> String {
    if name == "self" {
        return "`self` is shared by all attempts and cannot be cloned for each: take `&self`, or clone what the body consumes \
                in the body"
            .to_owned();
    }
    let references = function.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) if is_reference(&typed.ty) => Some(&*typed.pat),
        _ => None,
    });
    for pat in references {
        if matches!(pat, Pat::Ident(binding) if binding.ident == *name) {
            return format!("`{name}` is a reference, which every attempt can use as it is: remove it");
        }
    }
    if places.is_empty() {
        return format!("no argument is called `{name}`, and none is taken by value: remove `clone(…)`");
    }
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    format!("no argument is called `{name}`; {}", suggestion(&name.to_string(), &places))
}

/// The bindings that own a value, after destructuring. References and `self` outlive every attempt anyway.
fn owned(function: &Function) -> Vec<Argument> {
    let mut bindings = Bindings { cfg: Vec::new(), found: Vec::new() };
    if let Body::Boxed(boxed) = &function.body {
        for pat in boxed.arguments() {
            bindings.visit_pat(&pat);
        }
        return bindings.found;
    }
    for input in &function.sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        bindings.cfg = typed.attrs.iter().filter(|attr| attr.path().is_ident("cfg")).cloned().collect();
        match &*typed.pat {
            Pat::Ident(binding) if binding.subpat.is_none() => {
                if !is_reference(&typed.ty) {
                    bindings.bind(binding);
                }
            }
            pat => bindings.visit_pat(pat),
        }
    }
    bindings.found
}

fn is_reference(ty: &Type) -> bool {
    match ty {
        Type::Reference(_) => true,
        Type::Paren(inner) => is_reference(&inner.elem),
        Type::Group(inner) => is_reference(&inner.elem),
        _ => false,
    }
}

struct Bindings {
    cfg: Vec<Attribute>,
    found: Vec<Argument>,
}

impl Bindings {
    fn bind(&mut self, binding: &PatIdent) {
        if binding.by_ref.is_none() {
            self.found.push(Argument {
                ident: binding.ident.clone(),
                mutability: binding.mutability,
                cloned: None,
                cfg: self.cfg.clone(),
            });
        }
    }
}

impl<'ast> Visit<'ast> for Bindings {
    fn visit_pat_ident(&mut self, binding: &'ast PatIdent) {
        // `Unit` in a pattern is a unit struct by all conventions, and must not be bound again.
        let name = binding.ident.to_string();
        let camel = name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
        if !camel || binding.mutability.is_some() || binding.subpat.is_some() {
            self.bind(binding);
        }
        visit::visit_pat_ident(self, binding);
    }

    fn visit_expr(&mut self, _: &'ast Expr) {}
}
