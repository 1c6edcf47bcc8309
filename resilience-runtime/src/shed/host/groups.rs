//! Finds the control groups of the process. In: the kernel's lists `/proc/self/cgroup` and `/proc/self/mountinfo`. Out: the folders
//! that hold the limits of one controller, from the group of the process up to the mount.

use std::path::{Path, PathBuf};

/// The version of the kernel interface that holds a controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    One,
    Two,
}

/// Where the limits of a controller are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) version: Version,
    mount: PathBuf,
    /// The group of the process below the mount.
    group: PathBuf,
}

impl Place {
    /// Finds a controller such as `memory`. A machine may have some controllers in version 1 and the rest in 2; the
    /// kernel lists a controller under version 1 exactly if it is there.
    pub(super) fn find(groups: &str, mounts: &str, controller: &str) -> Option<Self> {
        let has = |list: &str| list.split(',').any(|word| word == controller);
        let first = groups.lines().find_map(|line| group(line).filter(|(controllers, _)| has(controllers)));
        if let Some((_, group)) = first {
            let mount = mounts
                .lines()
                .find_map(|line| mount(line).filter(|mount| mount.kind == "cgroup" && has(mount.options)))?;
            return Some(Self::new(Version::One, &mount, group));
        }
        let (_, group) = groups.lines().find_map(|line| group(line).filter(|(list, _)| list.is_empty()))?;
        let mount = mounts.lines().find_map(|line| mount(line).filter(|mount| mount.kind == "cgroup2"))?;
        Some(Self::new(Version::Two, &mount, group))
    }

    fn new(version: Version, mount: &Mount<'_>, group: &str) -> Self {
        // In a container, the mount may be the group of the process itself, while the list still has the path on the
        // host; then the mount is the group.
        let below = Path::new(group).strip_prefix(mount.root).unwrap_or(Path::new(""));
        let is_inside = below.components().all(|part| matches!(part, std::path::Component::Normal(_)));
        Self {
            version,
            mount: PathBuf::from(mount.point),
            group: if is_inside { below.to_owned() } else { PathBuf::new() },
        }
    }

    /// The folders whose limits apply, the innermost first: the limit of an outer group applies to everything inside
    /// it.
    pub(super) fn folders(&self) -> impl Iterator<Item = PathBuf> {
        self.group.ancestors().map(|group| self.mount.join(group))
    }

    /// The same group in the hierarchy of another controller.
    pub(super) fn counterpart(&self, folder: &Path, other: &Self) -> PathBuf {
        other.mount.join(folder.strip_prefix(&self.mount).unwrap_or(Path::new("")))
    }
}

/// A line such as `4:cpu,cpuacct:/some/group`.
fn group(line: &str) -> Option<(&str, &str)> {
    line.split_once(':')?.1.split_once(':')
}

struct Mount<'a> {
    root: &'a str,
    point: &'a str,
    kind: &'a str,
    options: &'a str,
}

/// A line such as `35 31 0:32 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory`.
fn mount(line: &str) -> Option<Mount<'_>> {
    let (place, system) = line.split_once(" - ")?;
    let mut place = place.split(' ').skip(3);
    let mut system = system.split(' ');
    Some(Mount { root: place.next()?, point: place.next()?, kind: system.next()?, options: system.nth(1)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIFIED: &str = "24 30 0:22 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
    const HYBRID: &str = "\
22 1 8:1 / / rw - ext4 /dev/root rw
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 /docker/4711 /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
";

    fn folders(groups: &str, mounts: &str, controller: &str) -> Option<(Version, Vec<String>)> {
        let place = Place::find(groups, mounts, controller)?;
        let folders = place.folders().map(|folder| {
            // `join` with an empty path leaves a slash at the end.
            folder.components().collect::<PathBuf>().display().to_string()
        });
        Some((place.version, folders.collect()))
    }

    #[test]
    fn a_group_and_all_around_it_hold_the_limits() {
        let [slice, unit] = ["/sys/fs/cgroup/system.slice", "/sys/fs/cgroup/system.slice/app.service"];
        for (groups, mounts, controller, expected) in [
            ("0::/\n", UNIFIED, "cpu", Some((Version::Two, vec!["/sys/fs/cgroup"]))),
            (
                "0::/system.slice/app.service\n",
                UNIFIED,
                "memory",
                Some((Version::Two, vec![unit, slice, "/sys/fs/cgroup"])),
            ),
            // A group outside of what the process can see.
            ("0::/../other\n", UNIFIED, "cpu", Some((Version::Two, vec!["/sys/fs/cgroup"]))),
            // The path on the host, while the mount is the group itself.
            (
                "5:memory:/docker/4711\n1:cpu,cpuacct:/docker/4711\n",
                HYBRID,
                "memory",
                Some((Version::One, vec!["/sys/fs/cgroup/memory"])),
            ),
            (
                "5:memory:/docker/4711\n1:cpu,cpuacct:/a\n",
                HYBRID,
                "cpuacct",
                Some((Version::One, vec!["/sys/fs/cgroup/cpu,cpuacct/a", "/sys/fs/cgroup/cpu,cpuacct"])),
            ),
            // A controller that version 1 does not list is in version 2.
            (
                "5:memory:/a\n0::/a\n",
                HYBRID,
                "cpu",
                Some((Version::Two, vec!["/sys/fs/cgroup/unified/a", "/sys/fs/cgroup/unified"])),
            ),
            ("", UNIFIED, "cpu", None),
            ("0::/\n", "", "cpu", None),
            ("nonsense\n0\n:\n", "nonsense - \n - a b\n", "cpu", None),
        ] {
            let expected = expected.map(|(version, folders)| {
                (version, folders.into_iter().map(String::from).collect::<Vec<_>>())
            });
            assert_eq!(folders(groups, mounts, controller), expected, "{groups}");
        }
    }

    #[test]
    fn a_folder_has_a_counterpart_under_another_controller() {
        let groups = "1:cpu,cpuacct:/a/b\n2:memory:/docker/4711/a/b\n";
        let cpu = Place::find(groups, HYBRID, "cpu").unwrap();
        let memory = Place::find(groups, HYBRID, "memory").unwrap();
        let inner = cpu.folders().next().unwrap();
        assert_eq!(cpu.counterpart(&inner, &memory), Path::new("/sys/fs/cgroup/memory/a/b"));
    }
}
