//! `resilience advise`, for a file alone.

use std::fs;

use crate::resilience::{resilience, resilience_in};

const ODD: &str = "[services.db]\nbudget = \"off\"\n[services.api]\nstrategy = \"linear\"\n";

#[test]
fn problems_are_told_with_place_number_and_remedy() {
    let said = resilience_in(&[], ODD, &["advise", "-"]);
    let expected = "\
problem: api: no_jitter (standard input:4)
    `linear` leaves nothing to chance: all callers that failed together come back together, after
    200ms, then 400ms
    = help: write `jitter = 0.5`
problem: db: retries_without_budget (standard input:2)
    in an outage each call makes 3 attempts, and no budget bounds them
    = help: write `budget.ratio = 0.1` instead of `budget = \"off\"`: a tenth of the calls may then be
            retried
note: api: amplification (built-in default)
";
    assert!(said.out.starts_with(expected), "{}", said.out);
    assert!(
        said.out.contains("tables that carry this out:\n\n[services.api]\n# was not set: "),
        "{}",
        said.out
    );
    assert!(said.out.ends_with("\n2 problems, 1 note\n"), "{}", said.out);
    assert_eq!(said.code, 1);
}

#[test]
fn a_file_without_problems_is_fine_and_programs_have_all_of_it() {
    let said = resilience_in(&[], "[services.db]\n", &["advise", "-"]);
    assert_eq!((said.out.as_str(), said.code), ("nothing to advise\n", 0));
    let said = resilience_in(&[], ODD, &["advise", "-", "--json"]);
    let advice = said.json();
    assert_eq!(advice["advice"][0]["rule"], "no_jitter", "{advice}");
    assert_eq!(advice["advice"][0]["changes"][0]["key"], "jitter", "{advice}");
    assert_eq!(advice["advice"][1]["place"], "standard input:2", "{advice}");
    assert!(advice["patch"].as_str().is_some_and(|patch| patch.contains("jitter = 0.5")), "{advice}");
    assert_eq!(said.code, 1);
}

#[test]
fn who_calls_whom_is_judged_and_the_patch_is_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let (file, patch) = (at("a.toml"), at("patch.toml"));
    fs::write(&file, "[services.shop]\n[services.db]\n").expect("writable");
    let said = resilience(&["advise", &file, "--calls", "shop:db", "--patch", &patch]);
    assert!(
        said.out.contains("one request may become 9 attempts at `db`: 3 of `shop` × 3 of `db`"),
        "{}",
        said.out
    );
    assert!(said.out.contains(&format!("the patch is in `{patch}`")), "{}", said.out);
    assert_eq!(resilience(&["check", &patch]).code, 0);
    assert!(fs::read_to_string(&patch).expect("written").contains("nested_retries = \"suppress\""));
    let again = resilience(&["advise", &patch, "--calls", "shop:db"]);
    assert_eq!(again.code, 2, "the patch says nothing of `db`: {again:?}");
}

#[test]
fn what_cannot_be_read_or_is_not_there_is_said() {
    let said = resilience(&["advise", "nowhere.toml"]);
    assert!(said.err.contains("error: cannot read `nowhere.toml`: "), "{said:?}");
    assert!(said.err.contains("`resilience init nowhere.toml` writes one to start from"), "{said:?}");
    assert_eq!(said.code, 2);
    let said = resilience_in(&[], "[services.db]\nmax_attempts = 0\n", &["advise", "-"]);
    assert!(said.err.contains("error: `-` has 1 fault, the first in line 2"), "{said:?}");
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    let said = resilience_in(&[], "[services.db]\n", &["advise", "-", "--calls", "db:cash"]);
    assert!(said.err.contains("`--calls` names `cash`"), "{said:?}");
    let said = resilience_in(&[], "[services.db]\n", &["advise", "-", "--from", "127.0.0.1:1"]);
    assert!(said.err.contains("error: cannot reach http://127.0.0.1:1: "), "{said:?}");
    assert_eq!(said.code, 2);
    let said = resilience_in(&[], "[services.db]\n", &["advise", "-", "--calls", "db:db"]);
    assert!(said.err.contains("passes through, and is no layer") && said.code == 2, "{said:?}");
    for arguments in [["--calls", "db"], ["--capacity", "500"], ["--from", "https://x"]] {
        let said = resilience_in(&[], "[services.db]\n", &[["advise", "-"], arguments].concat());
        assert_eq!(said.code, 2, "{said:?}");
    }
}
