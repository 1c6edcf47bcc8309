//! The standard output and error of all commands: text or JSON, colours, width; what is said, each command writes itself. Colours
//! are only on terminals, and not where `NO_COLOR` forbids them.

use std::env;
use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use resilience_runtime::testing::load::takes_commands;
use serde::Serialize;
use terminal_size::{Width, terminal_size};

use crate::folding::{folded, folded_below};

/// Lines are no wider than this where no terminal says how wide it is.
const COLUMNS: usize = 100;

/// How far the further lines of a remedy are set in: below its first word.
const HELP: usize = "  = help: ".len();

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colours {
    /// On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.
    #[default]
    Auto,
    /// Also into files and pipes.
    Always,
    /// Nowhere.
    Never,
}

/// How a piece of text is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As most of the text.
    Plain,
    /// As it should be.
    Good,
    /// Worth a look.
    Odd,
    /// Wrong.
    Bad,
    /// A heading, or what the eye looks for.
    Strong,
    /// Beside the point.
    Faint,
}

/// Who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// People.
    Text,
    /// Programs.
    Json,
}

/// Where a command writes, and how.
pub(crate) struct Output {
    to: Box<dyn Write>,
    format: Format,
    /// Whether anything has been written.
    has_begun: bool,
    columns: usize,
    /// How wide a sentence may be: as the terminal, and in files and pipes, where it is searched for, as it is.
    sentence: usize,
    sentence_of_errors: usize,
    coloured: bool,
    coloured_errors: bool,
}

impl Output {
    /// To the standard output.
    pub(crate) fn of_process(is_json: bool, colours: Colours) -> Self {
        let coloured = |is_terminal: bool| match colours {
            Colours::Always => true,
            Colours::Never => false,
            Colours::Auto => is_terminal && may_colour(),
        };
        let (is_terminal, is_terminal_of_errors) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let columns = terminal_size().map_or(COLUMNS, |(Width(columns), _)| columns.into());
        let sentence = |is_terminal: bool| if is_terminal { columns } else { usize::MAX };
        Self {
            to: Box::new(BufWriter::new(io::stdout())),
            format: if is_json { Format::Json } else { Format::Text },
            has_begun: false,
            columns,
            sentence: sentence(is_terminal),
            sentence_of_errors: sentence(is_terminal_of_errors),
            coloured: coloured(is_terminal),
            coloured_errors: coloured(is_terminal_of_errors),
        }
    }

    /// Whether programs read it, which `--json` says.
    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// How wide a line may be.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// Writes a sentence for people, whose further lines are set in.
    pub(crate) fn sentence(&mut self, sentence: &str, indent: usize) -> io::Result<()> {
        self.line(folded(sentence, self.sentence, indent))
    }

    /// Whether text for people is coloured.
    pub(crate) fn is_coloured(&self) -> bool {
        self.coloured
    }

    /// A piece of a line, coloured if lines are.
    pub(crate) fn tint<T: fmt::Display>(&self, tone: Tone, text: T) -> Tinted<T> {
        Tinted { style: if self.coloured { tone.style() } else { Style::new() }, text }
    }

    /// Writes one line for people.
    pub(crate) fn line(&mut self, line: impl fmt::Display) -> io::Result<()> {
        self.has_begun = true;
        writeln!(self.to, "{line}")
    }

    /// Writes one value for programs, over several lines.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.has_begun = true;
        serde_json::to_writer_pretty(&mut self.to, value)?;
        writeln!(self.to)
    }

    /// Writes one of many values for programs, in a line of its own, at once: somebody waits for each of them.
    pub(crate) fn json_line(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.has_begun = true;
        serde_json::to_writer(&mut self.to, value)?;
        writeln!(self.to)?;
        self.flush()
    }

    /// Tells programs why there is no result: instead of it, or on the standard error beside what was written, or where nothing
    /// can be.
    pub(crate) fn error(&mut self, error: &impl Serialize) -> io::Result<()> {
        if !self.has_begun {
            match self.json_line(error) {
                Err(failed) if failed.kind() != io::ErrorKind::BrokenPipe => {}
                told => return told,
            }
        }
        let flushed = self.flush();
        writeln!(io::stderr().lock(), "{}", serde_json::to_string(error)?)?;
        flushed
    }

    /// Writes a text that is not for a terminal, as it is.
    pub(crate) fn file(&mut self, content: &[u8]) -> io::Result<()> {
        self.has_begun = true;
        self.to.write_all(content)
    }

    /// Sends on what was written so far.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }

    /// Tells people on the standard error: `error: MESSAGE`, and below it what to do.
    pub(crate) fn complain(
        &mut self,
        what: &str,
        tone: Tone,
        message: &str,
        help: Option<&str>,
    ) -> io::Result<()> {
        // In the order in which it was said; and told all the same where that cannot be written.
        let flushed = self.flush();
        let style = |tone: Tone| if self.coloured_errors { tone.style() } else { Style::new() };
        let columns = self.sentence_of_errors;
        let (what, indent) = (Tinted { style: style(tone), text: what }, what.len() + 2);
        let mut errors = io::stderr().lock();
        writeln!(errors, "{}", first_folded(&format!("{what}: {message}"), columns, indent))?;
        if let Some(help) = help {
            let word = Tinted { style: style(Tone::Strong), text: "help" };
            writeln!(errors, "{}", first_folded(&format!("  = {word}: {help}"), columns, HELP))?;
        }
        flushed
    }

    /// Tells people on the standard error what is wrong with the arguments, and how they are written.
    pub(crate) fn usage(&self, error: &clap::Error) -> io::Result<()> {
        let text = error.render();
        let text = if self.coloured_errors { text.ansi().to_string() } else { text.to_string() };
        let mut errors = io::stderr().lock();
        text.lines().try_for_each(|line| writeln!(errors, "{}", folded_below(line, self.sentence_of_errors)))
    }
}

/// A sentence as a terminal of that width shows it. What stands in further lines, such as a place in a file, has its own columns.
fn first_folded(text: &str, columns: usize, indent: usize) -> String {
    match text.split_once('\n') {
        Some((first, rest)) => format!("{}\n{rest}", folded(first, columns, indent)),
        None => folded(text, columns, indent),
    }
}

/// A text with its colour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tinted<T> {
    style: Style,
    text: T,
}

impl<T: fmt::Display> fmt::Display for Tinted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.style)?;
        // Width and precision are the text's, so that columns stay columns.
        self.text.fmt(f)?;
        write!(f, "{:#}", self.style)
    }
}

impl Tone {
    const fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Odd => AnsiColor::Yellow.on_default().bold(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
        }
    }
}

/// `NO_COLOR` counts when it is set to anything but nothing: <https://no-color.org>.
fn may_colour() -> bool {
    let forbidden = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !forbidden && takes_commands()
}
