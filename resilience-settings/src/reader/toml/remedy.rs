//! Decides what to write in place of a TOML syntax error, if that can be told. The parser says what it expected, which is no help
//! to those who do not see what is wrong.

use toml_parser::{Expected, ParseError};

use crate::shown::clipped;

/// What to write at an offset of the text instead.
pub(crate) fn remedy(text: &str, at: usize, error: &ParseError) -> Option<String> {
    let at = text.floor_char_boundary(at.min(text.len()));
    let (above, rest) = text.split_at(at);
    let before = above.rsplit('\n').next().unwrap_or_default();
    let behind = rest.split(['\n', '\r']).next().unwrap_or_default();
    let (description, line) = (error.description(), format!("{before}{behind}"));
    let line = line.trim_start();
    let next = rest.chars().next();
    let is_like = |parts: &[&str]| parts.iter().any(|part| description.contains(part));
    // Some spaces are letters of a word to the parser, which then stumbles over what follows.
    let is_unseen = |letter: &char| is_look_alike(*letter) && letter.is_whitespace();
    let unseen = before.chars().find(is_unseen).filter(|_| is_like(&["unexpected key or value"]));
    let odd = next.filter(|next| is_look_alike(*next)).or(unseen).filter(|_| !is_like(&["basic string"]));
    // Nowhere in a line may one stand, so it is what is wrong, whatever the parser stumbled over.
    let odd = line.chars().find(|letter| is_control(*letter)).or(odd);
    let is_behind_value = is_like(&["unexpected key or value"]);
    let told = if ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark)) {
        "a merge has left both versions here: keep one, without these marks"
    } else if is_like(&["duplicate key"]) && line.starts_with('[') {
        "a table is begun once: write its keys where it is begun first"
    } else if is_like(&["cannot be continued"]) {
        "a table is written in one way: put these keys where it has its value"
    } else if is_like(&["duplicate key"]) {
        "a key is written once: keep one of the two"
    } else if next.is_some_and(|next| "“”„‟‘’«»".contains(next)) {
        "write straight quotes: \"…\""
    } else if let Some(odd) = odd {
        return Some(format!(
            "U+{:04X} stands here, which looks like something else or like nothing: delete it, and type what is meant",
            u32::from(odd),
        ));
    } else if is_like(&["carriage return"]) {
        "save the file with the line ends of Unix or of Windows"
    } else if is_like(&["with no value"]) && (is_comment(line) || line.starts_with(';'))
        || is_behind_value && is_comment(behind)
    {
        "a comment begins with `#`"
    } else if is_like(&["with no value"]) {
        "between a key and its value stands `=`"
    } else if is_like(&["extra `=`"]) {
        "write one `=`"
    } else if is_like(&["unquoted keys cannot be empty"]) {
        "a name stands between dots, and before and behind them"
    } else if is_like(&["invalid unquoted key"]) {
        "a name with other signs stands in quotes: `[services.\"a b\"]`"
    } else if is_like(&["leading zero"]) {
        "write the number without the zeros in front"
    } else if is_like(&["comma"]) {
        "write `,` between the two"
    } else if is_like(&["escape"]) || is_like(&["invalid value"]) {
        "write `\\\\` for a backslash, or the text in single quotes"
    } else if is_behind_value && before.ends_with('$') {
        VARIABLE
    } else if is_behind_value && is_needless_end(behind) {
        "nothing stands behind a value: end the line without this sign"
    } else if is_behind_value && line.starts_with('[') && behind.starts_with(']') {
        "end it with one `]`"
    } else if is_behind_value {
        "one key with its value stands in a line, or one header; a text stands in quotes"
    } else if is_like(&["must be quoted", "invalid boolean", "invalid float"]) {
        return Some(of_word(behind));
    } else {
        return closing(error);
    };
    Some(told.to_owned())
}

/// Spaces that are none of TOML, marks without a width, and letters and signs that ASCII has too.
fn is_look_alike(letter: char) -> bool {
    !letter.is_ascii() || is_control(letter)
}

/// What stands in no text of TOML.
fn is_control(letter: char) -> bool {
    letter.is_ascii_control() && !matches!(letter, '\n' | '\r' | '\t')
}

/// What settings of others fill in before they are read.
const VARIABLE: &str = "nothing is filled in here: write the value itself";

/// A comment as other languages begin one.
fn is_comment(text: &str) -> bool {
    let marks = ["//", "--", "/*"];
    marks.iter().any(|mark| text.trim_start().starts_with(mark))
        || text.trim_start().strip_prefix(';').is_some_and(|rest| !rest.trim().is_empty())
}

/// A sign that ends lines in other languages, with nothing but a comment behind it.
fn is_needless_end(behind: &str) -> bool {
    let rest = behind.trim_start().strip_prefix([',', ';']);
    rest.is_some_and(|rest| rest.trim().is_empty() || rest.trim_start().starts_with('#'))
}

/// What a word without quotes is meant to be, where a value stands.
fn of_word(behind: &str) -> String {
    let word = behind.split(['#', ',', ']', '}']).next().unwrap_or_default().trim();
    if word.starts_with('$') {
        return VARIABLE.to_owned();
    }
    if let Some(value) = word.strip_suffix(';').filter(|value| !value.is_empty()) {
        return format!("end the line without `;`: write {}", clipped(value));
    }
    let is_remark = |(at, _): (usize, char)| at > 0 && is_comment(&word[at..]);
    if word.char_indices().filter(|(_, letter)| letter.is_whitespace()).any(is_remark) {
        return "a comment begins with `#`".to_owned();
    }
    let share = word.strip_suffix('%').and_then(|percent| percent.trim().parse::<f64>().ok());
    match (word.to_lowercase().as_str(), share) {
        ("", _) => "write a value behind `=`".to_owned(),
        ("true" | "yes", _) => "write `true`".to_owned(),
        ("false" | "no", _) => "write `false`".to_owned(),
        ("null" | "nil" | "none" | "undefined", _) => {
            "there is no such value: leave the line out, or write \"off\" where that means something"
                .to_owned()
        }
        (_, Some(percent)) => format!("write {}: a share", percent / 100.0),
        (_, None) if word.contains(['"', '\'']) => {
            "a text begins with a quote and ends with the same".to_owned()
        }
        (_, None) => format!("write it in quotes: \"{}\"", clipped(word)),
    }
}

/// How to end what is open.
fn closing(error: &ParseError) -> Option<String> {
    let is_open = ["unclosed", "invalid"].iter().any(|word| error.description().starts_with(word));
    match error.expected()? {
        [Expected::Literal(end)] if is_open => Some(format!("end it with `{end}`")),
        _ => None,
    }
}
