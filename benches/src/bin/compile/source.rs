//! The text of the programs that are built: the same functions in three ways.

use std::fmt::Write as _;

/// How the functions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Variant {
    Plain,
    Annotated,
    ByHand,
}

impl Variant {
    pub(crate) const ALL: [Self; 3] = [Self::Plain, Self::Annotated, Self::ByHand];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain async fns",
            Self::Annotated => "annotated",
            Self::ByHand => "retry loops by hand",
        }
    }

    pub(crate) fn package(self, functions: usize) -> String {
        let name = match self {
            Self::Plain => "plain",
            Self::Annotated => "annotated",
            Self::ByHand => "by_hand",
        };
        format!("{name}_{functions}")
    }

    /// `functions.rs`; the body of one function has that number in it.
    pub(crate) fn functions(self, functions: usize, number: usize) -> String {
        let mut text = String::from("use super::{Error, ask};\n");
        for function in 0..functions {
            let number = if function == functions / 2 { number } else { 0 };
            let body = format!(
                "let answer = ask(id, name, {function}).await?;\n    if answer == {function} {{\n        \
                 return Err(Error::Empty);\n    }}\n    Ok(answer + {number})"
            );
            let (attribute, body) = match self {
                Self::Plain => (String::new(), body),
                Self::Annotated => (attribute(function), body),
                Self::ByHand => (String::new(), by_hand(&body)),
            };
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\n{attribute}pub async fn call_{function}(id: u64, name: &str) -> Result<u64, Error> {{\n    {body}\n}}\n"
            );
        }
        text
    }

    /// `main.rs`, the same for all: each function is called, behind a pointer as a router calls its handlers.
    pub(crate) fn program(functions: usize) -> String {
        let mut calls = String::new();
        for function in 0..functions {
            let _ = writeln!(calls, "        Box::pin(functions::call_{function}(1, \"a\")),");
        }
        format!(
            "mod functions;\n\n{PRELUDE}\nfn main() {{\n    let calls: Vec<Pin<Box<dyn Future<Output = \
             Result<u64, Error>>>>> = vec![\n{calls}    ];\n    let runtime = \
             tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();\n    \
             let sum: u64 = runtime.block_on(async move {{\n        let mut sum = 0;\n        for call in calls \
             {{\n            sum += call.await.unwrap();\n        }}\n        sum\n    }});\n    \
             println!(\"{{sum}}\");\n}}\n"
        )
    }
}

/// Thirty services with ten functions each.
fn attribute(function: usize) -> String {
    format!(
        "#[resilience_runtime::comprehensive_retry(\"service_{}\", HttpApi, max_attempts = 3)]\n",
        function % 30
    )
}

/// Attempts, a timeout and growing delays, as they are written where there is no library.
fn by_hand(body: &str) -> String {
    format!(
        "let mut delay = std::time::Duration::from_millis(100);
    let mut attempt = 1;
    loop {{
        let run = async {{ {body} }};
        let error = match tokio::time::timeout(std::time::Duration::from_secs(10), run).await {{
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => error,
            Err(_) => Error::TimedOut,
        }};
        if attempt == 3 {{
            return Err(error);
        }}
        tokio::time::sleep(delay).await;
        delay *= 2;
        attempt += 1;
    }}"
    )
}

const PRELUDE: &str = "use std::future::Future;
use std::pin::Pin;

#[derive(Debug)]
#[allow(dead_code)]
pub enum Error {
    Empty,
    TimedOut,
    Rejected(resilience_runtime::Rejection),
}

impl From<resilience_runtime::Rejection> for Error {
    fn from(rejection: resilience_runtime::Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

pub async fn ask(id: u64, name: &str, salt: u64) -> Result<u64, Error> {
    tokio::task::yield_now().await;
    Ok(std::hint::black_box(id) + name.len() as u64 + salt)
}
";
