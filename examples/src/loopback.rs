//! A port and a function that answers requests go in, a real HTTP server on loopback comes out, which can be killed.
//! Apart from what the servers answer, because dying properly is a matter of its own.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// The server. It is gone when dropped: the port is closed, and so is every connection.
#[derive(Debug)]
pub struct Loopback {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Loopback {
    /// Starts on a free port.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub async fn start<A, F>(answer: A) -> io::Result<Self>
    where
        A: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
        F: Future<Output = io::Result<Response<Full<Bytes>>>> + Send + 'static,
    {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), answer).await
    }

    /// Starts on a certain port, such as that of a server which has been stopped.
    ///
    /// # Errors
    ///
    /// When the port is taken.
    pub async fn start_at<A, F>(address: SocketAddr, answer: A) -> io::Result<Self>
    where
        A: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
        F: Future<Output = io::Result<Response<Full<Bytes>>>> + Send + 'static,
    {
        let listener = TcpListener::bind(address).await?;
        Ok(Self { address: listener.local_addr()?, accepting: tokio::spawn(accept(listener, answer)) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Kills it. When this returns, nobody listens on the port any more.
    pub async fn stop(mut self) {
        self.accepting.abort();
        // An error is the abortion that was asked for.
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept<A, F>(listener: TcpListener, answer: A)
where
    A: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = io::Result<Response<Full<Bytes>>>> + Send + 'static,
{
    // Dropped with this future, and the connections with it: a server that is gone keeps none alive.
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, answer.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn serve<A, F>(stream: TcpStream, answer: A)
where
    A: Fn(Request<Incoming>) -> F,
    F: Future<Output = io::Result<Response<Full<Bytes>>>>,
{
    // Closed without lingering, a connection is reset: an answer that fails resets it on purpose, and the port is
    // free at once for the next server. An answered request is complete by then and not harmed.
    let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
    // An error here is such a reset, or a client that went away.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service_fn(answer))
        .await;
}
