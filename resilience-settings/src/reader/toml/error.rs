//! Words a syntax error of TOML in one line for people.

use toml_parser::{Expected, ParseError};

/// The message of a syntax error.
pub(crate) fn message(error: &ParseError) -> String {
    let mut message = format!("this is not TOML: {}", error.description());
    let expected = error.expected().unwrap_or_default();
    for (place, expected) in expected.iter().enumerate() {
        message.push_str(if place == 0 { ", expected " } else { ", " });
        match expected {
            Expected::Literal(literal) => message.push_str(&shown(literal)),
            Expected::Description(words) => message.push_str(words),
            _ => message.push_str("something else"),
        }
    }
    message
}

fn shown(literal: &str) -> String {
    match literal {
        "\n" => "newline".to_owned(),
        "`" => "'`'".to_owned(),
        literal => format!("`{}`", literal.escape_debug()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_right_stands_behind_what_is_wrong() {
        const RIGHT: &[Expected] = &[Expected::Literal("]"), Expected::Description("a key")];
        let error = ParseError::new("unclosed table");
        assert_eq!(message(&error), "this is not TOML: unclosed table");
        let error = error.with_expected(RIGHT);
        assert_eq!(message(&error), "this is not TOML: unclosed table, expected `]`, a key");
    }
}
