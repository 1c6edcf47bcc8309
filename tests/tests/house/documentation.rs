//! In: the page about the inside of the runtime, and its code. Out: files and names that the page has and the code has not,
//! and states of a call that the page leaves out. Comments are no code: a name that is left in one alone is gone.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::Item;

use super::trees::files_of_rust;

/// The text of a page without drawings, and what stands in it as code but is no link to elsewhere.
fn code_of(page: &str) -> Vec<&str> {
    let prose = page.split("```").step_by(2);
    prose
        .flat_map(|text| {
            let mut parts = text.split('`');
            let mut before = parts.next().unwrap_or_default();
            let mut code = Vec::new();
            while let (Some(inner), Some(after)) = (parts.next(), parts.next()) {
                if !(before.ends_with('[') && after.starts_with(']')) {
                    code.push(inner);
                }
                before = after;
            }
            code
        })
        .collect()
}

/// What is named in a page and is not there.
fn missing(page: &str, sources: &Path, idents: &BTreeSet<String>) -> Vec<String> {
    let mut missing = Vec::new();
    for code in code_of(page) {
        if code.starts_with("./") {
            let program = code.split(' ').next().unwrap_or(code);
            if !sources.join("../..").join(program).is_file() {
                missing.push(format!("there is no program `{program}`"));
            }
        } else if code.contains('/') || Path::new(code).extension().is_some_and(|extension| extension == "rs")
        {
            if !sources.join(code).exists() {
                missing.push(format!("there is no file `{code}`"));
            }
        } else {
            let words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
            let names = words.filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'));
            let gone = names.filter(|name| !idents.contains(*name));
            missing.extend(gone.map(|name| format!("no code has `{name}`, of `{code}`")));
        }
    }
    missing
}

/// The names in code, and those of keys, threads and targets, which are texts in one piece. Comments of documentation are
/// attributes by now, and left out.
fn collect(tokens: TokenStream, idents: &mut BTreeSet<String>) {
    let mut is_documentation = false;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                is_documentation = ident == "doc";
                idents.insert(ident.to_string());
            }
            TokenTree::Group(group) => collect(group.stream(), idents),
            TokenTree::Literal(literal) if !is_documentation => {
                let literal = literal.to_string();
                if literal.starts_with('"') && !literal.contains(char::is_whitespace) {
                    let words = literal.split(|c: char| !c.is_alphanumeric() && c != '_');
                    idents.extend(words.map(str::to_owned));
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The variants of an enum, in words.
fn variants(file: &Path, name: &str) -> Vec<String> {
    let parsed = syn::parse_file(&fs::read_to_string(file).expect("it is there")).expect("it is Rust");
    let of = parsed.items.into_iter().find_map(|item| match item {
        Item::Enum(of) if of.ident == name => Some(of),
        _ => None,
    });
    let of = of.unwrap_or_else(|| panic!("{} has no enum {name}", file.display()));
    of.variants.iter().map(|variant| variant.ident.to_string()).collect()
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../resilience-runtime/src")
}

const PAGE: &str = include_str!("../../../resilience-runtime/docs/internals.md");

#[test]
fn the_page_about_the_inside_names_what_is_there() {
    let mut idents = BTreeSet::new();
    let crates = [sources(), sources().join("../../resilience-settings/src")];
    for (file, text) in crates.iter().flat_map(|of| files_of_rust(of)) {
        let tokens = text.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
        collect(tokens, &mut idents);
    }
    let missing = |page: &str| missing(page, &sources(), &idents);
    assert_eq!(missing(PAGE), [] as [String; 0]);
    assert!(code_of(PAGE).len() > 60, "they are found");
    // Each kind of fault, planted.
    assert_eq!(missing("see `timer/table.rs`"), ["there is no file `timer/table.rs`"]);
    assert_eq!(missing("a `Holding::Sequel` of it"), ["no code has `Sequel`, of `Holding::Sequel`"]);
    assert_eq!(missing("`./benchmark wall`"), ["there is no program `./benchmark`"]);
    assert_eq!(missing("[`ArcSwap`](https://docs.rs/arc-swap)\n```text\n`x`\n```\n"), [] as [String; 0]);
}

/// A state that is added has its row: what it holds, and where.
#[test]
fn the_page_about_the_inside_has_every_state_of_a_call() {
    let engine = sources().join("call/engine");
    for form in variants(&engine.join("state.rs"), "Form") {
        let row = match &*form {
            "NotStarted" => "| not started |".to_owned(),
            "NotStartedUntil" => "| not started, with a deadline of its own".to_owned(),
            other => format!("| {} call", other.to_lowercase()),
        };
        assert!(PAGE.contains(&row), "there is no row `{row}`");
    }
    for holding in variants(&engine.join("holding.rs"), "Holding") {
        assert!(PAGE.contains(&format!("`Holding::{holding}`")), "the page has no `Holding::{holding}`");
    }
}
