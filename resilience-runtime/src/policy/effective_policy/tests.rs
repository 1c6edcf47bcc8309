//! The truth table in the documentation of [`EffectivePolicy`] against what is computed, for every combination of the settings
//! that it speaks of. What an answer comes to is read off its `Debug`, so a new answer needs a row and no line here.

use std::time::Duration;

use resilience_settings::policy::{
    AdaptiveTimeout, BreakerSettings, BudgetSettings, BulkheadSettings, CallPolicy, HedgeSettings,
    RateSettings, ServicePolicy, Strategy, ThrottleSettings, Window,
};

use super::{EffectivePolicy, Observation};
use crate::policy::{CallRules, ServiceRules};

/// The columns, as the head of the table names them.
const COLUMNS: [&str; 10] = [
    "counted",
    "traced",
    "breaker",
    "budget",
    "bulkhead",
    "rate limit",
    "throttle",
    "limits",
    "`slow_call`",
    "latencies",
];

/// What the settings of one column may be. The first is off.
const BREAKERS: [&str; 6] =
    ["off", "time", "time in a row", "calls", "calls in a row", "not asked by the site"];
const BULKHEADS: [&str; 3] = ["off", "fixed", "adaptive"];
const LIMITS: [&str; 4] = ["off", "deadline", "attempt timeout", "deadline of 0"];
const LATENCIES: [&str; 3] = ["off", "adaptive timeout", "hedge by a quantile"];
const SWITCHES: [&str; 2] = ["off", "on"];

/// What each column says in one combination.
type Settings = [&'static str; 10];

/// The documentation of the type, without its slashes.
fn documentation() -> Vec<&'static str> {
    let source = include_str!("../effective_policy.rs");
    let before = source.split("pub(crate) struct EffectivePolicy").next().expect("it is defined here");
    before.lines().filter_map(|line| line.strip_prefix("/// ")).collect()
}

/// The rows: a name, whether any cell suffices, and the cells.
fn rows(lines: &[&'static str]) -> Vec<(&'static str, bool, Vec<&'static str>)> {
    let mut tables = lines.iter().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let head: Vec<_> = tables.next().expect("a head").split(" | ").collect();
    assert_eq!(head[1..], COLUMNS);
    let rows = tables.skip(1).map(|row| {
        let mut cells = row.split(" | ");
        let name = cells.next().expect("a name");
        let (name, is_any) = name.strip_suffix(": any of").map_or((name, false), |name| (name, true));
        (name.trim_matches('`'), is_any, cells.collect())
    });
    rows.collect()
}

/// Whether a cell of that column holds; `None` where it does not matter.
fn holds(name: &str, column: &str, cell: &str, setting: &str) -> Option<bool> {
    // What a site does not ask is off for it; but a bare service has no breaker at all.
    let is_off = setting == "off" || (setting == "not asked by the site" && name != "is_bare");
    Some(match (column, cell) {
        (_, "·") => return None,
        (_, "off") => is_off,
        (_, "on") => !is_off,
        ("limits", "deadline not 0") => setting != "deadline of 0",
        ("bulkhead", "adaptive") => setting == "adaptive",
        ("bulkhead", "not adaptive") => setting != "adaptive",
        ("breaker", "off, or a window of time without `consecutive_failures`") => is_off || setting == "time",
        ("breaker", "on, a window of calls without `consecutive_failures`") => setting == "calls",
        _ => panic!("`{cell}` of {column} has no meaning: give it one here"),
    })
}

fn service(settings: Settings) -> &'static ServiceRules {
    let mut policy = ServicePolicy::of(|_| None);
    let [_, _, breaker, budget, bulkhead, rate_limit, throttle, _, slow_call, _] = settings;
    policy.breaker = (breaker != "off").then(|| {
        let is_by_calls = breaker.starts_with("calls");
        settings!(BreakerSettings {
            window: if is_by_calls { Window::Calls(100) } else { Window::Time(Duration::from_secs(30)) },
            consecutive_failures: breaker.ends_with("in a row").then_some(5),
            slow_call: (slow_call == "on").then_some(Duration::from_secs(1)),
        })
    });
    policy.budget = (budget == "on").then(BudgetSettings::default);
    policy.bulkhead = (bulkhead != "off").then(|| {
        let adaptive = bulkhead == "adaptive";
        settings!(BulkheadSettings { max_concurrent: 64, adaptive })
    });
    policy.rate_limit = (rate_limit == "on").then(RateSettings::default);
    policy.throttle = (throttle == "on").then(ThrottleSettings::default);
    Box::leak(Box::new(policy.into()))
}

fn call(settings: Settings) -> &'static CallRules {
    let mut policy = CallPolicy::of(|_| None);
    let [_, _, breaker, _, _, _, _, limits, _, latencies] = settings;
    policy.circuit_breaker_enabled = breaker != "not asked by the site";
    policy.deadline = match limits {
        "deadline" => Some(Duration::from_secs(9)),
        "deadline of 0" => Some(Duration::ZERO),
        _ => None,
    };
    policy.attempt_timeout = (limits == "attempt timeout").then_some(Duration::from_secs(1));
    policy.adaptive_timeout = (latencies == "adaptive timeout").then(|| AdaptiveTimeout::of(|_| None));
    policy.hedge = (latencies == "hedge by a quantile").then(HedgeSettings::default);
    policy.backoff.base_delay = Duration::ZERO;
    policy.backoff.strategy = Strategy::Fixed;
    Box::leak(Box::new(policy.into()))
}

/// The answers by name: whether each is a yes.
fn answers(policy: &EffectivePolicy) -> Vec<(String, bool)> {
    let shown = format!("{policy:#?}");
    let own =
        shown.lines().filter_map(|line| line.strip_prefix("    ").filter(|line| !line.starts_with(' ')));
    own.filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let is_yes = match value.trim_end_matches(',') {
            "true" | "Some(" => true,
            "false" | "None" => false,
            _ => return None,
        };
        Some((name.to_owned(), is_yes))
    })
    .collect()
}

/// Where such a documentation differs from what is computed.
fn faults(lines: &[&'static str]) -> Vec<String> {
    let rows = rows(lines);
    assert!(rows.len() >= 10, "{rows:?}");
    let (mut faults, mut combinations) = (Vec::new(), 0);
    for settings in every_combination() {
        let observation = Observation { is_counted: settings[0] == "on", is_traced: settings[1] == "on" };
        let policy = EffectivePolicy::new(call(settings), service(settings), observation);
        let answers = answers(&policy);
        for (name, is_any, cells) in &rows {
            let mut held = COLUMNS
                .iter()
                .zip(cells)
                .zip(settings)
                .filter_map(|((column, cell), setting)| holds(name, column, cell, setting));
            let expected = if *is_any { held.any(|is| is) } else { held.all(|is| is) };
            let answer = answers.iter().find(|(answer, _)| answer == name);
            let (_, is) = answer.unwrap_or_else(|| panic!("`{name}` is no answer of the type"));
            if *is != expected && faults.len() < 20 {
                faults.push(format!("`{name}` is {is}, the table says {expected}, with {settings:?}"));
            }
        }
        combinations += 1;
    }
    assert!(combinations > 5_000, "{combinations}");
    faults
}

#[test]
fn the_truth_table_says_what_is_computed() {
    assert_eq!(faults(&documentation()), [] as [&str; 0]);
}

#[test]
fn a_wrong_cell_is_found() {
    for (right, wrong) in [
        ("| `asks_breaker` | · | · | on |", "| `asks_breaker` | · | · | off |"),
        ("| `pace` | · | off |", "| `pace` | · | · |"),
        ("| on | on | on | · |", "| · | on | on | · |"),
    ] {
        let documentation = documentation().join("\n");
        assert!(documentation.contains(right), "{right}");
        let lines: Vec<_> = String::leak(documentation.replace(right, wrong)).lines().collect();
        assert!(!faults(&lines).is_empty(), "{wrong}");
    }
}

#[test]
fn every_answer_is_in_the_table_or_beside_it() {
    let documentation = documentation().join("\n");
    let policy = EffectivePolicy::new(call(["off"; 10]), service(["off"; 10]), Observation::default());
    let answers = answers(&policy);
    assert!(answers.len() >= 12, "{answers:?}");
    for (name, _) in answers {
        // What goes in as it comes out: two of the columns.
        let is_column = COLUMNS.contains(&name.trim_start_matches("is_"));
        assert!(
            is_column || documentation.contains(&format!("`{name}`")),
            "the documentation lacks `{name}`"
        );
    }
}

/// Slow calls are for those with a breaker.
fn every_combination() -> Vec<Settings> {
    let columns: [&[&'static str]; 10] = [
        &SWITCHES, &SWITCHES, &BREAKERS, &SWITCHES, &BULKHEADS, &SWITCHES, &SWITCHES, &LIMITS, &SWITCHES,
        &LATENCIES,
    ];
    let mut every = vec![["off"; 10]];
    for (at, values) in columns.into_iter().enumerate() {
        every = every
            .into_iter()
            .flat_map(|settings| {
                values.iter().map(move |value| {
                    let mut settings = settings;
                    settings[at] = value;
                    settings
                })
            })
            .collect();
    }
    every.retain(|settings| settings[2] != "off" || settings[8] == "off");
    every
}
