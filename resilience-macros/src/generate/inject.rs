//! Generates what fills the slot of an injected fault. In: what the function returns. Out: a closure, which says whether the
//! error is sure to own what it holds.
//!
//! Only an error that owns what it holds can be taken out of a box of any type. Whether it does is a question of lifetimes,
//! which the compiler does not let code ask; so what borrows, or may be a type parameter, is said to be unknown. The closure
//! compiles to nothing without feature `testing` of the runtime.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::visit::{self, Visit};
use syn::{GenericArgument, Generics, Ident, Lifetime, PathArguments, QSelf, Type, TypeReference};

/// The closure.
pub(super) fn filler(output: &Type, generics: &Generics, support: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    if owns_its_error(output, generics) {
        quote_spanned!(span=> |slot| #support::inject!(slot))
    } else {
        quote_spanned!(span=> |slot| #support::inject!(slot, unknown))
    }
}

/// Whether the error of a return type is sure to own what it holds.
fn owns_its_error(output: &Type, generics: &Generics) -> bool {
    let Type::Path(path) = output else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    if path.qself.is_some() || path.path.segments.iter().any(|segment| segment.ident == "Self") {
        return false;
    }
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return last.arguments.is_none() };
    let types: Vec<&Type> = arguments
        .args
        .iter()
        .filter_map(|argument| if let GenericArgument::Type(ty) = argument { Some(ty) } else { None })
        .collect();
    match (last.ident == "Result", types.as_slice()) {
        // An alias that fixes the error.
        (true, [_]) => true,
        (true, [_, error]) => is_owned(error, generics),
        _ => types.iter().all(|ty| is_owned(ty, generics)),
    }
}

fn is_owned(ty: &Type, generics: &Generics) -> bool {
    let parameters = generics.type_params().map(|parameter| &parameter.ident).collect();
    let mut borrows = Borrows { parameters, is_one: false };
    borrows.visit_type(ty);
    !borrows.is_one
}

/// Whether a type borrows, or may be made of a type parameter. Those of the function are known; those of an `impl` block are
/// taken to have names of one or two letters.
struct Borrows<'a> {
    parameters: Vec<&'a Ident>,
    is_one: bool,
}

impl<'ast> Visit<'ast> for Borrows<'_> {
    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        self.is_one |= lifetime.ident != "static";
    }

    fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
        self.is_one |= reference.lifetime.is_none();
        visit::visit_type_reference(self, reference);
    }

    fn visit_qself(&mut self, _: &'ast QSelf) {
        self.is_one = true;
    }

    fn visit_ident(&mut self, ident: &'ast Ident) {
        let name = ident.to_string();
        self.is_one |= self.parameters.contains(&ident);
        self.is_one |= name == "Self" || name.len() <= 2 && name.starts_with(char::is_uppercase);
    }

    fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
        self.is_one = true;
    }

    fn visit_type_infer(&mut self, _: &'ast syn::TypeInfer) {
        self.is_one = true;
    }

    fn visit_macro(&mut self, _: &'ast syn::Macro) {
        self.is_one = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_error_that_owns_what_it_holds_is_named() {
        let generics = syn::parse_str("<Problem: Classify>").expect("generics");
        let owns = |text: &str| owns_its_error(&syn::parse_str(text).expect("a type"), &generics);
        for owned in [
            "Result<u32, Error>",
            "Result<&'a str, Error>",
            "Result<T, std::io::Error>",
            "io::Result<T>",
            "::core::result::Result<(), Box<dyn Error + Send + Sync>>",
            "Result<impl Stream, anyhow::Error>",
            "Result<u32, &'static str>",
            "Answer",
        ] {
            assert!(owns(owned), "{owned}");
        }
        for unknown in [
            "Result<u32, E>",
            "Result<u32, Box<dyn Error + 'a>>",
            "Result<u32, Fault<'_>>",
            "Result<u32, &str>",
            "Result<u32, Wrapped<E>>",
            "Result<u32, Self::Error>",
            "Result<u32, <T as Port>::Error>",
            "Result<u32, impl Error>",
            "Fallible<E>",
            "Result<u32, Problem>",
            "Result<u32, Boxed<Problem>>",
            "Self",
            "(u32, Error)",
        ] {
            assert!(!owns(unknown), "{unknown}");
        }
    }
}
