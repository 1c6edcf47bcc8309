//! Puts the tokens of an attribute's expansion together, out of its parts. In: a [`Model`]. Out: its tokens. No fault is reported
//! any more.
//!
//! Before, and after:
//!
//! ```text
//! #[comprehensive_retry("claude_api", max_attempts = 5)]
//! async fn ask(prompt: String) -> Result<String, Error> {
//!     send(&prompt).await
//! }
//!
//! async fn ask(prompt: String) -> Result<String, Error> {
//!     let mut call = …::support::site!("claude_api", "ask", MaxAttempts = Count(5));
//!     loop {
//!         let attempt = (&mut call)
//!             .run(async {
//!                 …::support::edge!(Result<String, Error>; [&mut prompt]);
//!                 { send(&prompt).await }
//!             })
//!             .classify(|error| …::support::classify!(error))
//!             .on_rejection(|rejection| …::support::convert(rejection));
//!         if let Break(outcome) = attempt.await {
//!             break outcome;
//!         }
//!     }
//! }
//! ```
//!
//! There is an async block per attempt instead of a closure that makes futures: with a closure, a body that borrows an
//! argument across an await is not `Send`, or `&mut self` is refused. All generated names are invisible to the body.
//!
//! The output contains no `allow`, which would not compile in a crate that forbids the lint, and nothing that
//! suppresses what the compiler has to say about the user's arguments: they are borrowed where they are, and not bound
//! again.
//!
//! Methods are called on a receiver that has the type of their `self`: `(&mut call).run(…)`. `call.run(…)` would first
//! look for a method that takes `call` by value, and find one of a user's blanket-implemented
//! `trait Run { fn run(self); }`. The one name exposed to such a trait is `resilience_by_type`, by which the type of an
//! error says how it is classified, and by which types say what a rule of chaos can do with them.

mod body;
mod capture;
mod checks;
mod classify;
mod fallback_order;
mod idempotency;
mod inject;
mod site;

use proc_macro2::{Group, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use crate::model::{Model, Outline, Wrapped};

/// The function with its new body.
pub(crate) fn generate(model: Model) -> TokenStream {
    let Model { outline, body, site, arguments, rules, run, idempotency, sources, passed, runtime } = model;
    let enter = site::enter(&site, &outline.sig.ident, &runtime);
    let (block, output) = match &body {
        Wrapped::Plain { block, output } => (block.to_token_stream(), output),
        Wrapped::Boxed { block, output, .. } => (block.to_token_stream(), output),
    };
    let outcome = body::outcome(&body::Attempts {
        generics: &outline.sig.generics,
        block,
        output,
        arguments: &arguments,
        rules: &rules,
        run,
        idempotency: idempotency.as_ref(),
        runtime: &runtime,
    });
    let outcome = idempotency::settled(outcome, idempotency.as_ref(), &runtime);
    let lookup = fallback_order::lookup(&sources, &runtime);
    let answered = fallback_order::around(&outcome, &sources, &passed, output, &runtime);
    let span = Span::mixed_site();
    let call = quote_spanned!(span=> #lookup #answered);
    let runs_for = match site.scope {
        Some(_) => TokenStream::new(),
        None => idempotency::runs_for(&outline.sig, &body, &runtime),
    };
    let on_rejection = checks::on_rejection(&rules, output, &outline.sig.generics, &runtime);
    let call = idempotency::around(call, idempotency.as_ref(), &runs_for, (&on_rejection, output), &runtime);
    let wrapped = quote_spanned!(span=> #enter #call);
    match body {
        Wrapped::Plain { block, .. } => assemble(&outline, &block, &wrapped),
        Wrapped::Boxed { frame, .. } => {
            let frame = frame.with(quote!({ #wrapped }));
            let statements = frame.stmts.iter().map(ToTokens::to_token_stream).collect();
            let block = Group::new(proc_macro2::Delimiter::Brace, TokenStream::new());
            assemble(&outline, &block, &statements)
        }
    }
}

/// Signature, attributes, visibility and docs as they were; the braces keep their span.
fn assemble(outline: &Outline, block: &Group, statements: &TokenStream) -> TokenStream {
    let Outline { attrs, vis, defaultness, sig, inner } = outline;
    let mut body = Group::new(block.delimiter(), quote!(#(#inner)* #statements));
    body.set_span(block.span());
    quote!(#(#attrs)* #vis #defaultness #sig #body)
}
