//! Emits an item that has faults, as it was, with all errors behind it, so that the rest of the program shows no follow-up errors.

use proc_macro2::{Group, TokenStream};
use quote::quote;
use syn::Path;

use crate::ast::{Body, Function};
use crate::diagnostics::Faults;

/// An item that could not be parsed.
pub(crate) fn tokens(item: &TokenStream, faults: Faults) -> TokenStream {
    let faults = faults.into_tokens();
    quote!(#item #faults)
}

/// A function without the attributes of this crate: the faults of siblings are among those reported here. Their paths
/// are named once, or their imports would look unused.
pub(crate) fn function<'a>(function: &Function, siblings: impl Iterator<Item = &'a Path>) -> TokenStream {
    let Function { attrs, vis, defaultness, sig, inner, body } = function;
    let body = match body {
        Body::Missing(semicolon) => quote!(#semicolon),
        Body::Boxed(boxed) => {
            let frame = &boxed.frame;
            quote!(#frame)
        }
        Body::Block(group) => {
            let statements = group.stream();
            let mut body =
                Group::new(group.delimiter(), quote!(#(#inner)* #(use #siblings as _;)* #statements));
            body.set_span(group.span());
            quote!(#body)
        }
    };
    quote!(#(#attrs)* #vis #defaultness #sig #body)
}
