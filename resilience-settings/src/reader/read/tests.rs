//! What TOML values mean for each shape.

use std::time::Duration;

use super::*;
use crate::config::file::FileConfig;
use crate::layers::templates;
use crate::policy::{HedgeAfter, Patch, Ratio, Window};
use crate::reader::toml::{Statement, Statements};

const TIME: Shape = Shape::LIMIT;

fn with_value<R>(text: &str, judge: impl FnOnce(&Toml<'_>) -> R) -> R {
    let text = format!("key = {text}\n");
    let mut faults = None;
    let next = Statements::new(&text).next(&mut faults).expect("a statement");
    match next.statement {
        Some(Statement::Pair { item, .. }) => judge(&item.value),
        other => panic!("{other:?}: {faults:?}"),
    }
}

fn reads(shape: Shape, text: &str) -> Option<Value> {
    with_value(text, |value| read(shape, value).ok())
}

#[test]
fn durations_are_texts_with_units_or_numbers_of_seconds() {
    let table = [
        ("\"2s\"", Some(2_000)),
        ("\"500ms\"", Some(500)),
        ("\"1m 30s\"", Some(90_000)),
        ("2", Some(2_000)),
        ("2.0", Some(2_000)),
        ("0.1", Some(100)),
        ("1_000", Some(1_000_000)),
        ("0", None),
        ("-1", None),
        ("-1.5", None),
        ("nan", None),
        ("inf", None),
        ("1e300", None),
        ("\"2\"", None),
        ("true", None),
        ("\"soon\"", None),
    ];
    for (text, millis) in table {
        let expected = millis.map(|m| Value::Duration(Duration::from_millis(m)));
        assert_eq!(reads(TIME, text), expected, "{text}");
    }
}

#[test]
fn off_is_a_value_only_where_it_means_something() {
    assert_eq!(reads(TIME, "\"off\""), Some(Value::Off));
    assert_eq!(reads(TIME, "false"), Some(Value::Off));
    assert_eq!(reads(Shape::Number { min: 0.0, max: 1.0 }, "\"off\""), None);
    assert_eq!(reads(Shape::Switch, "false"), Some(Value::Switch(false)));
}

#[test]
fn a_window_is_calls_or_time_and_never_a_float() {
    assert_eq!(reads(Shape::Window, "50"), Some(Value::Window(Window::Calls(50))));
    let tenth = Duration::from_millis(100);
    assert_eq!(reads(Shape::Window, "\"100ms\""), Some(Value::Window(Window::Time(tenth))));
    for refused in ["0", "10.0", "\"99ms\"", "\"50\"", "-3", "5_000_000_000", "1000001"] {
        assert_eq!(reads(Shape::Window, refused), None, "{refused}");
    }
}

#[test]
fn an_attempt_timeout_is_a_length_of_time_adaptive_or_off() {
    let second = Value::Duration(Duration::from_secs(1));
    assert_eq!(reads(Shape::Timeout, "1"), Some(second));
    assert_eq!(reads(Shape::Timeout, "\"adaptive\""), Some(Value::Adaptive));
    assert_eq!(reads(Shape::Timeout, "\"Adaptive\""), Some(Value::Adaptive));
    assert_eq!(reads(Shape::Timeout, "false"), Some(Value::Off));
    for refused in ["0", "true", "\"p99\"", "\"adapt\""] {
        assert_eq!(reads(Shape::Timeout, refused), None, "{refused}");
    }
}

#[test]
fn a_number_is_a_quantile_where_it_cannot_be_a_time() {
    let quantile = |share| Some(Value::Quantile(Ratio::saturating(share)));
    for word in ["\"P99\"", "\"p99\"", "0.99"] {
        assert_eq!(reads(Shape::Quantile, word), quantile(0.99), "{word}");
    }
    for refused in ["0.49", "1.0", "99", "\"p98\"", "\"1s\"", "nan"] {
        assert_eq!(reads(Shape::Quantile, refused), None, "{refused}");
    }
    assert_eq!(reads(Shape::AfterOrQuantile, "\"P95\""), quantile(0.95));
    let half = Some(Value::Duration(Duration::from_millis(500)));
    assert_eq!(reads(Shape::AfterOrQuantile, "0.5"), half);
    for refused in ["0", "\"p1\"", "true", "\"off\""] {
        assert_eq!(reads(Shape::AfterOrQuantile, refused), None, "{refused}");
    }
}

#[test]
fn a_remedy_is_given_where_the_value_gives_it_away() {
    let help = |shape, text| with_value(text, |value| read(shape, value).err()?.help("key"));
    assert!(help(Shape::Quantile, "99").is_some_and(|help| help.ends_with("0.99")));
    assert_eq!(help(Shape::Quantile, "3"), None);
    assert_eq!(help(Shape::AfterOrQuantile, "\"p94\""), None);
    assert!(help(Shape::AfterOrQuantile, "\"3\"").is_some_and(|help| help.contains("\"3s\"")));
    assert_eq!(help(Shape::Timeout, "\"adaptve\"").as_deref(), Some("did you mean \"adaptive\"?"));
}

#[test]
fn counts_are_whole_numbers_in_any_radix() {
    let count = Shape::Count { min: 1, max: 20, or_off: false };
    assert_eq!(reads(count, "0x10"), Some(Value::Count(16)));
    for refused in ["0", "21", "5.0", "-1", "\"5\"", "99999999999999999999999"] {
        assert_eq!(reads(count, refused), None, "{refused}");
    }
}

#[test]
fn what_is_shown_of_a_value_reads_back_as_the_value() {
    let defaults = templates::defaults();
    let further = Patch::new()
        .deadline(None)
        .attempt_timeout_adaptive()
        .attempt_timeout_quantile(Ratio::saturating(0.97))
        .hedge_after(HedgeAfter::Fixed(Duration::from_millis(1_500)));
    for (key, value) in defaults.iter().chain(further.iter()) {
        let shown = value.to_string();
        let is_bare = shown.parse::<f64>().is_ok() || shown.parse::<bool>().is_ok();
        let text = if is_bare { shown } else { format!("{shown:?}") };
        assert_eq!(reads(key.info().shape, &text).as_ref(), Some(value), "{}", key.path());
    }
}

#[test]
fn a_length_of_time_that_another_notation_says_is_told_in_ours() {
    let time = Shape::Duration { least: Duration::ZERO, or_off: true };
    for (text, help) in [
        ("\"5M\"", "write \"5m\" for minutes, since months have no fixed length"),
        ("\"10S\"", "write \"10s\", since units are in lower case"),
        ("\"1H\"", "write \"1h\", since units are in lower case"),
        ("\"PT5S\"", "write \"5s\""),
    ] {
        let refused = FileConfig::parse(&format!("[services.a]\ndeadline = {text}\n"), "r.toml");
        assert!(refused.is_err_and(|error| error.to_string().contains(help)), "{text}");
        for shape in [time, Shape::Window, Shape::Timeout] {
            assert_eq!(reads(shape, text), None, "{text}");
        }
    }
}

#[test]
fn an_address_is_one_of_a_machine_and_what_was_meant_is_said() {
    for address in ["127.0.0.1", "0.0.0.0", "::", "fe80::1"] {
        assert_eq!(
            reads(Shape::Address, &format!("\"{address}\"")),
            address.parse().ok().map(|address| Value::Address(Box::new(address)))
        );
    }
    let help =
        |text: &str| with_value(text, |value| read(Shape::Address, value).expect_err("refused").help("key"));
    for (text, meant) in [
        ("\"localhost\"", Some("write \"127.0.0.1\"")),
        ("\"localhost:8000\"", Some("write \"127.0.0.1\"; the port is `prometheus_port`")),
        ("\"[::]:8000\"", Some("write \"::\"; the port is `prometheus_port`")),
        ("\"0.0.0.0:8000\"", Some("write \"0.0.0.0\"; the port is `prometheus_port`")),
        ("\"example.com\"", None),
        ("\"\"", None),
        ("8000", None),
        ("true", None),
    ] {
        assert_eq!(help(text).as_deref(), meant, "{text}");
    }
}
