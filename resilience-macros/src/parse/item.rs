//! Parses the item under an attribute. In: its tokens. Out: its parts, with the body as plain tokens.
//!
//! It does not use `syn::ItemFn`: a body may hold syntax that syn does not know, and need not be parsed.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Block, Signature, Token, token};

use super::extent::{BEYOND, beyond, beyond_in_signature};
use crate::ast::{Body, Function};
use crate::boxed::Boxed;
use crate::keys::attribute::ON_IMPLS;

/// Parses a function; the error says what the item is instead.
pub(crate) fn item(tokens: TokenStream, attribute: &str) -> syn::Result<Function> {
    if let Some(span) = beyond_in_signature(tokens.clone()) {
        return Err(syn::Error::new(span, BEYOND));
    }
    (|input: ParseStream<'_>| function(input, attribute)).parse2(tokens)
}

pub(super) fn function(input: ParseStream<'_>, attribute: &str) -> syn::Result<Function> {
    let attrs = Attribute::parse_outer(input)?;
    let vis = input.parse()?;
    let defaultness =
        if input.peek(Token![default]) && !input.peek2(Token![!]) { Some(input.parse()?) } else { None };
    refuse_other_items(input, attribute)?;
    let sig: Signature = input.parse()?;
    if input.peek(Token![;]) {
        let body = Body::Missing(input.parse()?);
        return Ok(Function { attrs, vis, defaultness, sig, inner: Vec::new(), body });
    }
    if !input.peek(token::Brace) {
        return Err(input.error("expected the body of the function"));
    }
    let TokenTree::Group(group) = input.parse()? else {
        return Err(input.error("expected the body of the function"));
    };
    let group = bare(group);
    let (inner, group) = split_inner_attributes(&group)?;
    let body = match boxed(&sig, &group) {
        Some(boxed) => Body::Boxed(boxed),
        None => Body::Block(group),
    };
    Ok(Function { attrs, vis, defaultness, sig, inner, body })
}

/// Refuses other items by name, if they begin with a keyword that identifies them.
fn refuse_other_items(input: ParseStream<'_>, attribute: &str) -> syn::Result<()> {
    let what = if input.peek(Token![impl]) || (input.peek(Token![unsafe]) && input.peek2(Token![impl])) {
        "an `impl` block"
    } else if input.peek(Token![struct]) {
        "a struct"
    } else if input.peek(Token![enum]) {
        "an enum"
    } else if input.peek(Token![trait]) {
        "a trait"
    } else if input.peek(Token![mod]) {
        "a module"
    } else if input.peek(Token![static]) || (input.peek(Token![const]) && !followed_by_fn(input)) {
        "a constant"
    } else if input.peek(Token![type]) {
        "a type alias"
    } else if input.peek(Token![use]) {
        "an import"
    } else {
        return Ok(());
    };
    let places = if attribute == ON_IMPLS { "an `async fn` or an `impl` block" } else { "an `async fn`" };
    Err(input.error(format!("`{attribute}` goes on {places}, this is {what}")))
}

fn followed_by_fn(input: ParseStream<'_>) -> bool {
    input.peek2(Token![fn])
        || input.peek2(Token![async])
        || input.peek2(Token![unsafe])
        || input.peek2(Token![extern])
}

/// The braces themselves: a `$body:block` of a `macro_rules!` arrives in an invisible group.
fn bare(group: Group) -> Group {
    if group.delimiter() == Delimiter::None
        && let Some(TokenTree::Group(inner)) = group.stream().into_iter().next()
    {
        return bare(inner);
    }
    group
}

/// Inner attributes have to come first in a body, and the user's body will not come first any more.
fn split_inner_attributes(group: &Group) -> syn::Result<(Vec<Attribute>, Group)> {
    let split = |input: ParseStream<'_>| -> syn::Result<_> {
        let inner = Attribute::parse_inner(input)?;
        let rest: TokenStream = input.parse()?;
        Ok((inner, rest))
    };
    let (inner, rest) = split.parse2(group.stream())?;
    let mut body = Group::new(group.delimiter(), rest);
    body.set_span(group.span());
    Ok((inner, body))
}

/// async-trait expands before the attributes of methods, so this is the form in which they arrive.
fn boxed(sig: &Signature, group: &Group) -> Option<Boxed> {
    if sig.asyncness.is_some() {
        return None;
    }
    if beyond(group.stream()).is_some() {
        return None;
    }
    let block: Block = syn::parse2(TokenTree::Group(group.clone()).into()).ok()?;
    Boxed::new(block)
}
