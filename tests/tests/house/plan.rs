//! The table of floors: which room is on which, for the crates and the program. Imports lead down, or stay in the room; where a
//! floor is marked, its rooms do not know each other. Tests may use what stands above.

use super::imports::Import;

/// The floors of a crate, from the top down.
pub(crate) struct Plan(&'static [Floor]);

struct Floor {
    name: &'static str,
    /// Modules right below the root of the crate.
    rooms: &'static [&'static str],
    /// Whether its rooms may import each other.
    open: bool,
}

pub(crate) const RUNTIME: Plan = Plan(&[
    Floor { name: "face", rooms: &["lib"], open: true },
    Floor { name: "support", rooms: &["support", "testing"], open: true },
    Floor { name: "export", rooms: &["background", "export", "observe"], open: true },
    Floor { name: "call", rooms: &["call"], open: true },
    Floor { name: "registry", rooms: &["registry"], open: true },
    Floor {
        name: "concepts",
        rooms: &[
            "breaker",
            "budget",
            "bulkhead",
            "ratelimit",
            "throttle",
            "shed",
            "degrade",
            "monitor",
            "config",
            "idempotency",
            "chaos",
        ],
        open: false,
    },
    Floor { name: "stores", rooms: &["store"], open: true },
    Floor {
        name: "ground",
        rooms: &[
            "policy",
            "classify",
            "rejection",
            "mark",
            "into_error",
            "breaker_state",
            "events",
            "ending",
            "priority",
            "source",
            "timer",
            "clock",
            "recent",
            "counting",
            "wakers",
            "late_thread",
            "thread",
            "sync",
        ],
        open: true,
    },
]);

pub(crate) const SETTINGS: Plan = Plan(&[
    Floor { name: "face", rooms: &["lib"], open: true },
    Floor { name: "files", rooms: &["reader"], open: true },
    Floor { name: "explanations", rooms: &["explain", "advice"], open: true },
    Floor { name: "layers", rooms: &["layers"], open: true },
    Floor { name: "contents of a file", rooms: &["config"], open: true },
    Floor { name: "rules", rooms: &["rules", "names"], open: true },
    Floor { name: "keys and policies", rooms: &["keys", "policy", "delay"], open: true },
    Floor {
        name: "ground",
        rooms: &[
            "duration",
            "synonyms",
            "unit_in_name",
            "sorted",
            "suggest",
            "shown",
            "printable",
            "priority",
            "words",
            "entropy",
            "xoshiro",
            "distribution",
        ],
        open: true,
    },
]);

pub(crate) const MACROS: Plan = Plan(&[
    Floor { name: "face", rooms: &["lib"], open: true },
    Floor { name: "expand", rooms: &["expand", "recover", "snapshots"], open: true },
    Floor { name: "stages", rooms: &["parse", "validate", "generate", "derive"], open: false },
    Floor {
        name: "model",
        rooms: &[
            "model",
            "ast",
            "inherit",
            "boxed",
            "mangled",
            "fuzzed",
            "paths",
            "documentation",
            "diagnostics",
            "keys",
            "manifest",
        ],
        open: true,
    },
]);

pub(crate) const PROGRAM: Plan = Plan(&[
    Floor { name: "face", rooms: &["main"], open: true },
    Floor { name: "command line", rooms: &["arguments"], open: true },
    Floor { name: "commands", rooms: &["commands"], open: true },
    Floor {
        name: "ground",
        rooms: &[
            "remote", "shown", "output", "failure", "exit", "reading", "settings", "figures", "folding",
            "table", "time", "web", "writing",
        ],
        open: true,
    },
]);

impl Plan {
    /// The table as contributors read it, a line for each floor.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|floor| {
            let rooms = floor.rooms.join("`, `");
            let closed = if floor.open { "" } else { ", none of which imports another" };
            format!("- {}: `{rooms}`{closed}", floor.name)
        })
    }

    /// What leads up, sideways, or somewhere without a floor.
    pub(crate) fn faults(&self, imports: &[Import]) -> Vec<String> {
        let mut faults: Vec<_> = imports
            .iter()
            .filter(|import| !import.is_of_tests)
            .filter_map(|import| self.fault(import))
            .collect();
        faults.sort();
        faults.dedup();
        faults
    }

    fn fault(&self, Import { from, to, .. }: &Import) -> Option<String> {
        let (from_room, to_room) = (room(from), room(to));
        let (Some(of_from), Some(of_to)) = (self.floor(from_room), self.floor(to_room)) else {
            let unplaced = if self.floor(from_room).is_none() { from_room } else { to_room };
            return Some(format!("no floor: `{unplaced}` is not in the plan"));
        };
        let (above, below) = (&self.0[of_from], &self.0[of_to]);
        if of_to < of_from {
            Some(format!("up: {from} ({}) imports {to} ({})", above.name, below.name))
        } else if of_to == of_from && from_room != to_room && !above.open {
            Some(format!("sideways: {from} imports {to}, another of the {}", above.name))
        } else {
            None
        }
    }

    fn floor(&self, room: &str) -> Option<usize> {
        self.0.iter().position(|floor| floor.rooms.contains(&room))
    }
}

/// The module right below the root that a file belongs to.
fn room(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or(file);
    first.strip_suffix(".rs").unwrap_or(first)
}
