//! Decides what a pressed key does in `resilience top`. In: a key. Out: the view that follows.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::view::{Mode, View};

/// What the keys are, for the last line.
pub(super) const HELP: &str = "q quit  s sort  / filter  Enter detail  ↑↓ choose";

/// Whether the view goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    On,
    Quit,
}

pub(super) fn press(view: &mut View, key: KeyEvent) -> Flow {
    if key.kind == KeyEventKind::Release {
        return Flow::On;
    }
    if key.modifiers.contains(KeyModifiers::CONTROL) && matches!(key.code, KeyCode::Char('c' | 'd')) {
        return Flow::Quit;
    }
    if view.mode == Mode::Filter {
        write_filter(view, key.code);
        return Flow::On;
    }
    match key.code {
        KeyCode::Char('q') => return Flow::Quit,
        KeyCode::Char('s') => view.sort = view.sort.next(),
        KeyCode::Char('/' | 'f') => view.mode = Mode::Filter,
        KeyCode::Enter | KeyCode::Char('d') => {
            view.mode = if view.mode == Mode::Detail { Mode::Table } else { Mode::Detail };
        }
        KeyCode::Esc if view.mode == Mode::Detail => view.mode = Mode::Table,
        KeyCode::Esc => view.filter.clear(),
        KeyCode::Down | KeyCode::Char('j') => view.step(1),
        KeyCode::Up | KeyCode::Char('k') => view.step(-1),
        KeyCode::PageDown => view.step(10),
        KeyCode::PageUp => view.step(-10),
        KeyCode::Home => view.step(isize::MIN),
        KeyCode::End => view.step(isize::MAX),
        _ => {}
    }
    Flow::On
}

fn write_filter(view: &mut View, key: KeyCode) {
    match key {
        KeyCode::Enter => view.mode = Mode::Table,
        KeyCode::Esc => {
            view.filter.clear();
            view.mode = Mode::Table;
        }
        KeyCode::Backspace => {
            view.filter.pop();
        }
        KeyCode::Char(c) => view.filter.push(c),
        _ => {}
    }
}
