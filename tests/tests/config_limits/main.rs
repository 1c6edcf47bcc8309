//! A configuration is untrusted input: whatever its contents, reading it takes time proportional to its length, and
//! little memory; and the faults reported are few enough to read.
//!
//! Time is processor time, compared with that for a plain file of the same size: the machine may be busy, and the build
//! may be unoptimised.

mod hostile;

use std::time::{Duration, Instant};

use allocation_counter::measure;
use resilience_runtime::config::limits::{MAX_FAULTS, MAX_FINDINGS, MAX_SIZE, MAX_TABLES};
use resilience_runtime::config::validate_config;
use resilience_runtime::config::{ConfigError, Fault};
use resilience_runtime::{load_config_from_file, registry};

use hostile::{HOSTILE, chain, plain, tables};

/// How many bytes reading any file may take.
const MOST_MEMORY: u64 = 200_000_000;

/// How many times as long as a plain file of its size any file may take. The worst of those below takes three times.
const MOST_TIMES: u32 = 6;

struct Cost {
    time: Duration,
    memory: u64,
    error: Option<ConfigError>,
}

/// The processor time of this thread, where the system reports it.
fn clock() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.as_deref().and_then(|told| told.split(' ').next()?.parse().ok());
    nanos.map_or_else(since_start, Duration::from_nanos)
}

fn since_start() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

fn cost(read: impl FnOnce() -> Result<(), ConfigError>) -> Cost {
    let (mut time, mut error) = (Duration::ZERO, None);
    let memory = measure(|| {
        let start = clock();
        error = read().err();
        // Rendering the message is part of refusing a file.
        let shown = error.as_ref().map_or(0, |error| error.to_string().len());
        time = clock().saturating_sub(start);
        assert!(shown < 100_000, "{shown} bytes of error");
    });
    Cost { time, memory: memory.bytes_max, error }
}

fn load(text: &str) -> Cost {
    cost(|| registry().load_config(text, "r.toml").map(drop))
}

fn require(name: &str, cost: &Cost, reference: Duration) {
    assert!(cost.memory < MOST_MEMORY, "{name}: {} bytes", cost.memory);
    let most = reference * MOST_TIMES;
    assert!(cost.time < most, "{name}: {:?}, a plain file of the size {reference:?}", cost.time);
}

#[test]
fn no_text_takes_longer_than_its_length_or_much_memory() {
    const SIZE: usize = MAX_SIZE / 32;
    let reference = load(&plain(SIZE)).time;
    for (name, text) in HOSTILE {
        let text = text(SIZE);
        assert!(text.len() > SIZE - SIZE / 8 && text.len() <= SIZE, "{name}: {}", text.len());
        let cost = load(&text);
        require(name, &cost, reference);
        assert!(cost.memory < MOST_MEMORY / 4, "{name}: {} bytes", cost.memory);
        assert!(cost.error.is_none_or(|error| error.faults().len() <= MAX_FAULTS), "{name}");
    }
}

#[test]
fn the_longest_files_take_as_much_time_and_memory_as_their_length_allows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.toml");
    let read = |text: &str| {
        std::fs::write(&path, text).unwrap();
        cost(|| load_config_from_file(&path).map(drop))
    };
    let reference = read(&plain(MAX_SIZE));
    require("a plain file", &reference, reference.time);
    assert!(reference.error.is_none());
    // The files that take most time or most memory.
    for name in ["tiny tables", "tiny inline tables", "equals signs"] {
        let (_, text) = HOSTILE.iter().find(|(known, _)| *known == name).unwrap();
        let cost = read(&text(MAX_SIZE));
        require(name, &cost, reference.time);
        if name == "tiny inline tables" {
            let error = cost.error.expect("more tables than there may be");
            assert_eq!(error.faults()[0].line(), 2 + u32::try_from(MAX_TABLES).unwrap());
            assert!(error.to_string().contains(&format!("more than {MAX_TABLES} services")), "{error}");
        }
    }
}

#[test]
fn a_hundred_thousand_services_are_loaded() {
    let text = tables(0..100_000, "max_attempts = 5\n");
    let reference = load(&plain(text.len())).time;
    let mut findings = Vec::new();
    let cost = cost(|| registry().load_config(&text, "r.toml").map(|found| findings = found));
    assert!(cost.error.is_none());
    require("services", &cost, reference);
    // The first of each kind, and how many more there are.
    assert_eq!(findings.len(), MAX_FINDINGS + 1, "{findings:?}");
    let last = findings[MAX_FINDINGS].message();
    assert!(last.starts_with("and 99900 more services of the file that no call site names"), "{last}");
}

#[test]
fn a_text_that_is_too_long_is_refused_unread() {
    let text = "\n".repeat(100_000_000);
    for refuse in [&|text: &str| validate_config(text) as Result<(), ConfigError>, &|text: &str| {
        registry().load_config(text, "configuration").map(drop)
    }] as [&dyn Fn(&str) -> Result<(), ConfigError>; 2]
    {
        let cost = cost(|| refuse(&text));
        assert!(cost.time < Duration::from_millis(50) && cost.memory < 100_000);
        let error = cost.error.expect("refused").to_string();
        assert!(
            error.contains("configuration has 100000000 bytes, and at most 16777216 (16 MiB)"),
            "{error}"
        );
    }
    assert!(validate_config(&text[..MAX_SIZE]).is_ok());
    assert!(validate_config(&text[..=MAX_SIZE]).is_err());
}

#[test]
fn of_many_faults_the_first_are_shown_and_the_others_counted() {
    let text = tables(0..5_000, "max_attempts = 0\n");
    let error = validate_config(&text).expect_err("refused");
    assert_eq!((error.faults().len(), error.fault_count()), (MAX_FAULTS, 5_000));
    let lines: Vec<u32> = error.faults().iter().map(Fault::line).collect();
    assert!(lines.iter().copied().eq((2..=200).step_by(2)), "the first ones: {lines:?}");
    let shown = error.to_string();
    assert_eq!(shown.matches("error:").count(), MAX_FAULTS);
    let end = "\n\nand 4900 more faults\n\n5000 faults in configuration; nothing of it was applied";
    assert!(shown.ends_with(end), "{shown}");
}

#[test]
fn the_first_faults_are_shown_in_whatever_order_they_are_found() {
    // Contradictions are found after everything has been read, syntax errors before.
    let text = tables(0..60, "base_delay = 3\nmax_delay = 2\n") + &tables(60..560, "max_attempts = 0\n");
    let error = validate_config(&text).expect_err("refused");
    assert_eq!((error.faults().len(), error.fault_count()), (MAX_FAULTS, 560));
    let contradictions = error.faults().iter().filter(|fault| fault.message().contains("is above")).count();
    assert_eq!(contradictions, 60);
}

#[test]
fn templates_stand_on_one_another_up_to_a_length() {
    let chain =
        |length: usize| chain(length - 1) + &format!("[templates.t{}]\nextends = \"http_api\"\n", length - 1);
    assert!(validate_config(&chain(32)).is_ok());
    for length in [33, 10_000] {
        let error = validate_config(&chain(length)).expect_err("too long");
        assert_eq!(error.fault_count(), 1, "{error}");
        let (fault, top) = (&error.faults()[0], length - 33);
        assert_eq!(fault.path(), format!("templates.t{top}.extends"));
        let message = format!(
            "`templates.t{top}.extends` makes a chain of 33 templates, from `t{top}` down to `t{}`; at most 32 may stand \
             on one another",
            length - 1
        );
        assert_eq!(fault.message(), message);
    }
}

#[test]
fn a_file_that_is_too_long_or_no_text_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.toml");
    // Sparse: without a byte on the disk.
    std::fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    let read = cost(|| load_config_from_file(&path).map(drop));
    assert!(read.memory < 100_000, "{}", read.memory);
    let error = read.error.expect("too long");
    assert!(error.is_io(), "{error}");
    let expected = format!(
        "cannot read the configuration file `{}`: it has 1099511627776 bytes, and at most 16777216 (16 MiB) are read",
        path.display()
    );
    assert_eq!(error.to_string(), expected);

    std::fs::write(&path, b"[services.a]\nmax_attempts = 3\n# \xff\n").unwrap();
    let error = load_config_from_file(&path).expect_err("no text").to_string();
    assert!(error.ends_with("r.toml`: line 3 is not UTF-8"), "{error}");
}

/// Whether there is an answer at all: reading a pipe would wait for ever.
#[cfg(unix)]
fn refused(path: &std::path::Path) -> String {
    let (sender, answer) = std::sync::mpsc::channel();
    let path = path.to_owned();
    std::thread::spawn(move || sender.send(cost(|| load_config_from_file(path).map(drop))));
    let read = answer.recv_timeout(Duration::from_secs(20)).expect("an answer");
    assert!(read.memory < 100_000, "{}", read.memory);
    let error = read.error.expect("refused");
    assert!(error.is_io() && error.faults().is_empty());
    error.to_string()
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let socket = folder.path().join("socket");
    let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink("pipe", &link).unwrap();
    for (path, what) in [
        (pipe.as_path(), "a named pipe"),
        (&link, "a named pipe"),
        (&socket, "a socket"),
        (folder.path(), "a folder"),
        (std::path::Path::new("/dev/zero"), "a device"),
        (std::path::Path::new("/dev/null"), "a device"),
    ] {
        let expected = format!(
            "cannot read the configuration file `{}`: it is {what}, and only regular files are read",
            path.display()
        );
        assert_eq!(refused(path), expected);
    }
}
