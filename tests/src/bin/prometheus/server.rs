//! Rules and targets go in, a Prometheus server on a free port of this machine comes out, and goes when it is dropped.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{http, note, time_lapse};

/// A service with its pods.
pub(crate) type Targets = (&'static str, [(&'static str, SocketAddr); 2]);

pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    /// What the server reads and keeps.
    folder: TempDir,
}

impl Server {
    /// Ready to be asked.
    pub(crate) fn start(monitoring: &Path, targets: &[Targets]) -> Result<Self, String> {
        let fault = |fault: std::io::Error| format!("prometheus: {fault}");
        let folder = tempfile::tempdir().map_err(fault)?;
        for file in ["recording.yml", "alerts.yml"] {
            let rules = fs::read_to_string(monitoring.join("prometheus").join(file)).map_err(fault)?;
            fs::write(folder.path().join(file), time_lapse::hurried(&rules)).map_err(fault)?;
        }
        fs::write(folder.path().join("prometheus.yml"), configuration(targets)).map_err(fault)?;
        let mut server = Self::spawn(folder).map_err(fault)?;
        if server.is_ready() {
            return Ok(server);
        }
        let log = fs::read_to_string(server.folder.path().join("log")).unwrap_or_default();
        Err(format!("prometheus does not start:\n{log}"))
    }

    fn spawn(folder: TempDir) -> std::io::Result<Self> {
        // A port that was free a moment ago; the server cannot be told to choose one and to say which.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let log = File::create(folder.path().join("log"))?;
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", folder.path().join("prometheus.yml").display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let server = Self { child, address, folder };
        note(&server.child)?;
        Ok(server)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    fn is_ready(&mut self) -> bool {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(30) {
            if http::get(self.address, "/-/ready", "").is_ok_and(|answer| answer.status == 200) {
                return true;
            }
            if !matches!(self.child.try_wait(), Ok(None)) {
                return false;
            }
            thread::sleep(Duration::from_millis(100));
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The labels that the targets of a `ServiceMonitor` have on Kubernetes.
fn configuration(targets: &[Targets]) -> String {
    let head = "global:\n  scrape_interval: 500ms\n  scrape_timeout: 500ms\n  evaluation_interval: 500ms\n\
                rule_files: [recording.yml, alerts.yml]\n\
                scrape_configs:\n";
    let mut text = head.to_owned();
    for (service, pods) in targets {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  - job_name: {service}\n    static_configs:");
        for (pod, address) in pods {
            let _ = writeln!(
                text,
                "      - targets: ['{address}']\n        labels: {{ namespace: prod, service: {service}, pod: {pod}, \
                 container: {service}, endpoint: metrics, instance: '10.0.0.7:{}' }}",
                address.port()
            );
        }
    }
    text
}
