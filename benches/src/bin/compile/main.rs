//! What the attribute adds to the time of a build and to the size of a program: 300 functions plain, annotated, and
//! with a retry loop by hand, built by cargo as a user builds them.

mod build;
mod source;

use std::collections::BTreeMap;
use std::path::Path;

use benches::row::Row;
use build::{Workspace, text_size};
use source::Variant;

const FUNCTIONS: usize = 300;
/// The same program with fewer of them: the difference leaves out what a program has once.
const FEW: usize = 20;
/// The best of them counts: whatever else runs can only add.
const ROUNDS: usize = 3;

const CHECK: &str = "check";
const CHECK_CHANGED: &str = "check after one change";
const DEBUG: &str = "debug build";
const DEBUG_CHANGED: &str = "debug build after one change";
const RELEASE: &str = "release build";

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
    let workspace = Workspace::create(root);
    for variant in Variant::ALL {
        workspace.write(variant, FUNCTIONS);
        workspace.write(variant, FEW);
    }
    // What they depend on is built here, and not in what is measured.
    for profile in [&["check"][..], &["build"], &["build", "--release"]] {
        workspace.cargo(profile, None);
    }
    let mut best: BTreeMap<(&str, Variant), f64> = BTreeMap::new();
    for round in 0..ROUNDS {
        for variant in Variant::ALL {
            let package = variant.package(FUNCTIONS);
            let mut timed = |what, arguments: &[&str]| {
                let taken = workspace.cargo(arguments, Some(&package));
                let least = best.entry((what, variant)).or_insert(f64::INFINITY);
                *least = least.min(taken);
            };
            workspace.cargo(&["clean"], Some(&package));
            timed(CHECK, &["check"]);
            workspace.change(variant, FUNCTIONS, 2 * round + 1);
            timed(CHECK_CHANGED, &["check"]);
            timed(DEBUG, &["build"]);
            workspace.change(variant, FUNCTIONS, 2 * round + 2);
            timed(DEBUG_CHANGED, &["build"]);
            timed(RELEASE, &["build", "--release"]);
        }
    }
    for what in [CHECK, CHECK_CHANGED, DEBUG, DEBUG_CHANGED, RELEASE] {
        let seconds = |variant| best[&(what, variant)];
        for variant in Variant::ALL {
            let taken = seconds(variant);
            Row::new("compile", what, variant.name(), taken, "s").note("300 functions, best of 3").print();
            if variant != Variant::Plain {
                let each = per_function(taken - seconds(Variant::Plain), FUNCTIONS) * 1e3;
                Row::new("compile beyond plain", what, variant.name(), each, "ms/function").print();
            }
        }
    }
    for variant in Variant::ALL {
        // Built last with one number changed, as the others: the size is the same.
        let sizes = [FUNCTIONS, FEW].map(|functions| text_size(&workspace.program(variant, functions)));
        let each = per_function(sizes[0] - sizes[1], FUNCTIONS - FEW);
        Row::new("code size", ".text of a release build", variant.name(), each, "bytes/function")
            .note("difference of 300 and 20 functions")
            .print();
    }
}

#[expect(clippy::cast_precision_loss, reason = "some hundred functions")]
fn per_function(total: f64, functions: usize) -> f64 {
    total / functions as f64
}
