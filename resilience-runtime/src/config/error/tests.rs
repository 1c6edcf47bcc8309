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
error: `services.search.max_attempts` must be a whole number from 1 to 4294967295, not `0`
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
