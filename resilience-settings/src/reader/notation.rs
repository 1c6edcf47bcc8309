//! Decides whether a text is plainly in another notation than TOML, such as YAML or JSON.
//!
//! One sentence then says so, instead of a fault for each line.

/// The name of the notation, if the first line that says something cannot be TOML and is ordinary there.
pub(crate) fn other(text: &str) -> Option<&'static str> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = lines.next()?;
    if first.starts_with('{') {
        return Some("JSON");
    }
    let is_yaml =
        first == "---" || first.starts_with("%YAML") || first.starts_with("- ") || is_mapping(first);
    is_yaml.then_some("YAML")
}

/// `services:` or `max_attempts: 5`
fn is_mapping(line: &str) -> bool {
    let Some((name, rest)) = line.split_once(':') else { return false };
    let name = name.trim_matches(['"', '\'']);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    !name.is_empty()
        && name.chars().all(is_name)
        && (rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// Whether bytes are UTF-16, as some editors and shells of Windows write it, with or without a mark in front.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => true,
        [first, second, third, fourth, ..] => {
            let zeros = [first, second, third, fourth].map(|byte| *byte == 0);
            zeros == [false, true, false, true] || zeros == [true, false, true, false]
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_notation_is_known_by_its_first_line() {
        for text in [
            "---\nservices:\n",
            "services:\n  a:\n",
            "# ours\n\nmax_attempts: 5\n",
            "\"services\":\n",
            "- a\n",
            "%YAML 1.2\n",
        ] {
            assert_eq!(other(text), Some("YAML"), "{text}");
        }
        assert_eq!(other("{ \"services\": {} }"), Some("JSON"));
        for text in ["", "# a: b\n", "[services.a]\nx: 5\n", "a = \"b: c\"\n", "\"a:b\" = 1\n", "[a]\n"] {
            assert_eq!(other(text), None, "{text}");
        }
    }

    #[test]
    fn two_bytes_for_each_letter_are_recognised() {
        let little: Vec<u8> = "[a]\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "[a]\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(is_utf16(&little) && is_utf16(&big));
        assert!(is_utf16(b"\xFF\xFE[\0"));
        assert!(!is_utf16(b"[services]") && !is_utf16(b"") && !is_utf16("ä".as_bytes()));
    }
}
