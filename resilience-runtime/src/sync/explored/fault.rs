//! In: a line of the code that ships, and what is to be wrong with the access that stands there. Out: that, while a
//! model runs. A fault is named by what the line says, so that it cannot stay behind when the code changes: a text that
//! is no longer there, or there twice, fails the test.

use std::cell::RefCell;
use std::fs;
use std::panic::Location;
use std::path::Path;

/// What is wrong with an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// It orders less, by one step: sequentially consistent becomes acquire and release, those become relaxed; a fence
    /// is not there, and a lock neither keeps others out nor orders.
    Weak,
    /// A load does not look, and takes this for the value.
    Blind(u64),
    /// A change reads and writes in two steps.
    Torn,
    /// A compare-and-swap does not compare.
    Careless,
    /// What the line asks for is not done.
    LeftOut,
}

/// One wrong line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    file: &'static str,
    line: u32,
    wrong: Wrong,
}

thread_local! {
    /// Loom runs all threads of a model on the thread that starts it.
    static PLANTED: RefCell<Vec<Fault>> = const { RefCell::new(Vec::new()) };
}

impl Fault {
    /// In the line of a file in `src` that has this text.
    pub(crate) fn new(wrong: Wrong, file: &'static str, text: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
        let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let lines: Vec<u32> =
            (1..).zip(source.lines()).filter(|(_, line)| line.contains(text)).map(|(at, _)| at).collect();
        let &[line] = lines.as_slice() else { panic!("`{text}` stands in lines {lines:?} of {file}") };
        Self { file, line, wrong }
    }

    /// A whole side that orders less.
    pub(crate) fn weak(file: &'static str, texts: &[&str]) -> Vec<Self> {
        texts.iter().map(|text| Self::new(Wrong::Weak, file, text)).collect()
    }

    /// Plants faults until the end of the scope.
    pub(super) fn plant(faults: &[Self]) -> Planted {
        PLANTED.with_borrow_mut(|planted| {
            assert!(planted.is_empty(), "one version at a time");
            planted.extend_from_slice(faults);
        });
        Planted
    }
}

/// Takes all faults back when it is dropped.
pub(super) struct Planted;

impl Drop for Planted {
    fn drop(&mut self) {
        PLANTED.with_borrow_mut(Vec::clear);
    }
}

/// Whether what this line asks for is left out.
#[track_caller]
pub(crate) fn is_left_out() -> bool {
    planted(Location::caller()) == Some(Wrong::LeftOut)
}

/// What is wrong with the access here, if anything is.
pub(super) fn planted(at: &Location<'_>) -> Option<Wrong> {
    PLANTED.with_borrow(|planted| {
        planted
            .iter()
            .find(|fault| fault.line == at.line() && at.file().ends_with(fault.file))
            .map(|it| it.wrong)
    })
}
