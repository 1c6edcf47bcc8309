//! Generates code that has the compiler report a fault once, at the right token. In: the model. Out: code that never runs, but
//! makes the compiler report a fault once, at the right token.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, Generics, PathArguments, Type, TypePath};

use crate::model::Rules;
use crate::paths::Runtime;

/// A return that never runs and fixes the type of the block: a body of another type is then one error at the body,
/// instead of two at the attribute.
///
/// It is followed by the captures of an attempt, which are unreachable too.
pub(super) fn return_edge(output: &Type, captured: &TokenStream, runtime: &Runtime) -> TokenStream {
    let mut erased = output.clone();
    Nameable.visit_type_mut(&mut erased);
    // The compiler's note "return type inferred to be … here" points at this span.
    let there = Span::mixed_site().located_at(output.span());
    let support = runtime.support_between(there, there);
    let captured = (!captured.is_empty()).then(|| quote_spanned!(there=> ; #captured));
    quote_spanned!(there=> #support::edge!(#erased #captured);)
}

/// `async { … }` with the span of the user's block, so that an error about the whole block points at the body.
pub(super) fn attempt(block: &TokenStream, statements: TokenStream) -> TokenStream {
    let first = block.clone().into_iter().next().map_or_else(Span::mixed_site, |token| token.span());
    let span = Span::mixed_site().located_at(first);
    let mut body = Group::new(Delimiter::Brace, statements);
    body.set_span(span);
    quote_spanned!(span=> async #body)
}

/// Converts a rejection into the error of the function. If the error type has no conversion, the error points at the
/// return type, which the user wrote.
pub(super) fn on_rejection(
    rules: &Rules,
    output: &Type,
    generics: &Generics,
    runtime: &Runtime,
) -> TokenStream {
    if let Some(path) = &rules.on_rejection {
        let span = path.span().resolved_at(Span::mixed_site());
        return quote_spanned!(span=> |rejection| #path(rejection));
    }
    let tokens: Vec<_> = output.to_token_stream().into_iter().map(|token| token.span()).collect();
    let here =
        |span: Option<&Span>| span.map_or_else(Span::mixed_site, |span| Span::mixed_site().located_at(*span));
    let (start, end) = (here(tokens.first()), here(tokens.last()));
    let support = runtime.support_between(start, end);
    // In a closure, the compiler requires the bound at one place only. For a type that is generic it suggests the bound.
    let convert =
        Ident::new(if is_generic(output, generics) { "convert_in_parameter" } else { "convert" }, end);
    quote_spanned!(end=> |rejection| #support::#convert(rejection))
}

/// Whether the error type is made of a type parameter. Those of an `impl` block are not visible here, nor is what `Self::Error`
/// is, of which only an `impl` block says more.
fn is_generic(output: &Type, generics: &Generics) -> bool {
    let Type::Path(result) = output else { return false };
    let Some(PathArguments::AngleBracketed(arguments)) =
        result.path.segments.last().map(|last| &last.arguments)
    else {
        return false;
    };
    let Some(GenericArgument::Type(error)) = arguments.args.last() else { return false };
    let parameters = generics.type_params().map(|parameter| &parameter.ident).collect();
    let mut made_of = MadeOf { parameters, is_generic: false };
    made_of.visit_type(error);
    made_of.is_generic
}

/// Finds type parameters in a type, and what is associated with one or with `Self`.
struct MadeOf<'a> {
    parameters: Vec<&'a Ident>,
    is_generic: bool,
}

impl<'ast> Visit<'ast> for MadeOf<'_> {
    fn visit_type_path(&mut self, path: &'ast TypePath) {
        let first = path.path.segments.first().map(|segment| &segment.ident);
        let is_associated = path.qself.is_some() || path.path.segments.len() > 1;
        self.is_generic |= first.is_some_and(|first| {
            self.parameters.contains(&first)
                || is_named_like_parameter(first)
                || is_associated && first == "Self"
        });
        visit::visit_type_path(self, path);
    }
}

/// Whether a type is named as type parameters mostly are. Of an attribute on a method, those of the `impl` block are known by
/// nothing else.
pub(super) fn is_named_like_parameter(name: &Ident) -> bool {
    let name = name.to_string();
    name.len() <= 2 && name.starts_with(char::is_uppercase)
}

/// `impl Trait` cannot be named; the compiler infers it.
struct Nameable;

impl VisitMut for Nameable {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if matches!(ty, Type::ImplTrait(_)) {
            *ty = Type::Infer(syn::parse_quote!(_));
        }
        visit_mut::visit_type_mut(self, ty);
    }
}
