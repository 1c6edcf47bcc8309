//! A bank that charges. In: requests over HTTP with the header `Idempotency-Key`. Out: receipts, the same one for the same key,
//! and a ledger. An answer can be held back, so that something happens to whoever waits for it.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use examples::Loopback;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::{Request, Response};
use resilience_runtime::idempotency::{HEADER, from_header};
use tokio::sync::oneshot;

use crate::Outcome;

/// The bank. It is closed when dropped.
pub(crate) struct Bank {
    server: Loopback,
    books: Arc<Mutex<Books>>,
}

#[derive(Default)]
struct Books {
    /// By the key: the order, and the receipt.
    charges: BTreeMap<String, (String, String)>,
    /// Requests to charge, by order.
    requests: BTreeMap<String, usize>,
    holds: HashMap<(String, String), Hold>,
}

/// Of one answer.
struct Hold {
    begins: oneshot::Sender<()>,
    ends: oneshot::Receiver<()>,
}

/// An answer that is held back until this is dropped.
pub(crate) struct Held {
    begun: oneshot::Receiver<()>,
    _end: oneshot::Sender<()>,
}

impl Bank {
    pub(crate) async fn start() -> Outcome<Self> {
        let books = Arc::<Mutex<Books>>::default();
        let kept = Arc::clone(&books);
        let server = Loopback::start(move |request| answer(request, Arc::clone(&kept))).await?;
        Ok(Self { server, books })
    }

    pub(crate) fn url(&self) -> String {
        self.server.url("")
    }

    /// Holds back the next answer to a path about an order. What was asked for is done before.
    pub(crate) fn hold(&self, path: &str, order: &str) -> Held {
        let ((begins, begun), (end, ends)) = (oneshot::channel(), oneshot::channel());
        lock(&self.books).holds.insert((path.to_owned(), order.to_owned()), Hold { begins, ends });
        Held { begun, _end: end }
    }

    /// How often the bank was asked to charge an order, and how often it did.
    pub(crate) fn of(&self, order: &str) -> (usize, usize) {
        let books = lock(&self.books);
        let charges = books.charges.values().filter(|(charged, _)| charged == order).count();
        (books.requests.get(order).copied().unwrap_or(0), charges)
    }

    /// How often each order was charged, and how often the bank was asked to charge any.
    pub(crate) fn totals(&self) -> (BTreeMap<String, usize>, usize) {
        let orders: Vec<_> = lock(&self.books).requests.keys().cloned().collect();
        let requests = lock(&self.books).requests.values().sum();
        (orders.into_iter().map(|order| (order.clone(), self.of(&order).1)).collect(), requests)
    }
}

impl Held {
    /// Waits until somebody waits for the answer.
    pub(crate) async fn is_held(&mut self) -> Outcome<()> {
        Ok((&mut self.begun).await?)
    }
}

async fn answer(request: Request<Incoming>, books: Arc<Mutex<Books>>) -> io::Result<Response<Full<Bytes>>> {
    let path = request.uri().path().to_owned();
    let key = request.headers().get(HEADER).and_then(|key| from_header(key.to_str().ok()?));
    let body = request.into_body().collect().await.map_err(io::Error::other)?.to_bytes();
    let order = String::from_utf8_lossy(&body).split(' ').next().unwrap_or_default().to_owned();
    let Some(key) = key else { return Ok(status(400)) };
    let (text, hold) = {
        let mut books = lock(&books);
        let text = if path == "/charge" { books.charge(&order, key) } else { "within the limit".to_owned() };
        (text, books.holds.remove(&(path, order)))
    };
    if let Some(hold) = hold {
        // Either side may be gone by then.
        let _ = hold.begins.send(());
        let _ = hold.ends.await;
    }
    Ok(Response::new(Full::new(Bytes::from(text))))
}

impl Books {
    /// Charges, unless this key has been charged: gives its receipt then.
    fn charge(&mut self, order: &str, key: String) -> String {
        *self.requests.entry(order.to_owned()).or_default() += 1;
        let number = self.charges.len() + 1;
        let (_, receipt) =
            self.charges.entry(key).or_insert_with(|| (order.to_owned(), format!("receipt-{number}")));
        receipt.clone()
    }
}

fn status(code: u16) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = code.try_into().unwrap_or_default();
    response
}

fn lock(books: &Mutex<Books>) -> MutexGuard<'_, Books> {
    books.lock().unwrap_or_else(PoisonError::into_inner)
}
