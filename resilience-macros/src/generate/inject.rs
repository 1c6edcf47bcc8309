//! Generates what fills the slot of an injected fault. In: what the function returns. Out: a closure, which says whether the error
//! is sure to own what it holds.
//!
//! Only an error that owns what it holds can be taken out of a box of any type. Whether it does is a question of lifetimes,
//! which the compiler does not let code ask: a bound `'static` decides nothing, and is an error afterwards. So what borrows
//! is said to be unknown, and so is a type parameter of the function. A name of which only the compiler knows whether it is
//! a type, or a type parameter of the `impl` block around it, is handed on: the runtime asks whether it is `Unpin`, as nearly
//! every type is and a type parameter only where that is written. The closure compiles to nothing without feature `testing`
//! of the runtime.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::visit::{self, Visit};
use syn::{GenericArgument, Generics, Ident, Lifetime, PathArguments, QSelf, Type, TypePath, TypeReference};

use super::checks::is_named_like_parameter;

/// The closure.
pub(super) fn filler(output: &Type, generics: &Generics, support: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    match names_of_owned_error(output, generics) {
        Some(names) if names.is_empty() => quote_spanned!(span=> |slot| #support::inject!(slot)),
        Some(names) => quote_spanned!(span=> |slot| #support::inject!(slot, if #(#names),*)),
        None => quote_spanned!(span=> |slot| #support::inject!(slot, unknown)),
    }
}

/// Of a return type whose error owns what it holds, the names in it that must be types for that; `None` if it may borrow.
fn names_of_owned_error<'a>(output: &'a Type, generics: &Generics) -> Option<Vec<&'a TypePath>> {
    let Type::Path(path) = output else { return None };
    let last = path.path.segments.last()?;
    if path.qself.is_some() || path.path.segments.iter().any(|segment| segment.ident == "Self") {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return last.arguments.is_none().then(Vec::new);
    };
    let types: Vec<&Type> = arguments
        .args
        .iter()
        .filter_map(|argument| if let GenericArgument::Type(ty) = argument { Some(ty) } else { None })
        .collect();
    let errors = match (last.ident == "Result", types.as_slice()) {
        // An alias that fixes the error.
        (true, [_]) => &[],
        (true, [_, error]) => std::slice::from_ref(error),
        (_, types) => types,
    };
    let parameters = generics.type_params().map(|parameter| &parameter.ident).collect();
    let mut borrows = Borrows { parameters, is_one: false, names: Vec::new() };
    for error in errors {
        borrows.visit_type(error);
    }
    (!borrows.is_one).then_some(borrows.names)
}

/// Whether a type borrows, or is made of a type parameter of the function, or of what is named like one; and which names in it
/// may be type parameters of the `impl` block around the function.
struct Borrows<'a, 'ast> {
    parameters: Vec<&'a Ident>,
    is_one: bool,
    names: Vec<&'ast TypePath>,
}

impl<'ast> Visit<'ast> for Borrows<'_, 'ast> {
    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        self.is_one |= lifetime.ident != "static";
    }

    fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
        self.is_one |= reference.lifetime.is_none();
        visit::visit_type_reference(self, reference);
    }

    fn visit_type_path(&mut self, path: &'ast TypePath) {
        // A type parameter takes no arguments, and does not stand in a module.
        let segments = &path.path.segments;
        let may_be_parameter = segments.iter().all(|segment| segment.arguments.is_none())
            && segments.first().is_some_and(|first| first.ident.to_string().starts_with(char::is_uppercase));
        let text = |path: &TypePath| path.to_token_stream().to_string();
        if may_be_parameter && !self.names.iter().any(|known| text(known) == text(path)) {
            self.names.push(path);
        }
        visit::visit_type_path(self, path);
    }

    fn visit_qself(&mut self, _: &'ast QSelf) {
        self.is_one = true;
    }

    fn visit_ident(&mut self, ident: &'ast Ident) {
        self.is_one |= self.parameters.contains(&ident) || ident == "Self" || is_named_like_parameter(ident);
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
    use quote::ToTokens as _;

    use super::*;

    /// The names that must be types, in a row.
    fn names(text: &str) -> Option<String> {
        let generics = syn::parse_str("<Problem: Classify>").expect("generics");
        let output = syn::parse_str(text).expect("a type");
        let names = names_of_owned_error(&output, &generics)?;
        let names: Vec<_> = names.iter().map(|name| name.to_token_stream().to_string()).collect();
        Some(names.join(", "))
    }

    #[test]
    fn only_an_error_that_owns_what_it_holds_is_named() {
        for (owned, of) in [
            ("Result<u32, Error>", "Error"),
            ("Result<&'a str, Error>", "Error"),
            ("Result<T, std::io::Error>", ""),
            ("io::Result<T>", ""),
            ("::core::result::Result<(), Box<dyn Error + Send + Sync>>", ""),
            ("Result<impl Stream, anyhow::Error>", ""),
            ("Result<u32, &'static str>", ""),
            ("Result<u32, Boxed<[Fault; 2]>>", "Fault"),
            ("Result<u32, (Fault, String, Fault)>", "Fault, String"),
            ("Result<u32, Port::Error>", "Port :: Error"),
            ("Fallible<Fault>", "Fault"),
            ("Answer", ""),
        ] {
            assert_eq!(names(owned).as_deref(), Some(of), "{owned}");
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
            assert_eq!(names(unknown), None, "{unknown}");
        }
    }
}
