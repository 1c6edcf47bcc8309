//! Writes what `resilience advise` says, as lines for people or entries for programs.

use std::io;
use std::path::Path;

use resilience_runtime::config::advice::{Advice, Rule, Verdict};
use serde::Serialize;

use crate::output::{Output, Tone};
use crate::shown::printable;
use crate::table::wrapped;

/// All of it, for programs.
#[derive(Serialize)]
pub(super) struct Told<'a> {
    advice: Vec<Entry<'a>>,
    /// Tables for the file.
    patch: Option<&'a str>,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'static str,
    verdict: &'static str,
    service: &'a str,
    place: &'a str,
    number: &'a str,
    remedy: &'a str,
    changes: Vec<ChangeEntry>,
}

#[derive(Serialize)]
struct ChangeEntry {
    key: String,
    from: Option<String>,
    to: String,
    table: &'static str,
}

pub(super) fn told<'a>(advice: &'a [Advice], patch: Option<&'a str>) -> Told<'a> {
    let changes = |one: &Advice| {
        let changes = one.changes.iter().map(|change| ChangeEntry {
            key: change.key.path(),
            from: change.from.as_ref().map(ToString::to_string),
            to: change.to.to_string(),
            table: if change.is_override { "overrides" } else { "services" },
        });
        changes.collect()
    };
    let entries = advice.iter().map(|one| Entry {
        rule: one.rule.name(),
        verdict: one.verdict.name(),
        service: &one.service,
        place: &one.place,
        number: &one.number,
        remedy: &one.remedy,
        changes: changes(one),
    });
    Told { advice: entries.collect(), patch }
}

/// For people; `at` is where the patch has been written.
pub(super) fn say(
    advice: &[Advice],
    patch: Option<&str>,
    at: Option<&Path>,
    output: &mut Output,
) -> io::Result<()> {
    let samples: Vec<&Advice> = advice.iter().filter(|one| is_of_sample(one)).collect();
    for one in advice {
        if !is_of_sample(one) {
            heading(one, &printable(&one.service), &format!(" ({})", printable(&one.place)), output)?;
            paragraph(&one.number, output)?;
            help(&one.remedy, output)?;
        } else if samples.first().is_some_and(|first| std::ptr::eq(*first, one)) {
            say_samples(&samples, output)?;
        }
    }
    match (patch, at) {
        (Some(_), Some(file)) => output.line(format_args!("\nthe patch is in `{}`", file.display()))?,
        (Some(text), None) => {
            let title = output.tint(Tone::Strong, "tables that carry this out:");
            output.line(format_args!("\n{title}\n\n{text}"))?;
        }
        (None, Some(file)) => {
            output
                .line(format_args!("\nthere is nothing to patch, and `{}` is not written", file.display()))?;
        }
        (None, None) => {}
    }
    let end = summary(advice);
    let tone = Verdict::ALL.iter().find(|verdict| advice.iter().any(|one| one.verdict == **verdict));
    let end = output.tint(tone.map_or(Tone::Good, |verdict| self::tone(*verdict)), end);
    output.line(end)
}

/// Whether a whole sample is refused: of many services, that is said for the same few reasons.
fn is_of_sample(one: &Advice) -> bool {
    (one.rule, one.verdict) == (Rule::Sample, Verdict::Refused)
}

/// What is wrong with samples, a paragraph for each service, and each remedy once.
fn say_samples(samples: &[&Advice], output: &mut Output) -> io::Result<()> {
    let of_services: Vec<&[&Advice]> = samples.chunk_by(|one, next| one.service == next.service).collect();
    let Some(first) = samples.first() else { return Ok(()) };
    let whose = match of_services.len() {
        1 => printable(&first.service),
        count => format!("{count} services"),
    };
    heading(first, &whose, "", output)?;
    for refused in &of_services {
        let numbers: Vec<&str> = refused.iter().map(|one| one.number.as_str()).collect();
        match refused.first().filter(|_| of_services.len() > 1) {
            Some(one) => paragraph(&format!("{}: {}", one.service, numbers.join("; ")), output)?,
            None => numbers.iter().try_for_each(|number| paragraph(number, output))?,
        }
    }
    let mut remedies: Vec<&str> = Vec::new();
    for one in samples {
        if !remedies.contains(&one.remedy.as_str()) {
            remedies.push(&one.remedy);
            help(&one.remedy, output)?;
        }
    }
    Ok(())
}

fn heading(one: &Advice, whose: &str, place: &str, output: &mut Output) -> io::Result<()> {
    let verdict = output.tint(tone(one.verdict), one.verdict.name());
    let whose = output.tint(Tone::Strong, whose);
    let place = output.tint(Tone::Faint, place);
    output.line(format_args!("{verdict}: {whose}: {}{place}", one.rule))
}

/// How wide what stands below a heading may be.
fn width(output: &Output) -> usize {
    output.columns().saturating_sub(4).max(20)
}

fn paragraph(text: &str, output: &mut Output) -> io::Result<()> {
    let width = width(output);
    wrapped(&printable(text), width).iter().try_for_each(|line| output.line(format_args!("    {line}")))
}

fn help(remedy: &str, output: &mut Output) -> io::Result<()> {
    let lines = wrapped(&printable(remedy), width(output).saturating_sub(8));
    for (place, line) in lines.iter().enumerate() {
        let help = if place == 0 { "= help: " } else { "        " };
        output.line(format_args!("    {}{line}", output.tint(Tone::Strong, help)))?;
    }
    Ok(())
}

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Problem => Tone::Bad,
        Verdict::Proposal => Tone::Good,
        Verdict::Refused => Tone::Odd,
        _ => Tone::Faint,
    }
}

fn summary(advice: &[Advice]) -> String {
    let counted = |verdict: Verdict, one: &str, many: &str| {
        let count = advice.iter().filter(|one| one.verdict == verdict).count();
        (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { many }))
    };
    let parts: Vec<String> = [
        counted(Verdict::Problem, "problem", "problems"),
        counted(Verdict::Proposal, "proposal", "proposals"),
        counted(Verdict::Refused, "refusal", "refusals"),
        counted(Verdict::Note, "note", "notes"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() { "nothing to advise".to_owned() } else { parts.join(", ") }
}
