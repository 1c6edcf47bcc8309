//! A real HTTP server on loopback whose answers follow a script: each path has a list of acts, one for each
//! request; the last act goes on for ever.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;

use crate::loopback::Loopback;

/// What the server does with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Answers 200 with a text.
    Answer(&'static str),
    /// Answers with this status.
    Status(u16),
    /// Answers 429 and asks to wait this many seconds.
    TooBusy(u64),
    /// Does not answer for a minute.
    Hang,
    /// Resets the connection.
    Reset,
}

/// The server; it stops when dropped.
#[derive(Debug)]
pub struct FlakyServer {
    script: Arc<Mutex<Script>>,
    server: Loopback,
}

#[derive(Debug, Default)]
struct Script {
    acts: HashMap<String, Vec<Act>>,
    requests: HashMap<String, usize>,
}

impl Script {
    fn next(&mut self, path: &str) -> Act {
        let count = self.requests.entry(path.to_owned()).or_default();
        *count += 1;
        let acts = self.acts.get(path).map_or(&[][..], Vec::as_slice);
        acts.get(*count - 1).or(acts.last()).copied().unwrap_or(Act::Status(404))
    }
}

impl FlakyServer {
    /// Starts on a free port.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub async fn start() -> io::Result<Self> {
        let script = Arc::<Mutex<Script>>::default();
        let followed = Arc::clone(&script);
        let server = Loopback::start(move |request| {
            let act = lock(&followed).next(request.uri().path());
            perform(act)
        })
        .await?;
        Ok(Self { script, server })
    }

    /// Says what the path answers from now on, request by request.
    pub fn script(&self, path: &str, acts: &[Act]) {
        let mut script = lock(&self.script);
        script.acts.insert(path.to_owned(), acts.to_vec());
        script.requests.remove(path);
    }

    /// How many requests the path has had since it got its script.
    pub fn requests(&self, path: &str) -> usize {
        lock(&self.script).requests.get(path).copied().unwrap_or(0)
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        self.server.url(path)
    }
}

fn lock(script: &Mutex<Script>) -> MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn perform(act: Act) -> io::Result<Response<Full<Bytes>>> {
    let answer = |status: u16, text: &'static str| {
        let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
        *response.status_mut() = status.try_into().unwrap_or_default();
        response
    };
    match act {
        Act::Answer(text) => Ok(answer(200, text)),
        Act::Status(status) => Ok(answer(status, "")),
        Act::TooBusy(seconds) => {
            let mut response = answer(429, "");
            response.headers_mut().insert(hyper::header::RETRY_AFTER, seconds.into());
            Ok(response)
        }
        Act::Hang => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            Ok(answer(200, "too late"))
        }
        Act::Reset => Err(io::ErrorKind::ConnectionReset.into()),
    }
}
