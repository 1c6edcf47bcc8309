//! Three times as many calls as a server can serve, once with a timeout as the only defence, and once through an
//! annotated function. Prints a table, draws a plot, and fails when important calls are not served as if there were
//! no overload. Needs nothing but the loopback interface, and ends by itself within 30 seconds.

mod load;
mod numbers;
mod plot;
mod server;

use std::error::Error;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use examples::say;
use reqwest::Client;
use resilience_runtime::{
    Priority, Rejection, RejectionKind, Service, comprehensive_retry, registry, start_load_shedding,
    with_priority,
};

use crate::load::{MIX, drive, schedule};
use crate::numbers::Numbers;
use crate::plot::{Curve, Panel, draw};
use crate::server::{Server, capacity};

/// How long a caller waits.
const DEADLINE: Duration = Duration::from_millis(500);
/// Easy at first, then too much, then easy again.
const CALM: Duration = Duration::from_millis(1_500);
const RUSH: Duration = Duration::from_secs(6);
const AFTER: Duration = Duration::from_millis(2_500);
const OVERLOAD: Range<Duration> = CALM..CALM.saturating_add(RUSH);
const END: Duration = OVERLOAD.end.saturating_add(AFTER);

/// A little more than the server can serve at once, so that its workers never wait for us. The rest waits here, in
/// order of importance, instead of in the server's queue, where all are equal. Who has waited for 200 ms goes away: the
/// attempt after it needs time as well.
#[comprehensive_retry(
    "inventory",
    kind = Microservice,
    max_attempts = 3,
    base_delay = "10ms",
    max_delay = "50ms",
    attempt_timeout = "300ms",
    deadline = "500ms",
    bulkhead(max_concurrent = 15, max_queue = 400, max_wait = "200ms"),
    budget(ratio = 0.1),
    breaker(failure_rate = 0.5, slow_call = "250ms")
)]
async fn stock(client: &Client, url: &str) -> Result<String, CallError> {
    Ok(client.get(url).send().await?.error_for_status()?.text().await?)
}

/// What many do: a timeout.
async fn plain_stock(client: &Client, url: &str) -> Result<String, CallError> {
    let request = client.get(url).timeout(DEADLINE);
    Ok(request.send().await?.error_for_status()?.text().await?)
}

#[derive(Debug, thiserror::Error)]
enum CallError {
    #[error("no answer: {0}")]
    Transport(#[from] reqwest::Error),
    #[error(transparent)]
    Rejected(#[from] Rejection),
}

/// Where calls wait for as long as they may, which is `max_wait`, the least important ones are not let in any more. The
/// machine may have other work to do: its processors count only when they are all taken.
const SETTINGS: &str = r#"
[global.shedding]
queue_time = "200ms"
recover_after = "1s"
cpu = 1.0
"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    registry().load_config(SETTINGS, "overload.toml")?;
    let capacity = capacity();
    say(&format!("A server that can serve {capacity:.0} requests a second; callers wait {DEADLINE:?}.\n"));

    say("1. A fifth of what it can do, to know how fast it is.");
    let before = unloaded_p99().await?;
    let rates = [(CALM, capacity / 2.0), (RUSH, capacity * 3.0), (AFTER, capacity / 2.0)];
    say("2. Half of what it can do, then three times as much, then half again. Only a timeout protects us.");
    let without = run(&rates, false).await?;
    say("   => done\n\n3. The same calls, through an annotated function.");
    let with = run(&rates, true).await?;
    say("   => done\n");
    say("4. A fifth again: this machine may have become busier meanwhile, and slower with it.");
    let unloaded_p99 = unloaded_p99().await?.max(before);

    table(&[("a timeout", &without), ("us", &with)], unloaded_p99);
    let service = registry().service("inventory").ok_or("no service `inventory`")?;
    tell_rejections(service);
    let file = save_plot(&without, &with, unloaded_p99)?;
    say(&format!("\nThe plot is in {}", file.display()));
    judge(&with, service, unloaded_p99)
}

/// Drives a new server, whose queue is empty.
async fn run(rates: &[(Duration, f64)], protected: bool) -> Result<Numbers, Box<dyn Error>> {
    let server = Server::start().await?;
    let _shedding = protected.then(start_load_shedding).transpose()?;
    let (client, url) = (Client::new(), server.url());
    let arrivals = schedule(rates);
    let samples = drive(&arrivals, |priority| {
        let (client, url) = (client.clone(), url.clone());
        async move {
            if protected {
                with_priority(priority, stock(&client, &url)).await.is_ok()
            } else {
                plain_stock(&client, &url).await.is_ok()
            }
        }
    });
    Ok(Numbers::new(samples.await, DEADLINE))
}

async fn unloaded_p99() -> Result<Duration, Box<dyn Error>> {
    let numbers = run(&[(Duration::from_secs(3), capacity() / 5.0)], false).await?;
    let p99 = numbers.latency_of_all(99).ok_or("no answer without load")?;
    say(&format!("   => p99 {p99:.0?}\n"));
    Ok(p99)
}

fn table(runs: &[(&str, &Numbers)], unloaded_p99: Duration) {
    say(&format!("During the overload (p99 without load: {unloaded_p99:.0?})\n"));
    say("   protected by   goodput    priority   answered in time      p50      p99");
    for (name, numbers) in runs {
        let mut first = format!("{name:<12} {:>7.0} /s", numbers.goodput(&OVERLOAD));
        for (priority, _) in MIX {
            let time = |percent| {
                let time = numbers.latency(priority, percent, &OVERLOAD);
                time.map_or("-".to_owned(), |time| format!("{} ms", time.as_millis()))
            };
            let success = 100.0 * numbers.success(priority, &OVERLOAD);
            let name = format!("{priority:?}");
            say(&format!("   {first:<25} {name:<10} {success:>14.1} %  {:>7}  {:>7}", time(50), time(99)));
            first.clear();
        }
    }
}

fn tell_rejections(service: &Service) {
    let stats = service.stats();
    let told = RejectionKind::ALL.iter().filter(|kind| stats.rejections(**kind) > 0);
    let told: Vec<_> = told.map(|kind| format!("{} {}", stats.rejections(*kind), kind.name())).collect();
    say(&format!("\nTurned away by us before the server saw them: {}", told.join(", ")));
}

fn save_plot(without: &Numbers, with: &Numbers, unloaded_p99: Duration) -> Result<PathBuf, Box<dyn Error>> {
    const STEP: Duration = Duration::from_millis(500);
    let starts = || (0..).map(|step| STEP * step).take_while(|start| *start < END);
    let points = |numbers: &Numbers, value: &dyn Fn(&Numbers, &Range<Duration>) -> f64| {
        let point =
            |start: Duration| ((start + STEP / 2).as_secs_f64(), value(numbers, &(start..start + STEP)));
        starts().map(point).collect()
    };
    let curves = |value: &dyn Fn(&Numbers, &Range<Duration>) -> f64| {
        vec![
            Curve { name: "with a timeout only", colour: "#c62828", points: points(without, value) },
            Curve { name: "with us", colour: "#1565c0", points: points(with, value) },
        ]
    };
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    let panels = [
        Panel {
            title: "Answers in time, per second".to_owned(),
            top: capacity() * 1.2,
            curves: curves(&Numbers::goodput),
            mark: (capacity(), "what the server can do".to_owned()),
        },
        Panel {
            title: "How long Critical callers wait, p99 in ms".to_owned(),
            top: millis(DEADLINE) * 1.2,
            curves: curves(&|numbers, span| {
                millis(numbers.wait(Priority::Critical, 99, span).unwrap_or_default())
            }),
            mark: (millis(unloaded_p99 * 2), "twice the p99 without load".to_owned()),
        },
    ];
    let file = std::env::temp_dir().join("resilience-overload.svg");
    std::fs::write(&file, draw(&panels, END, &OVERLOAD, "three times what it can do"))?;
    Ok(file)
}

/// The bar: the important calls notice nothing, the server is in full use, and the unimportant ones make room.
fn judge(with: &Numbers, service: &Service, unloaded_p99: Duration) -> Result<(), Box<dyn Error>> {
    let goodput = with.goodput(&OVERLOAD) / capacity();
    let critical = with.success(Priority::Critical, &OVERLOAD);
    let p99 = with.latency(Priority::Critical, 99, &OVERLOAD).ok_or("no Critical call was answered")?;
    let slower = p99.as_secs_f64() / unloaded_p99.as_secs_f64();
    let low = with.success(Priority::Low, &OVERLOAD);
    let shed = service.stats().rejections(RejectionKind::Shed);
    for (holds, bar, got) in [
        (critical >= 0.99, "0.99 of the Critical calls to be answered", critical),
        (slower <= 2.0, "at most 2 times the p99 without load", slower),
        (goodput >= 0.9, "a goodput of 0.9 of the capacity", goodput),
        (low <= 0.5 && shed > 0, "Low calls to be shed, and few answered", low),
    ] {
        if !holds {
            return Err(format!("expected {bar}, got {got:.2}").into());
        }
    }
    say(&format!(
        "ok: at three times the capacity, {:.1} % of the Critical calls were answered, at {slower:.1} times the p99 \
         without load; goodput {:.0} % of the capacity; {shed} calls shed",
        critical * 100.0,
        goodput * 100.0,
    ));
    Ok(())
}
