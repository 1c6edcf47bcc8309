//! Why a configuration was refused: the file could not be read, or its text has faults. Renders the first faults over
//! the source text, and counts the rest.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

#[cfg(feature = "config")]
use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str,
};

#[cfg(feature = "config")]
use super::excerpt::Excerpt;
use super::fault::Fault;
use super::limits::MAX_SIZE;
use resilience_settings::printable::{Printable, printable};

/// A configuration that was refused; nothing of it was applied.
///
/// `Display` shows the faults over the text they stand in: the first [`MAX_FAULTS`](super::limits::MAX_FAULTS), and how
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
    pub(crate) fn unreadable(path: &Path, cause: io::Error) -> Self {
        let path = printable(path.display().to_string());
        Self(Box::new(Form::Unreadable { path, cause }))
    }

    pub(super) fn too_long(origin: &str, size: usize) -> Self {
        let message = format!("{origin} has {size} bytes, and at most {MAX_SIZE} (16 MiB) are read");
        Self::in_text(origin.into(), vec![Fault::without_text("", message)], 1, true)
    }

    pub(super) fn of_other_notation(origin: &str, notation: &str) -> Self {
        let message = format!(
            "{origin}: this looks like {notation}, and settings are TOML: a line `[services.NAME]`, then lines `key = value`"
        );
        Self::in_text(origin.into(), vec![Fault::without_text("", message)], 1, false)
    }

    pub(super) fn in_text(origin: Arc<str>, faults: Vec<Fault>, count: usize, is_toml: bool) -> Self {
        let shown = Printable(&origin).to_string();
        let origin = if *shown == *origin { origin } else { shown.into() };
        Self(Box::new(Form::Faulty { origin, faults, count, is_toml }))
    }

    /// The first [`MAX_FAULTS`](super::limits::MAX_FAULTS) faults of the text, in its order; empty when the file could
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
                    writeln!(f, "{}\n", render(fault, origin))?;
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

/// One fault over its text, without colour: errors end in logs more often than in terminals.
#[cfg(feature = "config")]
fn render(fault: &Fault, origin: &str) -> String {
    // The renderer lays text out by columns; control characters in a title would break its lines.
    let title = Level::ERROR.primary_title(normalize_untrusted_str(&fault.message));
    let mut group = Group::with_title(title);
    let (excerpt, far) = fault.excerpts.as_ref().map_or((None, None), |(one, far)| (Some(one), far.as_ref()));
    if let Some(excerpt) = excerpt {
        let primary = labelled(AnnotationKind::Primary.span(excerpt.span.clone()), &fault.label);
        group = group.element(snippet(excerpt, origin, primary, fault));
    }
    if let (Some(excerpt), Some((_, label))) = (far, &fault.also) {
        let beside = labelled(AnnotationKind::Context.span(excerpt.span.clone()), label);
        group = group.element(snippet(excerpt, origin, beside, fault));
    }
    if let Some(help) = &fault.help {
        group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
    }
    let rendered = Renderer::plain().render(&[group]);
    excerpt.into_iter().chain(far).fold(rendered, |rendered, excerpt| with_column(rendered, excerpt, origin))
}

/// The same where there is no text: without files, faults are those of updates.
#[cfg(not(feature = "config"))]
fn render(fault: &Fault, _origin: &str) -> String {
    let help = fault.help.iter().map(|help| format!("\n  = help: {help}"));
    format!("error: {}{}", fault.message, help.collect::<String>())
}

#[cfg(feature = "config")]
fn snippet<'s>(
    excerpt: &'s Excerpt,
    origin: &'s str,
    annotation: Annotation<'s>,
    fault: &'s Fault,
) -> Snippet<'s, Annotation<'s>> {
    let snippet = Snippet::source(excerpt.source.as_str()).line_start(excerpt.first_line as usize);
    let mut snippet = snippet.path(origin).annotation(annotation);
    if let (Some(span), Some((_, label))) = (&excerpt.also, &fault.also) {
        snippet = snippet.annotation(labelled(AnnotationKind::Context.span(span.clone()), label));
    }
    snippet
}

#[cfg(feature = "config")]
fn labelled<'s>(annotation: Annotation<'s>, label: &str) -> Annotation<'s> {
    if label.is_empty() { annotation } else { annotation.label(normalize_untrusted_str(label)) }
}

/// The renderer knows columns of the excerpt; of a line that is cut the text has others.
#[cfg(feature = "config")]
fn with_column(rendered: String, excerpt: &Excerpt, origin: &str) -> String {
    let before = excerpt.source.get(..excerpt.span.start).unwrap_or_default();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let (line, right) = (excerpt.spot.line, excerpt.spot.column);
    if right as usize == column {
        return rendered;
    }
    let place = |column: &dyn fmt::Display| format!(" {origin}:{line}:{column}\n");
    rendered.replacen(&place(&column), &place(&right), 1)
}

#[cfg(all(test, feature = "config"))]
mod tests;
