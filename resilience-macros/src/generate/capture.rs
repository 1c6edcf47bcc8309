//! Generates the user's block inside an attempt, with its captured arguments. In: tokens of the block. Out: tokens that cause no
//! compiler warning of their own, and suppress none about the user's code.

use proc_macro2::{Delimiter, Group, Spacing, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::ext::IdentExt;

use crate::model::Argument;

/// `[&mut a] [&b]`, for the unreachable part of the edge: a unique capture needs `Send`, where the shared capture of a
/// body that only reads would need `Sync`.
///
/// Unreachable code does not count as a use, so the compiler still reports an unused argument, or an unneeded `mut`. An
/// argument that the block does not mention is not captured at all; otherwise it would count as used.
pub(super) fn captured(arguments: &[Argument], block: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    arguments
        .iter()
        .filter(|argument| argument.cloned.is_some() || mentions(block, &argument.ident.unraw().to_string()))
        .map(|Argument { ident, mutability, cloned, cfg }| {
            // A `mut` that the body needs makes the capture unique anyway, and one that it does not need must not look
            // needed. For a cloned argument, the `mut` belongs to the clone.
            if mutability.is_some() && cloned.is_none() {
                quote_spanned!(span=> #(#cfg)* [&#ident])
            } else {
                quote_spanned!(span=> #(#cfg)* [&mut #ident])
            }
        })
        .collect()
}

/// Whether a variable is mentioned, also in a string that may be a format string. `a.name` and `name: …` name fields,
/// `'name` a lifetime.
fn mentions(tokens: &TokenStream, name: &str) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Ident(ident) => ident.unraw() == name && !is_field(&tokens[..at], &tokens[at + 1..]),
        TokenTree::Group(group) => mentions(&group.stream(), name),
        TokenTree::Literal(literal) => {
            let text = literal.to_string();
            text.contains(&format!("{{{name}")) || text.contains(&format!("{name}$"))
        }
        TokenTree::Punct(_) => false,
    })
}

fn is_field(before: &[TokenTree], after: &[TokenTree]) -> bool {
    let punct = |token: Option<&TokenTree>, expected: char| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == expected);
    let is_path = matches!(after.first(), Some(TokenTree::Punct(punct)) if punct.spacing() == Spacing::Joint);
    let (last, before_last) = (before.last(), before.len().checked_sub(2).and_then(|at| before.get(at)));
    // `..name` is the end of a range.
    let after_dot = punct(last, '.') && !punct(before_last, '.');
    after_dot || punct(last, '\'') || (punct(after.first(), ':') && !is_path)
}

/// The block with generated braces in place of the user's: the compiler does not report superfluous braces from a
/// macro.
pub(super) fn braced(block: &TokenStream) -> TokenStream {
    block
        .clone()
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => {
                let inner = group.stream();
                TokenTree::Group(ours(&group, passed_on(&inner).unwrap_or(inner)))
            }
            other => other,
        })
        .collect()
}

/// The same for a block that a user's macro passed on. It is in a group without a delimiter, which the compiler knows
/// to be from a macro until an attribute has parsed it. Only the groups around such a block are rebuilt.
fn passed_on(tokens: &TokenStream) -> Option<TokenStream> {
    let mut is_changed = false;
    let changed = tokens
        .clone()
        .into_iter()
        .map(|token| match &token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                is_changed = true;
                TokenTree::Group(ours(group, braced(&group.stream())))
            }
            TokenTree::Group(group) => passed_on(&group.stream()).map_or(token.clone(), |inner| {
                is_changed = true;
                let mut same = Group::new(group.delimiter(), inner);
                same.set_span(group.span());
                TokenTree::Group(same)
            }),
            _ => token,
        })
        .collect();
    is_changed.then_some(changed)
}

fn ours(group: &Group, inner: TokenStream) -> Group {
    let mut ours = Group::new(group.delimiter(), inner);
    ours.set_span(Span::mixed_site().located_at(group.span()));
    ours
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn a_variable_is_mentioned_by_its_name_alone() {
        for block in [
            quote!({ f(id) }),
            quote!({ id.len() }),
            quote!({ 0..id }),
            quote!({ &mut id }),
            quote!({ format!("{id}") }),
            quote!({ format!("{:id$}", 5) }),
            quote!({ S { id } }),
            quote!({ S { x: id } }),
            quote!({ r#id }),
            quote!({ id::<u8>() }),
            quote!({ trace!(%id) }),
        ] {
            assert!(mentions(&block, "id"), "{block}");
        }
        for block in [
            quote!({ user.id }),
            quote!({ user.id() }),
            quote!({ S { id: 5 } }),
            quote!({ ids }),
            quote!({ "an idea" }),
            quote!({
                'id: loop {
                    break 'id;
                }
            }),
        ] {
            assert!(!mentions(&block, "id"), "{block}");
        }
    }
}
