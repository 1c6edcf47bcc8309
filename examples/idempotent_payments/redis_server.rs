//! A Redis for this example alone. In: nothing. Out: a server on a free port of this machine, which goes when it is dropped.

use std::env;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::Outcome;

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct RedisServer {
    address: SocketAddr,
    _process: Child,
    _folder: TempDir,
}

impl RedisServer {
    /// Ready to be asked. It keeps a log, as a store of records has to.
    pub(crate) async fn start() -> Outcome<Self> {
        let program = env::var("RESILIENCE_REDIS_SERVER").unwrap_or_else(|_| "redis-server".to_owned());
        let folder = tempfile::tempdir()?;
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut command = Command::new(&program);
        command.args(["--port", &address.port().to_string(), "--bind", "127.0.0.1", "--save", ""]);
        command.args(["--appendonly", "yes", "--dir"]).arg(folder.path());
        let process = command.stdout(Stdio::null()).kill_on_drop(true).spawn();
        let process = process.map_err(|error| missing(&program, &error))?;
        let began = Instant::now();
        while let Err(error) = TcpStream::connect(address).await {
            if began.elapsed() > PATIENCE {
                return Err(format!("`{program}` does not listen: {error}").into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(Self { address, _process: process, _folder: folder })
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}/0", self.address)
    }
}

fn missing(program: &str, error: &io::Error) -> String {
    format!(
        "`{program}` cannot be started ({error}): install it, as with `apt-get install redis-server`, or name it in \
         RESILIENCE_REDIS_SERVER"
    )
}
