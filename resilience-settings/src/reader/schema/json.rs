//! Writes JSON with its names in the order in which they were given: editors offer keys in that order.

use std::fmt::{self, Write};

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Json {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn object<N: Into<String>>(pairs: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::Object(pairs.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    /// With one more pair at the end.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Self>) -> Self {
        if let Self::Object(pairs) = &mut self {
            pairs.push((name.to_owned(), value.into()));
        }
        self
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        match self {
            Self::Bool(on) => write!(f, "{on}"),
            // Whole numbers come out without a point, and all that are here are finite.
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => quoted(f, text),
            Self::List(items) if items.iter().all(Self::is_small) => {
                f.write_char('[')?;
                for (at, item) in items.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { ", " })?;
                    item.write(f, depth)?;
                }
                f.write_char(']')
            }
            Self::List(items) => rows(f, ['[', ']'], depth, items, |f, item| item.write(f, depth + 1)),
            Self::Object(pairs) => rows(f, ['{', '}'], depth, pairs, |f, (name, value)| {
                quoted(f, name)?;
                f.write_str(": ")?;
                value.write(f, depth + 1)
            }),
        }
    }

    /// Whether it needs no line of its own.
    fn is_small(&self) -> bool {
        matches!(self, Self::Bool(_) | Self::Number(_) | Self::Text(_))
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

impl From<bool> for Json {
    fn from(on: bool) -> Self {
        Self::Bool(on)
    }
}

impl From<f64> for Json {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<J: Into<Self>> From<Vec<J>> for Json {
    fn from(items: Vec<J>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

fn rows<T>(
    f: &mut fmt::Formatter<'_>,
    [open, close]: [char; 2],
    depth: usize,
    items: &[T],
    write: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    f.write_char(open)?;
    for (at, item) in items.iter().enumerate() {
        f.write_str(if at == 0 { "\n" } else { ",\n" })?;
        write!(f, "{:1$}", "", 2 * (depth + 1))?;
        write(f, item)?;
    }
    if !items.is_empty() {
        write!(f, "\n{:1$}", "", 2 * depth)?;
    }
    f.write_char(close)
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for letter in text.chars() {
        match letter {
            '"' | '\\' => write!(f, "\\{letter}")?,
            '\n' => f.write_str("\\n")?,
            letter if letter.is_control() => write!(f, "\\u{:04x}", u32::from(letter))?,
            letter => f.write_char(letter)?,
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_json_with_names_in_their_order() {
        let value = Json::object([("z", Json::from(1.0)), ("a", Json::from(vec![0.5, 4_294_967_295.0]))])
            .with("text", "a \"b\" \\d\n\u{1}µ")
            .with("none", Json::Object(Vec::new()))
            .with("list", Json::List(vec![Json::object([("x", Json::from(true))])]));
        assert_eq!(
            value.to_string(),
            "{\n  \"z\": 1,\n  \"a\": [0.5, 4294967295],\n  \"text\": \"a \\\"b\\\" \\\\d\\n\\u0001µ\",\n  \"none\": {},\n  \"list\": [\n    {\n      \"x\": true\n    }\n  ]\n}"
        );
    }
}
