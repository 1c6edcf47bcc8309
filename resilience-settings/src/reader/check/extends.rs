//! Finds the faults of templates that tables name (`extends`): names that do not exist, circles, and chains that are too long. Each
//! template is looked at once, whatever stands on it.

use std::cell::LazyCell;

use crate::config::entry::Entry;
use crate::config::fault::Fault;
use crate::config::file::{FileConfig, canonical};
use crate::config::limits::MAX_TEMPLATES_IN_A_ROW;
use crate::config::section::Section;
use crate::names::Names;
use crate::policy::ServiceKind;
use crate::reader::document::Document;
use crate::shown::clipped;
use crate::suggest::some;

/// How many templates stand on one another from each template down.
#[derive(Debug)]
pub(crate) struct Chains {
    lengths: Vec<Length>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Length {
    Unknown,
    /// The walk that is under way came through here.
    Passed,
    /// Itself included.
    Of(usize),
    /// It is part of a circle, or leads to one.
    Endless,
}

impl Chains {
    /// Follows all templates down.
    pub(crate) fn check(file: &FileConfig, document: &mut Document<'_>) -> Self {
        let mut chains = Self { lengths: vec![Length::Unknown; file.templates.len()] };
        let mut way = Vec::new();
        for (start, _) in (0_u32..).zip(file.templates.iter()) {
            let mut at = Some(start);
            while let Some(template) = at.filter(|template| chains.length(*template) == Length::Unknown) {
                chains.set(template, Length::Passed);
                way.push(template);
                at = file.templates.at(template).and_then(|entry| base_of(file, entry));
            }
            let mut length = match at.map(|end| chains.length(end)) {
                None => Length::Of(0),
                Some(Length::Passed) => {
                    let circle = way.iter().skip_while(|template| Some(**template) != at);
                    report_circle(file, document, circle.copied().collect());
                    Length::Endless
                }
                Some(length) => length,
            };
            while let Some(template) = way.pop() {
                length = match length {
                    Length::Of(below) => Length::Of(below + 1),
                    length => length,
                };
                chains.set(template, length);
                if length == Length::Of(MAX_TEMPLATES_IN_A_ROW + 1) {
                    report_length(file, document, template);
                }
            }
        }
        chains
    }

    /// Whether nothing is wrong from the template down.
    pub(crate) fn is_sound(&self, template: u32) -> bool {
        matches!(self.length(template), Length::Of(length) if length <= MAX_TEMPLATES_IN_A_ROW)
    }

    fn length(&self, template: u32) -> Length {
        self.lengths.get(template as usize).copied().unwrap_or(Length::Endless)
    }

    fn set(&mut self, template: u32, length: Length) {
        if let Some(place) = self.lengths.get_mut(template as usize) {
            *place = length;
        }
    }
}

/// The template of the file that a table stands on.
pub(crate) fn base_of(file: &FileConfig, entry: &Entry) -> Option<u32> {
    let is_built_in = entry.section == Section::Template && ServiceKind::parse(entry.name()).is_some();
    // That stands on the built-in one, whatever it says.
    let base = entry.base.as_ref().filter(|_| !is_built_in)?;
    file.templates.find(canonical(&base.name))
}

/// Says it once, at the first of the names.
fn report_circle(file: &FileConfig, document: &mut Document<'_>, mut circle: Vec<u32>) {
    const SHOWN: usize = 10;
    let name = |template: &u32| file.templates.at(*template).map(Entry::name).unwrap_or_default();
    let first = (0..circle.len()).min_by_key(|place| circle.get(*place).map(name)).unwrap_or(0);
    circle.rotate_left(first);
    let Some(entry) = circle.first().and_then(|first| file.templates.at(*first)) else { return };
    let Some(base) = &entry.base else { return };
    document.report_at(base.span.start, |_| {
        let mut names: Vec<String> =
            circle.iter().take(SHOWN).map(|template| clipped(name(template))).collect();
        if circle.len() > SHOWN {
            names.push(format!("… ({} more)", circle.len() - SHOWN));
        }
        names.push(clipped(entry.name()));
        let path = format!("{}.extends", entry.path());
        let message = format!("`{path}` makes a circle: {}", names.join(" -> "));
        let fault = Fault::new(path, base.span.clone(), message).label("leads back here");
        fault.with_help("remove one `extends` of these templates")
    });
}

/// Says it where the chain becomes too long; what stands on that is no fault of its own.
fn report_length(file: &FileConfig, document: &mut Document<'_>, template: u32) {
    let Some(entry) = file.templates.at(template) else { return };
    let Some(base) = &entry.base else { return };
    document.report_at(base.span.start, |_| {
        let mut lowest = entry;
        while let Some(below) = base_of(file, lowest).and_then(|below| file.templates.at(below)) {
            lowest = below;
        }
        let path = format!("{}.extends", entry.path());
        let message = format!(
            "`{path}` makes a chain of {} templates, from `{}` down to `{}`; at most {MAX_TEMPLATES_IN_A_ROW} may \
             stand on one another",
            MAX_TEMPLATES_IN_A_ROW + 1,
            clipped(entry.name()),
            clipped(lowest.name())
        );
        let help = "let templates stand side by side, each with the keys in which it differs";
        Fault::new(path, base.span.clone(), message).label("one too many").with_help(help)
    });
}

/// Checks that the templates exist which tables name, behind `extends` or `template`.
pub(crate) fn check_bases(file: &FileConfig, document: &mut Document<'_>) {
    let built_in = || ServiceKind::ALL.iter().map(|kind| kind.name());
    let own = || file.templates.iter().map(Entry::name).filter(|name| ServiceKind::parse(name).is_none());
    let known = LazyCell::new(|| Names::new(&mut built_in().chain(own())));
    for entry in file.templates.iter().chain(file.services.iter()) {
        let (Some(base), Some(word)) = (&entry.base, entry.section.base_word()) else { continue };
        if entry.section == Section::Template && ServiceKind::parse(entry.name()).is_some() {
            document.report_at(base.span.start, |_| {
                let path = format!("{}.{word}", entry.path());
                let message = format!(
                    "`{path}` cannot be: the template `{}` already stands on the built-in one",
                    entry.name()
                );
                let help = "remove the line, or give the template a name of its own";
                Fault::new(path, base.span.clone(), message).label("not here").with_help(help)
            });
            continue;
        }
        let name = canonical(&base.name);
        if ServiceKind::parse(name).is_some() || file.templates.find(name).is_some() {
            continue;
        }
        document.report_at(base.span.start, |_| {
            let path = format!("{}.{word}", entry.path());
            let message = format!("`{path}` names the template `{}`, which does not exist", clipped(name));
            let help = known.nearest(name).map_or_else(
                || {
                    let count = built_in().count() + own().count();
                    format!("the templates are: {}", some(&mut built_in().chain(own()), count))
                },
                |near| format!("did you mean `{}`?", clipped(near)),
            );
            Fault::new(path, base.span.clone(), message).label("unknown template").with_help(help)
        });
    }
}
