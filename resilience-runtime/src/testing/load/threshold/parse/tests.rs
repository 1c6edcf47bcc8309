//! What a threshold means, and what is said of a text that is none.

use super::*;

#[test]
fn thresholds_are_read() {
    let millis = Duration::from_millis;
    for (text, threshold) in [
        ("p99 < 80 ms", Threshold::percentile_below(99.0, millis(80))),
        ("  p99.9<1.5s ", Threshold::percentile_below(99.9, millis(1_500))),
        ("p100 < 1m 30s", Threshold::percentile_below(100.0, millis(90_000))),
        ("max < 80ms", Threshold::max_below(millis(80))),
        ("mean < 80ms", Threshold::mean_below(millis(80))),
        ("success > 0.99", Threshold::success_above(0.99)),
        ("success > 99 %", Threshold::success_above(0.99)),
        ("success>99%", Threshold::success_above(0.99)),
        ("rate > 200", Threshold::rate_above(200.0)),
        ("rate > 200/s", Threshold::rate_above(200.0)),
    ] {
        assert_eq!(parse(text).as_ref(), Ok(&threshold), "{text}");
    }
}

#[test]
fn each_comparison_holds_at_its_bound_or_not() {
    let at = Value::Share(0.5);
    for (sign, holds) in [("<", false), ("<=", true), (">", false), (">=", true)] {
        let threshold = parse(&format!("success {sign} 0.5")).unwrap();
        assert_eq!(threshold.is_met_by(at), holds, "{sign}");
        assert_eq!(threshold.is_met_by(Value::Share(0.4)), sign.starts_with('<'), "{sign}");
        assert_eq!(threshold.is_met_by(Value::Share(0.6)), sign.starts_with('>'), "{sign}");
    }
}

#[test]
fn faults_are_shown_in_place_with_their_remedy() {
    for (text, column, message, remedy) in [
        ("", 1, "no metric", "write one, as in `p99 < 80 ms`"),
        ("p99", 4, "no comparison", "write one of `<`, `<=`, `>`, `>=` after `p99`"),
        ("p99 <", 6, "no value", "write one, such as `80 ms`"),
        ("p99 < 80", 7, "a time needs a unit", "write `80 ms` or `80 s`"),
        ("p99 < 0", 7, "nothing takes no time", "write a time above zero, such as `80 ms`"),
        ("p99 < 5M", 7, "no time", "write `5m` for minutes, since months have no fixed length"),
        ("p99 < 10 %", 7, "no time", "write one above zero, such as `80 ms` or `1.5 s`"),
        ("p99 ≤ 1s", 5, "no comparison", "write `<=`"),
        ("p99 == 1s", 5, "a measured value is never equal to another", "write `<` or `<=`"),
        ("p0 < 1s", 1, "there is no such percentile", "write one above 0 and up to 100, such as `p99.9`"),
        ("p101 < 1s", 1, "there is no such percentile", "write one above 0 and up to 100, such as `p99.9`"),
        (
            "P99 < 1s",
            1,
            "there is no such metric",
            "known: `p50`, `p99` and other percentiles, `max`, `mean`, `success`, `rate`",
        ),
        ("median < 1s", 1, "there is no such metric", "did you mean `p50`?"),
        ("sucess > 0.9", 1, "there is no such metric", "did you mean `success`?"),
        ("errors < 0.1", 1, "there is no such metric", "write the other way round: `success > 99 %`"),
        ("success > 99", 11, "more than all calls", "write `99 %` or `0.99`"),
        ("success > 120 %", 11, "more than all calls", "write at most `100 %`"),
        ("success > much", 11, "no part of all calls", "write one, such as `0.99` or `99 %`"),
        (
            "success > 1",
            11,
            "no `success` keeps this",
            "write a bound that can be reached, with `>=` perhaps",
        ),
        ("success >= 0", 12, "every `success` keeps this", "write a bound that can be missed"),
        ("rate > -5", 8, "no number of calls per second", "write one, such as `200`"),
        ("rate > NaN", 8, "no number of calls per second", "write one, such as `200`"),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!((error.column(), error.message(), error.remedy()), (column, message, remedy), "{text}");
    }
}

#[test]
fn a_hostile_text_is_shown_on_one_line() {
    let shown = parse("p99 < \u{1b}[2J\n").unwrap_err().to_string();
    assert_eq!(shown.lines().count(), 3, "{shown}");
    assert!(!shown.contains('\u{1b}'));
}
