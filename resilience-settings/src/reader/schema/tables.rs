//! Makes the JSON Schema of files, table by table (`json_schema`). In: the table of keys. Out: the schema of each table that a file
//! may have.

use super::chaos;
use super::described::described;
use super::json::Json;
use super::shapes::{choice, closed, typed, values, ways, with_description};
use crate::config::global::{self, SHEDDING};
use crate::config::limits::MAX_NAME;
use crate::config::section::{SERVICE_TYPE, Section};
use crate::config::shedding::{self, Known};
use crate::policy::{Clause, Key, ServiceKind, Shape};
use crate::reader::labels;
use crate::rules::clauses::{named, switch_of};

/// Letters beyond ASCII have no class that all validators know, so what a label may not have is excluded.
const NO_OTHER_ASCII: &str = r"^[^\x00-\x2c\x3b-\x40\x5b-\x5e\x60\x7b-\x7f]+$";

/// The JSON Schema of configuration files, by draft 2020-12.
///
/// A file whose first line is `#:schema ./resilience.schema.json` is completed and checked by editors with Tombi or Taplo. A
/// schema cannot say all that a [check](super::super::validate_config) does: what it accepts may still be refused.
///
/// ```
/// let schema = resilience_runtime::config::json_schema();
/// assert!(schema.contains("\"max_attempts\""));
/// ```
pub fn json_schema() -> String {
    let sections = [Section::Service, Section::Template, Section::Override, Section::SiteOverride];
    let tables = sections.map(|section| (definition(section).to_owned(), table_of(section)));
    let clauses = Clause::ALL.iter().filter(|clause| **clause != Clause::Top);
    let clauses = clauses.map(|clause| (clause.name().to_owned(), clause_table(*clause)));
    let definitions = tables.into_iter().chain(clauses).collect();
    let root = [
        ("global", global_table()),
        ("templates", named_tables(&[("", Section::Template)])),
        ("services", named_tables(&[("", Section::Service)])),
        // After `@` stands the path of a function.
        (
            "overrides",
            named_tables(&[
                ("^[^@]+$", Section::Override),
                ("^[^@]+@[^:].*::.*[^:]$|^[^@]+@[^:]::[^:]$", Section::SiteOverride),
            ]),
        ),
    ];
    let root = root.into_iter().chain([("chaos", chaos::tables())]);
    let schema = Json::object([("$schema", Json::text("https://json-schema.org/draft/2020-12/schema"))])
        .with("title", "Settings of the services that a program calls")
        .with("x-tombi-toml-version", "v1.1.0");
    let schema = closed(
        schema,
        root.map(|(name, table)| (name.to_owned(), with_description(table, about(name)))).collect(),
    );
    format!("{}\n", schema.with("$defs", Json::Object(definitions)))
}

/// What a section is for.
fn about(section: &str) -> Option<String> {
    let about = match section {
        "global" => "Settings of the whole process.",
        "templates" => {
            "Settings for several services, which name one as their `template`. One that is called as a kind holds for all \
             services of that kind."
        }
        "services" => "Settings of each service, under the name that the attributes give it.",
        "overrides" => {
            "What beats everything, attributes and updates included, for a service or `service@module::function`. For \
             emergencies; remove them afterwards."
        }
        // The example is what the default file explains.
        _ => return described(&format!("{section}.example")),
    };
    Some(about.to_owned())
}

/// `[global]`.
fn global_table() -> Json {
    let of = |known: &[Known]| -> Vec<(String, Json)> {
        let own = known.iter().filter(|(name, _)| *name != SHEDDING);
        own.map(|(name, shape)| ((*name).to_owned(), with_description(values(*shape), described(name))))
            .collect()
    };
    let mut keys = of(global::KEYS);
    let table = closed(typed("object"), of(shedding::KEYS));
    let mut ways = vec![table];
    ways.extend(self::ways(Shape::Table));
    let either = Json::object([("anyOf", Json::List(ways))]);
    keys.push((SHEDDING.to_owned(), with_description(either, described("global.shedding"))));
    closed(typed("object"), keys)
}

/// A table of tables, each with a name; which names belong to which section patterns say.
fn named_tables(sections: &[(&str, Section)]) -> Json {
    #[expect(clippy::cast_precision_loss, reason = "a thousand")]
    let longest = MAX_NAME as f64;
    let tables = typed("object")
        .with("propertyNames", typed("string").with("minLength", 1.0).with("maxLength", longest));
    match sections {
        [("", section)] => tables.with("additionalProperties", reference(definition(*section))),
        sections => {
            let patterns =
                sections.iter().map(|(pattern, section)| (*pattern, reference(definition(*section))));
            tables.with("patternProperties", Json::object(patterns)).with("additionalProperties", false)
        }
    }
}

/// The table of a service, a template, or an override.
fn table_of(section: Section) -> Json {
    let mut keys = Vec::new();
    if let Some(word) = section.base_word() {
        keys.push((word.to_owned(), with_description(template_name(), described(word))));
    }
    if section == Section::Service {
        keys.push((SERVICE_TYPE.to_owned(), with_description(label(), described(SERVICE_TYPE))));
    }
    for key in keys_of(section, Clause::Top).filter(|key| named(key.info().name).is_none()) {
        keys.extend(properties(key));
    }
    for &clause in Clause::ALL {
        // What a clause has acts on the same as the key that switches it.
        if let Some((switch, _)) = switch_of(clause).filter(|(switch, _)| section.refuses(*switch).is_none())
        {
            let mut ways = vec![reference(clause.name())];
            ways.extend(self::ways(switch.info().shape));
            let either = Json::object([("anyOf", Json::List(ways))]);
            keys.push((clause.name().to_owned(), with_description(either, Some(meaning(switch)))));
        }
    }
    closed(typed("object"), keys)
}

fn clause_table(clause: Clause) -> Json {
    let keys: Vec<Key> = keys_of(Section::Service, clause).collect();
    let table = closed(typed("object"), keys.iter().flat_map(|key| properties(*key)).collect());
    let both = keys.iter().filter_map(|key| Some((key.info().name, key.info().alias?)));
    both.fold(table, |table, (name, alias)| {
        table.with("not", Json::object([("required", Json::from(vec![name, alias]))]))
    })
}

fn keys_of(section: Section, clause: Clause) -> impl Iterator<Item = Key> {
    Key::ALL.iter().copied().filter(move |key| key.info().clause == clause && section.refuses(*key).is_none())
}

/// A key under each of its names.
fn properties(key: Key) -> Vec<(String, Json)> {
    let info = key.info();
    let own = with_description(values(info.shape), Some(meaning(key)));
    let mut named = vec![(info.name.to_owned(), own)];
    named.extend(info.alias.map(|alias| {
        let same = format!("Another name for `{}`. {}", info.name, meaning(key));
        (alias.to_owned(), with_description(values(info.shape), Some(same)))
    }));
    named
}

fn meaning(key: Key) -> String {
    format!("{} Default: {}.", key.help(), key.default())
}

fn template_name() -> Json {
    let built_in = ServiceKind::ALL.iter().map(|kind| Json::from(kind.name())).collect();
    Json::object([("anyOf", Json::List(vec![choice(built_in), typed("string").with("minLength", 1.0)]))])
}

fn label() -> Json {
    #[expect(clippy::cast_precision_loss, reason = "some letters")]
    let longest = labels::LONGEST as f64;
    typed("string").with("minLength", 1.0).with("maxLength", longest).with("pattern", NO_OTHER_ASCII)
}

fn reference(definition: &str) -> Json {
    Json::object([("$ref", Json::Text(format!("#/$defs/{definition}")))])
}

const fn definition(section: Section) -> &'static str {
    match section {
        Section::Template => "template",
        Section::Service => "service",
        Section::Override => "override",
        Section::SiteOverride => "override_of_a_function",
    }
}
