//! Refuses letters that stand right behind a number or a text, as in `5ms`: the compiler hands them to macros and has no meaning for
//! them. In: an expression. Out: the fault, with what to write.

use resilience_settings::duration;
use syn::{Expr, Lit};

use super::number::no_duration;
use crate::keys::word::{Takes, Word};

/// The types that Rust has literals of.
const TYPES: &[&str] =
    &["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64"];

/// The first literal of the expression with a suffix that Rust has no meaning for.
pub(super) fn foreign_suffix(word: &Word, expr: &Expr) -> Option<syn::Error> {
    let lit = match expr {
        Expr::Lit(lit) => &lit.lit,
        Expr::Unary(inner) => return foreign_suffix(word, &inner.expr),
        Expr::Paren(inner) => return foreign_suffix(word, &inner.expr),
        Expr::Array(array) => return array.elems.iter().find_map(|element| foreign_suffix(word, element)),
        _ => return None,
    };
    let (written, suffix) = match lit {
        Lit::Int(number) => (format!("{}{}", number.base10_digits(), number.suffix()), number.suffix()),
        Lit::Float(number) => (format!("{}{}", number.base10_digits(), number.suffix()), number.suffix()),
        Lit::Str(text) => (format!("{:?}{}", text.value(), text.suffix()), text.suffix()),
        _ => return None,
    };
    let is_number = !matches!(lit, Lit::Str(_));
    if suffix.is_empty() || is_number && TYPES.contains(&suffix) {
        return None;
    }
    let name = word.name;
    let takes_time = matches!(
        word.takes,
        Takes::Duration { .. } | Takes::Timeout | Takes::AfterOrQuantile | Takes::Window
    );
    let message = if takes_time && is_number {
        match duration::parse(&written) {
            Some(_) => {
                format!("a length of time with its unit stands in quotes: write `{name} = \"{written}\"`")
            }
            None => format!("`{name}` {}", no_duration(&written, &format!("`{written}`"))),
        }
    } else {
        let what = if is_number { "number" } else { "text" };
        format!("`{name}` does not understand `{written}`: write the {what} without letters behind it")
    };
    Some(syn::Error::new_spanned(lit, message))
}
