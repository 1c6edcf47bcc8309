//! `resilience init`: what it writes, and what it leaves alone.

use std::fs;

use crate::resilience::resilience;

#[test]
fn a_file_is_written_that_names_its_schema_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("resilience.toml");
    let path = file.to_str().expect("text");
    let said = resilience(&["init", path]);
    assert_eq!(said.code, 0, "{said:?}");
    let text = fs::read_to_string(&file).expect("written");
    assert!(text.starts_with("#:schema ./resilience.schema.json\n#"), "{text}");
    let schema = fs::read_to_string(folder.path().join("resilience.schema.json")).expect("written");
    assert_eq!(schema, resilience(&["schema"]).out);
    let said = resilience(&["check", "--deny-warnings", path]);
    assert_eq!(said.code, 0, "{said:?}");
}

#[test]
fn nothing_is_overwritten_unless_it_is_asked_for() {
    for kept in ["mine.toml", "mine.schema.json"] {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, kept) = (folder.path().join("mine.toml"), folder.path().join(kept));
        let path = file.to_str().expect("text");
        fs::write(&kept, "mine").expect("writable");
        let said = resilience(&["init", path]);
        assert!(said.err.contains("exists already") && said.err.contains("--force"), "{said:?}");
        assert_eq!(said.code, 2);
        assert_eq!(fs::read_to_string(&kept).expect("readable"), "mine");
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1, "not half of it either");
        let said = resilience(&["init", "--force", "--json", path]);
        assert_eq!((said.json()["file"].as_str(), said.code), (Some(path), 0), "{said:?}");
        assert_ne!(fs::read_to_string(&kept).expect("readable"), "mine");
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 2, "nothing else is left");
    }
}

#[test]
fn what_cannot_be_written_is_told_with_the_remedy() {
    let folder = tempfile::tempdir().expect("a folder");
    let nowhere = folder.path().join("nowhere/mine.toml");
    let said = resilience(&["init", nowhere.to_str().expect("text")]);
    assert!(said.err.contains("create its folder first"), "{said:?}");
    assert_eq!(said.code, 2);
    let other = folder.path().join("settings.yaml");
    let said = resilience(&["init", other.to_str().expect("text")]);
    assert!(said.err.contains(".toml"), "{said:?}");
    assert_eq!((said.code, other.exists()), (2, false));
}
