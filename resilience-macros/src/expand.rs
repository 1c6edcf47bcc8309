//! Runs the stages in their order, parse, validate, generate, or else recover; the tokens are put together in `generate`. In: an
//! attribute and its item. Out: what the last stage gives. The tokens are put together in `generate`.

use proc_macro2::{Group, TokenStream};
use quote::quote;

use crate::ast::{Applied, Ast, Function, Method};
use crate::diagnostics::Faults;
use crate::inherit::inherit;
use crate::keys::attribute::{Attribute, ON_IMPLS};
use crate::{derive, generate, parse, recover, validate};

/// Expands one attribute on a function, together with the attributes of this crate below it.
pub(crate) fn attribute(name: &str, args: TokenStream, item: TokenStream) -> TokenStream {
    let Some(attribute) = Attribute::find(name) else {
        return item;
    };
    let mut faults = Faults::default();
    // Parsed separately, so that a fault in one does not hide faults in the other.
    let written = parse::args(attribute, args, &mut faults);
    let applied = Applied { attribute, path: None, written };
    if attribute.name == ON_IMPLS && parse::is_block(&item) {
        return block(&applied, &item, faults);
    }
    let mut function = match parse::item(item.clone(), attribute.name) {
        Ok(function) => function,
        Err(fault) => {
            faults.add(fault);
            return recover::tokens(&item, faults);
        }
    };
    if let Some(skip) = parse::leave_alone(&mut function, &mut faults) {
        faults.at(
            skip,
            format!("`#[resilience(skip)]` leaves a method of a `#[{ON_IMPLS}]` block alone; here, remove the attribute itself"),
        );
    }
    let mut attributes = vec![applied];
    attributes.extend(parse::siblings(&mut function, &mut faults));
    let tokens = one(attributes, function, false, &mut faults);
    recover::tokens(&tokens, faults)
}

/// One function: its expansion, or the function as it was if there are faults.
fn one(attributes: Vec<Applied>, function: Function, is_covered: bool, faults: &mut Faults) -> TokenStream {
    let original =
        recover::function(&function, attributes.iter().filter_map(|applied| applied.path.as_ref()));
    let ast = Ast { attributes, function, is_covered };
    match validate::validate(ast, faults) {
        Some(model) => generate::generate(model),
        None => original,
    }
}

/// Every method of a block, each with the keys of the block and its own.
fn block(applied: &Applied, item: &TokenStream, mut faults: Faults) -> TokenStream {
    let block = match parse::block(item.clone(), &mut faults) {
        Ok(block) => block,
        Err(fault) => {
            faults.add(fault);
            return recover::tokens(item, faults);
        }
    };
    // Once for the block, or a fault would be reported for each method.
    validate::block(applied, &block, &mut faults);
    let is_sound = faults.is_empty();
    let mut items = TokenStream::new();
    for method in block.methods {
        items.extend(match method {
            Method::Other(tokens) => tokens,
            Method::Left(function) => recover::function(&function, std::iter::empty()),
            Method::Covered(mut function) => {
                let own = parse::siblings(&mut function, &mut faults);
                let mut own_faults = Faults::default();
                let tokens = one(inherit(applied, own), function, true, &mut own_faults);
                if is_sound {
                    faults.append(own_faults);
                }
                tokens
            }
        });
    }
    let (head, inner) = (block.head, block.inner);
    let mut braces = Group::new(block.braces.delimiter(), quote!(#(#inner)* #items));
    braces.set_span(block.braces.span());
    recover::tokens(&quote!(#head #braces), faults)
}

/// Expands `#[derive(Classify)]`.
pub(crate) fn classify(input: TokenStream) -> TokenStream {
    let mut faults = Faults::default();
    match derive::classify(input, &mut faults) {
        Some(tokens) => tokens,
        None => faults.into_tokens(),
    }
}
