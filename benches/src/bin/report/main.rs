//! Reads what the measuring programs wrote to `target/bench/*.tsv`, and writes `report.md` with its drawings there; with
//! the argument `page`, also the tables of the pages that users read.

mod bars;
mod figures;
mod machine;
mod number;
mod page;
mod quantiles;
mod tables;
mod targets;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use figures::Figures;

fn main() -> ExitCode {
    benches::report::exit(write(std::env::args().nth(1).as_deref() == Some("page")))
}

fn write(is_for_users: bool) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no workspace")?;
    let folder = root.join("target/bench");
    let figures = Figures::read(&folder)?;
    let mut drawn = Vec::new();
    for drawing in bars::ALL {
        if bars::draw(&figures, drawing, &folder.join(drawing.file))? {
            drawn.push((drawing.file, drawing.title));
        }
    }
    if quantiles::draw(&figures, &folder.join(quantiles::FILE))? {
        drawn.push((quantiles::FILE, quantiles::TITLE));
    }
    let (machine, targets, tables) =
        (machine::describe(root), targets::table(&figures), tables::all(&figures));
    if is_for_users {
        page::refresh(root, &figures, &format!("{machine}{targets}{tables}"))?;
    }
    let mut text = format!("# Benchmarks\n\n{machine}{targets}");
    for (file, title) in drawn {
        // Writing to a string cannot fail.
        let _ = write!(text, "## {title}\n\n![{title}]({file})\n\n");
    }
    text += &tables;
    fs::write(folder.join("report.md"), text).map_err(|error| error.to_string())
}
