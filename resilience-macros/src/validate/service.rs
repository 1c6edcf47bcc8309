//! Decides the name and the kind of the one service of a function. In: all attributes of the function. Out: its one service and
//! kind, or a fault.

use crate::ast::{Ast, Setting};
use crate::diagnostics::Faults;
use crate::keys::choice::Choice;
use crate::keys::word::{Takes, Word};

/// The name of the service.
pub(super) fn check(ast: &Ast, faults: &mut Faults) -> Option<String> {
    check_kind(ast, faults);
    let mut found: Option<String> = None;
    for written in ast.written() {
        let ("", "service", Setting::Text(name)) = (written.word.clause, written.word.name, &written.setting)
        else {
            continue;
        };
        if name.trim().is_empty() {
            faults.at(&written.value, "the name of a service cannot be empty");
        }
        match &found {
            None => found = Some(name.clone()),
            Some(first) if first != name => faults.at(
                &written.value,
                format!("one function calls one service: this says `{name}`, another attribute says `{first}`; split the function"),
            ),
            Some(_) => {}
        }
    }
    if ast.get("", "service").is_none() {
        let name = ast.attributes.first().map_or("comprehensive_retry", |applied| applied.attribute.name);
        faults.add(syn::Error::new(
            proc_macro2::Span::call_site(),
            format!("`service` is missing: write `#[{name}(\"name_of_the_service\")]`"),
        ));
    }
    found
}

/// The kind that one of the attributes stands for.
pub(super) fn fixed_kind(ast: &Ast) -> Option<(&'static Choice, &'static str)> {
    let kind = ast.attributes.iter().find_map(|applied| applied.attribute.kind)?;
    match Word::find("", "kind")?.takes {
        Takes::Choice(choice) => Some((choice, kind)),
        _ => None,
    }
}

fn check_kind(ast: &Ast, faults: &mut Faults) {
    let fixed: Vec<_> = ast.attributes.iter().filter(|applied| applied.attribute.kind.is_some()).collect();
    let Some(first) = fixed.first() else { return };
    for other in &fixed[1..] {
        if other.attribute.kind != first.attribute.kind {
            faults.at(
                &ast.function.sig.ident,
                format!(
                    "`{}` and `{}` stand for different kinds of service: keep one of them",
                    first.attribute.name, other.attribute.name
                ),
            );
        }
    }
    if let Some(kind) = ast.get("", "kind") {
        faults.at(
            &kind.name,
            format!(
                "`{}` says the kind already: remove `kind`, or use `comprehensive_retry`",
                first.attribute.name
            ),
        );
    }
}
