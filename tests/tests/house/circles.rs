//! In: imports. Out: files that import each other, directly or around some corners.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::imports::Import;

/// One circle for each set of files that cannot be told above from below: the shortest through its first file.
pub(crate) fn circles(imports: &[Import]) -> Vec<String> {
    let mut onward: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for Import { from, to, .. } in imports {
        if from != to {
            onward.entry(from).or_default().insert(to);
        }
    }
    let mut told = BTreeSet::new();
    let mut circles = Vec::new();
    for &start in onward.keys() {
        if told.contains(start) {
            continue;
        }
        if let Some(circle) = shortest(start, &onward) {
            told.extend(circle.iter().copied());
            circles.push(format!("circle: {}", circle.join(" -> ")));
        }
    }
    circles
}

/// The shortest way from a file back to itself, both ends included.
fn shortest<'a>(start: &'a str, onward: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Option<Vec<&'a str>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        for &next in onward.get(file).into_iter().flatten() {
            if next == start {
                let mut way = vec![start, file];
                let mut last = file;
                while last != start {
                    last = came_from[last];
                    way.push(last);
                }
                if file == start {
                    way.pop();
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(next) {
                came_from.insert(next, file);
                queue.push_back(next);
            }
        }
    }
    None
}
