//! The error of a configuration that was refused ([`ConfigError`]), with its faults over the text. In: faults of a file, or why it
//! could not be read. Out: the error that says so, with excerpts of the text. Renders the first faults over the source text, and
//! counts the rest.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::config::fault::Fault;
use crate::config::limits::MAX_SIZE;
use crate::printable::{Printable, printable};

/// A configuration that was refused; nothing of it was applied.
///
/// `Display` shows the faults over the text they stand in: the first [`MAX_FAULTS`](crate::config::limits::MAX_FAULTS), and how
/// many more there are.
///
/// ```
/// let error = resilience_runtime::config::validate_config("[services.search]\nmax_attempts = 0\n").unwrap_err();
/// assert_eq!(error.faults()[0].line(), 2);
/// assert_eq!(error.faults()[0].path(), "services.search.max_attempts");
/// ```
pub struct ConfigError(Box<Form>);

#[derive(Debug)]
enum Form {
    Unreadable { path: String, cause: io::Error },
    Faulty { origin: Arc<str>, faults: Vec<Fault>, count: usize, is_toml: bool },
}

impl fmt::Debug for ConfigError {
    /// As `Display`: `main` prints the `Debug` of the error that it returns, and that is where most people meet it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl ConfigError {
    #[doc(hidden)]
    pub fn unreadable(path: &Path, cause: io::Error) -> Self {
        let path = printable(path.display().to_string());
        Self(Box::new(Form::Unreadable { path, cause }))
    }

    pub(crate) fn too_long(origin: &str, size: usize) -> Self {
        let message = format!("{origin} has {size} bytes, and at most {MAX_SIZE} (16 MiB) are read");
        Self::in_text(origin.into(), vec![Fault::without_text("", message)], 1, true)
    }

    pub(crate) fn of_other_notation(origin: &str, notation: &str) -> Self {
        let message = format!(
            "{origin}: this looks like {notation}, and settings are TOML: a line `[services.NAME]`, then lines `key = value`"
        );
        Self::in_text(origin.into(), vec![Fault::without_text("", message)], 1, false)
    }

    pub(crate) fn in_text(origin: Arc<str>, faults: Vec<Fault>, count: usize, is_toml: bool) -> Self {
        let shown = Printable(&origin).to_string();
        let origin = if *shown == *origin { origin } else { shown.into() };
        Self(Box::new(Form::Faulty { origin, faults, count, is_toml }))
    }

    /// The first [`MAX_FAULTS`](crate::config::limits::MAX_FAULTS) faults of the text, in its order; empty when the file could
    /// not be read.
    pub fn faults(&self) -> &[Fault] {
        match &*self.0 {
            Form::Unreadable { .. } => &[],
            Form::Faulty { faults, .. } => faults,
        }
    }

    /// How many faults the text has, those included that [`faults`](Self::faults) leaves out.
    pub fn fault_count(&self) -> usize {
        match &*self.0 {
            Form::Unreadable { .. } => 0,
            Form::Faulty { count, .. } => *count,
        }
    }

    /// The faults of [`faults`](Self::faults), each over the text that it stands in, for a terminal with so many columns.
    #[cfg(feature = "file")]
    pub fn excerpts(&self, columns: usize, coloured: bool) -> impl Iterator<Item = String> {
        let renderer = if coloured {
            annotate_snippets::Renderer::styled()
        } else {
            annotate_snippets::Renderer::plain()
        };
        let renderer = renderer.term_width(columns);
        let origin = match &*self.0 {
            Form::Unreadable { path, .. } => path.as_str(),
            Form::Faulty { origin, .. } => origin,
        };
        self.faults().iter().map(move |fault| render::render(fault, origin, &renderer))
    }

    /// Whether the file could not be read at all.
    pub fn is_io(&self) -> bool {
        matches!(&*self.0, Form::Unreadable { .. })
    }

    /// Whether the text is not TOML.
    pub fn is_syntax(&self) -> bool {
        matches!(&*self.0, Form::Faulty { is_toml: false, .. })
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Form::Unreadable { cause, .. } => Some(cause),
            Form::Faulty { .. } => None,
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Form::Unreadable { path, cause } => {
                write!(f, "cannot read the configuration file `{path}`: {cause}")?;
                if cause.kind() == io::ErrorKind::NotFound {
                    f.write_str("; `create_default_config_file` writes one to start from")?;
                }
                Ok(())
            }
            Form::Faulty { origin, faults, count, .. } => {
                for fault in faults {
                    writeln!(f, "{}\n", plain(fault, origin))?;
                }
                let more = count.saturating_sub(faults.len());
                if more > 0 {
                    writeln!(f, "and {more} more {}\n", noun(more))?;
                }
                write!(f, "{count} {} in {origin}; nothing of it was applied", noun(*count))
            }
        }
    }
}

fn noun(count: usize) -> &'static str {
    if count == 1 { "fault" } else { "faults" }
}

#[cfg(feature = "file")]
mod render;

/// Without colour: errors end in logs more often than in terminals.
#[cfg(feature = "file")]
fn plain(fault: &Fault, origin: &str) -> String {
    render::render(fault, origin, &annotate_snippets::Renderer::plain())
}

/// The same where there is no text: without files, faults are those of updates.
#[cfg(not(feature = "file"))]
fn plain(fault: &Fault, _origin: &str) -> String {
    let help = fault.help.iter().map(|help| format!("\n  = help: {help}"));
    format!("error: {}{}", fault.message, help.collect::<String>())
}

#[cfg(all(test, feature = "file"))]
mod tests;
