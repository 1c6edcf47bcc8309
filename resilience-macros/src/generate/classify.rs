//! Generates the classification of results. In: the rules that the user wrote. Out: the facts of an error, and which
//! `Ok` is retried.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ExprPath;
use syn::spanned::Spanned;

use crate::ast::Guarded;
use crate::model::Rules;
use crate::paths::Runtime;

/// `|error| classify!(error).never(…).only(…)`
pub(super) fn classifier(rules: &Rules, support: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let mut facts = quote_spanned!(span=> #support::classify!(error));
    if let Some(path) = &rules.on_error {
        let verdict = call(path);
        facts.extend(quote_spanned!(span=> .by(#verdict)));
    }
    if let Some(matched) = any(rules.never_retry_on.iter().map(matches)) {
        facts.extend(quote_spanned!(span=> .never(#matched)));
    }
    let listed = rules.retry_on.iter().map(matches).chain(rules.retry_if.iter().map(call));
    if let Some(listed) = any(listed) {
        // Which of the two it is, is told in the log.
        let only = Ident::new(if rules.retry_on.is_empty() { "only_if" } else { "only" }, span);
        facts.extend(quote_spanned!(span=> .#only(#listed)));
    }
    if let Some(path) = &rules.record_if {
        let failed = call(path);
        facts.extend(quote_spanned!(span=> .failure(#failed)));
    }
    quote_spanned!(span=> |error| #facts)
}

/// `RetryIfOk(path)`, if an `Ok` may be retried.
pub(super) fn last_outcome(rules: &Rules, runtime: &Runtime) -> Option<TokenStream> {
    rules.retry_if_ok.as_ref().map(|path| {
        // All of it with the span of the user's path, so that an error about a function with another signature points
        // there.
        let span = path.span().resolved_at(Span::mixed_site());
        let support = runtime.support_between(span, span);
        quote_spanned!(span=> #support::RetryIfOk(#path))
    })
}

fn any(conditions: impl Iterator<Item = TokenStream>) -> Option<TokenStream> {
    let span = Span::mixed_site();
    conditions.reduce(|left, right| quote_spanned!(span=> #left || #right))
}

fn call(path: &ExprPath) -> TokenStream {
    let error = error_at(path);
    quote_spanned!(path.span().resolved_at(Span::mixed_site())=> #path(#error))
}

fn matches(guarded: &Guarded) -> TokenStream {
    let pattern = &guarded.pattern;
    let guard = guarded.guard.as_ref().map(|(word, condition)| quote_spanned!(word.span=> #word #condition));
    let error = error_at(pattern);
    quote_spanned!(Span::mixed_site()=> ::core::matches!(#error, #pattern #guard))
}

/// A generated name with the span of the user's code, so that an error about a function or pattern of another type
/// points there.
fn error_at(code: &impl ToTokens) -> Ident {
    let place = code.to_token_stream().into_iter().next().map_or_else(Span::mixed_site, |first| first.span());
    Ident::new("error", Span::mixed_site().located_at(place))
}
