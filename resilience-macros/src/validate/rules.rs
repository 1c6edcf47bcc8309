//! Checks the user's patterns and functions that classify results (`retry_on`, `retry_if` and others). In: patterns and functions
//! of the user that classify results. Out: the rules of the call, or their faults.

use syn::Pat;
use syn::visit::{self, Visit};

use crate::ast::{Ast, Guarded, Setting};
use crate::diagnostics::Faults;
use crate::model::Rules;

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    for name in ["retry_on", "never_retry_on"] {
        // With a guard, the guard decides.
        for guarded in patterns(ast, name).iter().filter(|guarded| guarded.guard.is_none()) {
            Bare { word: name, faults }.top(&guarded.pattern);
        }
    }
}

/// Everything that was written, for the model.
pub(super) fn collect(ast: &Ast) -> Rules {
    let function = |clause, name| match &ast.get(clause, name)?.setting {
        Setting::Function(path) => Some(path.clone()),
        _ => None,
    };
    let copies = |name| {
        patterns(ast, name)
            .iter()
            .map(|guarded| Guarded { pattern: guarded.pattern.clone(), guard: guarded.guard.clone() })
            .collect()
    };
    Rules {
        on_error: function("", "on_error"),
        never_retry_on: copies("never_retry_on"),
        retry_on: copies("retry_on"),
        retry_if: function("", "retry_if"),
        record_if: function("breaker", "record_if"),
        retry_if_ok: function("", "retry_if_ok"),
        on_rejection: function("", "on_rejection"),
    }
}

fn patterns<'a>(ast: &'a Ast, name: &str) -> &'a [Guarded] {
    match ast.get("", name).map(|written| &written.setting) {
        Some(Setting::Patterns(patterns)) => patterns,
        _ => &[],
    }
}

/// A bare name in a pattern binds whatever comes, and so matches every error.
struct Bare<'a> {
    word: &'static str,
    faults: &'a mut Faults,
}

impl Bare<'_> {
    /// Only where a whole error is matched: within `Error::Http(code)` a name is a binding as intended.
    fn top(&mut self, pattern: &Pat) {
        match pattern {
            Pat::Ident(name) if name.subpat.is_none() => {
                let word = self.word;
                let ident = &name.ident;
                self.faults.at(
                    name,
                    format!(
                        "`{ident}` is a name of its own here and matches every error: write `{word}(Error::{ident})` with the \
                         path of the variant, or `{word}(_)` if every error is meant"
                    ),
                );
            }
            Pat::Or(_) | Pat::Paren(_) | Pat::Guard(_) | Pat::Reference(_) => visit::visit_pat(self, pattern),
            _ => {}
        }
    }
}

impl<'ast> Visit<'ast> for Bare<'_> {
    fn visit_pat(&mut self, pattern: &'ast Pat) {
        self.top(pattern);
    }
}
