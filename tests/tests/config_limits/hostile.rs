//! Hostile texts: each exploits something that a reader could spend too much on.

use std::ops::Range;

use resilience_runtime::config::limits::MAX_NAME;

/// A name, and the text of about that many bytes.
type Hostile = (&'static str, fn(usize) -> String);

/// Pieces up to that many bytes.
fn pieces(size: usize, piece: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(size);
    for number in 0.. {
        let piece = piece(number);
        if text.len() + piece.len() > size {
            break;
        }
        text.push_str(&piece);
    }
    text
}

/// Services that are all the same.
pub(crate) fn tables(numbers: Range<usize>, body: &str) -> String {
    numbers.map(|number| format!("[services.s{number}]\n{body}")).collect::<Vec<_>>().concat()
}

/// Templates, each of which extends the next; the last is missing.
pub(crate) fn chain(length: usize) -> String {
    let table = |number| format!("[templates.t{number}]\nextends = \"t{}\"\n", number + 1);
    (0..length).map(table).collect::<Vec<_>>().concat()
}

/// An ordinary file.
pub(crate) fn plain(size: usize) -> String {
    pieces(size, |number| {
        format!(
            "[services.service_{number:06}]\ntemplate = \"http_api\"\nmax_attempts = 5\nbase_delay = \"200ms\"\n\
             max_delay = 5\ndeadline = \"30s\"\nbreaker.min_calls = 7\n\n"
        )
    })
}

fn lines(n: usize, line: &str) -> String {
    line.repeat(n / line.len())
}

fn services(n: usize, body: &str) -> String {
    pieces(n, |number| format!("[services.{number:x}]\n{body}"))
}

fn in_one_service(n: usize, line: impl Fn(usize) -> String) -> String {
    format!("[services.a]\n{}", pieces(n - 20, line))
}

/// As long a chain of templates as is allowed, each with keys.
fn deep() -> String {
    let keys = "max_attempts = 3\nbase_delay = 1\nmax_delay = 2\njitter = 0.1\nbreaker.min_calls = 3\n\
                budget.ratio = 0.1\nbulkhead.max_queue = 3\nhedge.max = 2\ncache.ttl = 4\n";
    let table = |number: usize| match number.checked_sub(1) {
        Some(below) => format!("[templates.c{number}]\nextends = \"c{below}\"\n{keys}"),
        None => format!("[templates.c0]\n{keys}"),
    };
    (0..32).map(table).collect::<Vec<_>>().concat()
}

fn on_deep(n: usize, piece: impl Fn(usize) -> String) -> String {
    let deep = deep();
    pieces(n - deep.len(), piece) + &deep
}

pub(crate) const HOSTILE: &[Hostile] = &[
    ("empty lines", |n| lines(n, "\n")),
    ("empty lines of Windows", |n| lines(n, "\r\n")),
    ("carriage returns", |n| lines(n, "\r")),
    ("comments", |n| lines(n, "#\n")),
    ("comments with control characters", |n| lines(n, "#\u{7}\n")),
    ("one comment", |n| format!("#{}", "x".repeat(n - 1))),
    ("blanks", |n| lines(n, " \t")),
    ("nothing", |n| lines(n, "\0")),
    ("byte order marks", |n| lines(n, "\u{feff}")),
    ("brackets", |n| lines(n, "[")),
    ("brackets in a value", |n| format!("a = {}", "[".repeat(n - 4))),
    ("braces in braces", |n| lines(n, "a={")),
    ("a list of empty lines", |n| format!("a = [{}]", "\n".repeat(n - 6))),
    ("a list of numbers", |n| format!("a = [{}]", "1,".repeat(n / 2 - 3))),
    ("lists", |n| pieces(n, |_| format!("a = [{}]\n", "1,".repeat(9_000)))),
    ("lists of codes", |n| {
        let codes = "500,".repeat(9_000);
        services(n, &format!("retryable_status_codes = [{codes}]\n"))
    }),
    ("a string", |n| format!("a = \"{}\"", "x".repeat(n - 6))),
    ("a string with mistakes", |n| format!("a = \"\"\"{}\"\"\"", "\\q\n".repeat(n / 3 - 6))),
    ("a string without an end", |n| format!("a = \"\"\"{}", "\n".repeat(n - 7))),
    ("quotes", |n| lines(n, "\"")),
    ("apostrophes", |n| lines(n, "'\n")),
    ("a long time", |n| format!("[services.a]\ndeadline = \"{}\"\n", "1s ".repeat(n / 3 - 20))),
    ("a long number", |n| format!("[services.a]\nmax_attempts = {}\n", "1".repeat(n - 40))),
    ("a long fraction", |n| format!("[services.a]\njitter = 0.{}\n", "1".repeat(n - 40))),
    ("a fault at the end of a long line", |n| {
        format!("global = {{ x = \"{}\" }} x\n", "y ".repeat(n / 2 - 20))
    }),
    ("equals signs", |n| lines(n, "=\n")),
    ("commas", |n| lines(n, ",\n")),
    ("words", |n| lines(n, "a ")),
    ("keys without values", |n| lines(n, "a\n")),
    ("closed brackets", |n| lines(n, "]\n")),
    ("open headers", |n| lines(n, "[a\n")),
    ("tiny tables", |n| services(n, "")),
    ("tables of one key", |n| services(n, "jitter=0\n")),
    ("tiny inline tables", |n| {
        format!("[services]\n{}", pieces(n - 20, |number| format!("{number:x}={{}}\n")))
    }),
    ("tiny templates", |n| pieces(n, |number| format!("[templates.{number:x}]\n"))),
    ("tiny overrides", |n| pieces(n, |number| format!("[overrides.{number:x}]\n"))),
    ("overrides of sites", |n| pieces(n, |number| format!("[overrides.\"a@b::{number:x}\"]\nkind=1\n"))),
    ("overrides of nothing", |n| pieces(n, |number| format!("[overrides.\"{number:x}@\"]\n"))),
    ("dotted keys", |n| pieces(n, |number| format!("services.{number:x}.jitter=0\n"))),
    ("deep keys", |n| pieces(n, |number| format!("{}a{number}=1\n", "a.".repeat(70)))),
    ("one deep key", |n| format!("{}a=1", "a.".repeat(n / 2 - 3))),
    ("lists of tables", |n| pieces(n, |number| format!("[[services.{number:x}]]\n"))),
    ("keys that there are not", |n| in_one_service(n, |number| format!("{number:x}=1\n"))),
    ("keys like those that there are", |n| {
        in_one_service(n, |number| format!("{}{number:x}=1\n", "max_attempts".repeat(8)))
    }),
    ("keys that there are not, from the end to the beginning", |n| {
        let last = n / 60;
        let wrong = |number| format!("[services.s{}.breaker]\nx=1\n", last.saturating_sub(number));
        pieces(n / 3, |number| format!("[services.s{number}]\n")) + &pieces(n * 2 / 3, wrong)
    }),
    ("one key again and again", |n| in_one_service(n, |_| "jitter=0\n".to_owned())),
    ("one table again and again", |n| lines(n, "[services.a]\n")),
    ("sections that there are not", |n| pieces(n, |number| format!("[{number:x}]\n"))),
    ("clauses that there are not", |n| pieces(n, |number| format!("[services.a.{number:x}]\n"))),
    ("long names", |n| pieces(n, |number| format!("[services.{}{number}]\nqq=1\n", "x".repeat(n / 9)))),
    ("a long name", |n| format!("[services.{}]\nqq=1\n", "x".repeat(n - 30))),
    ("the longest names", |n| {
        pieces(n, |number| format!("[services.{}{number:05}]\nqq=1\n", "x".repeat(MAX_NAME - 5)))
    }),
    ("values that are wrong", |n| services(n, "max_attempts=0\n")),
    ("values that contradict", |n| services(n, "base_delay=3\nmax_delay=2\n")),
    ("many attempts", |n| services(n, "max_attempts=99999\nbase_delay=1e-9\nmax_delay=9e9\ndeadline=9e9\n")),
    ("templates that there are not", |n| {
        pieces(n, |number| {
            format!("[templates.template_{number}]\n[services.s{number}]\ntemplate=\"tmplate_x{number}\"\n")
        })
    }),
    ("a chain of templates", |n| {
        pieces(n, |number| format!("[templates.t{number}]\nextends=\"t{}\"\n", number + 1))
    }),
    ("a circle of templates", |n| {
        let last = n / 40;
        pieces(n, |number| format!("[templates.t{number}]\nextends=\"t{}\"\n", (number + 1) % last))
    }),
    ("circles of templates", |n| pieces(n, |number| format!("[templates.{number}]\nextends=\"{number}\"\n"))),
    ("services on a chain of templates", |n| {
        on_deep(n, |number| format!("[services.{number:x}]\ntemplate='c31'\njitter=0\n"))
    }),
    ("templates on a chain of templates", |n| {
        on_deep(n, |number| {
            format!(
                "[templates.l{number:x}]\nextends='c30'\n[services.{number:x}]\ntemplate='l{number:x}'\njitter=0\n"
            )
        })
    }),
];
