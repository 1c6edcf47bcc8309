//! The operator's token: what a request brings goes in, whether it is the one comes out.

use std::fmt;

/// Where the token comes from when the program names none. Never a file: files are read by more people than may act.
const VARIABLE: &str = "RESILIENCE_OPERATOR_TOKEN";

/// A secret that is never shown.
#[derive(Clone)]
pub(super) struct Token(Box<[u8]>);

impl Token {
    /// A text without anything in it is no token: it would let everybody in.
    pub(super) fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.as_bytes().into()))
    }

    /// The one of the environment.
    pub(super) fn of_environment() -> Option<Self> {
        Self::new(&std::env::var(VARIABLE).ok()?)
    }

    /// Whether it is the one. Takes as long for a guess that is right up to its last byte as for one that is wrong from its
    /// first: the time depends on the length of the guess alone.
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
