//! Figures as people read them: three digits that count, thousands apart.

/// The figure, as precise as it is.
pub(crate) fn shown(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let size = value.abs();
    if size == 0.0 || (100.0..1e15).contains(&size) {
        return grouped(&format!("{value:.0}"));
    }
    let digits = if size >= 10.0 {
        1
    } else if size >= 0.1 {
        2
    } else {
        4
    };
    let text = format!("{value:.digits$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn grouped(whole: &str) -> String {
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut text = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn three_digits_count() {
        for (value, text) in [
            (0.0, "0"),
            (0.012_34, "0.0123"),
            (4.0, "4"),
            (4.567, "4.57"),
            (45.67, "45.7"),
            (456.7, "457"),
            (-1_234_567.8, "-1,234,568"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(shown(value), text);
        }
    }
}
