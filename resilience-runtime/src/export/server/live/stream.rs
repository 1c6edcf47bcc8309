//! Sends one client its events, when it has taken those before. In: ticks. Out: events. It is polled only when the client has taken
//! what there was, so a slow client costs no memory and misses the ticks in between.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use hyper::body::{Body, Bytes, Frame};
use tokio::sync::watch;

use super::client::Client;
use super::slots::Slot;
use super::tick::Tick;
use crate::export::server::closing::Closing;

/// How long a browser waits before it reconnects, in milliseconds.
const RETRY: &[u8] = b"retry: 1000\n\n";

/// The last event before the shutdown: the page shows it, and asks from time to time whether the server is back.
const CLOSED: &[u8] = b"event: closed\ndata: {}\n\n";

type Ticks = watch::Receiver<Arc<Tick>>;

/// Waits for a tick; completes without a receiver when the shutdown has begun.
type Wait = Pin<Box<dyn Future<Output = Option<Ticks>> + Send>>;

pub(super) struct Stream {
    client: Client,
    parts: VecDeque<Bytes>,
    /// `None` at the end.
    wait: Option<Wait>,
    closing: Closing,
    _slot: Slot,
}

impl Stream {
    pub(super) fn new(client: Client, ticks: Ticks, closing: Closing, slot: Slot) -> Self {
        let parts = VecDeque::from([Bytes::from_static(RETRY)]);
        Self { client, parts, wait: Some(wait(ticks, closing.clone())), closing, _slot: slot }
    }
}

fn wait(mut ticks: Ticks, closing: Closing) -> Wait {
    Box::pin(async move {
        let changed = closing.unless_begun(ticks.changed()).await;
        matches!(changed, Some(Ok(()))).then_some(ticks)
    })
}

impl Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = &mut *self;
        loop {
            if let Some(part) = this.parts.pop_front() {
                return Poll::Ready(Some(Ok(Frame::data(part))));
            }
            let Some(wait_for_tick) = &mut this.wait else { return Poll::Ready(None) };
            if let Some(mut ticks) = ready!(wait_for_tick.as_mut().poll(cx)) {
                let tick = Arc::clone(&ticks.borrow_and_update());
                this.parts = this.client.event(&tick, Instant::now());
                this.wait = Some(wait(ticks, this.closing.clone()));
            } else {
                this.wait = None;
                this.parts.push_back(Bytes::from_static(CLOSED));
            }
        }
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("client", &self.client).finish_non_exhaustive()
    }
}
