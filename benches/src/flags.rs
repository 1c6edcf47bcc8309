//! The command line of all measuring programs: which cases, how long, with or without statistics.

use resilience_runtime::registry;

use crate::Case;

/// What the command line says.
#[derive(Clone, Debug)]
pub struct Flags {
    /// Parts of `group/name`; a case needs one of them. With `=` in front, all of it.
    pub filters: Vec<String>,
    /// How often each case is measured.
    pub rounds: usize,
    /// Milliseconds that one measurement takes.
    pub millis: u64,
    /// Calls of one measurement, where they are counted and not timed.
    pub calls: u64,
    /// Whether ours keeps statistics.
    pub statistics: bool,
}

impl Flags {
    /// Reads the command line over these defaults, and puts `--no-statistics` in force before the first call.
    ///
    /// # Errors
    ///
    /// The flag that is not understood, with those that are.
    pub fn read(rounds: usize, millis: u64, calls: u64) -> Result<Self, String> {
        let flags = Self { filters: Vec::new(), rounds, millis, calls, statistics: true };
        let flags = flags.parse(std::env::args().skip(1))?;
        if !flags.statistics {
            // The one place where statistics are switched off: with the key of the file, as users do it. It belongs
            // to the process, so that ours with and without are two processes.
            registry()
                .load_config("[global]\nenable_global_metrics = false\n", "--no-statistics")
                .map_err(|error| error.to_string())?;
        }
        Ok(flags)
    }

    fn parse(mut self, arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = arguments;
        while let Some(flag) = arguments.next() {
            if flag == "--no-statistics" {
                self.statistics = false;
                continue;
            }
            let value = arguments.next().ok_or_else(|| refusal(&flag))?;
            match flag.as_str() {
                "--filter" => self.filters.push(value),
                "--rounds" => self.rounds = value.parse().map_err(|_| refusal(&flag))?,
                "--millis" => self.millis = value.parse().map_err(|_| refusal(&flag))?,
                "--calls" => self.calls = value.parse().map_err(|_| refusal(&flag))?,
                _ => return Err(refusal(&flag)),
            }
        }
        if self.rounds == 0 || self.millis == 0 || self.calls == 0 {
            return Err("`--rounds`, `--millis` and `--calls` must be at least 1".to_owned());
        }
        Ok(self)
    }

    /// Those of the cases that are asked for. Without statistics only ours and the bare bodies: the rest would not
    /// change.
    pub fn chosen(&self, cases: Vec<Case>) -> Vec<Case> {
        cases.into_iter().filter(|case| self.is_chosen(case)).collect()
    }

    fn is_chosen(&self, case: &Case) -> bool {
        let changes = self.statistics || case.is_ours() || case.is_bare();
        let id = case.id();
        let asked = self.filters.iter().any(|filter| match filter.strip_prefix('=') {
            Some(whole) => id == whole,
            None => id.contains(filter.as_str()),
        });
        changes && (self.filters.is_empty() || asked)
    }

    /// The name of a case in these circumstances, and what is configured.
    pub fn label(&self, case: &Case) -> (String, String) {
        if self.statistics || !case.is_ours() {
            return (case.name.to_owned(), case.configured.to_owned());
        }
        let configured = case.configured.replace("; statistics", "").replace("; counters and histogram", "");
        (case.name.replacen("ours", "ours, without statistics", 1), configured)
    }
}

fn refusal(flag: &str) -> String {
    format!(
        "`{flag}` is no flag, or its value is none: --filter TEXT (or =GROUP/NAME), --rounds N, --millis N, \
         --calls N, --no-statistics"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases;

    fn parsed(line: &str) -> Result<Flags, String> {
        let flags = Flags { filters: Vec::new(), rounds: 1, millis: 1, calls: 1, statistics: true };
        flags.parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn filters_choose_by_part_or_by_all_of_the_name() {
        let part = parsed("--filter retry/ours").unwrap().chosen(cases::all());
        let ids: Vec<_> = part.iter().map(Case::id).collect();
        assert!(
            ids.contains(&"retry/ours".to_owned()) && ids.iter().all(|id| id.contains("retry/ours")),
            "{ids:?}"
        );
        let whole = parsed("--filter =breaker/ours").unwrap().chosen(cases::all());
        assert_eq!(whole.iter().map(Case::id).collect::<Vec<_>>(), ["breaker/ours"]);
        assert!(parsed("--filter breaker/ours").unwrap().chosen(cases::all()).len() > 1);
    }

    #[test]
    fn without_statistics_only_ours_and_the_bare_bodies_are_measured() {
        let flags = parsed("--no-statistics").unwrap();
        let chosen = flags.chosen(cases::all());
        assert!(chosen.iter().all(|case| case.is_ours() || case.is_bare()));
        assert!(chosen.iter().any(Case::is_bare));
        let ours = chosen.iter().find(|case| case.is_ours()).unwrap();
        let (name, configured) = flags.label(ours);
        assert!(name.starts_with("ours, without statistics") && !configured.contains("statistics"));
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name() {
        for line in ["--round 3", "--rounds three", "--rounds", "--rounds 0"] {
            let refusal = parsed(line).unwrap_err();
            assert!(refusal.contains("--rounds"), "{line}: {refusal}");
        }
    }
}
