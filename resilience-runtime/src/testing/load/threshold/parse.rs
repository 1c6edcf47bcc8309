//! Reads the text of a threshold (`p99 < 80 ms`). In: a text. Out: the threshold, or the place and the remedy of its fault.

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
struct Excerpt<'t> {
    whole: &'t str,
    at: usize,
    text: &'t str,
}

impl Excerpt<'_> {
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
    let whole = Excerpt { whole: text, at: 0, text };
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

fn read_metric(part: Excerpt<'_>) -> Result<Metric, ThresholdError> {
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
        other => match suggest::nearest(other, &WORDS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "known: `p50`, `p99` and other percentiles, `max`, `mean`, `success`, `rate`".to_owned(),
        },
    };
    Err(part.fault("there is no such metric", remedy))
}

fn read_relation(part: Excerpt<'_>, metric: Metric) -> Result<Relation, ThresholdError> {
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

fn read_bound(part: Excerpt<'_>, kind: Kind) -> Result<Value, ThresholdError> {
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

fn time(part: Excerpt<'_>) -> Result<Value, ThresholdError> {
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

fn share(part: Excerpt<'_>) -> Result<f64, ThresholdError> {
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
    part: Excerpt<'_>,
) -> Result<(), ThresholdError> {
    if matches!(bound, Value::Time(_)) {
        return Ok(());
    }
    match relation.is_decided(bound) {
        Some(true) => {
            Err(part.fault(format!("every `{metric}` keeps this"), "write a bound that can be missed"))
        }
        Some(false) => Err(part.fault(
            format!("no `{metric}` keeps this"),
            "write a bound that can be reached, with `>=` perhaps",
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
