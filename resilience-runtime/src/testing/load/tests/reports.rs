//! Reports as they are read.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::sleep;

use crate::testing::load;
use crate::testing::load::{Report, Schedule};

const MS: Duration = Duration::from_millis(1);

/// Some calls fail, and from the middle on all are slower.
async fn mixed() -> Report {
    let number = AtomicU64::new(0);
    load(move || {
        let number = number.fetch_add(1, Ordering::Relaxed);
        async move {
            sleep(if number < 500 { 10 * MS } else { 40 * MS }).await;
            if number % 100 == 7 { Err("status 503 <&\u{1b}[2J") } else { Ok(()) }
        }
    })
    .schedule(Schedule::constant(100.0, Duration::from_secs(10)))
    .classes(|error: &&'static str| *error)
    .threshold("p99 < 80 ms")
    .threshold("success > 99.5 %")
    .run()
    .await
    .unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_text_says_what_happened_in_80_columns() {
    let report = mixed().await;
    assert_eq!(report.to_string(), TEXT);
    for columns in [0, 40, 80, 200] {
        let text = report.to_text(columns, false);
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= columns.max(74), "{columns}: {widest}\n{text}");
        assert!(!text.contains('\u{1b}'), "neither colours nor what a class says of them");
    }
}

const TEXT: &str = r"load: constant 100/s for 10s, seed 1

calls
  scheduled                   1000
  ok                           990      99 %
  failed                        10       1 %
  ended                     99.7/s
  in flight, at most             5
  began late by                  0 p50          0 p99          0 max

latency from the intended start
  p50      10.0 ms  ██████████████
  p90      40.0 ms  ████████████████████████████████████████████████████████
  p95      40.0 ms  ████████████████████████████████████████████████████████
  p99      40.0 ms  ████████████████████████████████████████████████████████
  p99.9    40.0 ms  ████████████████████████████████████████████████████████
  max      40.0 ms  ████████████████████████████████████████████████████████
  mean     25.0 ms

p99 over time, each step 200 ms, up to 40.1 ms
  ▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃█████████████████████████

errors
         10  status 503 <&\u{1b}[2J

thresholds
  ok      p99 < 80 ms       40.0 ms
  MISSED  success > 99.5 %  99 %

failed
";

#[tokio::test(start_paused = true)]
async fn colours_change_nothing_but_colours() {
    let report = mixed().await;
    let coloured = report.to_text(80, true);
    assert!(coloured.contains("\u{1b}[31mMISSED\u{1b}[0m  success > 99.5 %  99 %"), "{coloured}");
    let mut plain = coloured;
    for colour in ["\u{1b}[1m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[0m"] {
        plain = plain.replace(colour, "");
    }
    assert_eq!(plain, report.to_text(80, false));
}

#[tokio::test(start_paused = true)]
async fn the_json_has_everything_in_seconds_and_parts_of_one() {
    let json: serde_json::Value = serde_json::from_str(&mixed().await.to_json()).unwrap();
    assert_eq!(json["format"], "resilience-load/1");
    assert_eq!((&json["calls"]["scheduled"], &json["calls"]["failed"]), (&1_000.into(), &10.into()));
    assert_eq!(json["success"], 0.99);
    let seconds = |name: &str| json["latency"][name].as_f64().unwrap();
    assert!((seconds("p50") - 0.010).abs() < 1e-3 && (seconds("p99") - 0.040).abs() < 1e-3);
    assert!((seconds("mean") - 0.025).abs() < 1e-3);
    assert_eq!(json["thresholds"][1]["met"], false);
    let steps = json["over_time"]["steps"].as_array().unwrap();
    let ok: u64 = steps.iter().map(|step| step["ok"].as_u64().unwrap()).sum();
    assert_eq!((ok, steps.len()), (990, 50));
}

#[tokio::test(start_paused = true)]
async fn the_picture_has_a_bar_for_each_step_and_a_line_for_each_percentile() {
    let svg = mixed().await.to_svg();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    let count = |what: &str| svg.matches(what).count();
    assert_eq!(count(r#"class="ok"/>"#), 50 + 1, "one is in the legend");
    assert_eq!(count(r#"class="failed"/>"#), 10 + 1);
    for line in ["p50", "p99", "max"] {
        assert_eq!(count(&format!(r#"class="line {line}"/>"#)), 1 + 1, "{line}");
    }
    assert!(svg.contains(">time since the load began</text>"), "{svg}");
    assert!(svg.contains("MISSED: success &gt; 99.5 %  (99 %)"), "{svg}");
}

#[tokio::test(start_paused = true)]
async fn the_percentiles_are_those_that_plotters_of_hdr_histograms_read() {
    let text = mixed().await.to_hgrm().expect("the generator was in time");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("       Value     Percentile TotalCount 1/(1-Percentile)"));
    assert_eq!(lines.next(), Some(""));
    let (remarks, lines): (Vec<_>, Vec<_>) = lines.partition(|line| line.starts_with('#'));
    let rows: Vec<Vec<f64>> = lines
        .iter()
        .map(|line| line.split_whitespace().map(|word| word.parse().expect("a number")).collect())
        .collect();
    assert!(rows.iter().is_sorted_by(|one, next| one[0] <= next[0] && one[1] < next[1] && one[2] <= next[2]));
    for row in &rows {
        let expected = if row[1] <= 0.5 { 10.0 } else { 40.0 };
        assert!((row[0] - expected).abs() < 0.1, "{row:?}");
        assert!(row.len() == 3 || (row[3] * (1.0 - row[1]) - 1.0).abs() < 0.01, "{row:?}");
    }
    let last = rows.last().expect("there are some");
    assert_eq!((last.len(), last[1], last[2]), (3, 1.0, 1_000.0), "all of them, and no number for infinity");
    assert_eq!(remarks.len(), 2, "{text}");
    assert!(remarks[1].contains("= ") && remarks[1].ends_with("Total count    =         1000]"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn percentiles_are_of_all_calls_and_end_where_those_that_never_ended_begin() {
    let number = AtomicU64::new(0);
    let report = load(move || {
        let number = number.fetch_add(1, Ordering::Relaxed);
        async move {
            sleep(if number % 10 == 3 { Duration::MAX } else { 10 * MS }).await;
            Ok::<_, &str>(())
        }
    })
    .schedule(Schedule::constant(100.0, Duration::from_secs(1)))
    .drain(Duration::from_secs(1))
    .run()
    .await
    .unwrap();
    let text = report.to_hgrm().expect("the generator was in time");
    let last = text.lines().rfind(|line| !line.starts_with('#')).expect("there are some");
    let last: Vec<f64> = last.split_whitespace().map(|word| word.parse().expect("a number")).collect();
    assert!((last[1] - 0.9).abs() < 1e-9 && (last[3] - 10.0).abs() < 0.01, "{text}");
    assert!(text.ends_with("#[Longer  =           10 calls that did not start or did not end]\n"), "{text}");
}
