//! The text that callgrind writes goes in, the instructions of each function and source file come out.
//!
//! A function that the compiler has put into another one has no name here, but the file that its lines are in: the
//! records `fi=` and `fe=` say from where to where. So a place is a function together with a file.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

/// Where instructions were counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The function, by the name in the program.
    pub function: String,
    /// The source file that these instructions of it come from.
    pub file: String,
}

/// Instructions by the place that they were counted in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    places: BTreeMap<Place, f64>,
    total: f64,
}

impl Profile {
    /// All of them.
    pub fn total(&self) -> f64 {
        self.total
    }

    /// One by one, each without what it calls.
    pub fn places(&self) -> impl Iterator<Item = (&Place, f64)> {
        self.places.iter().map(|(place, count)| (place, *count))
    }

    /// What this one has beyond another.
    #[must_use]
    pub fn less(mut self, other: &Self) -> Self {
        self.total -= other.total;
        for (place, count) in &other.places {
            *self.places.entry(place.clone()).or_default() -= count;
        }
        self
    }

    /// The share of each of so many calls.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "some thousand calls")]
    pub fn over(mut self, calls: u64) -> Self {
        self.total /= calls as f64;
        for count in self.places.values_mut() {
            *count /= calls as f64;
        }
        self
    }
}

/// The names of one sort, which are written out where they are first used and have a number from then on.
#[derive(Default)]
struct Names(HashMap<String, String>);

impl Names {
    fn read(&mut self, text: &str) -> String {
        let Some((number, name)) = text.split_once(')') else { return text.to_owned() };
        if name.is_empty() {
            return self.0.get(number).cloned().unwrap_or_default();
        }
        let name = name.trim_start().to_owned();
        self.0.insert(number.to_owned(), name.clone());
        name
    }
}

impl FromStr for Profile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (mut files, mut functions) = (Names::default(), Names::default());
        let (mut file, mut function) = (String::new(), String::new());
        let (mut summary, mut totals) = (None, None);
        let mut profile = Self::default();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if line.starts_with(|first: char| first.is_ascii_digit() || "+-*".contains(first)) {
                let count = line.split_whitespace().nth(1).and_then(|count| count.parse::<f64>().ok());
                let count = count.ok_or_else(|| format!("not a line of callgrind's: `{line}`"))?;
                profile.total += count;
                let place = Place { function: function.clone(), file: file.clone() };
                *profile.places.entry(place).or_default() += count;
                continue;
            }
            match line.split_once(['=', ':']).unwrap_or((line, "")) {
                ("fl" | "fi" | "fe", name) => file = files.read(name),
                ("fn", name) => function = functions.read(name),
                // These may be where a name is written out.
                ("cfi" | "cfl", name) => drop(files.read(name)),
                ("cfn", name) => drop(functions.read(name)),
                // What the callee cost: it is counted there.
                ("calls", _) => drop(lines.next()),
                ("summary", count) => summary = count.trim().parse::<f64>().ok(),
                ("totals", count) => totals = count.trim().parse::<f64>().ok(),
                _ => {}
            }
        }
        match summary.or(totals) {
            None | Some(0.0) => Err("callgrind counted nothing".to_owned()),
            Some(total) if (total - profile.total).abs() > 0.5 => {
                Err(format!("callgrind counted {total}, and its lines add up to {}", profile.total))
            }
            Some(_) => Ok(profile),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
version: 1
positions: line
events: Ir
summary: 64

fl=(1) src/main.rs
fn=(7) main
16 4
fi=(2) std/mutex.rs
+3 5
* 1
cfi=(3) src/callee.rs
cfn=(8) callee
calls=2 20
+1 50
fe=(1)
17 4

fl=(3)
fn=(8)
20 30
-1 20
";

    fn counts(profile: &Profile) -> Vec<(&str, &str, f64)> {
        let places = profile.places();
        places.map(|(place, count)| (place.function.as_str(), place.file.as_str(), count)).collect()
    }

    #[test]
    fn each_place_has_its_own_cost_and_not_that_of_its_callees() {
        let profile: Profile = TEXT.parse().unwrap();
        assert_eq!(
            counts(&profile),
            [("callee", "src/callee.rs", 50.0), ("main", "src/main.rs", 8.0), ("main", "std/mutex.rs", 6.0)]
        );
        assert!((profile.total() - 64.0).abs() < f64::EPSILON);
    }

    #[test]
    fn what_happens_once_cancels_out() {
        let once: Profile = TEXT.parse().unwrap();
        let twice: Profile =
            TEXT.replace("20 30", "20 130").replace("summary: 64", "summary: 164").parse().unwrap();
        let per_call = twice.less(&once).over(10);
        assert_eq!(
            counts(&per_call),
            [("callee", "src/callee.rs", 10.0), ("main", "src/main.rs", 0.0), ("main", "std/mutex.rs", 0.0)]
        );
        assert!((per_call.total() - 10.0).abs() < f64::EPSILON);
    }

    #[test]
    fn the_total_is_read_from_either_line_and_has_to_add_up() {
        let totals = TEXT.replace("summary: 64\n", "") + "totals: 64\n";
        assert_eq!(totals.parse(), TEXT.parse::<Profile>());
        for wrong in ["events: Ir\n", "totals: 0\n", &TEXT.replace("64", "63"), &TEXT.replace("+3 5", "+3")] {
            assert!(wrong.parse::<Profile>().is_err(), "{wrong}");
        }
    }
}
