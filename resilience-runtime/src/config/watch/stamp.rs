//! Spares `sight` the reading of a file to which nothing has happened. In: what the system says of a file. Out: what tells it
//! from the file of a moment ago.

use std::fs::Metadata;

/// Two equal stamps are of one file that nobody has written to in between, if a while lies between them: the clock of a
/// file system stands still for milliseconds, on some for two seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    size: u64,
    times: Times,
}

#[cfg(unix)]
type Times = [(i64, i64); 3];

#[cfg(not(unix))]
type Times = [Option<std::time::SystemTime>; 2];

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self { size: metadata.len(), times: times(metadata) }
    }
}

/// Which file it is, when its content changed, and when anything of it did: a copy may bring an old time of its content
/// along, but that is a change as well.
#[cfg(unix)]
fn times(metadata: &Metadata) -> Times {
    use std::os::unix::fs::MetadataExt;
    [
        (metadata.dev().cast_signed(), metadata.ino().cast_signed()),
        (metadata.mtime(), metadata.mtime_nsec()),
        (metadata.ctime(), metadata.ctime_nsec()),
    ]
}

#[cfg(not(unix))]
fn times(metadata: &Metadata) -> Times {
    [metadata.modified().ok(), metadata.created().ok()]
}
