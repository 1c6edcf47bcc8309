//! Generates the `impl Classify` of `#[derive(Classify)]`. In: the marks of each variant. Out: the implementation.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{DeriveInput, Member};

use super::marks::{Marks, Verdict};
use crate::paths::Runtime;

/// The implementation. Patterns are written `Self::Variant { 0: field, .. }`, which fits every kind of fields.
pub(super) fn implementation(input: &DeriveInput, cases: &[Marks], runtime: &Runtime) -> TokenStream {
    let span = Span::mixed_site();
    let root = runtime.root(span);
    let name = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let classify = cases.iter().map(|case| recovery(case, runtime));
    let classify = matched(&classify.collect::<Vec<_>>());
    let has_status = |case: &Marks| case.status.is_some() || matches!(case.verdict, Verdict::Transparent(_));
    let status = cases.iter().any(has_status).then(|| {
        let body = matched(&cases.iter().map(|case| status(case, runtime)).collect::<Vec<_>>());
        quote_spanned! {span=>
            fn status(&self) -> ::core::option::Option<::core::primitive::u16> { #body }
        }
    });
    let class = matched(&cases.iter().map(|case| class(case, name)).collect::<Vec<_>>());
    quote_spanned! {span=>
        #[automatically_derived]
        impl #generics #root::Classify for #name #arguments #bounds {
            fn classify(&self) -> #root::Recovery { #classify }
            #status
            fn resilience_class(&self) -> ::core::option::Option<&'static ::core::primitive::str> { #class }
        }
    }
}

/// An empty enum is matched by value, without arms: a reference to it would need one.
fn matched(arms: &[TokenStream]) -> TokenStream {
    let span = Span::mixed_site();
    if arms.is_empty() {
        quote_spanned!(span=> match *self {})
    } else {
        quote_spanned!(span=> match self { #(#arms)* })
    }
}

fn recovery(case: &Marks, runtime: &Runtime) -> TokenStream {
    let span = Span::mixed_site();
    let root = runtime.root(span);
    let support = runtime.support();
    match &case.verdict {
        Verdict::Said { method, after, not_sent } => {
            let method = Ident::new(method, span);
            let base = quote_spanned!(span=> #root::Recovery::#method());
            let base = if *not_sent { quote_spanned!(span=> #base.not_sent()) } else { base };
            let pattern = pattern(case, after.as_ref());
            let Some(after) = after else {
                return quote_spanned!(span=> #pattern => #base,);
            };
            // The span of the name that the user wrote, so that an error about a type that is no wait points there.
            let wait = probe(runtime, "wait", after);
            quote_spanned! {span=>
                #pattern => match #wait {
                    ::core::option::Option::Some(wait) => #base.after(wait),
                    ::core::option::Option::None => #base,
                },
            }
        }
        Verdict::Status => {
            let pattern = pattern(case, case.status.as_ref());
            let status = case.status.as_ref().map(|member| probe(runtime, "status", member));
            // Without a status there was no answer, which is worth a retry.
            quote_spanned! {span=>
                #pattern => match #status {
                    ::core::option::Option::Some(status) => #root::Recovery::from_status(status),
                    ::core::option::Option::None => #root::Recovery::retry(),
                },
            }
        }
        Verdict::Transparent(member) => {
            let pattern = pattern(case, Some(member));
            quote_spanned!(span=> #pattern => #support::classify!(field).recovery(),)
        }
    }
}

/// `Error::Variant`, or the name of the struct.
fn class(case: &Marks, name: &Ident) -> TokenStream {
    let class =
        case.variant.as_ref().map_or_else(|| name.to_string(), |variant| format!("{name}::{variant}"));
    let pattern = pattern(case, None);
    quote_spanned!(Span::mixed_site()=> #pattern => ::core::option::Option::Some(#class),)
}

fn status(case: &Marks, runtime: &Runtime) -> TokenStream {
    let span = Span::mixed_site();
    let support = runtime.support();
    if let Verdict::Transparent(member) = &case.verdict {
        let pattern = pattern(case, Some(member));
        return quote_spanned!(span=> #pattern => #support::classify!(field).status(),);
    }
    let pattern = pattern(case, case.status.as_ref());
    if let Some(member) = &case.status {
        let status = probe(runtime, "status", member);
        quote_spanned!(span=> #pattern => #status,)
    } else {
        quote_spanned!(span=> #pattern => ::core::option::Option::None,)
    }
}

fn pattern(case: &Marks, member: Option<&Member>) -> TokenStream {
    let span = Span::mixed_site();
    let member = member.map(|member| quote_spanned!(span=> #member: field,));
    if let Some(variant) = &case.variant {
        quote_spanned!(span=> Self::#variant { #member .. })
    } else {
        quote_spanned!(span=> Self { #member .. })
    }
}

/// `…::wait(field)` with the span of the name that the user wrote, so that an error about a field of another type
/// points there.
fn probe(runtime: &Runtime, function: &str, member: &Member) -> TokenStream {
    let span = Span::mixed_site().located_at(member.span());
    let support = runtime.support_between(span, span);
    let function = Ident::new(function, span);
    quote_spanned!(span=> #support::#function(field))
}
