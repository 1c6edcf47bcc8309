//! Writes numbers on the page for Prometheus. In: a value. Out: its digits, appended to the page. Written by hand: a page of a
//! thousand services has 150,000 numbers, and the formatter of the standard library would take most of the time.

use crate::export::metric::Value;

/// Appends a value as both formats have it.
pub(super) fn push(out: &mut String, value: Value) {
    match value {
        Value::Count(count) => push_whole(out, count),
        Value::Micros(micros) => push_fraction(out, micros, 6),
        Value::Millis(millis) => push_fraction(out, millis, 3),
        Value::Number(number) => push_number(out, number),
    }
}

fn push_whole(out: &mut String, mut number: u64) {
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    loop {
        first -= 1;
        // Below 10, so that the cast is exact.
        digits[first] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend(digits[first..].iter().map(|digit| char::from(*digit)));
}

/// Appends a decimal fraction: `parts`, of which a power of ten make one.
fn push_fraction(out: &mut String, parts: u64, places: u32) {
    let one = 10_u64.pow(places);
    push_whole(out, parts / one);
    let mut rest = parts % one;
    if rest == 0 {
        return;
    }
    out.push('.');
    let mut unit = one / 10;
    while rest > 0 {
        push_whole(out, rest / unit);
        rest %= unit;
        unit /= 10;
    }
}

fn push_number(out: &mut String, number: f64) {
    if number.is_nan() {
        out.push_str("NaN");
    } else if number.is_infinite() {
        out.push_str(if number > 0.0 { "+Inf" } else { "-Inf" });
    } else {
        // Few series have such a value.
        out.push_str(&number.to_string());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(value: Value) -> String {
        let mut out = String::new();
        push(&mut out, value);
        out
    }

    #[test]
    fn numbers_have_the_digits_that_are_needed_and_no_more() {
        for (value, expected) in [
            (Value::Count(0), "0"),
            (Value::Count(10), "10"),
            (Value::Count(u64::MAX), "18446744073709551615"),
            (Value::Micros(0), "0"),
            (Value::Micros(1), "0.000001"),
            (Value::Micros(1_500_000), "1.5"),
            (Value::Micros(2_000_000), "2"),
            (Value::Micros(1_000_500), "1.0005"),
            (Value::Micros(u64::MAX), "18446744073709.551615"),
            (Value::Millis(1_700_000_000_042), "1700000000.042"),
            (Value::Number(9.5), "9.5"),
            (Value::Number(f64::INFINITY), "+Inf"),
            (Value::Number(f64::NEG_INFINITY), "-Inf"),
            (Value::Number(f64::NAN), "NaN"),
            (Value::switch(true), "1"),
        ] {
            assert_eq!(text(value), expected);
        }
    }

    proptest! {
        #[test]
        fn digits_are_those_of_the_standard_library(number: u64, micros in 0_u64..1 << 50) {
            prop_assert_eq!(text(Value::Count(number)), number.to_string());
            #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
            let seconds = micros as f64 / 1e6;
            prop_assert_eq!(text(Value::Micros(micros)).parse::<f64>(), Ok(seconds));
        }
    }
}
