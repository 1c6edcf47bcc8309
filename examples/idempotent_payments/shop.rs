//! A shop as a process of its own. In: orders. Out: receipts; and on the way it can be killed, stopped, and let go on.

use std::collections::BTreeMap;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::Outcome;

/// The first argument of this program when it is a shop.
pub(crate) const WORD: &str = "--shop";

/// Whom a shop talks to.
pub(crate) struct Address {
    pub(crate) bank: String,
    pub(crate) redis: String,
}

/// It is killed when dropped.
pub(crate) struct Shop(Child);

/// What a shop has printed.
#[derive(Debug, Default)]
pub(crate) struct Closed {
    pub(crate) receipts: BTreeMap<String, String>,
    pub(crate) leases_lost: u64,
}

impl Shop {
    pub(crate) fn open(address: &Address, orders: &[String]) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(WORD).arg(&address.bank).arg(&address.redis).args(orders);
        Ok(Self(command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?))
    }

    /// Waits until it has taken all of its orders.
    pub(crate) async fn closed(mut self) -> Outcome<Closed> {
        let output = self.0.stdout.take().ok_or("its output is read twice")?;
        let (mut lines, mut closed) = (BufReader::new(output).lines(), Closed::default());
        while let Some(line) = lines.next_line().await? {
            match line.split(' ').collect::<Vec<_>>().as_slice() {
                ["receipt", order, receipt] => {
                    closed.receipts.insert((*order).to_owned(), (*receipt).to_owned());
                }
                ["leases_lost", count] => closed.leases_lost = count.parse()?,
                _ => return Err(format!("a shop said: {line}").into()),
            }
        }
        let status = self.0.wait().await?;
        if status.success() { Ok(closed) } else { Err(format!("a shop ended with {status}").into()) }
    }

    /// As when its machine fails.
    pub(crate) async fn kill(&mut self) -> Outcome<()> {
        Ok(self.0.kill().await?)
    }

    pub(crate) async fn signal(&self, signal: &str) -> Outcome<()> {
        let process = self.0.id().ok_or("it has ended")?.to_string();
        let status = Command::new("kill").arg(format!("-{signal}")).arg(process).status().await?;
        if status.success() { Ok(()) } else { Err(format!("kill ended with {status}").into()) }
    }
}
