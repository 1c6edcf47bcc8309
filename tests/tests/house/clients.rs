//! In: the lists of known clients. Out: that they list the same: the table of those whose errors are classified, that of those
//! whose errors can be injected, and the questions that a call site asks for it, which expansions name in the user's crate.

const CLASSIFIED: &str = include_str!("../../../resilience-runtime/src/classify/clients/table.rs");
const INJECTED: &str = include_str!("../../../resilience-runtime/src/call/injection/clients/known.rs");
const ASKED: &str = include_str!("../../../resilience-runtime/src/support.rs");

/// The questions that are no client's.
const OWN: [&str; 3] = ["known_error", "error_from_io", "known_value"];

/// The rows of a table: what stands between its outer braces, up to each semicolon.
fn rows(source: &str) -> Vec<&str> {
    let table = source.split("$then! {").nth(1).and_then(|text| text.split('}').next()).expect("a table");
    table.split(';').map(str::trim).filter(|row| !row.is_empty()).collect()
}

/// The feature and the type of each row.
fn clients(source: &str) -> Vec<(&str, &str)> {
    let of_row = |row| {
        let row: &str = row;
        let feature = row.split('"').nth(1).expect("a feature");
        let error = row.split([' ', ',']).find(|word| word.starts_with("::")).expect("a type");
        (feature, error)
    };
    let mut clients: Vec<_> = rows(source).into_iter().map(of_row).collect();
    clients.sort_unstable();
    clients
}

/// The questions of the macro, in its order.
fn asked(source: &str) -> Vec<&str> {
    let list = source.split("slot, by ").nth(1).and_then(|text| text.split(')').next()).expect("a list");
    list.split_whitespace().collect()
}

#[test]
fn every_known_client_is_in_each_list() {
    assert!(clients(CLASSIFIED).len() >= 7, "they are found");
    assert_eq!(clients(CLASSIFIED), clients(INJECTED));
    let question = |row: &'static str| row.split_whitespace().find(|word| word.starts_with("error_from_"));
    let mut expected: Vec<_> = rows(INJECTED).into_iter().filter_map(question).chain(OWN).collect();
    let mut asked = asked(ASKED);
    expected.sort_unstable();
    asked.sort_unstable();
    assert_eq!(asked, expected);
}

#[test]
fn a_client_that_is_missing_is_seen() {
    let without = INJECTED.replace("error_from_tonic ::tonic::Status;", "error_from_tonic ::tonic::Code;");
    assert_ne!(clients(CLASSIFIED), clients(&without));
    assert_eq!(asked("by; slot, by known_error error_from_io)"), ["known_error", "error_from_io"]);
}
