//! The runs of the user's block: a loop of attempts, with or without copies, or a single run.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Type;

use super::{checks, judge};
use crate::model::{Argument, Rules, Run};
use crate::paths::Runtime;

/// What the runs are made of.
pub(super) struct Attempts<'a> {
    pub(super) block: TokenStream,
    pub(super) output: &'a Type,
    pub(super) arguments: &'a [Argument],
    pub(super) rules: &'a Rules,
    pub(super) run: Run,
    pub(super) runtime: &'a Runtime,
}

/// The arguments again, so that attempts can borrow them uniquely. Copies of a body share them instead.
pub(super) fn rebound(arguments: &[Argument], run: Run) -> TokenStream {
    let span = Span::mixed_site();
    arguments
        .iter()
        .filter(|argument| !argument.mutable && run != Run::Hedged)
        .map(|Argument { ident, cfg, .. }| quote_spanned!(span=> #(#cfg)* let mut #ident = #ident;))
        .collect()
}

/// The outcome of the call, as an expression.
pub(super) fn outcome(parts: &Attempts<'_>) -> TokenStream {
    let Attempts { block, output, arguments, rules, run, runtime } = parts;
    let span = Span::mixed_site();
    let support = runtime.support();
    let edge = checks::return_edge(output, runtime);
    let captured = (*run != Run::Hedged).then(|| captured(arguments));
    let clones = arguments.iter().filter_map(|argument| Some(clone(argument, argument.cloned?)));
    let judge = judge::judge(rules, &support);
    let keep = judge::keep(rules, runtime);
    let carry = checks::carry(rules, output, runtime);
    let body = checks::attempt(
        block,
        quote_spanned!(span=>
            #edge
            #captured
            #(#clones)*
            #[allow(unused_braces)]
            #block
        ),
    );
    // The judge stands after the block, so that the type of the error is known to its patterns.
    let attempt = match run {
        Run::Attempts => {
            let carried = if let Some(keep) = keep {
                quote_spanned!(span=> keep(#keep, #carry))
            } else {
                quote_spanned!(span=> carry(#carry))
            };
            quote_spanned!(span=> (&mut call).run(#body).judge(#judge).#carried)
        }
        Run::Hedged => {
            let keep = keep.unwrap_or_else(|| quote_spanned!(span=> #support::KeepErrors));
            quote_spanned!(span=> (&mut call).hedged(|| #body, #judge, #keep, #carry))
        }
        Run::Once => {
            return quote_spanned!(span=> (&mut call).once(#body, #judge, #support::KeepErrors, #carry).await);
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

/// `let _ = (&mut a, &mut b);`: a unique capture needs `Send` where the shared one of a body that only reads
/// would need `Sync`.
fn captured(arguments: &[Argument]) -> TokenStream {
    let span = Span::mixed_site();
    if arguments.is_empty() {
        return TokenStream::new();
    }
    if arguments.iter().all(|argument| argument.cfg.is_empty()) {
        let idents = arguments.iter().map(|argument| &argument.ident);
        return quote_spanned!(span=> let _ = (#(&mut #idents,)*););
    }
    // The parts of a tuple cannot be conditional.
    let each = arguments
        .iter()
        .map(|Argument { ident, cfg, .. }| quote_spanned!(span=> #(#cfg)* let _ = &mut #ident;));
    quote_spanned!(span=> #(#each)*)
}

/// Marked as the name in `clone(…)`, where a type that has no clone is wrong.
fn clone(argument: &Argument, named: Span) -> TokenStream {
    let span = Span::mixed_site();
    let there = span.located_at(named);
    let Argument { ident, mutable, cfg, .. } = argument;
    // Whether the `mut` is needed is judged at the argument itself, and the shadowing is ours.
    let mutability = mutable.then(|| quote_spanned!(span=> mut));
    let allowed = quote_spanned!(span=> #[allow(unused_mut, clippy::shadow_unrelated)]);
    let copy = quote_spanned!(there=> ::core::clone::Clone::clone);
    let original = quote_spanned!(there=> &);
    quote_spanned!(span=> #(#cfg)* #allowed let #mutability #ident = #copy(#original #ident);)
}
