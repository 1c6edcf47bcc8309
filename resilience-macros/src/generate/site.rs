//! Generates the entry into a call. In: the call site. Out: its static, created at compile time and registered at link
//! time, and the start of the call.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;
use syn::Expr;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use crate::model::{Inline, Site};
use crate::paths::{Runtime, SITE};

/// `let mut call = …::support::site!("claude_api", "ask", MaxAttempts = Count(5));`
///
/// The runtime's macro contains what is the same everywhere: the static, its registration, and the names of keys and
/// values, which user code never sees.
pub(super) fn enter(site: &Site, function: &Ident, runtime: &Runtime) -> TokenStream {
    let span = Span::mixed_site();
    let support = runtime.support();
    let name = Ident::new(SITE, span);
    let service = &site.service;
    let siblings = &site.siblings;
    let function = function.unraw().to_string();
    let keys = site.inline.iter().map(|(key, value)| {
        let key = Ident::new(&format!("{key:?}"), span);
        let value = literal(value);
        quote_spanned!(span=> , #key = #value)
    });
    let traits: Vec<_> = site.traits.iter().map(|name| Ident::new(name, span)).collect();
    let scope = site.scope.as_ref().map(|scope| quote_spanned!(span=> scoped = #scope));
    let traits = traits.iter().map(|name| quote_spanned!(span=> #name)).chain(scope);
    let traits: Vec<_> = traits.collect();
    let only = (!traits.is_empty()).then(|| quote_spanned!(span=> ; #(#traits),*));
    // At the value, so that an error about a wrong type points there.
    let kept = |function: &str, value: &Expr, given: TokenStream| {
        let there = span.located_at(value.span());
        let (support, function) = (runtime.support_between(there, there), Ident::new(function, there));
        let name = Ident::new(&function.to_string(), span);
        (quote_spanned!(there=> let #name = #support::#function(#given);), name)
    };
    let partition = site.partition.as_ref().map(|key| kept("partition", key, quote_spanned!(span=> #key)));
    let label =
        site.partition_label.as_ref().map(|label| kept("label", label, quote_spanned!(span=> || #label)));
    let (partition, partition_name) = partition.unzip();
    let (label, label_name) = label.unzip();
    let within = partition_name.map(|name| quote_spanned!(span=> => #name #label_name));
    let site = quote_spanned!(span=> #support::#name!(#service, #function #(#keys)* #only #within));
    if siblings.is_empty() && partition.is_none() {
        quote_spanned!(span=> let mut call = #site;)
    } else {
        quote_spanned!(span=> let mut call = { #(use #siblings as _;)* #partition #label #site };)
    }
}

/// The variant of `Value` with its contents.
fn literal(value: &Inline) -> TokenStream {
    let span = Span::mixed_site();
    let time = |time: &std::time::Duration| {
        let seconds = Literal::u64_unsuffixed(time.as_secs());
        let nanos = Literal::u32_unsuffixed(time.subsec_nanos());
        quote_spanned!(span=> ::core::time::Duration::new(#seconds, #nanos))
    };
    match value {
        Inline::Off => quote_spanned!(span=> Off),
        Inline::Unlimited => quote_spanned!(span=> Unlimited),
        Inline::Switch(on) => quote_spanned!(span=> Switch(#on)),
        // Without a suffix: the type is known, and the line stays short.
        Inline::Count(count) => {
            let count = Literal::u64_unsuffixed(*count);
            quote_spanned!(span=> Count(#count))
        }
        Inline::Number(number) => {
            let number = Literal::f64_unsuffixed(*number);
            quote_spanned!(span=> Number(#number))
        }
        Inline::Duration(length) => {
            let length = time(length);
            quote_spanned!(span=> Duration(#length))
        }
        Inline::Adaptive => quote_spanned!(span=> Adaptive),
        Inline::Quantile(share) => {
            let share = Literal::f64_unsuffixed(*share);
            quote_spanned!(span=> Quantile(Ratio::saturating(#share)))
        }
        Inline::Calls(calls) => quote_spanned!(span=> Window(Window::Calls(#calls))),
        Inline::Time(length) => {
            let length = time(length);
            quote_spanned!(span=> Window(Window::Time(#length)))
        }
        Inline::Codes(codes) => {
            quote_spanned!(span=> StatusCodes(::std::borrow::Cow::Borrowed(&[#(#codes),*])))
        }
        Inline::Choice(choice, variant) => {
            let [value, of, variant] = [choice.value, choice.of, variant].map(|name| Ident::new(name, span));
            quote_spanned!(span=> #value(#of::#variant))
        }
    }
}
