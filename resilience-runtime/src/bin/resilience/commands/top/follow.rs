//! Runs `resilience top`: the table follows the stream until somebody quits. In: the arguments.

use std::io::{self, IsTerminal as _, stdin, stdout};
use std::thread;
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{self, Event};
use resilience_runtime::testing::load::takes_commands;

use super::draw::draw;
use super::keys::{Flow, press};
use super::plain;
use super::screen::Screen;
use super::view::{Sort, View};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::remote::{Message, Messages, Next, Remote};
use crate::web::Trust;

/// Follow the services of a running process: rates, success, times, breakers, health.
///
/// On a terminal that can be drawn on: `s` sorts, `/` filters, Enter shows all of one service, `q` quits. Elsewhere, and with `--once`, the table is
/// written as lines. `--json` writes the snapshot, and with `--every` one in each line.
#[derive(Debug, clap::Args)]
pub(crate) struct Top {
    /// The server of the process, such as `http://127.0.0.1:9090`.
    #[arg(value_name = "URL")]
    url: String,

    #[command(flatten)]
    trust: Trust,

    /// What to sort by.
    #[arg(long, value_enum, default_value_t)]
    sort: Sort,

    /// Show only services in whose name, kind or breaker this occurs.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    filter: String,

    /// Write the table once, as lines, and end.
    #[arg(long)]
    once: bool,

    /// Write the table, or with `--json` the snapshot, again after so many seconds, as lines.
    #[arg(long, value_name = "SECONDS", conflicts_with = "once", value_parser = clap::value_parser!(u32).range(1..=86_400), allow_negative_numbers = true)]
    every: Option<u32>,
}

/// How long a key may take to show.
const LOOK: Duration = Duration::from_millis(100);
/// How long after a break the server is asked again.
const AGAIN: Duration = Duration::from_secs(1);

impl Top {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let remote = Remote::new(&self.url, &self.trust)?;
        let mut view = View::new(self.sort, self.filter);
        let is_screen = stdout().is_terminal() && stdin().is_terminal() && takes_commands();
        if is_screen && !output.is_json() && !self.once && self.every.is_none() {
            follow(&remote, &mut view, output.is_coloured())?;
            return Ok(Exit::Fine);
        }
        loop {
            let snapshot = remote.get(&["api", "dashboard"])?;
            match (output.is_json(), self.every) {
                (true, None) => output.json(&snapshot)?,
                (true, Some(_)) => output.json_line(&snapshot)?,
                (false, _) => {
                    view.take(&snapshot);
                    plain::write(&view, output)?;
                }
            }
            output.flush()?;
            let Some(seconds) = self.every else { return Ok(Exit::Fine) };
            thread::sleep(Duration::from_secs(seconds.into()));
            if !output.is_json() {
                output.line("")?;
            }
        }
    }
}

/// Follows the stream on the whole screen.
fn follow(remote: &Remote, view: &mut View, is_coloured: bool) -> Result<(), Failure> {
    // Before the screen is taken, so that what is wrong with the address can be read.
    let mut messages = Some(remote.messages(None)?);
    let mut last = None;
    let mut screen = Screen::take()?;
    let mut ask_again = Instant::now();
    loop {
        screen.terminal.draw(|frame| draw(view, is_coloured, frame))?;
        if let Some(Flow::Quit) = keys(view)? {
            return Ok(());
        }
        if let Some(stream) = &mut messages {
            if !read(stream, view, &mut last) {
                view.trouble = Some(format!("{} is gone; it is asked again each second", remote.name()));
                messages = None;
                ask_again = Instant::now() + AGAIN;
            }
        } else if Instant::now() >= ask_again {
            messages = remote.messages(last.as_deref()).ok();
            ask_again = Instant::now() + AGAIN;
        } else {
            thread::sleep(LOOK);
        }
    }
}

/// All keys that were pressed; a press is answered at once.
fn keys(view: &mut View) -> io::Result<Option<Flow>> {
    let mut pressed = None;
    while event::poll(Duration::ZERO)? {
        if let Event::Key(key) = event::read()? {
            pressed = Some(press(view, key));
            if pressed == Some(Flow::Quit) {
                break;
            }
        }
    }
    Ok(pressed)
}

/// Takes over what has come; whether the stream goes on.
fn read(stream: &mut Messages<'_>, view: &mut View, last: &mut Option<String>) -> bool {
    match stream.next_within(LOOK) {
        Next::Quiet => true,
        Next::End => false,
        Next::Message(Message { kind, data, id }) => {
            *last = id.or(last.take());
            match kind.as_str() {
                "snapshot" => view.take(&data),
                "event" => view.hear(&data),
                "closed" => return false,
                _ => {}
            }
            true
        }
    }
}
