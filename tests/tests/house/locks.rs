//! In: the sources of the runtime. Out: the files that lock a mutex of the standard library in words of their own, where
//! `sync::lock` says once what becomes of a lock whose holder has panicked.

use std::path::Path;

use super::trees::files_of_rust;

/// What such words end in.
const BY_HAND: &str = ".lock().unwrap_or_else(PoisonError::into_inner)";

/// The files that do. Those that loom explores have a mutex of the facade, which is not the standard library's there.
fn by_hand(sources: &Path) -> Vec<String> {
    // Not what `sync` is made of.
    let others = files_of_rust(sources).filter(|(file, _)| !file.starts_with("sync/"));
    others.filter(|(_, text)| is_by_hand(text)).map(|(file, _)| file).collect()
}

fn is_by_hand(text: &str) -> bool {
    let uses = text.split("use crate::sync::").skip(1).filter_map(|text| text.split(';').next());
    let is_explored =
        uses.flat_map(|names| names.split(|c: char| !c.is_alphanumeric())).any(|name| name == "Mutex");
    !is_explored && text.split_whitespace().collect::<String>().contains(BY_HAND)
}

#[test]
fn a_lock_is_taken_in_one_way() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../resilience-runtime/src");
    assert_eq!(by_hand(&sources), [] as [&str; 0], "`crate::sync::lock` takes these");
    for planted in [
        "fn state() { self.0.lock().unwrap_or_else(PoisonError::into_inner) }",
        "use crate::sync::atomic::AtomicBool;\nfn state() {\n    self.0\n        .lock()\n        .unwrap_or_else(PoisonError::into_inner)\n}",
    ] {
        assert!(is_by_hand(planted), "{planted}");
    }
    assert!(!is_by_hand(
        "use crate::sync::{Mutex, atomic};\nself.0.lock().unwrap_or_else(PoisonError::into_inner)"
    ));
}
