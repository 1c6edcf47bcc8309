//! Draws the faults of a file over its text, with excerpts, as people read them. In: a fault. Out: the text.

use std::fmt;

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str,
};

use crate::config::excerpt::Excerpt;
use crate::config::fault::Fault;

/// One fault over its text, by the renderer for where it is read.
pub(crate) fn render(fault: &Fault, origin: &str, renderer: &Renderer) -> String {
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
    let shown = renderer.render(&[group]);
    excerpt.into_iter().chain(far).fold(shown, |shown, excerpt| with_column(shown, excerpt, origin))
}

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

fn labelled<'s>(annotation: Annotation<'s>, label: &str) -> Annotation<'s> {
    if label.is_empty() { annotation } else { annotation.label(normalize_untrusted_str(label)) }
}

/// The renderer knows columns of the excerpt; of a line that is cut the text has others.
fn with_column(rendered: String, excerpt: &Excerpt, origin: &str) -> String {
    let before = excerpt.source.get(..excerpt.span.start).unwrap_or_default();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let (line, right) = (excerpt.spot.line, excerpt.spot.column);
    if right as usize == column {
        return rendered;
    }
    let place = |column: &dyn fmt::Display| format!("{origin}:{line}:{column}\n");
    rendered.replacen(&place(&column), &place(&right), 1)
}
