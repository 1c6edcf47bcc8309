//! The logs of all workers, in order. In: lines. Out: what each call asked and was answered, by key.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::{fs, io};

use crate::worker::value;

#[derive(Default)]
pub(crate) struct Records {
    pub(crate) keys: BTreeMap<u64, Key>,
    /// Whether a token is the time at which the store gave it, and not only a number.
    tokens_are_times: bool,
    /// How often each answer was given.
    counts: BTreeMap<String, u64>,
}

/// What happened to one key.
#[derive(Default)]
pub(crate) struct Key {
    pub(crate) calls: HashMap<u64, Call>,
    pub(crate) replays: Vec<Replay>,
    /// The longest rest of a lease that anybody was told.
    pub(crate) longest_rest: u64,
    pub(crate) mismatches: u64,
}

#[derive(Default)]
pub(crate) struct Call {
    /// When it was granted the lease.
    pub(crate) granted: Option<Moment>,
    /// When what prolonged the lease was sent, the claim included.
    pub(crate) extended: Vec<u64>,
    /// When it first asked to be rid of the lease, by a release or a result.
    pub(crate) ended: Option<u64>,
    /// When its result was first sent.
    pub(crate) sent: Option<u64>,
    /// When the store said that it has it.
    pub(crate) stored: Option<Moment>,
    /// Whether the store said that it does not take it, and nothing before.
    pub(crate) is_refused: bool,
    /// Whether a result was sent and not answered.
    is_unsure: bool,
    pub(crate) is_error: bool,
}

#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) sent: u64,
    pub(crate) answered: u64,
}

pub(crate) struct Replay {
    pub(crate) asked: Moment,
    /// Whose result it is, if it is somebody's.
    pub(crate) of: Option<u64>,
}

impl Records {
    /// Of a store on a server, whose tokens are times, or of one in memory.
    pub(crate) fn new(tokens_are_times: bool) -> Self {
        Self { tokens_are_times, ..Self::default() }
    }

    pub(crate) fn read(&mut self, log: &Path) -> io::Result<()> {
        let text = fs::read_to_string(log)?;
        for line in text.lines() {
            self.take(line).ok_or_else(|| io::Error::other(format!("no line of a log: {line}")))?;
        }
        Ok(())
    }

    fn take(&mut self, line: &str) -> Option<()> {
        let mut words = line.split(' ');
        let what = words.next()?;
        let mut number = || words.next()?.parse::<u64>().ok();
        let (call, key, sent, answered) = (number()?, number()?, number()?, number()?);
        let (answer, rest) = (words.next()?, words.next().unwrap_or_default());
        *self.counts.entry(format!("{what} {answer}")).or_default() += 1;
        let asked = Moment { sent, answered };
        let key = self.keys.entry(key).or_default();
        match (what, answer) {
            ("C", "running") => key.longest_rest = key.longest_rest.max(rest.parse().ok()?),
            ("C", "done") => key.replays.push(Replay { asked, of: whose(rest) }),
            ("C", "mismatch") => key.mismatches += 1,
            ("C", "granted") => {
                let token: u64 = rest.parse().ok()?;
                let at = Moment { sent: token, answered: token };
                let granted = if self.tokens_are_times { at } else { asked };
                key.calls.entry(call).or_default().take_lease(granted, asked);
            }
            _ => key.calls.entry(call).or_default().take(what, answer, asked)?,
        }
        Some(())
    }

    /// The answers, for people.
    pub(crate) fn counts(&self) -> String {
        let counts: Vec<_> = self.counts.iter().map(|(answer, count)| format!("{answer} {count}")).collect();
        counts.join(", ")
    }

    /// What should have happened and did not.
    pub(crate) fn gaps(&self, operations: u64) -> Vec<String> {
        let of = |answer: &str| self.counts.get(answer).copied().unwrap_or_default();
        let claims: u64 =
            ["granted", "running", "done", "away"].iter().map(|answer| of(&format!("C {answer}"))).sum();
        let mut gaps = Vec::new();
        // A worker that is killed loses what it has begun and not written.
        if claims < operations / 100 * 99 {
            gaps.push(format!("{claims} claims were recorded, of {operations}"));
        }
        let wanted = [
            "C granted",
            "C running",
            "C done",
            "C away",
            "N extended",
            "K stored",
            "K away",
            "F freed",
            "E ok",
        ];
        // A store in memory is never away.
        let wanted = wanted.into_iter().filter(|answer| self.tokens_are_times || !answer.ends_with("away"));
        gaps.extend(
            wanted.filter(|answer| of(answer) == 0).map(|answer| format!("`{answer}` never happened")),
        );
        // What a call is told whose answer or lease was lost. Which of these it is, is chance.
        if self.tokens_are_times && of("K kept") + of("K lost") + of("K repeated") == 0 {
            gaps.push("no lease was lost before its result came".to_owned());
        }
        gaps
    }
}

/// Whose result this is, if it is all of it. JSON puts it in quotes.
pub(crate) fn whose(text: &str) -> Option<u64> {
    let text = text.trim_matches('"');
    let number = text.trim_end_matches('x').parse().ok()?;
    (value(number) == text).then_some(number)
}

impl Call {
    fn take_lease(&mut self, granted: Moment, asked: Moment) {
        self.granted = Some(granted);
        self.extended.push(asked.sent);
    }

    fn take(&mut self, what: &str, answer: &str, asked: Moment) -> Option<()> {
        match (what, answer) {
            ("N", "extended") => self.extended.push(asked.sent),
            ("F", "sent") => self.end(asked.sent),
            ("S", _) => {
                self.end(asked.sent);
                self.sent = Some(self.sent.map_or(asked.sent, |sent| sent.min(asked.sent)));
            }
            ("K", "stored" | "kept" | "repeated") => {
                // It may be an earlier one that arrived.
                self.stored = Some(Moment { sent: self.sent?, answered: asked.answered });
                self.is_refused = false;
            }
            ("K", "lost") => self.is_refused = self.stored.is_none() && !self.is_unsure,
            ("K", "away") => self.is_unsure = true,
            ("E", "ok" | "replayed") | ("C" | "K" | "F" | "N", _) => {}
            ("E", _) => self.is_error = true,
            _ => return None,
        }
        Some(())
    }

    fn end(&mut self, at: u64) {
        self.ended = Some(self.ended.map_or(at, |ended| ended.min(at)));
    }
}
