//! Generates the claim of an idempotency key around the attempts. In: the idempotency clause. Out: code that claims the key around
//! the attempts.
//!
//! ```text
//! let mut protected = (&mut call).idempotent(&key).fingerprinted(&request);
//! Protected::runs_for(&protected, &call, type_name_of_val(&self));
//! if let Some(outcome) = Protected::begin(&mut protected, &mut call, on_rejection).await {
//!     outcome
//! } else {
//!     the attempts, each with its body as `(&protected).inside(async { … })`, and then
//!     let outcome = …;
//!     Protected::settle(&mut protected, &call, &outcome).await;
//!     the sources that answer for a failure
//! }
//! ```

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Expr, ExprReference, FnArg, GenericParam, ReceiverKind, Signature, Type};

use crate::model::{Idempotency, Wrapped};
use crate::paths::Runtime;

/// The body of an attempt, inside the protection if there is one.
pub(super) fn inside(body: TokenStream, idempotency: Option<&Idempotency>) -> TokenStream {
    if idempotency.is_none() {
        return body;
    }
    quote_spanned!(Span::mixed_site()=> (&protected).inside(#body))
}

/// The outcome of the attempts, noted before anything answers for it.
pub(super) fn settled(
    outcome: TokenStream,
    idempotency: Option<&Idempotency>,
    runtime: &Runtime,
) -> TokenStream {
    if idempotency.is_none() {
        return outcome;
    }
    let span = Span::mixed_site();
    let support = runtime.support();
    quote_spanned! {span=>
        {
            let outcome = #outcome;
            #support::Protected::settle(&mut protected, &call, &outcome).await;
            outcome
        }
    }
}

/// The whole call behind its claim.
pub(super) fn around(
    call: TokenStream,
    idempotency: Option<&Idempotency>,
    runs_for: &TokenStream,
    (on_rejection, output): (&TokenStream, &Type),
    runtime: &Runtime,
) -> TokenStream {
    let Some(Idempotency { key, fingerprint, store }) = idempotency else { return call };
    let span = Span::mixed_site();
    let support = runtime.support();
    // The span of the type, so that an error about one that cannot be kept points there; that of the key, if it is none.
    let there = span.located_at(output.span());
    let key = borrowed(key);
    let protected = if let Some(store) = store {
        quote_spanned!(there=> (&mut call).idempotent_in(#store, #key))
    } else {
        quote_spanned!(there=> (&mut call).idempotent(#key))
    };
    let fingerprinted = fingerprint.as_ref().map(|request| {
        let here = request.span().resolved_at(span);
        let request = borrowed(request);
        quote_spanned!(here=> .fingerprinted(#request))
    });
    quote_spanned! {span=>
        let mut protected = #protected #fingerprinted;
        #runs_for
        if let ::core::option::Option::Some(outcome) =
            #support::Protected::begin(&mut protected, &mut call, #on_rejection).await
        {
            outcome
        } else {
            #call
        }
    }
}

/// Tells the runtime for which types a function runs that may run for several: they have one scope.
pub(super) fn runs_for(signature: &Signature, body: &Wrapped, runtime: &Runtime) -> TokenStream {
    let span = Span::mixed_site();
    let support = runtime.support();
    let told = |receiver| quote_spanned!(span=> #support::Protected::runs_for(&protected, &call, #receiver););
    if let Some(receiver) = signature.receiver() {
        // The form of async-trait has moved any other one already.
        let is_shared = matches!(receiver.kind, ReceiverKind::Reference(_, _, None));
        if matches!(body, Wrapped::Boxed { .. }) && !is_shared {
            return TokenStream::new();
        }
        let receiver = &receiver.self_token;
        return told(quote_spanned!(span=> ::core::any::type_name_of_val(&#receiver)));
    }
    let is_generic = signature.generics.params.iter().any(|param| matches!(param, GenericParam::Type(_)));
    let is_open =
        |argument: &FnArg| matches!(argument, FnArg::Typed(typed) if matches!(*typed.ty, Type::ImplTrait(_)));
    if is_generic || signature.inputs.iter().any(is_open) {
        return told(quote_spanned!(span=> ""));
    }
    TokenStream::new()
}

/// A reference to the value, which the body may need.
fn borrowed(value: &Expr) -> Expr {
    Expr::Reference(ExprReference {
        attrs: Vec::new(),
        and_token: syn::Token![&](value.span().resolved_at(Span::mixed_site())),
        mutability: None,
        expr: Box::new(value.clone()),
    })
}
