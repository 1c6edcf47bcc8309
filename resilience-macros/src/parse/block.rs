//! Parses an `impl` block. In: its tokens. Out: its methods; those that an attribute covers are parsed, and everything
//! else is kept as it was.
//!
//! It does not use `syn::ItemImpl`, for the same reason as for functions: bodies stay tokens.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, ImplItem, Meta, Token, Type};

use super::extent::{BEYOND, beyond_in_signature};
use super::item;
use crate::ast::{Body, Covered, Function, Method};
use crate::diagnostics::Faults;
use crate::keys::attribute::ON_IMPLS;

/// The attribute that excludes a method: `#[resilience(skip)]`.
const LEAVE_ALONE: &str = "resilience";

/// Whether the item is an `impl` block.
pub(crate) fn is_block(tokens: &TokenStream) -> bool {
    let read = |input: ParseStream<'_>| {
        drop(Attribute::parse_outer(input));
        let is_impl = input.peek(Token![impl])
            || (input.peek(Token![unsafe]) && input.peek2(Token![impl]))
            || (input.peek(Token![default]) && input.peek2(Token![impl]));
        input.parse::<TokenStream>()?;
        Ok(is_impl)
    };
    read.parse2(tokens.clone()).unwrap_or(false)
}

/// Parses a block; on an error, the compiler will report what is wrong with it.
pub(crate) fn block(tokens: TokenStream, faults: &mut Faults) -> syn::Result<Covered> {
    let mut head: Vec<TokenTree> = tokens.into_iter().collect();
    let Some(TokenTree::Group(group)) = head.pop().filter(is_braced) else {
        return Err(syn::Error::new(proc_macro2::Span::call_site(), "expected an `impl` block"));
    };
    let head = once(head.into_iter().collect(), faults);
    let mut methods = Vec::new();
    let read = |input: ParseStream<'_>| {
        let inner = Attribute::parse_inner(input)?;
        while !input.is_empty() {
            methods.push(method(input, faults)?);
        }
        Ok(inner)
    };
    if let Some(span) = beyond_in_signature(group.stream()) {
        return Err(syn::Error::new(span, BEYOND));
    }
    let inner = read.parse2(group.stream())?;
    Ok(Covered { head, inner, braces: group, methods })
}

fn is_braced(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// What precedes the braces, without a second copy of the attribute: that one would see methods that are expanded
/// already.
fn once(head: TokenStream, faults: &mut Faults) -> TokenStream {
    let read = |input: ParseStream<'_>| {
        let mut attrs = Attribute::parse_outer(input)?;
        let rest: TokenStream = input.parse()?;
        attrs.retain(|attr| {
            let again = attr.path().segments.last().is_some_and(|last| last.ident == ON_IMPLS);
            if again {
                faults.at(attr, format!("`{ON_IMPLS}` is written already on this block: remove one of them"));
            }
            !again
        });
        Ok(quote!(#(#attrs)* #rest))
    };
    read.parse2(head.clone()).unwrap_or(head)
}

fn method(input: ParseStream<'_>, faults: &mut Faults) -> syn::Result<Method> {
    if !is_function(input) {
        return Ok(Method::Other(input.parse::<ImplItem>()?.into_token_stream()));
    }
    let mut function = item::function(input, ON_IMPLS)?;
    let left_alone = leave_alone(&mut function, faults).is_some();
    if left_alone && let Some(own) = function.attrs.iter().find(|attr| is_ours(attr)) {
        faults.at(
            own,
            "`#[resilience(skip)]` leaves this method alone, and this attribute does not: remove one of them",
        );
        function.attrs.retain(|attr| !is_ours(attr));
    }
    let is_covered = function.sig.asyncness.is_some()
        || matches!(function.body, Body::Boxed(_))
        || returns_future(&function);
    Ok(if left_alone || !is_covered { Method::Left(function) } else { Method::Covered(function) })
}

/// Whether the next item is a function, after its attributes and the keywords that may precede `fn`.
fn is_function(input: ParseStream<'_>) -> bool {
    let fork = input.fork();
    let read = || -> syn::Result<bool> {
        Attribute::parse_outer(&fork)?;
        fork.parse::<syn::Visibility>()?;
        while !fork.is_empty() {
            if fork.peek(Token![fn]) {
                return Ok(true);
            }
            let before = fork.peek(Token![async])
                || fork.peek(Token![const])
                || fork.peek(Token![unsafe])
                || fork.peek(Token![extern])
                || fork.peek(Token![default])
                || fork.peek(syn::LitStr);
            if !before {
                return Ok(false);
            }
            fork.parse::<TokenTree>()?;
        }
        Ok(false)
    };
    read().unwrap_or(false)
}

/// Removes `#[resilience(skip)]` from a method.
pub(crate) fn leave_alone(function: &mut Function, faults: &mut Faults) -> Option<Attribute> {
    let mut left_alone = None;
    function.attrs.retain(|attr| {
        let last = attr.path().segments.last();
        if last.is_none_or(|last| last.ident != LEAVE_ALONE) {
            return true;
        }
        match &attr.meta {
            Meta::List(word) if word.tokens.to_string() == "skip" => left_alone = Some(attr.clone()),
            meta => faults.at(meta, "expected `#[resilience(skip)]`, which leaves a method alone"),
        }
        false
    });
    left_alone
}

fn is_ours(attr: &Attribute) -> bool {
    attr.path()
        .segments
        .last()
        .is_some_and(|last| crate::keys::attribute::Attribute::find(&last.ident.to_string()).is_some())
}

/// A function that is equivalent to an `async fn`: it is refused with an explanation instead of being left out
/// silently.
fn returns_future(function: &Function) -> bool {
    match &function.sig.output {
        syn::ReturnType::Default => false,
        syn::ReturnType::Type(_, output) => names_future(output),
    }
}

fn names_future(output: &Type) -> bool {
    const FUTURES: [&str; 3] = ["Future", "BoxFuture", "LocalBoxFuture"];
    let names = |tokens: TokenStream| {
        tokens.into_iter().any(|token| FUTURES.iter().any(|name| token.to_string() == *name))
    };
    match output {
        Type::ImplTrait(opaque) => names(opaque.bounds.to_token_stream()),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            FUTURES.iter().any(|name| last.ident == name)
                || (last.ident == "Pin" && names(last.arguments.to_token_stream()))
        }),
        _ => false,
    }
}
