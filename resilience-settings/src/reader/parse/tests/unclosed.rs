//! Brackets and quotes that nobody closes: the fault is where they were opened, and what follows is read as it was meant.

use super::faults;

/// Line, column and key of each fault.
fn places(text: &str) -> Vec<(u32, u32, String)> {
    faults(text).iter().map(|fault| (fault.line(), fault.column(), fault.path().to_owned())).collect()
}

#[test]
fn what_follows_an_open_list_is_not_a_part_of_it() {
    let text =
        "[services.a]\nretryable_status_codes = [429, 503\nmax_attempts = 0\n\n[services.b]\nfoo = 1\n";
    let syntax = String::new;
    let expected = [
        (2, 35, syntax()),
        (3, 16, "services.a.max_attempts".to_owned()),
        (6, 1, "services.b.foo".to_owned()),
    ];
    assert_eq!(places(text), expected);
    let text = "[services.a]\nretryable_status_codes = [ # which\n  429,\n[services.b]\nfoo = 1\n";
    assert_eq!(places(text), [(2, 26, syntax()), (5, 1, "services.b.foo".to_owned())]);
    let text = "[services.a]\nbreaker = { window = \"5s\"\nmax_attempts = 0\n";
    assert_eq!(places(text)[0].0, 2);
    assert_eq!(places(text)[1], (3, 16, "services.a.max_attempts".to_owned()));
}

#[test]
fn what_is_open_at_the_end_is_faulty_where_it_was_opened() {
    for text in [
        "[services.a]\nretryable_status_codes = [\n  429,\n\n",
        "[services.a]\nservice_type = \"\"\"a\nmax_attempts = 3\n",
        "[services.a]\nservice_type = '''a\n\n\n",
    ] {
        let faults = faults(text);
        assert_eq!(faults.len(), 1, "{text}");
        assert_eq!(faults[0].line(), 2, "{text}");
    }
}

#[test]
fn lists_and_inline_tables_of_several_lines_are_whole() {
    let text = "[services]\na = { breaker = {\n  window = \"5s\",\n  min_calls = 5, # few\n},\n  retryable_status_codes = [\n  429\n  ,\n  503,\n] }\n";
    assert!(super::FileConfig::parse(text, "test.toml").is_ok());
}
