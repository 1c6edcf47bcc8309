//! Reads the files that commands are given. In: a path that somebody typed. Out: the file behind it, or what is wrong with it.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use resilience_runtime::ConfigError;
use resilience_runtime::config::ConfigFile;

use crate::failure::Failure;
use crate::shown::printable;

/// How messages call the standard input.
const STANDARD_INPUT: &str = "standard input";

/// Whether the path is the standard input. No command opens a path by itself: in each of them `-` means this.
fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What a command reads in all, before it reads any of it: the standard input has its content once.
pub(crate) fn each_once<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Result<(), Failure> {
    if paths.into_iter().filter(|path| is_standard_input(path)).count() > 1 {
        let failure = Failure::unusable("the standard input is named twice, and can be read once");
        return Err(failure.with_help("write `-` once"));
    }
    Ok(())
}

/// Reads a file; `-` is the standard input.
pub(crate) fn read(path: &Path) -> Result<ConfigFile, ConfigError> {
    if is_standard_input(path) {
        ConfigFile::read(io::stdin().lock(), STANDARD_INPUT)
    } else {
        ConfigFile::load(path)
    }
}

/// Reads a file for a command that needs a good one.
pub(crate) fn load(path: &Path) -> Result<ConfigFile, Failure> {
    read(path).map_err(|error| unusable(path, &error))
}

/// The same with its text, for a command that passes the text on: a stream cannot be read again.
pub(crate) fn load_text(path: &Path) -> Result<(ConfigFile, String), Failure> {
    if !is_standard_input(path) {
        // Says better than a text could what is wrong with a file.
        return Ok((load(path)?, text(path)?));
    }
    let text = text(path)?;
    let file = ConfigFile::parse(&text, STANDARD_INPUT).map_err(|error| unusable(path, &error))?;
    Ok((file, text))
}

/// Reads a file that holds no settings; `-` is the standard input.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    let read =
        if is_standard_input(path) { io::read_to_string(io::stdin()) } else { fs::read_to_string(path) };
    read.map_err(|error| Failure::unusable(format!("cannot read `{}`: {error}", path.display())))
}

/// Reads a file of any sort; `-` is the standard input.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if is_standard_input(path) {
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    read.map_err(|error| Failure::unusable(format!("cannot read `{}`: {error}", path.display())))
}

fn unusable(path: &Path, error: &ConfigError) -> Failure {
    if error.is_io() {
        return unreadable(path, error);
    }
    let file = path.display();
    let place = error.faults().first().map(|fault| format!(", the first in line {}", fault.line()));
    let count = counted(error.fault_count(), "fault");
    let message = format!("`{file}` has {count}{}", place.unwrap_or_default());
    Failure::unusable(message).with_help(format!("`resilience check {file}` shows them with their remedies"))
}

/// Says why a file could not be read, and what to do.
pub(crate) fn unreadable(path: &Path, error: &ConfigError) -> Failure {
    let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    let failure = Failure::unusable(format!("cannot read `{}`: {cause}", path.display()));
    let is_missing = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    match is_missing.filter(|cause| cause.kind() == io::ErrorKind::NotFound) {
        Some(_) => {
            failure.with_help(format!("`resilience init {}` writes one to start from", path.display()))
        }
        None => failure,
    }
}

/// The service of this name, if the file says anything about it.
pub(crate) fn known_service(file: &ConfigFile, service: &str) -> Result<(), Failure> {
    let named = file.named();
    if named.contains(service) {
        return Ok(());
    }
    let failure =
        Failure::unusable(format!("{} says nothing about a service `{}`", file.origin(), printable(service)));
    let help = match file.nearest(service) {
        Some(near) => format!("did you mean `{}`?", printable(&near)),
        None if named.is_empty() => "it names no service, so each has what is built in".to_owned(),
        None => {
            let first: Vec<String> =
                named.iter().take(10).map(|name| format!("`{}`", printable(name))).collect();
            let more = named.len().saturating_sub(10);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("it names {}{more}", first.join(", "))
        }
    };
    Err(failure.with_help(help))
}

/// So many of them, in words.
pub(crate) fn counted<N: Copy + fmt::Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    let ending = if count == N::from(1) { "" } else { "s" };
    format!("{count} {noun}{ending}")
}
