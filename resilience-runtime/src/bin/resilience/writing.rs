//! Writes the files that commands are asked for. A path goes in before the work whose result it takes, and what is wrong with it
//! comes out while nothing is lost yet; then the content goes in, and the file comes out.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A file that could be written when the command began.
///
/// There is no other way to write a result into a file. What takes a `Target` cannot find out after minutes that the folder is
/// missing. That it can still fail, as when the disk is full, is why a command says its result before it gives up.
#[derive(Debug)]
pub(crate) struct Target(PathBuf);

impl Target {
    /// Tries to write the file in a format, which its name must not deny, and leaves it as it was: a command that is interrupted
    /// leaves neither half a file nor none.
    pub(crate) fn new(path: &Path, format: &str) -> Result<Self, Failure> {
        if path.as_os_str() == "-" {
            let failure = Failure::unusable("`-` is no file to write, as the standard output has the report");
            return Err(failure.with_help("name a file, or `./-`"));
        }
        if let Some(other) =
            path.extension().and_then(OsStr::to_str).filter(|ending| is_other(ending, format))
        {
            let (path, upper) = (path.display(), format.to_ascii_uppercase());
            let failure =
                Failure::unusable(format!("`{path}` would hold {upper}, and `.{other}` says otherwise"));
            return Err(failure.with_help(format!("end it in `.{format}`")));
        }
        try_out(path).map_err(|error| unwritable(path, &error))?;
        Ok(Self(path.to_owned()))
    }

    /// The same of a path that may not be wanted.
    pub(crate) fn wanted(path: Option<&Path>, format: &str) -> Result<Option<Self>, Failure> {
        path.map(|path| Self::new(path, format)).transpose()
    }

    /// Writes the file, over what was there.
    pub(crate) fn write(&self, content: &str) -> Result<(), Failure> {
        fs::write(&self.0, content).map_err(|error| unwritable(&self.0, &error))
    }
}

/// Endings of other formats, by which programs go: a picture under another's name is shown by none of them, and settings are not
/// what anybody wants overwritten by a picture.
const FORMATS: &[&str] =
    &["csv", "gif", "hgrm", "html", "jpeg", "jpg", "json", "pdf", "png", "svg", "toml", "webp", "xlsx"];

fn is_other(ending: &str, format: &str) -> bool {
    let is = |known: &str| ending.eq_ignore_ascii_case(known);
    !is(format) && FORMATS.iter().any(|known| is(known))
}

fn try_out(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(known) if known.is_file() => File::options().append(true).open(path).map(drop),
        Ok(known) if known.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        // Whoever reads a pipe would see its end when it is closed again.
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match OpenOptions::new().write(true).create_new(true).open(path) {
                Ok(_) => fs::remove_file(path),
                // A link that leads nowhere yet.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::unusable(format!("cannot write `{}`: {error}", path.display()));
    match error.kind() {
        io::ErrorKind::NotFound => failure.with_help("create its folder first"),
        _ => failure,
    }
}
