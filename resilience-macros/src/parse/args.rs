//! Parses the arguments of one attribute; an unknown key is refused here. In: their tokens. Out: every argument that can be read,
//! and a fault for each other one.
//!
//! A bad argument is skipped up to the next comma, so that one typo does not hide other faults.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use resilience_settings::synonyms::{by_meaning, hint_behind, is_no_clause};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Lit, Path, Token, token};

use super::extent::{BEYOND, beyond};
use super::{computed, number, value};
use crate::ast::{Setting, Written};
use crate::diagnostics::{Faults, suggestion};
use crate::keys::attribute::Attribute;
use crate::keys::table::WORDS;
use crate::keys::word::{Takes, Word};

/// Parses the arguments of an attribute.
pub(crate) fn args(attribute: &Attribute, tokens: TokenStream, faults: &mut Faults) -> Vec<Written> {
    let mut written = Vec::new();
    if let Some(span) = beyond(tokens.clone()) {
        faults.add(syn::Error::new(span, BEYOND));
        // Nobody has read whether they name the service, so nobody can say that they do not.
        if let (Some(word), Some(first)) = (Word::find("", "service"), tokens.into_iter().next()) {
            let (name, setting) = (TokenStream::from(first), Setting::Unreadable);
            written.push(Written { word, value: name.clone(), name, setting, inherited: false });
        }
        return written;
    }
    let read = |input: ParseStream<'_>| {
        positional(attribute, input, &mut written, faults);
        entries("", attribute.name, input, &mut written, faults);
        Ok(())
    };
    if let Err(fault) = read.parse2(tokens) {
        faults.add(fault);
    }
    written
}

/// The positional arguments at the start: `"claude_api", AiService`.
fn positional(
    attribute: &Attribute,
    input: ParseStream<'_>,
    written: &mut Vec<Written>,
    faults: &mut Faults,
) {
    if let Some(constant) = constant(input)
        && let Some(word) = Word::find("", "service")
    {
        faults.at(&constant, computed::cannot_read(&constant));
        finish_entry(input, faults);
        let (name, value, setting) = (constant.clone(), constant, Setting::Unreadable);
        written.push(Written { word, name, value, setting, inherited: false });
    } else if input.peek(Lit) {
        written.extend(unnamed("service", input, faults));
    } else {
        return;
    }
    if !is_unnamed_path(input) {
        return;
    }
    let kind = unnamed("kind", input, faults);
    match (attribute.kind, kind) {
        (Some(_), Some(kind)) => {
            faults.at(kind.value, format!("`{}` says the kind already: remove this one", attribute.name));
        }
        (_, kind) => written.extend(kind),
    }
}

/// `NAME`, `names::API`, `concat!("a", "b")` or `name()`, in the position of the service name.
fn constant(input: ParseStream<'_>) -> Option<TokenStream> {
    if input.peek(Lit) {
        return None;
    }
    let fork = input.fork();
    let expr = fork.parse::<Expr>().ok().filter(|expr| computed::is_computed(expr) && !is_clause(expr))?;
    let is_alone = fork.is_empty() || fork.peek(Token![,]);
    is_alone.then(|| drop(input.parse::<Expr>())).map(|()| expr.into_token_stream())
}

/// Whether an expression reads as `word(…)`: a word with something in parentheses, known or misspelt.
fn is_clause(expr: &Expr) -> bool {
    let Expr::Call(call) = expr else { return false };
    let Expr::Path(path) = &*call.func else { return false };
    let known = |name: &Ident| Word::find("", &name.unraw().to_string()).is_some();
    path.path.get_ident().is_some_and(|name| known(name) || !call.args.is_empty())
}

/// Whether a path follows that is neither a key (`kind = …`) nor a key without its value (`idempotent`).
fn is_unnamed_path(input: ParseStream<'_>) -> bool {
    let fork = input.fork();
    let alone = fork.parse::<Path>().is_ok() && (fork.is_empty() || fork.peek(Token![,]));
    let first = input.fork().call(Ident::parse_any).ok();
    alone && first.is_none_or(|name| Word::find("", &name.unraw().to_string()).is_none())
}

fn unnamed(name: &str, input: ParseStream<'_>, faults: &mut Faults) -> Option<Written> {
    let word = Word::find("", name)?;
    let (setting, value) = value_of(word, input, faults);
    finish_entry(input, faults);
    Some(Written { word, name: value.clone(), value, setting, inherited: false })
}

fn entries(
    clause: &'static str,
    owner: &str,
    input: ParseStream<'_>,
    written: &mut Vec<Written>,
    faults: &mut Faults,
) {
    while !input.is_empty() {
        written.extend(entry(clause, owner, input, faults));
        finish_entry(input, faults);
    }
}

/// Parses `name = value` or `name(…)`; `None` if the name is unknown.
fn entry(clause: &'static str, owner: &str, input: ParseStream<'_>, faults: &mut Faults) -> Option<Written> {
    let Ok(name) = input.call(Ident::parse_any) else {
        faults.add(input.error("expected `name = value` or `name(…)`"));
        skip(input);
        return None;
    };
    let spelled = name.unraw().to_string();
    let Some(word) = Word::find(clause, &spelled) else {
        faults.at(&name, unknown(clause, owner, &spelled));
        skip(input);
        return None;
    };
    let (setting, value) = argument(word, &name, input, faults);
    Some(Written { word, name: name.into_token_stream(), value, setting, inherited: false })
}

/// Parses what follows a name.
fn argument(
    word: &'static Word,
    name: &Ident,
    input: ParseStream<'_>,
    faults: &mut Faults,
) -> (Setting, TokenStream) {
    let in_parentheses =
        matches!(word.takes, Takes::Clause | Takes::Patterns | Takes::Names) && input.peek(token::Paren);
    if in_parentheses && let Ok(TokenTree::Group(group)) = input.parse() {
        let tokens = group.stream();
        let setting = if word.takes == Takes::Clause {
            let mut inner = Vec::new();
            let read = |input: ParseStream<'_>| {
                entries(word.name, word.name, input, &mut inner, faults);
                Ok(())
            };
            read.parse2(tokens.clone()).map(|()| Setting::Clause(inner))
        } else {
            (|input: ParseStream<'_>| value::list(word, input, name)).parse2(tokens.clone())
        };
        return (setting.unwrap_or_else(|fault| unreadable(fault, faults)), tokens);
    }
    let takes_value = !matches!(word.takes, Takes::Patterns | Takes::Names) && input.peek(Token![=]);
    if takes_value {
        drop(input.parse::<Token![=]>());
    }
    if !takes_value || input.is_empty() || input.peek(Token![,]) {
        let fault =
            syn::Error::new_spanned(name, format!("`{}` is written {}", word.name, value::example(word)));
        skip(input);
        return (unreadable(fault, faults), TokenStream::new());
    }
    if word.takes == Takes::Timeout && number::is_adaptive(input) {
        return adaptive(word, input, faults);
    }
    value_of(word, input, faults)
}

/// `adaptive`, or `adaptive(floor = …, …)` with the words of the clause that has the name of the key.
fn adaptive(word: &'static Word, input: ParseStream<'_>, faults: &mut Faults) -> (Setting, TokenStream) {
    let mut tokens = TokenStream::new();
    if let Ok(name) = input.call(Ident::parse_any) {
        name.to_tokens(&mut tokens);
    }
    if !input.peek(token::Paren) {
        return (Setting::Adaptive, tokens);
    }
    let Ok(TokenTree::Group(group)) = input.parse() else {
        return (Setting::Adaptive, tokens);
    };
    let mut inner = Vec::new();
    let read = |input: ParseStream<'_>| {
        entries(word.name, "adaptive", input, &mut inner, faults);
        Ok(())
    };
    let read = read.parse2(group.stream());
    group.to_tokens(&mut tokens);
    let setting = match read {
        Ok(()) => Setting::Clause(inner),
        Err(fault) => unreadable(fault, faults),
    };
    (setting, tokens)
}

fn value_of(word: &'static Word, input: ParseStream<'_>, faults: &mut Faults) -> (Setting, TokenStream) {
    value::read(word, input).unwrap_or_else(|fault| {
        skip(input);
        (unreadable(fault, faults), TokenStream::new())
    })
}

/// The word counts as written, so that no fault reports it as missing.
fn unreadable(fault: syn::Error, faults: &mut Faults) -> Setting {
    faults.add(fault);
    Setting::Unreadable
}

fn unknown(clause: &str, owner: &str, name: &str) -> String {
    // Not read as advice to write that of a cache: who asks for `Observe` would have calls that are not protected.
    if name == "mode" {
        return format!(
            "`{owner}(…)` has no `mode` of its own: write `mode = …` beside it, for the whole service; `cache(mode = …)` says \
             when a cache answers"
        );
    }
    let accepted: Vec<&str> =
        WORDS.iter().filter(|word| word.clause == clause).map(|word| word.name).collect();
    let meant_here = by_meaning(name, &accepted);
    let is_known = WORDS.iter().any(|word| word.name == name || word.alias == Some(name));
    if is_known && meant_here.is_none() {
        return misplaced(owner, name);
    }
    let kind = Word::find("", "kind")
        .is_some_and(|kind| matches!(kind.takes, Takes::Choice(kinds) if kinds.find(name).is_some()));
    if clause.is_empty() && kind {
        return format!(
            "a kind without its name comes second, after the service: write `{owner}(\"service\", {name})`"
        );
    }
    if clause.is_empty() && is_no_clause(name) {
        return format!(
            "`{name}(…)` is no clause: write its keys beside `service`, such as `max_attempts = 3`"
        );
    }
    if let Some(word) = meant_here.and_then(|meant| Word::find(clause, meant))
        && word.takes == Takes::Clause
    {
        return format!("unknown key `{name}`; did you mean `{}(…)`?", word.name);
    }
    let everywhere: Vec<&str> = WORDS.iter().map(|word| word.name).collect();
    if meant_here.is_none()
        && let Some(meant) = by_meaning(name, &everywhere)
    {
        let unit = hint_behind(name, meant);
        return format!("unknown key `{name}`; did you mean `{meant}`{unit}? {}", misplaced(owner, meant));
    }
    let place = if clause.is_empty() { String::new() } else { format!(" in `{clause}(…)`") };
    format!("unknown key `{name}`{place}; {}", suggestion(name, &accepted))
}

/// Where a word goes that does not belong where it is written.
fn misplaced(owner: &str, name: &str) -> String {
    let word = WORDS.iter().find(|word| word.name == name || word.alias == Some(name));
    if word.is_some_and(|word| word.clause.is_empty()) {
        format!("`{name}` does not belong in `{owner}(…)`: write it beside `{owner}`")
    } else {
        format!("`{name}` belongs in a clause: write {}", places(name))
    }
}

/// Every clause that has the word, as it is written.
fn places(name: &str) -> String {
    let clauses = WORDS
        .iter()
        .filter(|word| !word.clause.is_empty() && (word.name == name || word.alias == Some(name)));
    let places: Vec<String> = clauses
        .map(|word| match word.clause {
            "attempt_timeout" => format!("`attempt_timeout = adaptive({name} = …)`"),
            clause => format!("`{clause}({name} = …)`"),
        })
        .collect();
    places.join(" or ")
}

/// Consumes the comma after an argument.
fn finish_entry(input: ParseStream<'_>, faults: &mut Faults) {
    if !input.is_empty() && !input.peek(Token![,]) {
        faults.add(input.error("expected `,` after this argument"));
        skip(input);
    }
    // There is none after the last argument.
    drop(input.parse::<Token![,]>());
}

fn skip(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        drop(input.parse::<TokenTree>());
    }
}
