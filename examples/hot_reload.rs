//! Changes a TOML file under a running program in the three ways that editors and orchestrators do it, and
//! shows what is in force after each.
#![expect(clippy::print_stdout, reason = "an example talks to its reader")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use resilience_runtime::{Rejection, comprehensive_retry, registry, watch_config_file};

#[derive(Debug, thiserror::Error)]
enum NeverUp {
    #[error("still down")]
    Down,
    #[error(transparent)]
    Rejected(#[from] Rejection),
}

#[comprehensive_retry("inventory", base_delay = 0, budget = off, breaker = off)]
async fn count_attempts(attempts: &mut u32) -> Result<(), NeverUp> {
    *attempts += 1;
    Err(NeverUp::Down)
}

fn settings(max_attempts: u32) -> String {
    format!("[services.inventory]\nmax_attempts = {max_attempts}\n")
}

/// Waits until a call makes that many attempts; says how long that took.
async fn until(attempts: u32) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(3) {
        let mut made = 0;
        let _ = count_attempts(&mut made).await;
        if made == attempts {
            return Ok(start.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Err(format!("still not {attempts} attempts").into())
}

#[cfg(unix)]
fn link(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
fn link(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(target, link)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // As orchestrators mount configuration: `config.toml` is reached through a link to a folder.
    let root = tempfile::tempdir()?;
    let root = root.path();
    for (folder, attempts) in [("first", 2), ("second", 5)] {
        fs::create_dir(root.join(folder))?;
        fs::write(root.join(folder).join("config.toml"), settings(attempts))?;
    }
    link(Path::new("first"), &root.join("current"))?;
    let path = root.join("current").join("config.toml");

    let _watch = watch_config_file(&path)?;
    println!("start              2 attempts after {:?}", until(2).await?);

    fs::write(&path, settings(3))?;
    println!("written in place   3 attempts after {:?}", until(3).await?);

    fs::write(root.join("first").join("new"), settings(4))?;
    fs::rename(root.join("first").join("new"), root.join("first").join("config.toml"))?;
    println!("renamed over       4 attempts after {:?}", until(4).await?);

    link(Path::new("second"), &root.join("next"))?;
    fs::rename(root.join("next"), root.join("current"))?;
    println!("link swapped       5 attempts after {:?}", until(5).await?);

    let explanation = registry().explain("inventory").ok_or("no service `inventory`")?;
    println!("\n{explanation}");
    println!("ok: 3 ways to change a file, each in force within a second");
    Ok(())
}
