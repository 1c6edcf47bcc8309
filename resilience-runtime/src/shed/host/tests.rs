//! Complete systems made of sample files, and the system that the tests run on.

use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::files::Files;
use super::readings::Host;

/// A machine with these files.
fn machine(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        write(&root, path, text);
    }
    root
}

fn write(root: &TempDir, path: &str, text: &str) {
    let path = root.path().join(path);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    std::fs::write(path, text).expect("written");
}

fn host(root: &TempDir) -> Host {
    Host::of(Files::below(root.path()))
}

const MEMINFO: (&str, &str) = ("proc/meminfo", "MemTotal: 1000 kB\nMemFree: 10 kB\nMemAvailable: 400 kB\n");
const UNIFIED: &[(&str, &str)] = &[
    MEMINFO,
    ("proc/self/cgroup", "0::/pod/app\n"),
    ("proc/self/mountinfo", "24 30 0:22 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw\n"),
];

#[track_caller]
fn assert_close(share: Option<f64>, expected: f64) {
    assert!(share.is_some_and(|share| (share - expected).abs() < 1e-9), "{share:?} is not {expected}");
}

#[test]
fn a_system_without_these_files_has_no_readings() {
    let root = machine(&[]);
    let mut host = host(&root);
    assert_eq!([host.cpu(), host.cpu(), host.memory()], [None; 3]);
}

#[test]
fn without_limits_it_is_the_machine() {
    let root = machine(UNIFIED);
    write(&root, "sys/fs/cgroup/pod/app/cpu.max", "max 100000\n");
    write(&root, "sys/fs/cgroup/pod/app/memory.max", "max\n");
    write(&root, "proc/self/status", "Cpus_allowed_list:\t0\n");
    write(&root, "proc/stat", "cpu0 100 0 0 100 0 0 0 0 0 0\n");
    let mut host = host(&root);
    assert_close(host.memory(), 0.6);
    assert_eq!(host.cpu(), None);
    write(&root, "proc/stat", "cpu0 130 0 0 170 0 0 0 0 0 0\n");
    assert_close(host.cpu(), 0.3);
}

#[test]
fn the_tightest_memory_limit_around_the_process_counts() {
    let root = machine(UNIFIED);
    let host = host(&root);
    write(&root, "sys/fs/cgroup/pod/app/memory.current", "300000\n");
    write(&root, "sys/fs/cgroup/pod/app/memory.max", "400000\n");
    write(&root, "sys/fs/cgroup/pod/app/memory.stat", "file 9\ninactive_file 100000\n");
    assert_close(host.memory(), 0.5);
    // The enclosing group is fuller.
    write(&root, "sys/fs/cgroup/pod/memory.current", "630000\n");
    write(&root, "sys/fs/cgroup/pod/memory.max", "700000\n");
    assert_close(host.memory(), 0.9);
    // The limit at which the kernel slows the process down counts like the one at which it kills it.
    write(&root, "sys/fs/cgroup/pod/app/memory.high", "200000\n");
    assert_close(host.memory(), 1.0);
}

#[test]
fn a_quota_is_followed_while_it_changes() {
    let root = machine(UNIFIED);
    write(&root, "sys/fs/cgroup/pod/app/cpu.max", "50000 100000\n");
    write(&root, "sys/fs/cgroup/pod/app/cpu.stat", "usage_usec 1000000\n");
    let mut host = host(&root);
    let started = Instant::now();
    assert_eq!(host.cpu(), None);
    std::thread::sleep(Duration::from_millis(50));
    write(&root, "sys/fs/cgroup/pod/app/cpu.stat", "usage_usec 1020000\n");
    // 20 ms used of half a processor, over at least 50 ms.
    let share = host.cpu().expect("two samples");
    let least = 0.02 / (0.5 * started.elapsed().as_secs_f64());
    assert!((least..=0.8 + 1e-9).contains(&share), "{share}, at least {least}");
}

#[test]
fn the_first_version_of_control_groups_is_understood() {
    let root = machine(&[
        MEMINFO,
        ("proc/self/cgroup", "3:memory:/app\n2:cpuacct:/app\n1:cpu:/app\n0::/\n"),
        (
            "proc/self/mountinfo",
            "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n\
             33 31 0:30 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct\n\
             35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
        ),
        ("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"),
        ("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"),
        ("sys/fs/cgroup/cpuacct/cpuacct.usage", "999999999999\n"),
        ("sys/fs/cgroup/cpu/app/cpu.cfs_quota_us", "200000\n"),
        ("sys/fs/cgroup/cpu/app/cpu.cfs_period_us", "100000\n"),
        ("sys/fs/cgroup/cpuacct/app/cpuacct.usage", "5000000000\n"),
        ("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"),
        ("sys/fs/cgroup/memory/memory.usage_in_bytes", "5\n"),
    ]);
    let mut host = host(&root);
    assert_close(host.memory(), 0.6);
    write(&root, "sys/fs/cgroup/memory/app/memory.limit_in_bytes", "500000\n");
    write(&root, "sys/fs/cgroup/memory/app/memory.usage_in_bytes", "450000\n");
    write(&root, "sys/fs/cgroup/memory/app/memory.stat", "total_inactive_file 50000\n");
    assert_close(host.memory(), 0.8);

    assert_eq!(host.cpu(), None);
    std::thread::sleep(Duration::from_millis(20));
    write(&root, "sys/fs/cgroup/cpuacct/app/cpuacct.usage", "5020000000\n");
    // 20 ms used of two processors, over at least 20 ms.
    let share = host.cpu().expect("two samples");
    assert!(share > 0.0 && share <= 0.5 + 1e-9, "{share}");
}

#[cfg(target_os = "linux")]
#[test]
fn this_machine_has_readings() {
    let mut host = Host::new();
    let memory = host.memory().expect("memory");
    assert!(memory > 0.0 && memory < 1.5, "{memory}");
    // Keep all processors busy for a while: other work on the machine can only add to that.
    host.cpu();
    let until = Instant::now() + Duration::from_millis(400);
    let spin = move || while Instant::now() < until {};
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(spin);
        }
    });
    let busy = host.cpu().expect("two samples");
    assert!(busy > 0.5, "{busy}");
}
