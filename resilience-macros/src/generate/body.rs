//! Generates the loop of attempts around the user's block. Out: a loop, with or without clones of the arguments, or a single run.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::{Generics, Type};

use super::{capture, checks, classify, idempotency, inject};
use crate::model::{Argument, Idempotency, Rules, Run};
use crate::paths::Runtime;

/// The parts of the generated attempts.
pub(super) struct Attempts<'a> {
    pub(super) block: TokenStream,
    pub(super) output: &'a Type,
    pub(super) generics: &'a Generics,
    pub(super) arguments: &'a [Argument],
    pub(super) rules: &'a Rules,
    pub(super) run: Run,
    pub(super) idempotency: Option<&'a Idempotency>,
    pub(super) runtime: &'a Runtime,
}

/// The outcome of the call, as an expression.
pub(super) fn outcome(parts: &Attempts<'_>) -> TokenStream {
    let Attempts { block, output, generics, arguments, rules, run, idempotency, runtime } = parts;
    let span = Span::mixed_site();
    let support = runtime.support();
    // Hedged attempts share the arguments instead.
    let captured = if *run == Run::Hedged { TokenStream::new() } else { capture::captured(arguments, block) };
    let edge = checks::return_edge(output, &captured, runtime);
    let clones = arguments.iter().filter_map(|argument| Some(clone(argument, argument.cloned?)));
    let classifier = classify::classifier(rules, &support);
    let last_outcome = classify::last_outcome(rules, runtime);
    let on_rejection = checks::on_rejection(rules, output, generics, runtime);
    let inject = inject::filler(output, generics, &support);
    let ours = capture::braced(block);
    let body = checks::attempt(
        block,
        quote_spanned!(span=>
            #edge
            #(#clones)*
            #ours
        ),
    );
    let body = idempotency::inside(body, *idempotency);
    // The classifier follows the block, so that its patterns know the type of the error.
    let attempt = match run {
        Run::Attempts => {
            let rest = if let Some(last_outcome) = last_outcome {
                quote_spanned!(span=> keep(#last_outcome, #on_rejection))
            } else {
                quote_spanned!(span=> on_rejection(#on_rejection))
            };
            quote_spanned!(span=> (&mut call).run(#body).classify(#classifier).inject(#inject).#rest)
        }
        Run::Hedged => {
            let last_outcome = last_outcome.unwrap_or_else(|| quote_spanned!(span=> #support::KeepErrors));
            quote_spanned!(span=> (&mut call).hedged(|| #body, #classifier, #last_outcome, #on_rejection, #inject))
        }
        Run::Once => {
            return quote_spanned!(span=> (&mut call).once(#body, #classifier, #support::KeepErrors, #on_rejection, #inject).await);
        }
    };
    quote_spanned! {span=>
        loop {
            let attempt = #attempt;
            if let ::core::ops::ControlFlow::Break(outcome) = attempt.await {
                break outcome;
            }
        }
    }
}

/// The span is the name in `clone(…)`, so that the error about a type without `Clone` points there.
fn clone(argument: &Argument, named: Span) -> TokenStream {
    let span = Span::mixed_site();
    let there = span.located_at(named);
    // With the user's own `mut`, so that the compiler checks it against what the body does to the clone.
    let Argument { ident, mutability, cfg, .. } = argument;
    let copy = quote_spanned!(there=> ::core::clone::Clone::clone);
    let original = quote_spanned!(there=> &);
    quote_spanned!(span=> #(#cfg)* let #mutability #ident = #copy(#original #ident);)
}
