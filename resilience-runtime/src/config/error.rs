//! Why a configuration was refused: the file could not be read, or its text has faults. Renders every
//! fault over the source text.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

use super::fault::Fault;

/// A configuration that was refused; nothing of it was applied.
///
/// `Display` shows every fault over the text it stands in.
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
    Faulty { origin: Arc<str>, text: String, faults: Vec<Fault> },
}

impl fmt::Debug for ConfigError {
    /// As `Display`: `main` prints the `Debug` of the error that it returns, and that is where most people meet it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl ConfigError {
    pub(crate) fn unreadable(path: &Path, cause: io::Error) -> Self {
        let path = path.display().to_string();
        Self(Box::new(Form::Unreadable { path, cause }))
    }

    pub(super) fn in_text(origin: Arc<str>, text: &str, faults: Vec<Fault>) -> Self {
        let text = text.to_owned();
        Self(Box::new(Form::Faulty { origin, text, faults }))
    }

    /// Every fault of the text, in its order; empty when the file could not be read.
    pub fn faults(&self) -> &[Fault] {
        match &*self.0 {
            Form::Unreadable { .. } => &[],
            Form::Faulty { faults, .. } => faults,
        }
    }

    /// Whether the file could not be read at all.
    pub fn is_io(&self) -> bool {
        matches!(&*self.0, Form::Unreadable { .. })
    }

    /// Whether the text is not TOML.
    pub fn is_syntax(&self) -> bool {
        self.faults().iter().any(|fault| fault.syntax)
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
            Form::Faulty { origin, text, faults } => {
                for fault in faults {
                    writeln!(f, "{}\n", render(fault, origin, text))?;
                }
                let count = faults.len();
                let noun = if count == 1 { "fault" } else { "faults" };
                write!(f, "{count} {noun} in {origin}; nothing of it was applied")
            }
        }
    }
}

/// One fault over its text, without colour: errors end in logs more often than in terminals.
fn render(fault: &Fault, origin: &str, text: &str) -> String {
    // The renderer lays text out by columns; control characters in a title would break its lines.
    let title = Level::ERROR.primary_title(normalize_untrusted_str(&fault.message));
    let mut group = Group::with_title(title);
    if let Some(span) = fault.span.clone() {
        let mut primary = AnnotationKind::Primary.span(span);
        if !fault.label.is_empty() {
            primary = primary.label(normalize_untrusted_str(&fault.label));
        }
        let mut snippet = Snippet::source(text).path(origin).annotation(primary);
        if let Some((span, label)) = &fault.also {
            let label = normalize_untrusted_str(label);
            snippet = snippet.annotation(AnnotationKind::Context.span(span.clone()).label(label));
        }
        group = group.element(snippet);
    }
    if let Some(help) = &fault.help {
        group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
    }
    Renderer::plain().render(&[group])
}

#[cfg(test)]
mod tests;
