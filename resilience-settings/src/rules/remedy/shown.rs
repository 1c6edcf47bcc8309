//! Writes a value as a file or an attribute does.

use super::{Notation, Wanted};
use crate::policy::{Percentile, Value, Window};

impl Wanted<'_> {
    /// A value as the notation writes it, to stand in a sentence: words of an attribute are marked as code.
    pub(super) fn shown(self, value: &Value) -> String {
        let shown = self.code(value);
        let is_word = self.notation == Notation::Attribute && shown.starts_with(|c: char| c.is_alphabetic());
        if is_word && !matches!(value, Value::Switch(_)) { format!("`{shown}`") } else { shown }
    }

    /// A value as the notation writes it.
    pub(crate) fn code(self, value: &Value) -> String {
        let shown = value.to_string();
        match (value, self.notation) {
            (Value::Number(_) | Value::Count(_) | Value::Switch(_) | Value::StatusCodes(_), _)
            | (Value::Off | Value::Adaptive, Notation::Attribute) => shown,
            (Value::Window(Window::Calls(calls)), _) => calls.to_string(),
            (Value::Quantile(ratio), _) if Percentile::of(*ratio).is_none() => shown,
            (Value::Duration(_) | Value::Window(_), _) | (_, Notation::File) => format!("\"{shown}\""),
            (_, Notation::Attribute) => camel(&shown),
        }
    }
}

/// `HttpApi` for `http_api`.
fn camel(snake: &str) -> String {
    let first = |word: &str| word.get(..1).map(str::to_ascii_uppercase).unwrap_or_default();
    snake.split('_').map(|word| first(word) + word.get(1..).unwrap_or_default()).collect()
}
