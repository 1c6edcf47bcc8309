//! Planted faults. In: a line of the code that ships, and what is to be wrong with the access on it. Out: that fault,
//! while a model runs. A fault is identified by the text of the line, so that it cannot be left behind when the code
//! changes: a text that is no longer there, or is there twice, fails the test.

use std::cell::RefCell;
use std::fs;
use std::panic::Location;
use std::path::Path;

/// The kinds of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// It orders less, by one step: sequentially consistent becomes acquire and release, and those become relaxed; a
    /// fence is omitted, and a lock neither excludes others nor orders.
    Weak,
    /// A load does not read, and returns this value.
    Blind(u64),
    /// A read-modify-write is done in two steps.
    Torn,
    /// A compare-and-swap does not compare.
    Careless,
    /// The operation is left out.
    LeftOut,
}

/// One faulty line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    file: &'static str,
    line: u32,
    wrong: Wrong,
}

thread_local! {
    /// Thread-local, as loom runs all threads of a model on the thread that starts it.
    static PLANTED: RefCell<Vec<Fault>> = const { RefCell::new(Vec::new()) };
}

impl Fault {
    /// A fault on the line with this text, in a file of `src`.
    pub(crate) fn new(wrong: Wrong, file: &'static str, text: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
        let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let lines: Vec<u32> =
            (1..).zip(source.lines()).filter(|(_, line)| line.contains(text)).map(|(at, _)| at).collect();
        let &[line] = lines.as_slice() else { panic!("`{text}` stands in lines {lines:?} of {file}") };
        Self { file, line, wrong }
    }

    /// Weaker ordering on all accesses of one side of a protocol.
    pub(crate) fn weak(file: &'static str, texts: &[&str]) -> Vec<Self> {
        texts.iter().map(|text| Self::new(Wrong::Weak, file, text)).collect()
    }

    /// Plants faults until the returned guard is dropped.
    pub(super) fn plant(faults: &[Self]) -> Planted {
        PLANTED.with_borrow_mut(|planted| {
            assert!(planted.is_empty(), "one version at a time");
            planted.extend_from_slice(faults);
        });
        Planted
    }
}

/// Removes all faults when it is dropped.
pub(super) struct Planted;

impl Drop for Planted {
    fn drop(&mut self) {
        PLANTED.with_borrow_mut(Vec::clear);
    }
}

/// Whether the operation on this line is left out.
#[track_caller]
pub(crate) fn is_left_out() -> bool {
    planted(Location::caller()) == Some(Wrong::LeftOut)
}

/// The fault planted on this line, if any.
pub(super) fn planted(at: &Location<'_>) -> Option<Wrong> {
    PLANTED.with_borrow(|planted| {
        planted
            .iter()
            .find(|fault| fault.line == at.line() && at.file().ends_with(fault.file))
            .map(|it| it.wrong)
    })
}
