//! Opens the path of a file and reads its text, within bounds. A path is input from outside: it may lead to a pipe that nobody
//! writes to, to a device that never ends, or to a file that grows while it is read. None of them may hold up the caller or fill
//! the memory.

use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use crate::config::limits::MAX_SIZE;
use crate::config::lines::breaks;
use crate::reader::notation::is_utf16;

/// Opens a regular file, with what the system says of the very file that is open.
pub fn open(path: &Path) -> io::Result<(File, Metadata)> {
    // To open some devices is to do something, such as to rewind a tape.
    require_regular(std::fs::metadata(path)?.file_type())?;
    let file = without_waiting(OpenOptions::new().read(true)).open(path)?;
    // It may be another one by now.
    let metadata = file.metadata()?;
    require_regular(metadata.file_type())?;
    Ok((file, metadata))
}

/// Reads the bytes of a regular file of at most [`MAX_SIZE`].
pub fn read(file: File, metadata: &Metadata) -> io::Result<Vec<u8>> {
    let size = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    if size > MAX_SIZE {
        return Err(too_long(size, "bytes"));
    }
    // The file may be longer by now, and some have no length at all.
    let mut bytes = Vec::with_capacity(size + 1);
    file.take(MAX_SIZE as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MAX_SIZE {
        return Err(too_long(bytes.len(), "bytes or more"));
    }
    Ok(bytes)
}

/// The bytes as text.
pub fn text(bytes: Vec<u8>) -> io::Result<String> {
    if is_utf16(&bytes) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is UTF-16: save it as UTF-8"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let sound = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..sound).and_then(|before| str::from_utf8(before).ok());
        let line = before.map_or(0, breaks) + 1;
        io::Error::new(io::ErrorKind::InvalidData, format!("line {line} is not UTF-8"))
    })
}

fn require_regular(kind: FileType) -> io::Result<()> {
    if kind.is_file() {
        return Ok(());
    }
    let (error, what) = if kind.is_dir() {
        (io::ErrorKind::IsADirectory, "a folder")
    } else {
        (io::ErrorKind::InvalidInput, special(kind))
    };
    Err(io::Error::new(error, format!("it is {what}, and only regular files are read")))
}

#[cfg(unix)]
fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_char_device() || kind.is_block_device() {
        "a device"
    } else {
        "something else"
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> &'static str {
    "something else"
}

/// A pipe without a writer is open at once then, and refused; else the caller would wait for somebody to write.
#[cfg(unix)]
fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
}

#[cfg(not(unix))]
fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

fn too_long(size: usize, unit: &str) -> io::Error {
    let message = format!("it has {size} {unit}, and at most {MAX_SIZE} (16 MiB) are read");
    io::Error::new(io::ErrorKind::FileTooLarge, message)
}
