//! Decides which events one client of the stream is sent, by what it has seen. In: ticks. Out: the events to send, depending on
//! what the client has seen. Pure: the time is passed in.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::time::Instant;

use hyper::body::Bytes;

use super::allowance::Allowance;
use super::tick::Tick;
use crate::monitor::snapshot::DashboardData;

/// How many past rare events a new client is sent.
const PAST_EVENTS: usize = 100;

/// One reader of the stream.
#[derive(Debug)]
pub(super) struct Client {
    /// Identifies this process and server: event ids of others mean nothing here.
    instance: u64,
    generation: Option<u64>,
    /// For each row, the tick that it was last sent with; 0 for never.
    sent: Vec<u64>,
    /// The tick up to which the client had seen everything before it reconnected.
    resumed: u64,
    /// The last rare event that was sent; `None` for a new client, which gets the last few.
    last_event_sent: Option<u64>,
    allowance: Allowance,
}

impl Client {
    /// `last_event` is the id of the last event that it saw.
    pub(super) fn new(instance: u64, last_event: Option<&str>, now: Instant) -> Self {
        let seen = last_event.and_then(|id| {
            let mut parts = id.split('-');
            let (of, generation, number) = (parts.next()?, parts.next()?, parts.next()?);
            (u64::from_str_radix(of, 16) == Ok(instance)).then_some(())?;
            let last_event_sent = parts.next()?;
            Some(((generation.parse().ok()?, number.parse().ok()?), last_event_sent.parse().ok()?))
        });
        let (place, last_event_sent) = seen.unzip();
        let (generation, resumed) = place.unzip();
        let (sent, allowance) = (Vec::new(), Allowance::new(now));
        Self { instance, generation, sent, resumed: resumed.unwrap_or(0), last_event_sent, allowance }
    }

    /// The events to send for a tick: rare ones, then changed rows. In parts, since the text of each row is shared by
    /// all clients.
    pub(super) fn event(&mut self, tick: &Tick, now: Instant) -> VecDeque<Bytes> {
        let is_full = self.generation != Some(tick.generation);
        if is_full {
            self.generation = Some(tick.generation);
            self.sent.clear();
            self.resumed = 0;
        }
        self.sent.resize(tick.rows.len(), 0);
        let mut pending: Vec<usize> =
            (0..tick.rows.len()).filter(|&at| tick.rows[at].changed() > self.seen(at)).collect();
        // The newest alarm first: to a client that has just come, every row is new, and the rows of many services take
        // several seconds.
        pending.sort_by_key(|&at| {
            let (alarmed, sent) = (tick.rows[at].alarmed, self.sent[at]);
            (Reverse(if alarmed > sent { alarmed } else { 0 }), sent)
        });

        self.allowance.at(now);
        let (mut parts, missed) = self.rare(tick);
        self.allowance.take(parts.iter().map(Bytes::len).sum());
        let mut left = self.allowance.at(now);
        let (mut rows, mut seen) = (VecDeque::new(), tick.number);
        for at in pending {
            // Whoever resumes is sent what changed after this.
            if left <= 0.0 {
                seen = seen.min(self.seen(at));
                continue;
            }
            let text = tick.rows[at].text(self.seen(at), tick.number);
            #[expect(clippy::cast_precision_loss, reason = "a row is some thousand bytes")]
            let size = text.len() as f64 + 1.0;
            // One row goes even when it is larger than all that may be sent, or it would never.
            if size > left && !rows.is_empty() {
                // Nor are others looked at: the next tick begins with those that were left.
                left = 0.0;
                seen = seen.min(self.seen(at));
                continue;
            }
            left -= size;
            if !rows.is_empty() {
                rows.push_back(Bytes::from_static(b","));
            }
            rows.push_back(text.clone());
            self.sent[at] = tick.number;
        }
        let mut head = format!(
            "event: snapshot\nid: {}\ndata: {{\"version\":{},\"full\":{is_full},\"total\":{},",
            self.id(tick, seen, tick.last_event()),
            DashboardData::VERSION,
            tick.rows.len(),
        );
        let _ = write!(head, "\"taken_at_ms\":{},\"events_missed\":{missed},\"process\":", tick.taken_at_ms);
        let mut head = head.into_bytes();
        head.extend_from_slice(&tick.process);
        head.extend_from_slice(b",\"services\":[");
        rows.push_front(head.into());
        rows.push_back(Bytes::from_static(b"]}\n\n"));
        self.allowance.take(rows.iter().map(Bytes::len).sum());
        self.resumed = self.resumed.max(seen);
        parts.append(&mut rows);
        parts
    }

    /// The tick at which it last knew all of a row; 0 for never.
    fn seen(&self, at: usize) -> u64 {
        self.sent[at].max(self.resumed)
    }

    /// The rare events that it has not been told, and how many are forgotten by now.
    fn rare(&mut self, tick: &Tick) -> (VecDeque<Bytes>, u64) {
        let new = match self.last_event_sent {
            Some(last_event_sent) => {
                &tick.events[tick.events.partition_point(|event| event.id <= last_event_sent)..]
            }
            None => &tick.events[tick.events.len().saturating_sub(PAST_EVENTS)..],
        };
        let first = new.first().map(|event| event.id);
        let missed = self
            .last_event_sent
            .zip(first)
            .map_or(0, |(last_event_sent, first)| first.saturating_sub(last_event_sent + 1));
        let mut parts = VecDeque::new();
        for event in new {
            let head = format!("event: event\nid: {}\ndata: ", self.id(tick, self.resumed, event.id));
            parts.extend([head.into(), event.json.clone(), Bytes::from_static(b"\n\n")]);
        }
        self.last_event_sent = Some(tick.last_event());
        (parts, missed)
    }

    /// Where a client is in the stream who has seen so much of it.
    fn id(&self, tick: &Tick, seen: u64, last_event_sent: u64) -> String {
        format!("{:x}-{}-{seen}-{last_event_sent}", self.instance, tick.generation)
    }
}

#[cfg(test)]
mod tests;
