//! Reads recorded starts of calls, to replay them. In: a text. Out: the starts, or the first line that is none.

use std::time::Duration;

use chrono::DateTime;
use resilience_settings::duration;
use resilience_settings::shown::clipped;

use crate::testing::load::error::LoadError;

/// From here on a bare number of seconds is most likely one of milliseconds since 1970: the year 5138 in seconds.
const MILLIS: f64 = 1e11;

/// How starts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Seconds,
    Time,
    Point,
}

impl Sort {
    const fn name(self) -> &'static str {
        match self {
            Self::Seconds => "a number of seconds",
            Self::Time => "a time with a unit",
            Self::Point => "a point in time",
        }
    }
}

pub(super) fn starts(text: &str) -> Result<Vec<Duration>, LoadError> {
    let mut starts = Vec::new();
    let mut sort = None;
    for (at, line) in text.lines().enumerate() {
        let written = line.split('#').next().unwrap_or_default().trim();
        if written.is_empty() {
            continue;
        }
        let fault = |what: String| LoadError::schedule(format!("line {}: {what}", at + 1));
        let (own, start) = read(written).map_err(fault)?;
        let of_all = *sort.get_or_insert(own);
        if own != of_all {
            let (own, others) = (own.name(), of_all.name());
            return Err(fault(format!(
                "`{}` is {own} and the lines before have {others} each; write all of them in one way",
                clipped(written)
            )));
        }
        starts.push(start);
    }
    if starts.is_empty() {
        return Err(LoadError::schedule("no starts to replay; write one in each line, such as `0.25`"));
    }
    Ok(starts)
}

fn read(written: &str) -> Result<(Sort, Duration), String> {
    if let Ok(seconds) = written.parse::<f64>() {
        if seconds.is_finite() && seconds >= MILLIS {
            return Err(format!(
                "`{}` seconds are too many; for milliseconds write `{0}ms`",
                clipped(written)
            ));
        }
        return Duration::try_from_secs_f64(seconds).map(|start| (Sort::Seconds, start)).map_err(|_| {
            format!("`{}` is no time since a begin; write a number from 0 on", clipped(written))
        });
    }
    if let Some(start) = duration::parse(written) {
        return Ok((Sort::Time, start));
    }
    if let Some(start) = point_in_time(written) {
        return Ok((Sort::Point, start));
    }
    Err(format!(
        "`{}` is no start; write seconds (`12.5`), a time (`250ms`) or a point in time (`2026-11-28T12:00:00.25Z`)",
        clipped(written)
    ))
}

/// The time since 1970 of `2026-11-28T12:00:00.25Z` or `2026-11-28 13:00:00+01:00`. `None` for anything else, and before.
fn point_in_time(written: &str) -> Option<Duration> {
    let point = DateTime::parse_from_rfc3339(written).ok()?;
    let seconds = u64::try_from(point.timestamp()).ok()?;
    Some(Duration::new(seconds, point.timestamp_subsec_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time_are_read_exactly() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00.5Z", 951_825_600_500),
            ("2026-11-28T12:00:00.25Z", 1_795_867_200_250),
            ("2026-11-28t13:30:00+01:30", 1_795_867_200_000),
            ("2026-11-28 07:00:00-05:00", 1_795_867_200_000),
        ] {
            assert_eq!(point_in_time(text).map(|time| time.as_millis()), Some(millis), "{text}");
        }
    }

    #[test]
    fn what_is_no_point_in_time_is_refused() {
        for text in [
            "",
            "2026-11-28",
            "2026-11-28T12:00:00",
            "2026-02-29T12:00:00Z",
            "2026-11-28T24:00:00Z",
            "26-11-28T12:00:00Z",
            "2026-11-28T12:00:00.Z",
            "1969-12-31T23:59:59Z",
        ] {
            assert_eq!(point_in_time(text), None, "{text}");
        }
    }

    #[test]
    fn each_way_of_writing_is_read() {
        let millis = |text: &str| {
            starts(text)
                .unwrap()
                .iter()
                .map(|start| u64::try_from(start.as_millis()).unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(millis("0\n0.25 # a note\n\n# nothing\n2"), [0, 250, 2_000]);
        assert_eq!(millis("250ms\r\n1s 5ms"), [250, 1_005]);
        assert_eq!(millis("1764331200.5"), [1_764_331_200_500]);
        assert_eq!(millis("1970-01-01T00:00:01.5Z\n1970-01-01 01:00:02+01:00"), [1_500, 2_000]);
    }

    #[test]
    fn a_line_that_is_no_start_is_named_with_its_remedy() {
        for (text, message) in [
            ("0\nsoon", "line 2: `soon` is no start; write seconds"),
            (
                "1764331200500",
                "line 1: `1764331200500` seconds are too many; for milliseconds write `1764331200500ms`",
            ),
            ("-1", "line 1: `-1` is no time since a begin"),
            ("NaN", "line 1: `NaN` is no time since a begin"),
            ("inf", "line 1: `inf` is no time since a begin"),
            (
                "1\n2s",
                "line 2: `2s` is a time with a unit and the lines before have a number of seconds each",
            ),
            ("1970-13-01T00:00:00Z", "line 1: `1970-13-01T00:00:00Z` is no start"),
            ("# none", "no starts to replay"),
        ] {
            let error = starts(text).unwrap_err();
            assert!(error.is_schedule() && error.to_string().starts_with(message), "{text}: {error}");
        }
    }
}
