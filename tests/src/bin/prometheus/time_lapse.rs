//! The text of a file of rules goes in, the same rules in time lapse come out: a minute takes a second, an hour ten, a day
//! sixty, so that what takes hours can be seen to happen. Names such as `rate5m` stay.

/// Every duration of minutes or more that stands alone: in brackets, after `for:` or `offset`.
pub(crate) fn hurried(rules: &str) -> String {
    let mut out = String::with_capacity(rules.len());
    let mut before = ' ';
    let mut rest = rules;
    while let Some(c) = rest.chars().next() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let seconds = match rest[digits..].chars().next() {
            Some('m') => rest[..digits].parse::<u64>().ok(),
            Some('h') => rest[..digits].parse::<u64>().ok().map(|hours| hours * 10),
            Some('d') => rest[..digits].parse::<u64>().ok().map(|days| days * 60),
            _ => None,
        };
        let is_alone = matches!(before, '[' | ' ')
            && rest[digits..].chars().nth(1).is_none_or(|c| c.is_whitespace() || matches!(c, ']' | ')'));
        if let Some(seconds) = seconds.filter(|_| digits > 0 && is_alone) {
            out += &seconds.to_string();
            out.push('s');
            rest = &rest[digits + 1..];
            before = 's';
        } else {
            out.push(c);
            before = c;
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}
