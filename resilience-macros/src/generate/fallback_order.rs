//! Decides which source answers a failed call: in the order cache, redirect, fallback, static response. In: the sources of degraded
//! answers. Out: the cache look-up before the attempts, and code that asks one source after the other once they have failed.
//! Whether any may answer, `call/degradation/degraded` of the runtime decides; the order for handles is in
//! `call/handle/fallback_chain`.
//! ```text
//! let mut lookup = (&mut call).lookup(key);
//! let outcome = if let Some(hit) = lookup.ahead(&mut call).await { Ok(hit) } else { the outcome of the runs };
//! lookup.learn(&call, &outcome);
//! 'answered: {
//!     let degraded = match (&call).degrade(outcome) {
//!         Break(outcome) => break 'answered outcome,
//!         Continue(degraded) if (&degraded).is_rejection() || fallback_if((&degraded).error()) => degraded,
//!         Continue(degraded) => break 'answered degraded.leave_alone(),
//!     };
//!     if let Some(answer) = (&degraded).cached(&lookup) { break 'answered Ok(answer); }
//!     let answer = (&degraded).within(redirect(a, b)).await;
//!     if let Some(answer) = (&degraded).offer(Redirect, answer) { break 'answered Ok(answer); }
//!     let answer = (&degraded).within(given((a, b), (&degraded).error()).ask(fallback)).await;
//!     if let Some(answer) = (&degraded).offer(Fallback, answer) { break 'answered Ok(answer); }
//!     degraded.answer(Static, value)
//! }
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::Type;
use syn::spanned::Spanned;

use crate::model::{Cache, Fallback, Passed, Sources};
use crate::paths::Runtime;

/// The outcome with all of its degradation; the outcome alone if none is written.
pub(super) fn around(
    outcome: &TokenStream,
    sources: &Sources,
    passed: &[Passed],
    output: &Type,
    runtime: &Runtime,
) -> TokenStream {
    let span = Span::mixed_site();
    let support = runtime.support();
    let mut answers = TokenStream::new();
    if !matches!(sources.cache, Cache::Off) {
        answers.extend(quote_spanned! {span=>
            if let ::core::option::Option::Some(answer) = (&degraded).cached(&lookup) {
                break 'answered ::core::result::Result::Ok(answer);
            }
        });
    }
    if let Some(path) = &sources.redirect {
        let arguments = passed.iter().map(|passed| passed.tokens(sources.fallback.is_some()));
        let there = path.span().resolved_at(span);
        let call = quote_spanned!(there=> #path(#(#arguments),*));
        answers.extend(offer(&call, "Redirect", span, &support));
    }
    if let Some(fallback) = &sources.fallback {
        // The span of a closure, so that an error about its answer points at it; a function has a signature.
        let there = match fallback {
            Fallback::Function(_) => span,
            Fallback::Closure { closure, .. } => closure.span().resolved_at(span),
        };
        answers.extend(offer(&ask(fallback, passed, runtime), "Fallback", there, &support));
    }
    let last = if let Some(value) = &sources.static_response {
        quote_spanned!(span=> degraded.answer(#support::Source::Static, #value))
    } else {
        quote_spanned!(span=> degraded.finish())
    };
    let (outcome, learn) = with_cache(outcome, sources, output, runtime);
    if answers.is_empty() && sources.static_response.is_none() {
        return quote_spanned!(span=> #outcome);
    }
    let learned = quote_spanned! {span=>
        let outcome = #outcome;
        #learn
    };
    if answers.is_empty() {
        let (wanted, skip) = condition(sources, |skip| skip);
        return quote_spanned! {span=>
            #learned
            match (&call).degrade(outcome) {
                ::core::ops::ControlFlow::Break(outcome) => outcome,
                ::core::ops::ControlFlow::Continue(degraded) #wanted => #last,
                #skip
            }
        };
    }
    let (wanted, skip) = condition(sources, |skip| quote_spanned!(span=> break 'answered #skip));
    // The outcome must be dropped before anything is awaited: a `match` around the awaits would keep it, and with a `T`
    // that is not `Send` the future would not be `Send` either.
    quote_spanned! {span=>
        #learned
        'answered: {
            let degraded = match (&call).degrade(outcome) {
                ::core::ops::ControlFlow::Break(outcome) => break 'answered outcome,
                ::core::ops::ControlFlow::Continue(degraded) #wanted => degraded,
                #skip
            };
            #answers
            #last
        }
    }
}

/// The cache look-up, before the attempts take over the arguments.
pub(super) fn lookup(sources: &Sources, runtime: &Runtime) -> Option<TokenStream> {
    let span = Span::mixed_site();
    match &sources.cache {
        Cache::Off => None,
        Cache::Keyless => Some(quote_spanned!(span=> let mut lookup = (&mut call).lookup(());)),
        Cache::Keyed(key) => {
            let there = key.span().resolved_at(span);
            let support = runtime.support_between(there, there);
            Some(quote_spanned!(there=> let mut lookup = (&mut call).lookup(#support::cache_key(#key));))
        }
    }
}

fn with_cache(
    outcome: &TokenStream,
    sources: &Sources,
    output: &Type,
    runtime: &Runtime,
) -> (TokenStream, Option<TokenStream>) {
    if matches!(sources.cache, Cache::Off) {
        return (outcome.clone(), None);
    }
    let span = Span::mixed_site();
    // The span is where the cache is written, so that an error about a type without `Clone` points there.
    let there = span.located_at(output.span());
    let support = runtime.support_between(there, there);
    let learn = quote_spanned!(there=> #support::Lookup::learn(&mut lookup, &call, &outcome););
    let ahead = quote_spanned!(there=> #support::Lookup::ahead(&mut lookup, &mut call));
    let outcome = quote_spanned! {span=>
        if let ::core::option::Option::Some(hit) = #ahead.await {
            ::core::result::Result::Ok(hit)
        } else {
            #outcome
        }
    };
    (outcome, Some(learn))
}

/// The guard for errors that are answered, and the arm for those that are not.
fn condition(
    sources: &Sources,
    leave: impl FnOnce(TokenStream) -> TokenStream,
) -> (Option<TokenStream>, Option<TokenStream>) {
    let Some(path) = &sources.fallback_if else { return (None, None) };
    let span = Span::mixed_site();
    // The span of the user's path, so that an error about a function with another signature points there.
    let there = path.span().resolved_at(span);
    let asked = quote_spanned!(there=> #path((&degraded).error()));
    let skip = leave(quote_spanned!(span=> degraded.leave_alone()));
    (
        Some(quote_spanned!(span=> if (&degraded).is_rejection() || #asked)),
        Some(quote_spanned!(span=> ::core::ops::ControlFlow::Continue(degraded) => #skip,)),
    )
}

/// The future of a fallback's answer.
fn ask(fallback: &Fallback, passed: &[Passed], runtime: &Runtime) -> TokenStream {
    let span = Span::mixed_site();
    let arguments = passed.iter().map(|passed| passed.tokens(false));
    match fallback {
        Fallback::Function(path) => {
            let there = path.span().resolved_at(span);
            let support = runtime.support_between(there, there);
            quote_spanned!(there=> #support::given((#(#arguments,)*), (&degraded).error()).ask(#path))
        }
        Fallback::Closure { closure, takes_error } => {
            let there = closure.span().resolved_at(span);
            let support = runtime.support_between(there, there);
            // The types of its parameters follow from the bound of the method that takes it.
            let method = match (closure.asyncness.is_some(), takes_error) {
                (false, false) => "ask_closure",
                (false, true) => "ask_closure_with_error",
                (true, false) => "ask_async_closure",
                (true, true) => "ask_async_closure_with_error",
            };
            let method = Ident::new(method, there);
            quote_spanned!(there=> #support::given((#(#arguments,)*), (&degraded).error()).#method(#closure))
        }
    }
}

fn offer(call: &TokenStream, source: &str, span: Span, support: &TokenStream) -> TokenStream {
    let source = Ident::new(source, span);
    quote_spanned! {span=>
        let answer = (&degraded).within(#call).await;
        if let ::core::option::Option::Some(answer) = (&degraded).offer(#support::Source::#source, answer) {
            break 'answered ::core::result::Result::Ok(answer);
        }
    }
}

impl Passed {
    /// The argument as it is passed on; `again` if it is still needed afterwards.
    fn tokens(&self, again: bool) -> TokenStream {
        let span = Span::mixed_site();
        match self {
            Self::Cloned(ident) if again => quote_spanned!(span=> ::core::clone::Clone::clone(&#ident)),
            Self::Shared(ident) | Self::Cloned(ident) | Self::Moved(ident) => quote_spanned!(span=> #ident),
            Self::Reborrowed(ident) => quote_spanned!(span=> &mut *#ident),
        }
    }
}
