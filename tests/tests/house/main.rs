//! In: the sources of the three crates, of the program, and of all that is compiled beside them. Out: what is against the
//! plan of the house, as a list that has to be empty: a circle of files, an import that leads up or from one concept to
//! another, a file that no module names; and everywhere a type in a face, a row of too many files, a file that is too long or
//! does not say what it is for.
//!
//! An import is whatever uses a name of another file: a `use` at the top or in a function, a path that is written in full, and
//! both in the arguments of a macro. Tests are held to the same, but that they may look up: what a test in a file uses may not
//! use that file, or the two can only be understood together, so such a test stands in a file of its own.
//!
//! There is no list of exceptions. What cannot be placed belongs elsewhere, or the plan changes: its table is in `plan.rs`
//! and in `CONTRIBUTING.md`.

mod circles;
mod clients;
mod documentation;
mod first_lines;
mod imports;
mod locks;
mod naming;
mod plan;
mod resolve;
mod sources;
mod trees;
mod uses;

use std::path::Path;

use self::plan::Plan;
use self::sources::Sources;

/// The program of the runtime, a crate of its own.
const PROGRAM: &str = "resilience-runtime/src/bin/resilience";

/// All that is against the plan.
fn faults(sources: &Sources, plan: &Plan) -> Vec<String> {
    let imports = sources.imports();
    let mut faults = circles::circles(&imports);
    faults.extend(plan.faults(&imports));
    faults.extend(sources.detours());
    faults.extend(sources.strays.iter().map(|file| format!("stray: no module names {file}")));
    faults
}

fn of(source: &str) -> Sources {
    Sources::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(source))
}

#[track_caller]
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} against the plan of the house:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn the_runtime_is_as_planned() {
    assert_none(&faults(&of("resilience-runtime/src"), &plan::RUNTIME));
}

#[test]
fn the_program_is_as_planned() {
    assert_none(&faults(&of(PROGRAM), &plan::PROGRAM));
}

/// Whoever writes a tool of their own can write this one.
#[test]
fn the_program_uses_what_any_other_could() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(PROGRAM);
    assert_none(&naming::naming(&root, &["resilience_settings", "support::"]));
}

#[test]
fn the_settings_are_as_planned() {
    assert_none(&faults(&of("resilience-settings/src"), &plan::SETTINGS));
}

#[test]
fn the_macros_are_as_planned() {
    assert_none(&faults(&of("resilience-macros/src"), &plan::MACROS));
}

#[test]
fn every_file_has_its_size_its_place_and_its_first_line() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = trees::of_workspace(&root);
    for folder in [
        "resilience-runtime/src",
        "resilience-runtime/tests",
        "tests/src",
        "tests/tests",
        "benches/src",
        "examples",
    ] {
        assert!(folders.contains(&root.join(folder)), "{folder} is looked at");
    }
    assert_none(&folders.iter().flat_map(|folder| trees::faults(folder)).collect::<Vec<_>>());
}

/// Time is told to the rules of idempotency keys, and leases go by the clock of their store: two machines never agree on the time
/// of day.
#[test]
fn no_wall_clock_is_read_for_idempotency_keys_and_stores() {
    let below =
        |room: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("../resilience-runtime/src").join(room);
    for room in ["store", "idempotency", "call/idempotency", "registry/idempotency"] {
        assert_none(&naming::naming(&below(room), &["SystemTime", "UNIX_EPOCH", "unix_millis"]));
    }
    assert!(!naming::naming(&below("monitor"), &["SystemTime"]).is_empty(), "it is found where it is read");
}

#[test]
fn contributors_are_told_the_same_plan() {
    let told = include_str!("../../../CONTRIBUTING.md");
    for line in plan::RUNTIME
        .lines()
        .chain(plan::SETTINGS.lines())
        .chain(plan::MACROS.lines())
        .chain(plan::PROGRAM.lines())
    {
        assert!(told.contains(&line), "CONTRIBUTING.md lacks the line `{line}`");
    }
}

/// A house of a few files, each `path: source`.
fn small(files: &[(&str, &str)]) -> Vec<String> {
    let sources = Sources::of(files.iter().map(|&(path, source)| (path.into(), source.into())));
    faults(&sources, &plan::RUNTIME)
}

#[test]
fn a_good_house_has_no_faults() {
    let faults = small(&[
        ("lib.rs", "mod breaker; mod call; mod clock;"),
        ("call/mod.rs", "mod attempt; mod engine; pub use attempt::Attempt;"),
        ("call/attempt.rs", "use super::engine::Engine; pub struct Attempt(Engine);"),
        ("call/engine.rs", "use crate::breaker::Breaker; pub struct Engine(Breaker);"),
        ("breaker/mod.rs", "mod machine; pub use machine::Breaker;"),
        (
            "breaker/machine.rs",
            "use crate::clock::Tick; pub struct Breaker(Tick); #[cfg(test)] mod tests { use super::Breaker; }",
        ),
        ("clock.rs", "pub struct Tick; #[cfg(test)] mod tests;"),
        (
            "clock/tests.rs",
            "use crate::call::Attempt; fn tick() -> super::Tick { crate::call::attempt::tick() }",
        ),
    ]);
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn a_circle_is_found_through_a_face_and_named() {
    let faults = small(&[
        ("lib.rs", "mod breaker;"),
        ("breaker/mod.rs", "mod machine; mod vote; pub use self::{machine::Breaker, vote::Vote};"),
        ("breaker/machine.rs", "use super::Vote; pub struct Breaker(Vote);"),
        ("breaker/vote.rs", "use crate::breaker::{Breaker as Whole}; pub struct Vote(Box<Whole>);"),
    ]);
    assert_eq!(faults, ["circle: breaker/machine.rs -> breaker/vote.rs -> breaker/machine.rs"]);
}

/// A breaker that uses the call above it, in each of the ways in which that can be written.
#[test]
fn an_import_is_found_wherever_it_is_written() {
    let ways = [
        "fn trip() { use crate::call::attempt; }",
        "fn trip() { if true { use crate::call::attempt::Attempt as Other; } }",
        "fn trip() -> u8 { crate::call::attempt::count() }",
        "fn trip() -> u8 { super::call::attempt::count() }",
        "fn trip() -> u8 { self::super::call::attempt::COUNT }",
        "fn trip(attempt: &mut Vec<crate::call::Attempt>) {}",
        "impl Trip for crate::call::Attempt {}",
        "fn trip() { assert_eq!(1, vec![crate::call::attempt::count()].len()); }",
        "fn trip() { println!(\"{}\", super::call::attempt::count()); }",
        "macro_rules! trip { () => { $crate::call::attempt::count() }; }",
        "mod inner { fn trip() -> u8 { super::super::call::attempt::count() } }",
        "mod inner { use super::super::call::*; fn trip() -> u8 { attempt::count() } }",
        "use crate::*; fn trip() -> u8 { call::attempt::count() }",
    ];
    for way in ways {
        let faults = small(&[
            ("lib.rs", "mod breaker; mod call;"),
            ("breaker.rs", way),
            ("call/mod.rs", "pub mod attempt; pub use attempt::Attempt;"),
            ("call/attempt.rs", "pub struct Attempt;"),
        ]);
        assert!(
            faults.contains(&"up: breaker.rs (concepts) imports call/attempt.rs (call)".to_owned()),
            "{way}: {faults:?}"
        );
    }
}

#[test]
fn what_is_no_import_is_not_taken_for_one() {
    let ways = [
        "pub(in crate::call) struct Trip;",
        "fn trip() { ::call::attempt::count(); println!(\"{}\", ::call::attempt::count()); }",
        "fn trip() { quote!(#call::attempt::count(), ::other::call::attempt, value: ::call::attempt::count()); }",
        "#[macro_export] macro_rules! trip { () => { $crate::call::attempt::count() }; }",
        "use std::call; fn trip() { call::attempt::count(); std::call::attempt::count(); }",
    ];
    for way in ways {
        let faults = small(&[
            ("lib.rs", "mod breaker; mod call;"),
            ("breaker.rs", way),
            ("call/mod.rs", "pub mod attempt;"),
            ("call/attempt.rs", "pub struct Attempt;"),
        ]);
        assert_eq!(faults, Vec::<String>::new(), "{way}");
    }
}

#[test]
fn a_circle_through_paths_or_tests_is_found() {
    for way in [
        "pub struct Vote; fn count() -> u8 { super::machine::count() }",
        "pub struct Vote; impl Vote { fn count(self) { use crate::breaker::Breaker; } }",
        "pub struct Vote; #[cfg(test)] mod tests { use crate::breaker::Breaker; }",
        "pub struct Vote; #[cfg(all(test, x))] mod tests { use super::*; fn b() { machine::count(); } use super::super::machine; }",
        "pub struct Vote; #[cfg(test)] fn count() -> u8 { super::machine::count() }",
        "pub struct Vote; #[cfg(test)] mod tests { #[test] fn counts() { assert!(crate::breaker::machine::count() > 0); } }",
    ] {
        let faults = small(&[
            ("lib.rs", "mod breaker;"),
            ("breaker/mod.rs", "mod machine; mod vote; pub use self::machine::Breaker;"),
            ("breaker/machine.rs", "pub struct Breaker; fn count() { super::vote::Vote; }"),
            ("breaker/vote.rs", way),
        ]);
        assert_eq!(faults, ["circle: breaker/machine.rs -> breaker/vote.rs -> breaker/machine.rs"], "{way}");
    }
}

#[test]
fn what_lives_in_another_crate_is_imported_from_there() {
    let faults = small(&[
        ("lib.rs", "mod breaker; mod policy; pub use policy::Key;"),
        ("policy/mod.rs", "pub use resilience_settings::policy::Key; pub use limits::Pace; mod limits;"),
        ("policy/limits.rs", "use resilience_settings::policy::Key; pub struct Pace(Key);"),
        ("breaker.rs", "use crate::policy::{Key, Pace}; use resilience_settings::policy::Key as Same;"),
    ]);
    assert_eq!(
        faults,
        ["detour: breaker.rs takes `crate::policy::Key` from policy/mod.rs, it lives in resilience_settings"]
    );
}

#[test]
fn a_file_that_nobody_compiles_is_found() {
    let faults = small(&[("lib.rs", "mod breaker;"), ("breaker.rs", ""), ("breaker/vote.rs", "")]);
    assert_eq!(faults, ["stray: no module names breaker/vote.rs"]);
}

#[test]
fn an_import_of_a_module_leads_to_what_is_used_of_it() {
    let faults = small(&[
        ("lib.rs", "mod breaker;"),
        ("breaker/mod.rs", "mod machine; pub mod vote; pub use vote::cast;"),
        ("breaker/machine.rs", "use crate::breaker; pub fn count() { breaker::cast(); }"),
        ("breaker/vote.rs", "pub fn cast() { super::machine::count() }"),
    ]);
    assert_eq!(faults, ["circle: breaker/machine.rs -> breaker/vote.rs -> breaker/machine.rs"]);
}

#[test]
fn an_import_that_leads_up_is_found() {
    let faults = small(&[
        ("lib.rs", "mod breaker; mod call;"),
        ("breaker.rs", "use crate::call;"),
        ("call.rs", "pub fn call() {}"),
    ]);
    assert_eq!(faults, ["up: breaker.rs (concepts) imports call.rs (call)"]);
}

#[test]
fn an_import_between_two_concepts_is_found() {
    let faults = small(&[
        ("lib.rs", "mod breaker; mod budget;"),
        ("breaker.rs", "use crate::budget::Budget;"),
        ("budget.rs", "pub struct Budget;"),
    ]);
    assert_eq!(faults, ["sideways: breaker.rs imports budget.rs, another of the concepts"]);
}

#[test]
fn a_room_without_a_floor_is_found() {
    let faults = small(&[
        ("lib.rs", "mod breaker; mod attic;"),
        ("breaker/mod.rs", "mod state;"),
        ("breaker/state.rs", "use crate::attic::Box;"),
        ("attic.rs", "pub struct Box;"),
    ]);
    assert_eq!(faults, ["no floor: `attic` is not in the plan"]);
}
