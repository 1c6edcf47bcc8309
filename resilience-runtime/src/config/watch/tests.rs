//! Files on a real disk: every way in which people and machines replace a file is seen within a second.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use tempfile::TempDir;

use super::*;

mod missing;

struct Scene {
    folder: TempDir,
    path: PathBuf,
    changes: Receiver<(Instant, io::Result<Vec<u8>>)>,
    guard: Option<Watch>,
}

impl Scene {
    fn new(build: impl FnOnce(&Path) -> PathBuf) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = build(folder.path());
        let (sender, changes) = channel();
        let guard = watch(&path, move |content| {
            let _ = sender.send((Instant::now(), content));
        });
        Self { guard: Some(guard.expect("watched")), folder, path, changes }
    }

    fn with_file() -> Self {
        Self::new(write_first)
    }

    /// Makes a change and requires that it is seen once, within a second.
    fn sees(&self, change: impl FnOnce(&Path)) -> io::Result<Vec<u8>> {
        change(self.folder.path());
        let changed = Instant::now();
        // What the machine spends on others says nothing about us.
        let (mut looked, mut stalled) = (changed, Duration::ZERO);
        let (seen, content) = loop {
            let step = Duration::from_millis(5);
            match self.changes.recv_timeout(step) {
                Ok(seen) => break seen,
                Err(_) => assert!(changed.elapsed() < Duration::from_secs(5), "never seen"),
            }
            stalled = stalled.max(looked.elapsed().saturating_sub(step));
            looked = Instant::now();
        };
        let took = seen.saturating_duration_since(changed).saturating_sub(stalled);
        assert!(took < Duration::from_secs(1), "seen after {took:?}");
        self.sees_nothing();
        content
    }

    /// The same for a change of the text, which is told.
    fn sees_text(&self, text: &str) {
        let content = self.sees(|_| fs::write(&self.path, text).expect("written"));
        assert_eq!(content.expect("readable"), text.as_bytes());
    }

    fn sees_nothing(&self) {
        assert!(self.changes.recv_timeout(Duration::from_millis(700)).is_err(), "seen without a change");
    }
}

fn write_first(folder: &Path) -> PathBuf {
    let path = folder.join("resilience.toml");
    fs::write(&path, "a = 1\n").expect("written");
    path
}

#[test]
fn a_write_in_place_is_seen_once() {
    let scene = Scene::with_file();
    scene.sees_text("a = 2\n");
    scene.sees_text("a = 3\n");
}

#[test]
fn a_rename_over_the_file_is_seen_again_and_again() {
    let scene = Scene::with_file();
    for version in 2..5 {
        let content = scene.sees(|folder| {
            let fresh = folder.join("resilience.toml.tmp");
            fs::write(&fresh, format!("a = {version}\n")).expect("written");
            fs::rename(&fresh, &scene.path).expect("renamed");
        });
        assert_eq!(content.expect("readable"), format!("a = {version}\n").into_bytes());
    }
}

#[test]
fn a_file_that_is_deleted_and_made_again_is_seen() {
    let scene = Scene::with_file();
    fs::remove_file(&scene.path).expect("removed");
    scene.sees_nothing();
    scene.sees_text("a = 2\n");
}

#[test]
fn a_folder_that_is_deleted_and_made_again_is_seen() {
    let scene = Scene::new(|folder| {
        fs::create_dir(folder.join("etc")).expect("made");
        fs::write(folder.join("etc/resilience.toml"), "a = 1\n").expect("written");
        folder.join("etc/resilience.toml")
    });
    for version in 2..4 {
        let content = scene.sees(|folder| {
            fs::remove_dir_all(folder.join("etc")).expect("removed");
            fs::create_dir(folder.join("etc")).expect("made");
            fs::write(&scene.path, format!("a = {version}\n")).expect("written");
        });
        assert_eq!(content.expect("readable"), format!("a = {version}\n").into_bytes());
    }
}

#[cfg(unix)]
#[test]
fn a_swap_of_the_link_to_the_folder_is_seen_again_and_again() {
    use std::os::unix::fs::symlink;
    let mount = |folder: &Path, version: u32| {
        let data = format!("..2026_{version}");
        fs::create_dir(folder.join(&data)).expect("made");
        fs::write(folder.join(&data).join("resilience.toml"), format!("a = {version}\n")).expect("written");
        symlink(&data, folder.join("..data_tmp")).expect("linked");
        fs::rename(folder.join("..data_tmp"), folder.join("..data")).expect("renamed");
    };
    let scene = Scene::new(|folder| {
        mount(folder, 1);
        symlink("..data/resilience.toml", folder.join("resilience.toml")).expect("linked");
        folder.join("resilience.toml")
    });
    for version in 2..5 {
        let content = scene.sees(|folder| {
            mount(folder, version);
            fs::remove_dir_all(folder.join(format!("..2026_{}", version - 1))).expect("removed");
        });
        assert_eq!(content.expect("readable"), format!("a = {version}\n").into_bytes());
    }
}

#[test]
fn touching_and_rewriting_the_same_bytes_is_no_change() {
    let scene = Scene::with_file();
    fs::write(&scene.path, "a = 1\n").expect("written");
    fs::write(scene.folder.path().join("other.toml"), "b = 1\n").expect("written");
    scene.sees_nothing();
}

#[test]
fn a_file_written_in_steps_is_seen_once_it_is_whole() {
    let scene = Scene::with_file();
    let content = scene.sees(|_| {
        use std::io::Write;
        let mut file = fs::File::create(&scene.path).expect("opened");
        for step in 0..5 {
            writeln!(file, "step_{step} = 1").expect("written");
            file.flush().expect("flushed");
            std::thread::sleep(Duration::from_millis(2));
        }
    });
    assert!(content.is_ok_and(|content| content.ends_with(b"step_4 = 1\n")));
}

#[test]
fn contents_of_one_length_that_follow_at_once_are_told_apart() {
    let scene = Scene::with_file();
    for version in 0..200 {
        fs::write(&scene.path, format!("a = {}\n", version % 10)).expect("written");
    }
    // Nine, after all that was seen on the way.
    let mut last = None;
    while let Ok((_, content)) = scene.changes.recv_timeout(Duration::from_secs(1)) {
        last = content.ok();
    }
    assert_eq!(last.as_deref(), Some(b"a = 9\n".as_slice()));
}

#[cfg(unix)]
#[test]
fn what_comes_in_the_place_of_the_file_is_told_once_and_the_file_when_it_is_back() {
    let mut scene = Scene::with_file();
    let pipe = |folder: &Path| {
        let made = std::process::Command::new("mkfifo").arg(folder.join("pipe")).status();
        assert!(made.expect("a command").success());
        fs::rename(folder.join("pipe"), folder.join("resilience.toml")).expect("renamed");
    };
    let refused = scene.sees(pipe).expect_err("a pipe");
    assert_eq!(refused.to_string(), "it is a named pipe, and only regular files are read");
    let long = scene.sees(|folder| {
        let file = fs::File::create(folder.join("long")).expect("made");
        file.set_len(1 << 30).expect("set");
        fs::rename(folder.join("long"), &scene.path).expect("renamed");
    });
    assert_eq!(long.expect_err("too long").kind(), io::ErrorKind::FileTooLarge);
    // It grows, and that is nothing new.
    fs::File::options().write(true).open(&scene.path).and_then(|file| file.set_len(1 << 31)).expect("set");
    scene.sees_nothing();
    scene.sees_text("a = 1\n");
    fs::remove_file(&scene.path).expect("removed");
    pipe(scene.folder.path());
    drop(scene.guard.take());
}

#[test]
fn what_is_called_may_panic_and_is_called_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write_first(folder.path());
    let (sender, changes) = channel();
    let guard = watch(&path, move |content| {
        sender.send(content.expect("readable")).expect("listened to");
        panic!("what is called panics");
    });
    for version in 2..4 {
        let text = format!("a = {version}\n");
        fs::write(&path, &text).expect("written");
        let seen = changes.recv_timeout(Duration::from_secs(5)).expect("seen");
        assert_eq!(seen, text.as_bytes());
    }
    drop(guard);
    assert!(changes.recv_timeout(Duration::from_secs(1)).is_err(), "the thread has let go of its callback");
}

#[test]
fn dropping_the_guard_ends_the_thread() {
    let held = Arc::new(());
    let in_callback = Arc::clone(&held);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("resilience.toml");
    let guard = watch(&path, move |_| assert_eq!(*in_callback, ()));
    assert_eq!(Arc::strong_count(&held), 2);
    drop(guard.expect("watched"));
    assert_eq!(Arc::strong_count(&held), 1, "the thread has let go of its callback");
}

#[test]
fn a_dropped_guard_sees_no_more_changes() {
    let mut scene = Scene::with_file();
    drop(scene.guard.take());
    fs::write(&scene.path, "a = 2\n").expect("written");
    assert!(scene.changes.recv_timeout(Duration::from_secs(1)).is_err());
}

#[test]
fn a_guard_that_is_dropped_by_whom_the_callback_waits_for_lets_go() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write_first(folder.path());
    let gate = Arc::new(std::sync::Mutex::new(()));
    let (entered, entries) = channel();
    let in_callback = Arc::clone(&gate);
    let guard = watch(&path, move |_| {
        let _ = entered.send(());
        drop(in_callback.lock());
    });
    let held = gate.lock().expect("free");
    fs::write(&path, "a = 2\n").expect("written");
    entries.recv_timeout(Duration::from_secs(5)).expect("called");
    let start = Instant::now();
    drop(guard.expect("watched"));
    assert!(start.elapsed() < LONGEST_CALL * 3);
    drop(held);
    // The thread ends by itself, and lets go of what it held.
    while Arc::strong_count(&gate) > 1 {
        assert!(start.elapsed() < LONGEST_CALL * 10);
        std::thread::sleep(Duration::from_millis(5));
    }
}
