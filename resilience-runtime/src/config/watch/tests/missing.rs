//! A file that is gone or empty for longer than an editor takes is told of, once.

use super::*;

impl Scene {
    /// Makes a change and requires that it is told as an error, once and not at once.
    fn misses(&self, change: impl FnOnce(&Path)) -> io::Error {
        change(&self.path);
        let changed = Instant::now();
        let (seen, content) = self.changes.recv_timeout(Duration::from_secs(20)).expect("told");
        assert!(seen.duration_since(changed) > Duration::from_millis(1_500), "an editor would be told of");
        self.sees_nothing();
        content.expect_err("nothing to read")
    }
}

#[test]
fn a_file_that_is_gone_is_told_of_once_and_again_when_it_is_back_as_it_was() {
    let scene = Scene::with_file();
    let error = scene.misses(|path| fs::remove_file(path).expect("removed"));
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    scene.sees_text("a = 1\n");
}

#[test]
#[cfg(unix)]
fn a_link_that_leads_nowhere_is_told_of_once() {
    let scene = Scene::with_file();
    scene.misses(|path| {
        fs::remove_file(path).expect("removed");
        std::os::unix::fs::symlink("nowhere.toml", path).expect("linked");
    });
    fs::remove_file(&scene.path).expect("removed");
    scene.sees_text("a = 1\n");
}

#[test]
fn a_file_that_becomes_empty_is_told_of_unless_it_was() {
    let scene = Scene::with_file();
    let error = scene.misses(|path| fs::write(path, " \n").expect("written"));
    assert!(error.to_string().contains("write a comment"), "{error}");
    scene.sees_text("# nothing\n");
    drop(scene);
    let scene = Scene::new(|folder| {
        let path = folder.join("resilience.toml");
        fs::write(&path, "").expect("written");
        path
    });
    scene.sees_text("\n");
    scene.sees_text("a = 2\n");
    scene.misses(|path| fs::write(path, "").expect("written"));
}

#[test]
fn an_editor_that_takes_a_second_is_not_told_of() {
    let scene = Scene::with_file();
    fs::write(&scene.path, "").expect("written");
    std::thread::sleep(Duration::from_secs(1));
    scene.sees_text("a = 2\n");
    fs::remove_file(&scene.path).expect("removed");
    std::thread::sleep(Duration::from_secs(1));
    fs::write(&scene.path, "a = 2\n").expect("written");
    scene.sees_nothing();
}

#[test]
fn a_directory_in_the_place_of_the_file_is_told_of_once_and_the_file_when_it_is_back() {
    let scene = Scene::with_file();
    let error = scene.sees(|_| {
        fs::remove_file(&scene.path).expect("removed");
        fs::create_dir(&scene.path).expect("made");
    });
    assert_eq!(error.expect_err("a directory").kind(), io::ErrorKind::IsADirectory);
    fs::write(scene.path.join("within.toml"), "a = 2\n").expect("written");
    scene.sees_nothing();
    fs::remove_dir_all(&scene.path).expect("removed");
    scene.sees_text("a = 1\n");
}
