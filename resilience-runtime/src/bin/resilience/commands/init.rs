//! `resilience init`: a path goes in, a file of settings that explains every key, and its schema beside it, come out.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use resilience_runtime::config::{default_config, json_schema};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, Tone};

/// Write a file of settings that explains every key, and its schema beside it.
///
/// The file changes nothing until a line of it is changed. Its first line names the schema, by which editors complete and check
/// it.
#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// The file.
    #[arg(value_name = "FILE", default_value = "resilience.toml")]
    file: PathBuf,

    /// Overwrite files that are there.
    #[arg(long)]
    force: bool,
}

/// The files that were written.
#[derive(Serialize)]
struct Written {
    file: String,
    schema: String,
}

impl Init {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let Some(stem) = self.file.file_stem().filter(|_| self.file.extension() == Some(OsStr::new("toml")))
        else {
            let failure = Failure::unusable(format!("`{}` is no name of a TOML file", self.file.display()));
            return Err(failure.with_help("end it in `.toml`, as editors go by that"));
        };
        let name = format!("{}.schema.json", stem.to_string_lossy());
        let schema = self.file.with_file_name(&name);
        // Either both or none: half of it would be in the way of the next try.
        if let Some(there) =
            [&self.file, &schema].into_iter().find(|path| !self.force && path.symlink_metadata().is_ok())
        {
            let failure =
                Failure::unusable(format!("`{}` exists already, and is kept as it is", there.display()));
            return Err(failure.with_help("choose another name, or overwrite both with `--force`"));
        }
        self.write(&schema, &json_schema())?;
        self.write(&self.file, &format!("#:schema ./{name}\n{}", default_config()))?;
        let written = Written { file: self.file.display().to_string(), schema: schema.display().to_string() };
        if output.is_json() {
            output.json(&written)?;
        } else {
            let Written { file, schema } = written;
            let done = output.tint(Tone::Good, "wrote");
            output.line(format_args!("{done} {file} and {schema}"))?;
        }
        Ok(Exit::Fine)
    }

    fn write(&self, path: &Path, text: &str) -> Result<(), Failure> {
        let written = if self.force { replace(path, text) } else { create(path, text) };
        written.map_err(|error| {
            let failure = Failure::unusable(format!("cannot write `{}`: {error}", path.display()));
            match error.kind() {
                io::ErrorKind::NotFound => failure.with_help("create its folder first"),
                _ => failure,
            }
        })
    }
}

/// Nobody else's file is overwritten, even one that has only just come.
fn create(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

/// At once: a program that follows the file never reads half of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    // Where it is a link, what it leads to is replaced, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let beside = path.with_extension("new");
    create(&beside, text)?;
    fs::rename(&beside, &path).inspect_err(|_| drop(fs::remove_file(&beside)))
}
