//! A text goes in, the threshold or the place and the remedy of its fault come out.

use std::str::FromStr;
use std::time::Duration;

use resilience_settings::{duration, suggest};

use super::bound::{Relation, Threshold};
use super::error::ThresholdError;
use super::metric::{Kind, Metric, Value};

const WORDS: [&str; 4] = ["max", "mean", "success", "rate"];

impl FromStr for Threshold {
    type Err = ThresholdError;

    fn from_str(text: &str) -> Result<Self, ThresholdError> {
        parse(text)
    }
}

impl TryFrom<&str> for Threshold {
    type Error = ThresholdError;

    fn try_from(text: &str) -> Result<Self, ThresholdError> {
        parse(text)
    }
}

impl TryFrom<String> for Threshold {
    type Error = ThresholdError;

    fn try_from(text: String) -> Result<Self, ThresholdError> {
        parse(&text)
    }
}

/// A part of the text, and how many bytes stand before it.
#[derive(Clone, Copy)]
struct Part<'t> {
    whole: &'t str,
    at: usize,
    text: &'t str,
}

impl Part<'_> {
    fn fault(self, message: impl Into<String>, remedy: impl Into<String>) -> ThresholdError {
        ThresholdError {
            text: self.whole.to_owned(),
            column: self.whole.get(..self.at).unwrap_or_default().chars().count(),
            width: self.text.chars().count(),
            message: message.into(),
            remedy: remedy.into(),
        }
    }

    /// The part of itself between two places, without the blanks around it.
    fn between(self, from: usize, to: usize) -> Self {
        let text = self.text.get(from..to).unwrap_or_default();
        let at = self.at + from + (text.len() - text.trim_start().len());
        Self { at, text: text.trim(), ..self }
    }
}

fn parse(text: &str) -> Result<Threshold, ThresholdError> {
    let whole = Part { whole: text, at: 0, text };
    let begin = text.find(is_sign).unwrap_or(text.len());
    let signs = text[begin..].find(|c| !is_sign(c)).unwrap_or(text.len() - begin);
    let (metric, sign, bound) = (
        whole.between(0, begin),
        whole.between(begin, begin + signs),
        whole.between(begin + signs, text.len()),
    );
    let metric = read_metric(metric)?;
    let relation = read_relation(sign, metric)?;
    let bound_value = read_bound(bound, metric.kind())?;
    never_decided(metric, relation, bound_value, bound)?;
    Ok(Threshold { metric, relation, bound: bound_value, text: text.trim().to_owned() })
}

fn is_sign(c: char) -> bool {
    matches!(c, '<' | '>' | '=' | '≤' | '≥' | '!')
}

fn read_metric(part: Part<'_>) -> Result<Metric, ThresholdError> {
    match part.text {
        "" => return Err(part.fault("no metric", "write one, as in `p99 < 80 ms`")),
        "max" => return Ok(Metric::Max),
        "mean" => return Ok(Metric::Mean),
        "success" => return Ok(Metric::Success),
        "rate" => return Ok(Metric::Rate),
        _ => {}
    }
    let number = part.text.strip_prefix('p').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if let Some(percent) = number.and_then(|number| number.parse::<f64>().ok()) {
        if percent > 0.0 && percent <= 100.0 {
            return Ok(Metric::Percentile(percent));
        }
        return Err(
            part.fault("there is no such percentile", "write one above 0 and up to 100, such as `p99.9`")
        );
    }
    let remedy = match part.text {
        "median" => "did you mean `p50`?".to_owned(),
        "avg" | "average" => "did you mean `mean`?".to_owned(),
        "errors" | "error" | "failures" => "write the other way round: `success > 99 %`".to_owned(),
        "rps" | "qps" => "did you mean `rate`?".to_owned(),
        other => match suggest::nearest(other, WORDS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "known: `p50`, `p99` and other percentiles, `max`, `mean`, `success`, `rate`".to_owned(),
        },
    };
    Err(part.fault("there is no such metric", remedy))
}

fn read_relation(part: Part<'_>, metric: Metric) -> Result<Relation, ThresholdError> {
    let usual = if metric.kind() == Kind::Time { "<" } else { ">" };
    match part.text {
        "<" => Ok(Relation::Below),
        "<=" => Ok(Relation::AtMost),
        ">" => Ok(Relation::Above),
        ">=" => Ok(Relation::AtLeast),
        "≤" | "=<" => Err(part.fault("no comparison", "write `<=`")),
        "≥" | "=>" => Err(part.fault("no comparison", "write `>=`")),
        "" => Err(part.fault("no comparison", format!("write one of `<`, `<=`, `>`, `>=` after `{metric}`"))),
        _ => Err(part
            .fault("a measured value is never equal to another", format!("write `{usual}` or `{usual}=`"))),
    }
}

fn read_bound(part: Part<'_>, kind: Kind) -> Result<Value, ThresholdError> {
    let example = match kind {
        Kind::Time => "`80 ms`",
        Kind::Share => "`0.99` or `99 %`",
        Kind::PerSecond => "`200`",
    };
    if part.text.is_empty() {
        return Err(part.fault("no value", format!("write one, such as {example}")));
    }
    match kind {
        Kind::Time => time(part),
        Kind::Share => share(part).map(Value::Share),
        Kind::PerSecond => {
            let text = part.text.strip_suffix("/s").unwrap_or(part.text).trim_end();
            number(text).map(Value::PerSecond).ok_or_else(|| {
                part.fault("no number of calls per second", format!("write one, such as {example}"))
            })
        }
    }
}

fn time(part: Part<'_>) -> Result<Value, ThresholdError> {
    if let Some(time) = duration::parse(part.text).filter(|time| *time > Duration::ZERO) {
        return Ok(Value::Time(time));
    }
    if part.text.ends_with('%') || number(part.text).is_none() {
        let remedy = match duration::meant(part.text) {
            Some(meant) => format!("write `{meant}`{}", duration::reason(part.text)),
            None => "write one above zero, such as `80 ms` or `1.5 s`".to_owned(),
        };
        return Err(part.fault("no time", remedy));
    }
    if number(part.text) == Some(0.0) {
        return Err(part.fault("nothing takes no time", "write a time above zero, such as `80 ms`"));
    }
    Err(part.fault("a time needs a unit", format!("write `{0} ms` or `{0} s`", part.text)))
}

fn share(part: Part<'_>) -> Result<f64, ThresholdError> {
    let percent = part.text.strip_suffix('%').map(str::trim_end);
    let Some(value) = number(percent.unwrap_or(part.text)) else {
        return Err(part.fault("no part of all calls", "write one, such as `0.99` or `99 %`"));
    };
    let share = if percent.is_some() { value / 100.0 } else { value };
    if share <= 1.0 {
        return Ok(share);
    }
    let remedy = if percent.is_none() && value <= 100.0 {
        format!("write `{value} %` or `{}`", value / 100.0)
    } else {
        "write at most `100 %`".to_owned()
    };
    Err(part.fault("more than all calls", remedy))
}

/// A number from zero on.
fn number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse::<f64>().ok().filter(|number| is_plain && number.is_finite())
}

/// A threshold that holds always, or never, tests nothing.
fn never_decided(
    metric: Metric,
    relation: Relation,
    bound: Value,
    part: Part<'_>,
) -> Result<(), ThresholdError> {
    let (lowest, highest) = match bound {
        Value::Time(_) => return Ok(()),
        Value::Share(_) => (Value::Share(0.0), Value::Share(1.0)),
        Value::PerSecond(_) => (Value::PerSecond(0.0), Value::PerSecond(f64::INFINITY)),
    };
    let (at_lowest, at_highest) = (relation.holds(lowest, bound), relation.holds(highest, bound));
    match (at_lowest, at_highest) {
        (true, true) => {
            Err(part.fault(format!("every `{metric}` keeps this"), "write a bound that can be missed"))
        }
        (false, false) => Err(part.fault(
            format!("no `{metric}` keeps this"),
            "write a bound that can be reached, with `>=` perhaps",
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
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
            (
                "p101 < 1s",
                1,
                "there is no such percentile",
                "write one above 0 and up to 100, such as `p99.9`",
            ),
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
            assert_eq!(
                (error.column(), error.message(), error.remedy()),
                (column, message, remedy),
                "{text}"
            );
        }
    }

    #[test]
    fn a_hostile_text_is_shown_on_one_line() {
        let shown = parse("p99 < \u{1b}[2J\n").unwrap_err().to_string();
        assert_eq!(shown.lines().count(), 3, "{shown}");
        assert!(!shown.contains('\u{1b}'));
    }
}
