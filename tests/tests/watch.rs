//! A file on disk changes in every way that editors and orchestrators change it, under concurrent calls.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use resilience_runtime::{Rejection, comprehensive_retry, registry, watch_config_file};

#[derive(Debug)]
struct Down;

impl From<Rejection> for Down {
    fn from(rejection: Rejection) -> Self {
        panic!("no call may be rejected here: {rejection}")
    }
}

#[comprehensive_retry("watched", base_delay = 0, budget = off, breaker = off)]
async fn call(attempts: &mut u32) -> Result<(), Down> {
    *attempts += 1;
    tokio::task::yield_now().await;
    Err(Down)
}

fn settings(attempts: u32) -> String {
    format!(
        "[services.watched]\nmax_attempts = {attempts}\n[global]\nmax_concurrent_retries_global = 100000\n"
    )
}

async fn attempts() -> u32 {
    let mut attempts = 0;
    let _ = call(&mut attempts).await;
    attempts
}

/// How long it takes until a call makes that many attempts, minus the longest time in which this thread was not
/// scheduled: what the machine spends on others does not count.
async fn live_after(expected: u32) -> Duration {
    let start = Instant::now();
    let (mut looked, mut stalled) = (start, Duration::ZERO);
    while attempts().await != expected {
        assert!(start.elapsed() < Duration::from_secs(5), "{expected} attempts never came");
        tokio::time::sleep(Duration::from_millis(5)).await;
        stalled = stalled.max(looked.elapsed());
        looked = Instant::now();
    }
    start.elapsed().saturating_sub(stalled)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[cfg(unix)]
async fn a_change_on_disk_is_live_within_a_second_however_it_is_made() {
    use std::os::unix::fs::symlink;

    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    for folder in ["first", "second"] {
        fs::create_dir(root.join(folder)).unwrap();
    }
    fs::write(root.join("first/config.toml"), settings(2)).unwrap();
    fs::write(root.join("second/config.toml"), settings(6)).unwrap();
    symlink("first", root.join("data")).unwrap();
    symlink(Path::new("data").join("config.toml"), root.join("config.toml")).unwrap();
    let path = root.join("config.toml");
    let watch = watch_config_file(&path).unwrap();
    assert_eq!(attempts().await, 2);

    let stop = Arc::new(AtomicBool::new(false));
    let load: Vec<_> = (0..32)
        .map(|_| {
            let stop = Arc::clone(&stop);
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let attempts = attempts().await;
                    assert!((2..=7).contains(&attempts), "{attempts} is in no file");
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            })
        })
        .collect();

    let mut times = Vec::new();
    fs::write(&path, settings(3)).unwrap();
    times.push(("in place", live_after(3).await));

    fs::write(root.join("first/new"), settings(4)).unwrap();
    fs::rename(root.join("first/new"), root.join("first/config.toml")).unwrap();
    times.push(("renamed over", live_after(4).await));

    let refused = registry().reloads().refused;
    fs::write(&path, "[services.watched]\nmax_attempts = \"many\"\n").unwrap();
    let start = Instant::now();
    while registry().reloads().refused == refused && start.elapsed() < Duration::from_secs(2) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(registry().reloads().refused, refused + 1, "reported once");
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(registry().reloads().refused, refused + 1, "and only once");
    assert_eq!(attempts().await, 4, "the last good settings stay");

    symlink("second", root.join("next")).unwrap();
    fs::rename(root.join("next"), root.join("data")).unwrap();
    times.push(("link swapped", live_after(6).await));

    fs::remove_file(root.join("second/config.toml")).unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(attempts().await, 6, "a file that is gone changes nothing");
    fs::write(root.join("second/config.toml"), settings(7)).unwrap();
    times.push(("written again", live_after(7).await));

    for (how, time) in &times {
        assert!(*time < Duration::from_secs(1), "{how}: {time:?}");
    }
    drop(watch);
    fs::write(root.join("second/config.toml"), settings(3)).unwrap();
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(attempts().await, 7, "nobody follows the file any more");

    stop.store(true, Ordering::Relaxed);
    for task in load {
        task.await.unwrap();
    }
}
