//! Says what to write instead of an expression that a word does not take, as files are told. Out: the remedy, if the expression
//! gives it away.

use resilience_settings::duration;
use resilience_settings::rules::literal::Literal;
use resilience_settings::rules::remedy::{Notation, Wanted};
use syn::{Expr, Lit};

use super::computed::is_constant;
use super::number::{Number, lit, number};
use crate::keys::word::Word;

/// Why a string or a number is no length of time; if it gives away what else was meant, with that.
pub(super) fn no_length(word: &Word, expr: &Expr, message: &str) -> String {
    match (lit(expr), remedy(word, expr)) {
        (Some(Lit::Str(text)), Some(remedy)) if duration::meant(&text.value()).is_none() => {
            format!("`{}` does not understand {:?}: {remedy}", word.name, text.value())
        }
        _ => format!("`{}` {message}", word.name),
    }
}

/// What to write for a key instead of the value.
pub(super) fn remedy(word: &Word, expr: &Expr) -> Option<String> {
    let shape = word.key?.info().shape;
    Wanted { name: word.name, shape, notation: Notation::Attribute }.remedy(&literal(expr))
}

/// A value as files have it.
fn literal(expr: &Expr) -> Literal<'static> {
    match expr {
        Expr::Array(array) => Literal::List(array.elems.iter().map(literal).collect()),
        Expr::Path(path) => path
            .path
            .get_ident()
            .filter(|_| !is_constant(&path.path))
            .map_or(Literal::Other, |word| Literal::Text(word.to_string().into())),
        _ => match (number(expr), lit(expr)) {
            (Some(Number::Whole(number)), _) => Literal::Whole(number),
            (Some(Number::Fraction(number)), _) => Literal::Fraction(number),
            (Some(Number::Negative), _) => Literal::Beyond { is_negative: true },
            (None, Some(Lit::Str(text))) => Literal::Text(text.value().into()),
            (None, Some(Lit::Bool(on))) => Literal::Switch(on.value()),
            _ => Literal::Other,
        },
    }
}
