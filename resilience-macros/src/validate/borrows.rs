//! Refuses a function whose result borrows from a `&mut` argument. In: the signature. Out: a fault, as a failed attempt would still
//! hold the argument, as far as the borrow checker can see. Found here where the signature says it, to say it better than the
//! compiler.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};
use syn::{FnArg, Lifetime, ReceiverKind, ReturnType, Type, TypeFnPtr, TypeReference};

use crate::ast::{Body, Function};
use crate::diagnostics::Faults;

pub(super) fn check(function: &Function, faults: &mut Faults) {
    let output = match &function.body {
        Body::Boxed(boxed) => boxed.result().map(|(output, _)| output),
        _ => match &function.sig.output {
            ReturnType::Default => None,
            ReturnType::Type(_, output) => Some((**output).clone()),
        },
    };
    let Some(output) = output else { return };
    let result = Lifetimes::of(&output);
    let inputs: Vec<Source> = function.sig.inputs.iter().map(Source::new).collect();
    let culprit = inputs.iter().find(|source| {
        let by_name = source.mutable.iter().any(|name| {
            // Something shared with the same lifetime may be what the result borrows from.
            result.named.contains(name) && !inputs.iter().any(|input| input.shared.contains(name))
        });
        by_name || (result.elided && source.mutable_elided && gives_elided(source, &inputs))
    });
    if let Some(source) = culprit {
        faults.at(
            &output,
            format!(
                "the result borrows from {}, which a failed attempt would still hold: return an owned value, or take a \
                 shared reference",
                source.name
            ),
        );
    }
}

/// Whether an elided lifetime of the result is this argument's.
fn gives_elided(source: &Source, inputs: &[Source]) -> bool {
    source.is_self
        || (!inputs.iter().any(|input| input.is_self && input.refers())
            && inputs.iter().filter(|input| input.refers()).count() == 1)
}

/// The references of one argument.
struct Source {
    name: String,
    is_self: bool,
    mutable: BTreeSet<String>,
    mutable_elided: bool,
    shared: BTreeSet<String>,
    shared_elided: bool,
}

impl Source {
    fn new(input: &FnArg) -> Self {
        let mut source = Self {
            name: "a `&mut` argument".to_owned(),
            is_self: false,
            mutable: BTreeSet::new(),
            mutable_elided: false,
            shared: BTreeSet::new(),
            shared_elided: false,
        };
        match input {
            FnArg::Typed(typed) => {
                if let syn::Pat::Ident(name) = &*typed.pat {
                    source.name = format!("`{}`, a `&mut` argument", name.ident);
                }
                source.visit_type(&typed.ty);
            }
            FnArg::Receiver(receiver) => {
                source.is_self = true;
                "`&mut self`".clone_into(&mut source.name);
                match &receiver.kind {
                    ReceiverKind::Reference(_, lifetime, mutability) => {
                        source.reference(lifetime.as_ref(), mutability.is_some());
                    }
                    ReceiverKind::Typed(_, ty) => source.visit_type(ty),
                    _ => {}
                }
            }
        }
        source
    }

    fn refers(&self) -> bool {
        self.mutable_elided || self.shared_elided || !self.mutable.is_empty() || !self.shared.is_empty()
    }

    fn reference(&mut self, lifetime: Option<&Lifetime>, mutable: bool) {
        let (names, elided) = if mutable {
            (&mut self.mutable, &mut self.mutable_elided)
        } else {
            (&mut self.shared, &mut self.shared_elided)
        };
        match lifetime.filter(|lifetime| lifetime.ident != "_") {
            Some(name) => {
                names.insert(name.ident.to_string());
            }
            None => *elided = true,
        }
    }
}

impl<'ast> Visit<'ast> for Source {
    fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
        self.reference(reference.lifetime.as_ref(), reference.mutability.is_some());
        visit::visit_type(self, &reference.elem);
    }

    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        // In a path, `Guard<'a>`: it may be shared as well as not.
        self.reference(Some(lifetime), false);
    }
}

/// The lifetimes in a type.
#[derive(Default)]
struct Lifetimes {
    named: BTreeSet<String>,
    elided: bool,
}

impl Lifetimes {
    fn of(ty: &Type) -> Self {
        let mut found = Self::default();
        found.visit_type(ty);
        found
    }
}

impl<'ast> Visit<'ast> for Lifetimes {
    fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
        self.elided |= reference.lifetime.is_none();
        visit::visit_type_reference(self, reference);
    }

    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        if lifetime.ident == "_" {
            self.elided = true;
        } else if lifetime.ident != "static" {
            self.named.insert(lifetime.ident.to_string());
        }
    }

    // The elided lifetimes of `fn(&str) -> &str` are its own.
    fn visit_type_fn_ptr(&mut self, _: &'ast TypeFnPtr) {}
    fn visit_parenthesized_generic_arguments(&mut self, _: &'ast syn::ParenthesizedGenericArguments) {}
}
