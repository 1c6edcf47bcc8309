//! Compares the token of a request with the operator's. In: the token of a request. Out: whether it is the right one.

use std::fmt;

/// Used if the program sets none. Never a file: more people read files than may act.
const VARIABLE: &str = "RESILIENCE_OPERATOR_TOKEN";

/// A secret that is never shown.
#[derive(Clone)]
pub(super) struct Token(Box<[u8]>);

impl Token {
    /// An empty text is no token: it would admit everybody.
    pub(super) fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.as_bytes().into()))
    }

    /// The token in the environment.
    pub(super) fn of_environment() -> Option<Self> {
        Self::new(&std::env::var(VARIABLE).ok()?)
    }

    /// Whether the guess is right. The time depends on the length of the guess alone, not on how much of it is right.
    pub(super) fn is(&self, guess: &[u8]) -> bool {
        let mut differing = u8::from(guess.len() != self.0.len());
        for (at, byte) in guess.iter().enumerate() {
            // The token is not empty.
            differing |= byte ^ self.0[at % self.0.len()];
        }
        // Otherwise the compiler may leave the loop at the first difference.
        std::hint::black_box(differing) == 0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_is_the_token() {
        let token = Token::new(" s3cret-token \n").expect("not empty");
        assert!(token.is(b"s3cret-token"));
        for wrong in [
            "",
            "s",
            "s3cret-toke",
            "s3cret-tokem",
            "S3cret-token",
            "s3cret-token ",
            "s3cret-tokens3cret-token",
        ] {
            assert!(!token.is(wrong.as_bytes()), "{wrong:?}");
        }
        assert_eq!(format!("{token:?}"), "Token(…)");
        assert!(Token::new("").is_none() && Token::new(" \n").is_none());
    }
}
