//! Decides whether tokens are too deep or too long for the parser. It calls itself for each operator and each bracket of an
//! expression, and where its stack ends the whole compiler ends, without a message.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

/// How deep brackets may stand in one another; the compiler's own limit for macros is 128.
const DEEPEST: usize = 100;

/// How many tokens one value or one type may have, those in its brackets apart. A tenth of what fills the stack of a thread.
const LONGEST: usize = 1_000;

/// What is beyond the limits, in words.
pub(crate) const BEYOND: &str = "this is nested too deeply, or too long, to be read: give a part of it a name, such as that of a constant or a function";

/// Where a row of tokens is beyond the limits.
pub(crate) fn beyond(tokens: TokenStream) -> Option<Span> {
    within(tokens, 0, true)
}

/// The same of a function, but for its body, which nobody takes apart.
pub(super) fn beyond_in_signature(tokens: TokenStream) -> Option<Span> {
    within(tokens, 0, false)
}

fn within(tokens: TokenStream, depth: usize, with_blocks: bool) -> Option<Span> {
    let (mut length, mut angles, mut before, mut in_parameters) = (0, 0_usize, ' ', false);
    for token in tokens {
        let span = token.span();
        let mut sign = ' ';
        match token {
            TokenTree::Group(group) if with_blocks || group.delimiter() != Delimiter::Brace => {
                if depth == DEEPEST {
                    return Some(span);
                }
                if let Some(span) = within(group.stream(), depth + 1, with_blocks) {
                    return Some(span);
                }
            }
            // A body ends what it belongs to.
            TokenTree::Group(_) => (length, angles, in_parameters) = (0, 0, false),
            TokenTree::Punct(punct) => {
                sign = punct.as_char();
                match (before, sign) {
                    (_, ';') => (length, angles, in_parameters) = (0, 0, false),
                    // A comma between the parameters of a closure ends nothing: its body may be another closure.
                    (_, '|') => in_parameters = !in_parameters,
                    (_, ',') if !in_parameters => length = 0,
                    // Brackets of types are no brackets to the lexer.
                    (_, '<') => angles += 1,
                    ('-' | '=', '>') => {}
                    (_, '>') => angles = angles.saturating_sub(1),
                    _ => {}
                }
            }
            // The parser takes time by the square of the digits of a number.
            TokenTree::Literal(literal) if is_endless(&literal.to_string()) => return Some(span),
            _ => {}
        }
        before = sign;
        length += 1;
        if length > LONGEST || angles > DEEPEST {
            return Some(span);
        }
    }
    None
}

fn is_endless(literal: &str) -> bool {
    literal.len() > LONGEST && literal.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_beyond(text: &str) -> bool {
        beyond(text.parse().expect("tokens")).is_some()
    }

    #[test]
    fn what_people_write_is_within() {
        assert!(!is_beyond(
            "\"api\", max_attempts = 3, breaker(window = \"5s\"), fallback = |error| { a(b(c(error))) }"
        ));
        assert!(!is_beyond(&format!("static_response = vec![{}]", "1, ".repeat(5_000))));
        assert!(!is_beyond(&format!("retry_if = |e| {{ {} }}", "a(); ".repeat(5_000))));
    }

    #[test]
    fn what_no_stack_can_hold_is_beyond() {
        assert!(is_beyond(&format!("jitter = {}1", "-".repeat(LONGEST))));
        assert!(is_beyond(&format!("jitter = 1 {}", "+ 1".repeat(LONGEST))));
        assert!(is_beyond(&format!("jitter = {}1{}", "(".repeat(DEEPEST + 1), ")".repeat(DEEPEST + 1))));
        assert!(!is_beyond(&format!("jitter = {}1{}", "(".repeat(DEEPEST), ")".repeat(DEEPEST))));
        assert!(is_beyond(&format!("fallback = {}1", "|id, _| id - ".repeat(LONGEST / 5))));
        assert!(is_beyond(&format!("static_response = {}", "Vec < u8, ".repeat(DEEPEST + 1))));
        assert!(is_beyond(&format!("jitter = {}", "1".repeat(LONGEST + 1))));
        assert!(!is_beyond(&format!("\"{}\"", "1".repeat(LONGEST + 1))), "a text may be long");
        let body = format!("async fn call() {{ {}1 }}", "-".repeat(LONGEST));
        assert!(beyond_in_signature(body.parse().expect("tokens")).is_none());
        let argument = format!("async fn call(a: {}u8) {{}}", "&".repeat(LONGEST));
        assert!(beyond_in_signature(argument.parse().expect("tokens")).is_some());
    }
}
