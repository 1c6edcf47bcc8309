//! Instructions per call of every case, counted by callgrind: `instructions`. Needs `valgrind` and nothing else.

use std::process::ExitCode;

use benches::callgrind::{is_counted, make_calls, per_call};
use benches::cases;
use benches::flags::Flags;
use benches::report::{Report, exit};

fn main() -> ExitCode {
    let run = |flags: Flags| {
        if is_counted() { make_calls(&flags, cases::all()) } else { count(&flags) }
    };
    exit(Flags::read(1, 1, 1_000).and_then(run))
}

fn count(flags: &Flags) -> Result<(), String> {
    let cases = flags.chosen(cases::all());
    let mut report = Report::to_stdout(flags);
    for (case, profile) in cases.iter().zip(per_call(flags, &cases)?) {
        report
            .line("instructions", case, profile.total(), "1/call", "")
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}
