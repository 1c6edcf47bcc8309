//! Requests go in, answers come out at a known rate and no faster: a few workers behind an unbounded queue, as many
//! servers are built. Apart from the load, which knows nothing of it but its address.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use examples::Loopback;
use http_body_util::Full;
use hyper::Response;
use tokio::sync::oneshot;

/// How many requests are served at once.
const WORKERS: u32 = 12;
/// Seconds that a request takes at least, and at most; all times between are equally likely.
const SERVICE_TIME: (f64, f64) = (0.030, 0.090);

/// How many requests the server can serve in a second.
pub(crate) fn capacity() -> f64 {
    f64::from(WORKERS) / SERVICE_TIME.0.midpoint(SERVICE_TIME.1)
}

/// The server; it is gone when dropped, with all that still waits in its queue.
pub(crate) struct Server {
    http: Loopback,
    stopped: Arc<AtomicBool>,
}

impl Server {
    pub(crate) async fn start() -> io::Result<Self> {
        let (queue, jobs) = channel::<oneshot::Sender<()>>();
        let jobs = Arc::new(Mutex::new(jobs));
        let served = Arc::new(AtomicU64::new(0));
        let stopped = Arc::new(AtomicBool::new(false));
        for _ in 0..WORKERS {
            let (jobs, served, stopped) = (Arc::clone(&jobs), Arc::clone(&served), Arc::clone(&stopped));
            thread::spawn(move || work(&jobs, &served, &stopped));
        }
        let http = Loopback::start(move |_| {
            let (done, answered) = oneshot::channel();
            // The request is in the queue now, and stays there also when its client hangs up.
            let queued = queue.send(done);
            async move {
                queued.map_err(io::Error::other)?;
                answered.await.map_err(io::Error::other)?;
                Ok(Response::new(Full::new(Bytes::from_static(b"in stock"))))
            }
        })
        .await?;
        Ok(Self { http, stopped })
    }

    pub(crate) fn url(&self) -> String {
        self.http.url("/stock")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

/// One worker: a thread that blocks, so that the clients' runtime neither helps it nor holds it up.
fn work(jobs: &Mutex<Receiver<oneshot::Sender<()>>>, served: &AtomicU64, stopped: &AtomicBool) {
    loop {
        // Only one worker waits in `recv`; the others wait for it to be done with that.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(done) = job else { return };
        if stopped.load(Ordering::Relaxed) {
            return;
        }
        thread::sleep(service_time(served.fetch_add(1, Ordering::Relaxed)));
        // Whoever hung up meanwhile was served in vain. That is how an overloaded server loses its goodput.
        let _ = done.send(());
    }
}

/// The multiples of the golden ratio fill the range evenly from the first few on, so that the capacity is the same
/// in every run and at every moment of it.
fn service_time(request: u64) -> Duration {
    let step = u32::try_from(request % 10_000).unwrap_or_default();
    let share = (f64::from(step) * 0.618_033_988_749_895).fract();
    let (least, most) = SERVICE_TIME;
    Duration::from_secs_f64(least + (most - least) * share)
}
