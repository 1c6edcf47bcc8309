//! Looks once at a followed path, for the [watching](super::watch), which decides: this neither waits nor tells anybody. In: a
//! path. Out: what is to be seen there when that may have changed: the file was written or renamed over, a link or a folder above
//! it leads elsewhere, or it has gone.

use std::fs::{File, Metadata};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use resilience_settings::reader::open::{open, read};

use super::stamp::Stamp;

/// For so long after a change the content is looked at, whatever the stamp says: a second change within the resolution of
/// the file system's clock, which is 2 s on FAT, leaves no other trace.
const UNCERTAIN: Duration = Duration::from_secs(3);

/// What there is to be seen, as far as it has to be remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// Nothing that can be read, for the moment: editors and mounts take files away when they replace them.
    Nothing,
    /// A file without any text where there was one before: editors and mounts empty files when they write them anew.
    Empty,
    /// Something that is no file to read. Not with all that is said of it: a file that is too long may grow on.
    Wrong(io::ErrorKind),
    /// A content of that length, and what it hashes to.
    Content(usize, u64),
}

/// What was seen, with all of it.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) sight: Sight,
    pub(super) content: io::Result<Vec<u8>>,
}

impl Look {
    /// A file without any text, told as what is wrong with it.
    pub(super) fn emptied(self) -> Self {
        if !self.is_blank() {
            return self;
        }
        let cause = io::Error::new(
            io::ErrorKind::InvalidData,
            "it has become empty; if no settings are meant, write a comment into it",
        );
        Self { sight: Sight::Empty, content: Err(cause) }
    }

    /// Whether there is a file, and no text in it.
    pub(super) fn is_blank(&self) -> bool {
        self.content.as_ref().is_ok_and(|content| content.iter().all(u8::is_ascii_whitespace))
    }
}

/// Looks at one path.
#[derive(Debug)]
pub(super) struct Eye {
    path: PathBuf,
    stamp: Option<Stamp>,
    uncertain_until: Instant,
    // Its own keys: nobody can make a content that passes for another.
    hasher: RandomState,
}

impl Eye {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, stamp: None, uncertain_until: Instant::now(), hasher: RandomState::new() }
    }

    /// Looks, unless nothing can have changed since the last time.
    pub(super) fn look_again(&mut self, now: Instant) -> Option<Look> {
        let (is_certain, opened) = self.open(now);
        (!is_certain).then(|| self.read(opened))
    }

    /// Looks, whatever the last look has shown.
    pub(super) fn look(&mut self, now: Instant) -> Look {
        let (_, opened) = self.open(now);
        self.read(opened)
    }

    /// Opens what there is, and says whether it is certainly what it was.
    fn open(&mut self, now: Instant) -> (bool, io::Result<(File, Metadata)>) {
        // Opened, not only asked for: on network volumes that is what makes the answer a fresh one.
        let opened = open(&self.path);
        let stamp = opened.as_ref().ok().map(|(_, metadata)| Stamp::of(metadata));
        let is_same = stamp.is_some() && stamp == self.stamp;
        if !is_same {
            self.uncertain_until = now + UNCERTAIN;
        }
        self.stamp = stamp;
        (is_same && now >= self.uncertain_until, opened)
    }

    fn read(&self, opened: io::Result<(File, Metadata)>) -> Look {
        let content = opened.and_then(|(file, metadata)| read(file, &metadata));
        let sight = match &content {
            Ok(bytes) => Sight::Content(bytes.len(), self.hasher.hash_one(bytes)),
            Err(error) if is_lasting(error) => Sight::Wrong(error.kind()),
            Err(_) => Sight::Nothing,
        };
        Look { sight, content }
    }
}

/// Whether it will not pass by itself.
fn is_lasting(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidInput | io::ErrorKind::IsADirectory | io::ErrorKind::FileTooLarge
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn scene() -> (tempfile::TempDir, Eye, Instant) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("r.toml");
        fs::write(&path, "a = 1\n").expect("written");
        (folder, Eye::new(path), Instant::now())
    }

    #[test]
    fn a_file_that_rests_is_not_read() {
        let (_folder, mut eye, start) = scene();
        let first = eye.look(start);
        assert!(matches!(first.sight, Sight::Content(6, _)));
        let soon = eye.look_again(start + UNCERTAIN / 2).expect("a change without a trace is possible");
        assert_eq!(soon.sight, first.sight);
        for seconds in 3..9 {
            assert!(eye.look_again(start + Duration::from_secs(seconds)).is_none());
        }
    }

    #[test]
    fn whatever_leaves_a_trace_is_looked_at() {
        let (folder, mut eye, start) = scene();
        let later = start + Duration::from_mins(1);
        let path = eye.path.clone();
        let changes: [&dyn Fn(); 4] = [
            &|| fs::write(&path, "a = 2\n").expect("written"),
            &|| {
                let old = fs::metadata(&path).and_then(|metadata| metadata.modified()).expect("a time");
                fs::write(&path, "a = 3\n").expect("written");
                // As a copy that keeps times does.
                let file = File::options().write(true).open(&path).expect("opened");
                file.set_modified(old).expect("set");
            },
            &|| {
                fs::write(folder.path().join("new"), "a = 4\n").expect("written");
                fs::rename(folder.path().join("new"), &path).expect("renamed");
            },
            &|| fs::remove_file(&path).expect("removed"),
        ];
        eye.look(start);
        let mut seen = Vec::new();
        for (change, number) in changes.iter().zip(0_u32..) {
            let at = later + UNCERTAIN * 2 * number;
            assert!(eye.look_again(at).is_none());
            // The clock of the file system.
            std::thread::sleep(Duration::from_millis(20));
            change();
            let look = eye.look_again(at + UNCERTAIN).expect("a trace");
            assert!(!seen.contains(&look.sight), "{look:?}");
            seen.push(look.sight);
        }
        assert_eq!(seen.last(), Some(&Sight::Nothing));
    }

    #[test]
    fn what_is_no_file_to_read_is_told_from_nothing() {
        let (folder, mut eye, start) = scene();
        let path = eye.path.clone();
        fs::remove_file(&path).expect("removed");
        fs::create_dir(&path).expect("made");
        let wrong = eye.look(start).sight;
        assert_eq!(wrong, Sight::Wrong(io::ErrorKind::IsADirectory));
        assert_eq!(eye.look_again(start).expect("no stamp").sight, wrong);
        drop(folder);
        assert_eq!(eye.look_again(start).expect("no stamp").sight, Sight::Nothing);
    }

    #[test]
    fn what_may_not_be_read_for_the_moment_is_like_what_is_away_and_keeps_its_reason() {
        let (_folder, eye, _) = scene();
        for kind in [io::ErrorKind::PermissionDenied, io::ErrorKind::NotFound, io::ErrorKind::TimedOut] {
            let look = eye.read(Err(kind.into()));
            assert_eq!(look.sight, Sight::Nothing, "{kind:?}");
            assert_eq!(look.content.expect_err("nothing to read").kind(), kind);
        }
    }
}
