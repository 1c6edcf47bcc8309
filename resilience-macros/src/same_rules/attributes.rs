//! Tests: every attribute with every key. Those that stand for a kind of service, and `resilient_service`, are
//! `comprehensive_retry` token for token, and what is refused says so by the name of the key. What keys do is tried out with
//! functions of three attributes; the rows are the same.

use proc_macro2::TokenStream;
use quote::quote;
use resilience_settings::policy::Key;

use super::refused::{Of, refusal, word};
use crate::expand;
use crate::keys::attribute::{ATTRIBUTES, Attribute};

macro_rules! texts {
    ($attribute:ident
        in_all { $($one:ident $key:literal $scene:path, $around:expr, $values:expr, ($($text:tt)*);)+ }
        in_retries { $($two:ident $retried:literal $played:path, $beside:expr, $pair:expr, ($($words:tt)*);)+ }
        in_files { $($filed:literal $shown:path, $near:expr, $both:expr;)+ }) => {
        /// Each key, and how an attribute says it.
        fn texts() -> Vec<(&'static str, String)> {
            vec![
                $(($key, stringify!($($text)*).to_owned()),)+
                $(($retried, stringify!($($words)*).to_owned()),)+
                $(($filed, format!("{} = {}", $filed, $both[0].replace('\'', "\""))),)+
            ]
        }
    };
}
rows! { texts unused "scope" }

fn expansion(attribute: &str, arguments: &str) -> String {
    let arguments: TokenStream = format!("\"api\", {arguments}").parse().expect("tokens");
    let item = quote! { async fn call(script: &Script) -> Result<u32, Fault> { body(script).await } };
    expand::attribute(attribute, arguments, item).to_string()
}

fn is_refused(expansion: &str) -> bool {
    expansion.contains("compile_error")
}

#[test]
fn there_is_a_row_for_every_key() {
    let all: Vec<String> = Key::ALL.iter().map(|key| key.path()).collect();
    let texts = texts();
    let missing: Vec<_> = all.iter().filter(|key| texts.iter().all(|(name, _)| name != key)).collect();
    assert!(missing.is_empty() && texts.len() == all.len(), "{missing:?}");
}

#[test]
fn the_attributes_that_make_attempts_differ_by_their_kind_alone() {
    for Attribute { name, kind, .. } in ATTRIBUTES.iter().filter(|attribute| attribute.retries) {
        for (key, text) in texts() {
            let first = kind.map_or_else(|| text.clone(), |kind| format!("kind = {kind}, {text}"));
            let (own, first) = (expansion(name, &text), expansion("comprehensive_retry", &first));
            if key == "kind" && kind.is_some() {
                assert!(is_refused(&own), "{name}");
            } else {
                assert_eq!(is_refused(&own), is_refused(&first), "`{key}` in {name}: {own}");
                assert!(is_refused(&own) || own == first, "`{key}` in {name}:\n{own}\n{first}");
            }
        }
    }
}

#[test]
fn every_attribute_takes_a_key_or_names_what_it_refuses() {
    for Attribute { name, kind, retries } in ATTRIBUTES {
        for (key, text) in texts() {
            let expansion = expansion(name, &text);
            let Some(says) = refusal(key, Of { retries: *retries, has_kind: kind.is_some() }) else {
                assert!(!is_refused(&expansion), "`{key}` in {name}: {expansion}");
                continue;
            };
            let names_it = expansion.contains(&format!("`{}`", word(key))) && expansion.contains(says);
            assert!(is_refused(&expansion) && names_it, "`{key}` in {name}: {expansion}");
        }
    }
}
