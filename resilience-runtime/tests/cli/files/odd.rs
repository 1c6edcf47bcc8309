//! What people write who know another language, an older file, or another keyboard: `resilience check` tells the line, and what
//! to write there.

use std::fs;

use crate::resilience::resilience;

/// A file, the line of its first fault, and a part of the remedy, or of the message where that says what to write.
#[rustfmt::skip]
const CASES: &[(&str, u64, &str)] = &[
    // Ends of lines, marks, and signs that look like others.
    ("[services.db]\r\nmax_attempts = 0\r\n", 2, "from 1 to 4294967295"),
    ("[services.db]\rmax_attempts = 3\r", 1, "line ends of Unix or of Windows"),
    ("\u{feff}[services.db]\nmax_attempts = 0\n", 2, "from 1 to 4294967295"),
    ("[services.db]\n\u{feff}max_attempts = 3\n", 2, "U+FEFF"),
    ("\t[services.db]\n\tmax_attempts\t=\t0\n", 2, "from 1 to 4294967295"),
    ("[services.db]\nmax_attempts\u{a0}= 3\n", 2, "U+00A0"),
    ("[services.db]\nmax_attempts =\u{a0}3\n", 2, "U+00A0"),
    ("[services.db]\nmax_\u{200b}attempts = 3\n", 2, "U+200B"),
    ("[services.db]\nm\u{430}x_attempts = 3\n", 2, "U+0430"),
    ("[services.db]\n\"m\u{430}x_attempts\" = 3\n", 2, "did you mean `max_attempts`?"),
    ("[services.db]\nstrategy = \"fix\u{435}d\"\n", 2, "did you mean \"fixed\"?"),
    ("[services.db]\nmax_attempts \u{ff1d} 3\n", 2, "U+FF1D"),
    ("[services.db]\nmax_attempts = \u{2013}3\n", 2, "U+2013"),
    ("[services.db]\nmax_attempts = \u{663}\n", 2, "U+0663"),
    ("[services.db]\ndeadline = \u{201c}5s\u{201d}\n", 2, "straight quotes"),
    ("[services.db]\nmax_attempts = 3\u{2028}deadline = \"1s\"\n", 2, "U+2028"),
    // What is written twice, or in two ways.
    ("[services.db]\nmax_attempts = 3\n[services.db]\ndeadline = \"1s\"\n", 3, "begun once"),
    ("[services.db]\nmax_attempts = 3\n[services.\"db\"]\ndeadline = \"1s\"\n", 3, "begun once"),
    ("services.db.max_attempts = 3\n[services.db]\ndeadline = \"1s\"\n", 2, "begun once"),
    ("[services.db]\nbreaker.window = \"5s\"\n[services.db.breaker]\n", 3, "begun once"),
    ("[services.db]\nbreaker = \"off\"\n[services.db.breaker]\n", 3, "begun once"),
    ("[services.db]\nbreaker = { window = \"5s\" }\nbreaker.min_calls = 5\n", 3, "in one way"),
    ("[services.db]\nmax_attempts = 3\nmax_attempts = 4\n", 3, "keep one of the two"),
    ("[chaos.a]\ntarget = \"db\"\ntarget = \"x\"\nhang = true\n", 3, "keep one of the two"),
    ("[services.db]\n<<<<<<< HEAD\nmax_attempts = 3\n=======\nmax_attempts = 4\n>>>>>>> x\n", 2, "a merge"),
    // Inline tables may go over several lines, lists stand where no table can.
    ("[services.db]\nbreaker = { window = \"5s\",\n  min_calls = 0 }\n", 3, "from 1 to 4294967295"),
    ("services = []\n", 1, "`[services.NAME]`"),
    ("[[services]]\nmax_attempts = 3\n", 1, "`[services.NAME]`"),
    ("[[services.db]]\nmax_attempts = 3\n", 1, "`[services.db]` on a line of its own"),
    ("[[chaos]]\nname = \"a\"\n", 1, "`[chaos.NAME]`"),
    ("global = [1]\n", 1, "`[global]` on a line of its own"),
    // Values of other languages, and numbers beyond what counts.
    ("[services.db]\ndeadline = 2026-11-28\n", 2, "a length of time"),
    ("[services.db]\ndeadline = 00:00:05\n", 2, "a length of time"),
    ("[services.db]\nmax_attempts = 99999999999999999999999\n", 2, "from 1 to 4294967295"),
    ("[services.db]\nmax_attempts = -0\n", 2, "from 1 to 4294967295"),
    ("[services.db]\njitter = nan\n", 2, "from 0.000001 to 1"),
    ("[services.db]\ndeadline = inf\n", 2, "a length of time"),
    ("[services.db]\ndeadline = 1e999\n", 2, "a length of time"),
    ("[chaos.a]\ntarget = \"db\"\nhang = true\nrate = nan\n", 4, "from 0.000001 to 1"),
    ("[services.db]\nidempotent = True\n", 2, "write `true`"),
    ("[services.db]\nidempotent = NO\n", 2, "write `false`"),
    ("[services.db]\ndeadline = null\n", 2, "leave the line out"),
    ("[services.db]\ndeadline = 5s # or more\n", 2, "\"5s\""),
    ("[services.db]\njitter = 20%\n", 2, "write 0.2"),
    ("[services.db]\nstrategy = fixed\n", 2, "\"fixed\""),
    ("[services.db]\nstrategy = \"FIXED\"\n", 2, "did you mean \"fixed\"?"),
    ("[services.db]\ndeadline = \"OFF\"\n", 2, "write \"off\""),
    ("[services.db]\nmax_attempts =\n", 2, "a value behind `=`"),
    ("[services.db]\nmax_attempts == 3\n", 2, "one `=`"),
    ("[services.db]\nmax_attempts: 3\n", 2, "stands `=`"),
    ("[services.db]\nmax_attempts = ${N}\n", 2, "write the value itself"),
    ("[services.db]\nmax_attempts = 03\n", 2, "without the zeros"),
    ("[services.db]\nservice_type = \"a\\qb\"\n", 2, "for a backslash"),
    ("[services.db]\nservice_type = \"a\n", 2, "end it with `\"`"),
    ("// settings\n[services.db]\n", 1, "begins with `#`"),
    ("; settings\n[services.db]\n", 1, "begins with `#`"),
    ("[services.db] max_attempts = 3\n", 1, "in a line"),
    ("[services.db\nmax_attempts = 3\n", 1, "end it with `]`"),
    // Keys in tables of another sort.
    ("max_attempts = 3\n[services.db]\n", 1, "below `[services.NAME]`"),
    ("prometheus_port = 3\n", 1, "below `[global]`"),
    ("[global]\nmax_attempts = 3\n", 2, "below `[services.NAME]`"),
    ("[services.db]\nprometheus_port = 3\n", 2, "below `[global]`"),
    ("[services.db]\nlatency = \"5s\"\n", 2, "below `[chaos.NAME]`"),
    ("[chaos.a]\ntarget = \"db\"\nhang = true\ndeadline = \"5s\"\n", 4, "below `[services.NAME]`"),
    ("[services.db]\nfailure_rate = 0.5\n", 2, "`breaker.failure_rate`"),
    ("[Services.db]\nmax_attempts = 3\n", 1, "did you mean `services`?"),
    // Templates and overrides that lead nowhere.
    ("[templates.a]\nextends = \"b\"\n[templates.b]\nextends = \"c\"\n[templates.c]\nextends = \"a\"\n", 2, "remove one"),
    ("[services.db]\ntemplate = \"patiant\"\n[templates.patient]\n", 2, "did you mean `patient`?"),
    ("[overrides.\"db@load\"]\ndeadline = \"1s\"\n", 1, "`module::function`"),
    ("[overrides.db@shop::load]\ndeadline = \"1s\"\n", 1, "in quotes"),
    ("[services.api.example.com]\nmax_attempts = 3\n", 1, "`[services.\"api.example.com\"]`"),
];

#[test]
fn each_oddity_is_told_with_its_line_and_what_to_write() {
    let folder = tempfile::tempdir().expect("a folder");
    let paths: Vec<String> = (0..CASES.len())
        .zip(CASES)
        .map(|(number, (text, ..))| {
            let path = folder.path().join(format!("{number:03}.toml"));
            fs::write(&path, text).expect("writable");
            path.to_str().expect("text").to_owned()
        })
        .collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let said = resilience(&[&["check", "--json"], &paths[..]].concat());
    let checked = said.json();
    let mut wrong = Vec::new();
    for ((text, line, part), file) in CASES.iter().zip(checked.as_array().expect("a list")) {
        let fault = &file["faults"][0];
        let told = format!("{} {}", fault["message"], fault["remedy"]).replace("\\\"", "\"");
        if fault["line"] != *line || !told.contains(part) {
            wrong.push(format!("{text:?}: {}: {told}", fault["line"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
