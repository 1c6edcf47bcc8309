//! A small shop with its dashboard. Each half minute the same troubles come and go: the database is down, the large model is
//! overloaded, payments are slow, recommendations fail under a policy that only observes. Open the address that it prints and
//! watch.
//!
//! ```text
//! cargo run -p examples --example monitoring                                  # until Ctrl-C, at port 8000
//! RESILIENCE_OPERATOR_TOKEN=secret cargo run -p examples --example monitoring # with operator actions: /?token=secret
//! cargo run -p examples --example monitoring -- --once                        # one trouble, seen through the API
//! ```
//!
//! With `--features chaos`, operators may inject faults; `--once` then does so, which needs the token:
//!
//! ```text
//! RESILIENCE_OPERATOR_TOKEN=secret cargo run -p examples --features chaos --example monitoring -- --once
//! curl -H 'Authorization: Bearer secret' -H 'Content-Type: application/json' http://127.0.0.1:8000/api/chaos \
//!     -d '{"name": "evening", "target": "payments", "latency": "lognormal(200ms, 0.5)", "error": "trouble", "rate": 0.2}'
//! ```
//!
//! `--port N` takes another port, 0 one that is free; `--services N` adds so many more services.

mod fleet;
mod once;
#[cfg(feature = "chaos")]
mod rehearsal;
mod trouble;

use std::error::Error;
use std::net::{Ipv4Addr, TcpListener};
use std::str::FromStr;

use examples::say;
use resilience_runtime::{monitor, watch_config_file};

use crate::trouble::Script;

/// The settings of the shop. The server is a matter of the file: it can be switched off, and on again at another port,
/// while the program runs.
fn settings(port: u16) -> String {
    format!(
        "[global]\nprometheus_enabled = true\nprometheus_port = {port}\nmetrics_export_interval = \"10s\"\n\n\
         [services.payments]\nattempt_timeout = \"250ms\"\nservice_type = \"third_party_api\"\n"
    )
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let is_once = std::env::args().any(|argument| argument == "--once");
    let port = match option("--port")?.unwrap_or(if is_once { 0 } else { 8000 }) {
        0 => TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port(),
        port => port,
    };
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("resilience.toml");
    std::fs::write(&file, settings(port))?;
    let _watch = watch_config_file(&file)?;
    let _monitoring = monitor().start();

    #[cfg(feature = "chaos")]
    rehearsal::allow();
    let script = Script::begin();
    fleet::start(script, option("--services")?.unwrap_or(0));
    let url = format!("http://127.0.0.1:{port}");
    say(&format!("the dashboard is at {url}/"));
    say(&format!("its settings are in {}", file.display()));
    if is_once {
        #[cfg(feature = "chaos")]
        rehearsal::see(&url).await?;
        return once::see(script, &url).await;
    }
    stopped().await?;
    Ok(())
}

/// Waits for whoever runs the program to end it. The guards are dropped then, and open pages are told.
async fn stopped() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        let mut terminated = signal(SignalKind::terminate())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result,
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// The value of an option.
fn option<T: FromStr<Err: Error + 'static>>(name: &str) -> Result<Option<T>, Box<dyn Error>> {
    let value = std::env::args().skip_while(|argument| argument != name).nth(1);
    Ok(value.map(|value| value.parse()).transpose()?)
}
