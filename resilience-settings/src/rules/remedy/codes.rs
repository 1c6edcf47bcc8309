//! Finds the list of status codes that something else is meant as.

use super::numbers::as_number;
use super::{Notation, Wanted};
use crate::rules::literal::{Literal, value};

impl Wanted<'_> {
    pub(super) fn of_codes(self, literal: &Literal<'_>) -> Option<String> {
        let is_class = |text: &str| text.trim().to_lowercase().ends_with("xx");
        let of_class = |text: &str| {
            let codes = if text.trim().starts_with('4') { "[408, 429]" } else { "[500, 502, 503, 504]" };
            Some(format!("a class is written code by code, such as {codes}"))
        };
        let listed = |codes: Vec<Literal<'_>>| {
            let codes = value(self.shape, &Literal::List(codes))?;
            Some(format!("write {}", self.shown(&codes)))
        };
        match literal {
            Literal::Text(text) if is_class(text) => of_class(text),
            Literal::Text(text) => match text.split_once('-') {
                Some((from, to)) if as_number(from.trim()).is_some() && as_number(to.trim()).is_some() => {
                    of_class(text)
                }
                _ if !text.contains(|c: char| c.is_ascii_digit()) => None,
                _ => {
                    let parts =
                        text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '[' | ']'));
                    listed(parts.filter(|part| !part.is_empty()).map(as_number).collect::<Option<_>>()?)
                }
            },
            // What an attribute says of it has an example.
            Literal::Whole(_) if self.notation == Notation::File => listed(vec![literal.clone()]),
            Literal::List(codes) if codes.is_empty() => Some(
                "an empty list would retry no status at all: leave it out, or write `max_attempts = 1`"
                    .to_owned(),
            ),
            Literal::List(codes) => {
                let class = codes.iter().filter_map(Literal::text).find(|code| is_class(code));
                if let Some(class) = class {
                    return of_class(class);
                }
                codes.iter().find(|code| code.text().is_some())?;
                let unquoted = |code: &Literal<'_>| match code {
                    Literal::Text(text) => as_number(text.trim()),
                    code => Some(Literal::Whole(code.whole()?)),
                };
                Some(format!(
                    "{}, without quotes",
                    listed(codes.iter().map(unquoted).collect::<Option<_>>()?)?
                ))
            }
            Literal::Switch(_) if self.notation == Notation::File => {
                Some("write a list of codes, such as [429, 503]".to_owned())
            }
            _ => None,
        }
    }
}
