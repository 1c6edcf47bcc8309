//! Collects the stacked attributes of one function, to be merged into one call. In: its attributes. Out: those of this crate,
//! removed and parsed.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Expr, Meta};

use super::args::args;
use crate::ast::{Applied, Body, Function};
use crate::diagnostics::Faults;
use crate::keys::attribute::Attribute;
use crate::paths::{SITE, SUPPORT};

/// Removes the attributes of this crate from a function. They are recognised by their last path segment, since nothing
/// else is known about paths before names are resolved.
pub(crate) fn siblings(function: &mut Function, faults: &mut Faults) -> Vec<Applied> {
    let mut found = Vec::new();
    let attrs = std::mem::take(&mut function.attrs);
    for attr in attrs {
        let name = attr.path().segments.last().map(|last| last.ident.to_string());
        let Some(attribute) = name.as_deref().and_then(Attribute::find) else {
            function.attrs.push(attr);
            continue;
        };
        let written = match &attr.meta {
            Meta::Path(_) => args(attribute, TokenStream::new(), faults),
            Meta::List(list) => args(attribute, list.tokens.clone(), faults),
            Meta::NameValue(value) => {
                faults.at(
                    value,
                    format!("`{}` is written `#[{}(\"service\")]`", attribute.name, attribute.name),
                );
                Vec::new()
            }
        };
        found.push(Applied { attribute, written, path: Some(attr.path().clone()) });
    }
    refuse_expanded(function, faults);
    found
}

/// Under a name that the user chose (`use … as …`), a sibling is seen too late: the first attribute has been expanded
/// already.
fn refuse_expanded(function: &Function, faults: &mut Faults) {
    let expanded = match &function.body {
        Body::Missing(_) => false,
        Body::Block(group) => starts_with_site(group.stream()),
        Body::Boxed(boxed) => match boxed.result() {
            Some((_, Expr::Block(body))) => {
                starts_with_site(body.block.stmts.iter().map(ToTokens::to_token_stream).collect())
            }
            _ => false,
        },
    };
    if expanded {
        faults.at(
            &function.sig.ident,
            "this function is annotated already by an attribute under another name: use the attributes under their own \
             names, so that they can be seen together",
        );
    }
}

/// Looks only at the first statement: a function inside the body may be annotated itself.
fn starts_with_site(body: TokenStream) -> bool {
    let first = body
        .into_iter()
        .take_while(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';'));
    makes_site(&first.collect::<Vec<_>>())
}

/// `support::site!`, or a block that contains it, as generated for a function whose siblings were removed.
fn makes_site(tokens: &[TokenTree]) -> bool {
    let is = |token: &TokenTree, text: &str| token.to_string() == text;
    let made = tokens
        .windows(5)
        .any(|part| is(&part[0], SUPPORT) && is(&part[1], ":") && is(&part[3], SITE) && is(&part[4], "!"));
    made || tokens.iter().any(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            makes_site(&group.stream().into_iter().collect::<Vec<_>>())
        }
        _ => false,
    })
}
