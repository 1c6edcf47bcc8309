//! How a refusal reads, and that no text breaks it.

use crate::config::file::FileConfig;

#[test]
fn a_file_with_several_faults_shows_each_over_its_line() {
    let text = "\
[services.search]
max_attempts = 0
base_delay = \"10s\"
max_delay = \"2s\"
stratgy = \"fixed\"
";
    let error = FileConfig::parse(text, "resilience.toml").expect_err("refused");
    let expected = "\
error: `services.search.max_attempts` must be a whole number from 1 to 4294967295, or \"unlimited\", not `0`
 --> resilience.toml:2:16
  |
2 | max_attempts = 0
  |                ^ not accepted

error: in `services.search`, `base_delay` is above `max_delay`
 --> resilience.toml:3:14
  |
3 | base_delay = \"10s\"
  |              ^^^^^ `base_delay` is 10s
4 | max_delay = \"2s\"
  |             ---- `max_delay` is 2s

error: `services.search.stratgy` is not a key
 --> resilience.toml:5:1
  |
5 | stratgy = \"fixed\"
  | ^^^^^^^ unknown key
  |
  = help: did you mean `strategy`?

3 faults in resilience.toml; nothing of it was applied";
    assert_eq!(error.to_string(), expected, "\n{error}");
}

#[test]
fn a_long_line_is_shown_around_the_fault_with_its_true_column() {
    let text = format!("[services.search]\nbase_delay = \"{}\"\n", "1".repeat(5_000));
    let text = text + &format!("cache = {{ {}stratgy = 1 }}\n", "ttl = 1, ".replace("ttl", &"x".repeat(300)));
    let error = FileConfig::parse(&text, "r.toml").expect_err("refused").to_string();
    assert!(error.lines().all(|line| line.chars().count() < 300), "{error}");
    assert!(error.contains(" --> r.toml:2:14\n") && error.contains("\n2 | base_delay = \"1111"), "{error}");
    assert!(error.contains(" --> r.toml:3:317\n") && error.contains("xxx = 1, stratgy = 1 }\n"), "{error}");
}

#[test]
fn two_places_that_are_far_apart_are_both_shown() {
    let text = format!("[services.a]\nmax_delay = 2\n{}base_delay = 3\n", "# filler\n".repeat(2_000));
    let error = FileConfig::parse(&text, "r.toml").expect_err("refused").to_string();
    let expected = "\
error: in `services.a`, `base_delay` is above `max_delay`
    --> r.toml:2003:14
     |
2003 | base_delay = 3
     |              ^ `base_delay` is 3s
     |
    ::: r.toml:2:13
     |
   2 | max_delay = 2
     |             - `max_delay` is 2s
";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn what_stands_in_the_file_moves_no_terminal() {
    let text = "[services.a]\ncolour\u{1b}[2J = \"\u{202e}\u{7}\"\n[services.\"\\u001b[2J\"]\nx = 1\n";
    let error = FileConfig::parse(text, "r.toml").expect_err("refused").to_string();
    let stray =
        error.chars().filter(|letter| letter.is_control() && *letter != '\n' || *letter == '\u{202e}');
    assert_eq!(stray.count(), 0, "{error:?}");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_or_the_renderer_panic(pieces in proptest::collection::vec(0..PIECES.len(), 0..30)) {
        let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        if let Err(error) = FileConfig::parse(&text, "test.toml") {
            proptest::prop_assert!(!error.faults().is_empty());
            proptest::prop_assert!(error.to_string().contains("in test.toml"), "{}", error);
        }
    }
}

/// Bits of files, whole and broken; together they reach every section and every fault of placement.
const PIECES: &[&str] = &[
    "[services.a]\n",
    "[services.a.breaker]\n",
    "[templates.b]\n",
    "[overrides.\"a@b::c\"]\n",
    "[global]\n",
    "\n",
    "max_attempts = ",
    "base_delay = ",
    "deadline = ",
    "window = ",
    "extends = ",
    "template = ",
    "breaker = ",
    "[services.a.attempt_timeout]\n",
    "[global.shedding]\n",
    "hedge.after = ",
    "quantile = ",
    "cpu = ",
    "\"p99\"\n",
    "strategy = \"fixed\"\n",
    "1\n",
    "-1\n",
    "\"2s\"\n",
    "\"b\"\n",
    "1e400\n",
    "[1, 2]\n",
    "{ min_calls = 1 }\n",
    "\"\"\"\n",
    "\r\n",
    "\u{7}",
    "ü = \"日本\"\n",
    "[",
    "]",
    "=",
    "\"",
    "#",
    "\t",
    "99999999999999999999\n",
];
