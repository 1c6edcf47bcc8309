//! Writes the text of a complete configuration file to start from: every key with its meaning, what it takes and its built-in
//! value. Made of the table of keys, so that a new key stands in it without a line here; only what surrounds the keys is written
//! out.

use std::time::Duration;

use crate::Priority;
use crate::config::chaos::{FAULTS, KEYS};
use crate::policy::{BudgetKind, Clause, Key, Shape, Strategy, Value};
use crate::rules::accepted::accepted;
use crate::rules::acts::{acts_with_budget, acts_with_strategy};
use crate::rules::bounds::BOUNDS;
use crate::rules::clauses::switch_of;
use crate::rules::conflicts::{Conflict, Unwritten, conflicts};
use crate::rules::remedy::{Notation, Wanted};
use crate::suggest::listed;

/// The columns of a line of explanation.
const WIDTH: usize = 116;

/// The text of the file.
pub(crate) fn default_file() -> String {
    let mut lines = Vec::new();
    for &clause in Clause::ALL {
        if let Some((switch, _)) = switch_of(clause) {
            begin(&mut lines, clause, switch);
        }
        // A clause stands as a table of its own.
        let keys = Key::ALL.iter().copied().filter(|key| key.info().clause == clause);
        for key in keys.filter(|key| key.info().shape != Shape::Table) {
            explain(&mut lines, &facts(key));
            let setting = format!("{} = {}", key.info().name, shown(key, &example(key)));
            if let Some(conflict) = silent_by_default(key) {
                lines.push(format!("# Beside `{}` it has no effect.", stated(conflict.other)));
                lines.push(format!("# {setting}"));
            } else {
                lines.push(format!("#{setting}"));
            }
        }
    }
    let [head, tail] = [include_str!("default_file/head.toml"), include_str!("default_file/tail.toml")];
    format!("{head}{}\n\n{tail}{}\n", lines.join("\n"), chaos().join("\n"))
}

/// The keys of a rule of chaos, whose header ends the text before.
fn chaos() -> Vec<String> {
    let mut lines = Vec::new();
    let mut fault = None;
    for key in KEYS {
        explain(&mut lines, &[key.meaning.to_owned(), sentence(&with_times_known(&key.accepted()))]);
        let setting = format!("{} = {}", key.name, key.example);
        match fault.filter(|_| FAULTS.contains(&key.name)) {
            // One of them at most.
            Some(first) => {
                lines.push(format!("# Not beside `{first}`."));
                lines.push(format!("# {setting}"));
            }
            None => lines.push(format!("#{setting}")),
        }
        fault = fault.or(FAULTS.contains(&key.name).then_some(key.name));
    }
    lines
}

/// Without what the head of the file says of all lengths of time.
fn with_times_known(accepted: &str) -> String {
    accepted.replace(", such as \"2s\", \"500ms\" or a number of seconds", "")
}

/// The header of a clause, with what it is.
fn begin(lines: &mut Vec<String>, clause: Clause, switch: Key) {
    let name = clause.name();
    lines.push(String::new());
    let mut facts = vec![sentence(switch.meaning())];
    if switch.info().shape == Shape::Table {
        let off = format!("`{name} = \"off\"` above switches it off");
        facts.push(match switch.built_in() {
            Some(Value::Off) => format!("Off until this table is written; {off} again."),
            _ => format!("{off}."),
        });
        explain(lines, &facts);
        lines.push(format!("#[services.example.{name}]"));
    } else {
        // The key of the same name has a value above.
        facts.push(format!("This table stands for `{}`.", stated_as(switch, &Value::Adaptive)));
        explain(lines, &facts);
        lines.push(format!("#[services.example_with_{name}.{name}]"));
    }
}

/// What is to be known of a key.
fn facts(key: Key) -> Vec<String> {
    let info = key.info();
    let mut facts = vec![sentence(key.meaning()), sentence(&with_times_known(&accepted(info.shape)))];
    let bounds: Vec<String> =
        BOUNDS.iter().filter(|(lesser, _)| *lesser == key).map(|(_, greater)| greater.path()).collect();
    if !bounds.is_empty() {
        facts.push(format!("At most {}.", listed(&bounds.iter().map(String::as_str).collect::<Vec<_>>())));
    }
    let strategies: Vec<&str> =
        Strategy::ALL.iter().filter(|one| acts_with_strategy(key, **one)).map(|one| one.name()).collect();
    if strategies.len() < Strategy::ALL.len() {
        facts.push(format!("Only with the strategies {}.", listed(&strategies)));
    }
    let kinds: Vec<&str> =
        BudgetKind::ALL.iter().filter(|one| acts_with_budget(key, **one)).map(|one| one.name()).collect();
    if kinds.len() < BudgetKind::ALL.len() {
        facts.push(format!("Only in budgets of kind {}.", listed(&kinds)));
    }
    facts.extend(info.alias.map(|alias| format!("`{alias}` is another name for it.")));
    if key.built_in().is_none() && !key.meaning().to_lowercase().contains("unset") && key.default() != "unset"
    {
        facts.push(format!("When unset: {}.", key.default()));
    }
    facts
}

/// The built-in value; of a key that has none, that of the key which it follows, or one that it takes.
fn example(key: Key) -> Value {
    let followed = || Key::find(Clause::Top, key.default().trim_matches('`'))?.built_in();
    key.built_in().or_else(followed).unwrap_or_else(|| match key.info().shape {
        Shape::Number { max, .. } => Value::Number(max.min(1.0)),
        Shape::Count { min, .. } => Value::Count(min.max(1)),
        Shape::Switch | Shape::Table => Value::Switch(true),
        Shape::Priority => Value::Priority(Priority::Normal),
        Shape::StatusCodes => Value::StatusCodes(vec![408, 429, 500, 502, 503, 504].into()),
        _ => Value::Duration(Duration::from_secs(2)),
    })
}

/// What keeps the key from acting where all others have the values that the file shows.
fn silent_by_default(key: Key) -> Option<Conflict> {
    let shown: Vec<(Key, Value)> = Key::ALL
        .iter()
        .filter(|key| key.info().clause != Clause::AttemptTimeout)
        .map(|key| (*key, on(*key)))
        .collect();
    let value = |wanted: Key| shown.iter().find(|(key, _)| *key == wanted).map(|(_, value)| value);
    conflicts(std::iter::once(key), value, Unwritten::Unknown)
        .into_iter()
        .find(|conflict| conflict.key == key)
}

/// As in the file, where the tables of all clauses are written.
fn on(key: Key) -> Value {
    if key.info().shape == Shape::Table { Value::Switch(true) } else { example(key) }
}

fn stated(key: Key) -> String {
    stated_as(key, &example(key))
}

fn stated_as(key: Key, value: &Value) -> String {
    format!("{} = {}", key.path(), shown(key, value))
}

fn shown(key: Key, value: &Value) -> String {
    let info = key.info();
    Wanted { name: info.name, shape: info.shape, notation: Notation::File }.code(value)
}

/// With a capital and a full stop.
fn sentence(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// Comment lines.
fn explain(lines: &mut Vec<String>, facts: &[String]) {
    let mut line = String::from("#");
    for word in facts.join(" ").split(' ') {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut line, String::from("#")));
        }
        line.push(' ');
        line.push_str(word);
    }
    lines.push(line);
}
