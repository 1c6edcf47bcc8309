//! What clients are sent, by what they have seen.

use std::time::Duration;

use serde_json::Value;

use super::*;
use crate::monitor::snapshot::{EventSnapshot, ServiceSnapshot, example};

const INSTANCE: u64 = 0xabc;

/// So many services, each of which has seen so many calls.
fn fleet(services: usize, calls: u64) -> DashboardData {
    let mut data = example();
    let model = data.services.swap_remove(0);
    data.services =
        (0..services).map(|n| ServiceSnapshot { name: format!("s{n}"), ..model.clone() }).collect();
    for service in &mut data.services {
        service.calls.success = calls;
    }
    data
}

/// The same where every number changes each second that can, and the curve moves each other second.
fn busy(services: usize, second: u64) -> DashboardData {
    #[expect(clippy::cast_precision_loss, reason = "some seconds")]
    let beat = second as f64;
    let mut data = fleet(services, 1_234_567 + 1_000 * second);
    for (service, n) in data.services.iter_mut().zip(0_u64..) {
        service.name = format!("a_service_of_usual_length_{n}");
        service.calls.failure += 17 * second;
        service.health.reasons[1] = format!("dependency: {}% of attempts fail", 30 + second);
        service.breaker.failure_rate = Some(0.3 + beat / 97.0);
        let windows = service.windows.as_mut().expect("it has some");
        for window in [&mut windows.ten_seconds, &mut windows.one_minute, &mut windows.five_minutes] {
            window.calls_per_second = 1_234.567 + beat;
            (window.success_rate, window.attempt_success_rate) =
                (Some(0.912_345 + beat / 1e3), Some(0.812_345 + beat / 1e3));
            (window.retry_rate, window.retries_refused) = (Some(0.123_456 + beat / 1e3), 100 + second);
            (window.p50_us, window.p95_us) = (Some(12_345 + second), Some(123_456 + second));
            window.p99_us = Some(1_234_567 + second);
        }
        for (point, at) in service.sparkline.iter_mut().zip(second / 2..) {
            (point.calls, point.bad) =
                (1_000 + u32::try_from(at).expect("small"), 10 + u32::from(at % 3 == 0));
        }
        service.budget.as_mut().expect("one").tokens = 1.234_567 + beat / 7.0;
        service.bulkhead.as_mut().expect("one").queue_depth = u32::try_from(second).expect("small");
    }
    data
}

/// The id and the data of an event.
fn read(event: VecDeque<Bytes>) -> (String, Value, usize) {
    let bytes: Vec<u8> = event.into_iter().flatten().collect();
    let text = String::from_utf8(bytes).expect("text");
    assert!(text.ends_with("\n\n"));
    let mut lines = text.trim_end().lines();
    assert_eq!(lines.next(), Some("event: snapshot"));
    let id = lines.next().and_then(|line| line.strip_prefix("id: ")).expect("an id").to_owned();
    let data = lines.next().and_then(|line| line.strip_prefix("data: ")).expect("data");
    assert_eq!(lines.next(), None, "data is one line");
    (id, serde_json::from_str(data).expect("JSON"), text.len())
}

fn names(data: &Value) -> Vec<&str> {
    let rows = data["services"].as_array().expect("rows");
    rows.iter().map(|row| row["name"].as_str().expect("a name")).collect()
}

#[test]
fn a_client_gets_everything_first_and_then_what_changed() {
    let now = Instant::now();
    let first = Tick::default().next(&fleet(3, 1), &[]);
    let mut client = Client::new(INSTANCE, None, now);
    let (_, data, _) = read(client.event(&first, now));
    assert_eq!((&data["full"], &data["total"]), (&Value::Bool(true), &Value::from(3)));
    assert_eq!(names(&data), ["s0", "s1", "s2"]);
    let mut changed = fleet(3, 1);
    changed.services[1].calls.success += 1;
    let second = first.next(&changed, &[]);
    let (_, data, _) = read(client.event(&second, now + Duration::from_secs(1)));
    assert_eq!((&data["full"], names(&data)), (&Value::Bool(false), vec!["s1"]));
    let third = second.next(&changed, &[]);
    let (_, data, _) = read(client.event(&third, now + Duration::from_secs(2)));
    assert_eq!(names(&data), Vec::<&str>::new());
    // A service is gone: everything is said anew.
    changed.services.remove(0);
    let fourth = third.next(&changed, &[]);
    let (_, data, _) = read(client.event(&fourth, now + Duration::from_secs(3)));
    assert_eq!((&data["full"], names(&data)), (&Value::Bool(true), vec!["s1", "s2"]));
}

#[test]
fn a_client_that_comes_back_gets_what_it_missed() {
    let now = Instant::now();
    let first = Tick::default().next(&fleet(3, 1), &[]);
    let (id, ..) = read(Client::new(INSTANCE, None, now).event(&first, now));
    let mut changed = fleet(3, 1);
    changed.services[2].calls.success += 1;
    let second = first.next(&changed, &[]);
    let (_, data, _) = read(Client::new(INSTANCE, Some(&id), now).event(&second, now));
    assert_eq!((&data["full"], names(&data)), (&Value::Bool(false), vec!["s2"]));
    // Of another process, or of none.
    for id in
        ["abd-1-1-0", "", "-", "abc", "abc-1", "abc-1-1", "abc-x-1-0", "abc-1-x-0", "abc-7-1-0", "\u{202e}"]
    {
        let (_, data, _) = read(Client::new(INSTANCE, Some(id), now).event(&second, now));
        assert_eq!((&data["full"], names(&data).len()), (&Value::Bool(true), 3), "{id}");
    }
}

#[test]
fn five_hundred_busy_services_come_whole_within_three_seconds_and_no_row_is_older_after_that() {
    let start = Instant::now();
    let mut client = Client::new(INSTANCE, None, start);
    let mut tick = Tick::default();
    let (mut bytes, mut last) = (0, std::collections::HashMap::new());
    for second in 0..12_u64 {
        tick = tick.next(&busy(500, second), &[]);
        let (_, data, size) = read(client.event(&tick, start + Duration::from_secs(second)));
        bytes += size;
        last.extend(names(&data).into_iter().map(|name| (name.to_owned(), second)));
        if second >= 3 {
            assert_eq!(last.len(), 500, "after {second} s");
        }
        // While all came whole, the first of them waited.
        if second >= 6 {
            let oldest = last.values().min().expect("some");
            assert!(second - oldest < 3, "one is {} s old after {second} s", second - oldest);
        }
    }
    assert!(bytes <= 300_000 * 12, "{bytes}");
    let sizes = [0, tick.number - 1].map(|seen| tick.rows[7].text(seen, tick.number).len());
    assert!(sizes[0] < 1_900 && sizes[1] < 900, "{sizes:?}");
    let long_ago = tick.rows[7].text(1, tick.number).len();
    assert_eq!(long_ago, sizes[0], "all of it, for whoever knows an old one");
}

#[test]
fn more_than_the_limit_lets_through_comes_in_turn_and_alarms_come_first() {
    let start = Instant::now();
    let mut client = Client::new(INSTANCE, None, start);
    let mut tick = Tick::default();
    let (mut bytes, mut last_id) = (0, String::new());
    let mut seen = std::collections::HashMap::new();
    for second in 0..16_u64 {
        let mut data = busy(1_000, second);
        if second >= 10 {
            data.services[821].breaker.state = "forced_open";
        }
        tick = tick.next(&data, &[]);
        let (id, data, size) = read(client.event(&tick, start + Duration::from_secs(second)));
        (bytes, last_id) = (bytes + size, id);
        if second == 10 {
            assert_eq!(names(&data)[0], "a_service_of_usual_length_821");
        }
        for name in names(&data) {
            *seen.entry(name.to_owned()).or_insert(0) += 1;
        }
    }
    assert!(bytes <= 300_000 * 16, "{bytes}");
    assert_eq!(seen.len(), 1_000, "each has its turn");
    assert!(*seen.values().min().expect("some") >= 2, "{seen:?}");
    // Not everything was sent: who resumes gets what was not.
    let (_, data, _) = read(Client::new(INSTANCE, Some(&last_id), start).event(&tick, start));
    assert_eq!(data["full"], Value::Bool(false));
    assert!(!names(&data).is_empty());
}

/// What the page does with rows.
fn merge(old: &mut Value, new: &Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in new {
                merge(old.entry(key).or_insert(Value::Null), value);
            }
        }
        (old, new) => *old = new.clone(),
    }
}

#[test]
fn whoever_merges_what_comes_knows_every_row_as_it_is_however_often_it_comes_back() {
    let start = Instant::now();
    let mut tick = Tick::default();
    let mut client = Client::new(INSTANCE, None, start);
    let (mut known, mut last_id) = (std::collections::HashMap::new(), String::new());
    // More than the limit lets through, so that rows wait.
    for second in 0..24_u64 {
        // After a while nothing changes any more, and all that is left comes.
        tick = tick.next(&busy(700, second.min(14)), &[]);
        if second % 8 == 7 {
            client = Client::new(INSTANCE, Some(&last_id), start + Duration::from_secs(second));
        }
        let (id, data, _) = read(client.event(&tick, start + Duration::from_secs(second)));
        last_id = id;
        for row in data["services"].as_array().expect("rows") {
            merge(known.entry(row["name"].as_str().expect("a name").to_owned()).or_insert(Value::Null), row);
        }
    }
    for row in &tick.rows {
        let whole: Value = serde_json::from_slice(row.text(0, tick.number)).expect("JSON");
        assert_eq!(known[whole["name"].as_str().expect("a name")], whole);
    }
}

#[test]
fn rare_events_come_once_with_ids_of_which_the_last_resumes() {
    let now = Instant::now();
    let events = |ids: std::ops::RangeInclusive<u64>| -> Vec<EventSnapshot> {
        ids.map(|id| EventSnapshot {
            id,
            at_ms: 7,
            kind: "breaker",
            service: Some("a"),
            ..EventSnapshot::default()
        })
        .collect()
    };
    let texts =
        |parts: VecDeque<Bytes>| String::from_utf8(parts.into_iter().flatten().collect()).expect("text");
    let ids = |text: &str| -> Vec<u64> {
        let events = text.split("\n\n").filter(|block| block.starts_with("event: event\n"));
        let data = events.filter_map(|block| block.split_once("\ndata: "));
        data.map(|(_, data)| {
            serde_json::from_str::<Value>(data).expect("JSON")["id"].as_u64().expect("a number")
        })
        .collect()
    };
    let mut tick = Tick::default().next(&fleet(1, 1), &events(1..=150));
    let mut client = Client::new(INSTANCE, None, now);
    let first = texts(client.event(&tick, now));
    assert_eq!(ids(&first), (51..=150).collect::<Vec<_>>(), "the last few for who is new");
    let id = first.split("\n\n").find_map(|block| block.strip_prefix("event: event\nid: ")?.lines().next());
    tick = tick.next(&fleet(1, 1), &events(151..=152));
    assert_eq!(ids(&texts(client.event(&tick, now))), [151, 152]);
    assert_eq!(ids(&texts(client.event(&tick, now))), [0; 0], "each once");
    let mut resumed = Client::new(INSTANCE, id, now);
    assert_eq!(ids(&texts(resumed.event(&tick, now))), (52..=152).collect::<Vec<_>>());
    // More than are kept: the oldest are lost, and the client is told how many.
    tick = tick.next(&fleet(1, 1), &events(153..=700));
    let text = texts(client.event(&tick, now));
    assert_eq!(ids(&text), (189..=700).collect::<Vec<_>>());
    assert!(text.contains("\"events_missed\":36,"), "{text}");
}
