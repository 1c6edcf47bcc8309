//! Words the message about an unknown TOML key, with a suggestion. It needs code, it belongs elsewhere, it is misspelt, or here is
//! what there is.

use crate::config::chaos;
use crate::config::global;
use crate::config::section::{SERVICE_TYPE, Section};
use crate::policy::{Clause, Key};
use crate::reader::toml::Name;
use crate::rules::clauses::named;
use crate::shown::quoted;
use crate::suggest::{listed, nearest};
use crate::synonyms::{by_meaning, hint_behind, is_no_clause};

/// Keys that need code: their place is the attribute.
const CODE_KEYS: &[&str] = &[
    "retry_on",
    "never_retry_on",
    "retry_if",
    "retry_if_ok",
    "on_error",
    "fallback",
    "fallback_if",
    "static_response",
    "redirect",
    "partition",
    "partition_label",
    "on_rejection",
    "clone",
    "record_if",
];

/// What to write instead of a key that does not exist at this place.
///
/// `quoted` is the header as it would be with its name in quotes, where that may have been forgotten.
pub(crate) fn help_for_unknown(section: Section, clause: Clause, name: &str, quoted: Option<&str>) -> String {
    if CODE_KEYS.contains(&name) {
        return format!("`{name}` needs code: write it in the attribute of the function");
    }
    if clause == Clause::Cache && name == "key" {
        return "the `key` of a cache needs code: write it in the attribute of the function".to_owned();
    }
    if clause == Clause::Idempotency && ["key", "fingerprint", "store", "scope"].contains(&name) {
        return format!(
            "the `{name}` of idempotency keys needs code: write it in the attribute of the function"
        );
    }
    if let Some(help) = no_mode(clause, name) {
        return help;
    }
    if clause == Clause::Top && name == "service" {
        return "the name of a service is in its header: write `[services.NAME]`".to_owned();
    }
    if let Some(help) = of_another_section(section, name).filter(|_| clause == Clause::Top) {
        return help;
    }
    if clause == Clause::Top && is_no_clause(name) {
        return format!(
            "`{name}` is no table: write its keys in the table above it, such as `max_attempts = 3`"
        );
    }
    let known = known_here(section, clause);
    // What has a meaning here is not sent to the clause that has a key of that name for something else.
    let is_meant_here = by_meaning(name, &known).is_some();
    if let Some(home) = home_of(clause, name).filter(|_| !is_meant_here) {
        return home;
    }
    if let Some(help) = in_another_table(name).filter(|_| clause == Clause::Top) {
        return help;
    }
    if !is_meant_here && let Some(home) = home_of_meant(clause, name) {
        return home;
    }
    match nearest(name, &known) {
        Some(near) => format!("did you mean `{near}`{}?", hint_behind(name, near)),
        None if quoted.is_some() => {
            format!("a name with dots stands in quotes: `[{}]`", quoted.unwrap_or_default())
        }
        None => format!("the keys here are {}", listed(&known)),
    }
}

/// The keys that stand at a place.
fn known_here(section: Section, clause: Clause) -> Vec<&'static str> {
    let here = Key::ALL.iter().map(|key| key.info()).filter(|info| info.clause == clause);
    let mut known: Vec<&str> = here.flat_map(|info| std::iter::once(info.name).chain(info.alias)).collect();
    if clause == Clause::Top {
        known.extend(section.base_word());
        known.extend((section == Section::Service).then_some(SERVICE_TYPE));
    }
    known
}

/// A clause has no mode in which it only observes: a file that asks for one must not be taken for one that has it.
fn no_mode(clause: Clause, name: &str) -> Option<String> {
    (name == "mode" && clause != Clause::Top).then(|| {
        format!(
            "`{}` has no mode of its own: `mode` stands above it, for the whole service, and `cache.mode` says when a cache \
             answers",
            clause.name()
        )
    })
}

/// In which sort of table a key of this name stands, where it has no place.
pub(crate) fn in_another_table(name: &str) -> Option<String> {
    let is_of_service =
        Key::find(Clause::Top, name).is_some() || named(name).is_some() || name == SERVICE_TYPE;
    let (owner, table) = if is_of_service {
        ("a service", "[services.NAME]")
    } else if global::KEYS.iter().any(|(known, _)| *known == name) {
        ("the whole process", "[global]")
    } else if chaos::find(name).is_some() {
        ("a rule of chaos", "[chaos.NAME]")
    } else {
        return None;
    };
    Some(format!("`{name}` belongs to {owner}: write it below `{table}`"))
}

/// What to write instead of a word that another sort of table has.
fn of_another_section(section: Section, name: &str) -> Option<String> {
    let is_base = [Section::Template, Section::Service].iter().any(|other| other.base_word() == Some(name));
    match section.base_word() {
        Some(base) if is_base => Some(format!("write `{base}`, as this is in [{}]", section.name())),
        None if is_base => Some("an override has no template: write it in [services.NAME]".to_owned()),
        _ => (name == SERVICE_TYPE)
            .then(|| format!("`{name}` belongs to a service: write it in [services.NAME]")),
    }
}

/// Where the key stands that others call so.
fn home_of_meant(clause: Clause, name: &str) -> Option<String> {
    let elsewhere = Key::ALL.iter().map(|key| key.info()).filter(|info| info.clause != clause);
    let elsewhere: Vec<&str> = elsewhere.map(|info| info.name).collect();
    let meant = by_meaning(name, &elsewhere)?;
    Some(format!("did you mean `{meant}`{}? {}", hint_behind(name, meant), home_of(clause, meant)?))
}

/// Where a key of this name does stand, if anywhere.
fn home_of(clause: Clause, name: &str) -> Option<String> {
    let elsewhere = Key::ALL.iter().map(|key| key.info());
    let homes: Vec<Clause> =
        elsewhere.filter(|info| info.name == name && info.clause != clause).map(|info| info.clause).collect();
    if homes.contains(&Clause::Top) {
        return Some(format!("`{name}` belongs to the service itself, above `{}`", clause.name()));
    }
    let joined = |show: &dyn Fn(&Clause) -> String| homes.iter().map(show).collect::<Vec<_>>().join(" or ");
    (!homes.is_empty()).then(|| {
        format!(
            "`{name}` belongs to {}: write {}",
            joined(&|home| format!("`{}`", home.name())),
            joined(&|home| format!("`{}.{name}`", home.name()))
        )
    })
}

/// `services."api.example.com"` for `[services.api.example.com]`, clauses left outside.
pub(super) fn in_quotes(path: &[Name<'_>]) -> Option<String> {
    let [section, names @ ..] = path else { return None };
    let (names, clause) = match names {
        [names @ .., last] if names.len() > 1 && named(&last.text).is_some() => (names, Some(last)),
        names => (names, None),
    };
    if names.len() < 2 {
        return None;
    }
    let name: Vec<&str> = names.iter().map(|name| name.text.as_ref()).collect();
    let clause = clause.map(|clause| format!(".{}", clause.text)).unwrap_or_default();
    Some(format!("{}.{}{clause}", section.text, quoted(&name.join("."))))
}
