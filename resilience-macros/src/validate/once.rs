//! Refuses words that are written twice. In: the words of all attributes of a function. Out: a fault for each that is written
//! twice, except `service`, which every stacked attribute names.

use crate::ast::{Ast, Setting, Written};
use crate::diagnostics::Faults;

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    let mut all: Vec<(usize, &Written)> = Vec::new();
    for (index, applied) in ast.attributes.iter().enumerate() {
        for written in &applied.written {
            let inner = match &written.setting {
                Setting::Clause(inner) => inner.as_slice(),
                _ => &[],
            };
            all.extend(std::iter::once(written).chain(inner).map(|written| (index, written)));
        }
    }
    for (at, (index, written)) in all.iter().enumerate() {
        let same = |other: &&(usize, &Written)| std::ptr::eq(other.1.word, written.word);
        let Some((first, other)) = all[..at].iter().find(same) else {
            continue;
        };
        let across = first != index;
        if across && matches!(written.word.name, "service" | "crate") && written.word.clause.is_empty() {
            continue;
        }
        faults.at(&written.name, message(written, other, across));
    }
}

fn message(written: &Written, first: &Written, across: bool) -> String {
    let word = written.word;
    let place = if across { " in another attribute of this function" } else { "" };
    let is_alias = |one: &Written| word.alias.is_some_and(|alias| one.name.to_string() == alias);
    match word.alias {
        Some(alias) if is_alias(written) != is_alias(first) => {
            format!(
                "`{alias}` is another name of `{}`, and both are written{place}: remove one of them",
                word.name
            )
        }
        _ => format!("`{}` is written already{place}: remove one of them", word.name),
    }
}
