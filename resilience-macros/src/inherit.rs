//! Decides which keys a method inherits from the attribute of its `impl` block. In: both attributes. Out: the keys in effect for
//! the method. It is a stage between parsing and validation: later stages need not know where a key was written.

use crate::ast::{Applied, Setting, Written};

/// The attributes of a method, with the inherited keys first. The method's own keys override key by key, also within
/// clauses.
pub(crate) fn inherit(block: &Applied, mut own: Vec<Applied>) -> Vec<Applied> {
    let has_kind = own.iter().any(|applied| applied.attribute.kind.is_some());
    let inherited = block
        .written
        .iter()
        .filter(|written| !(has_kind && is(written, "kind")))
        .filter(|written| !overridden(written, &mut own))
        .map(as_inherited)
        .collect();
    let mut all = vec![Applied { attribute: block.attribute, path: None, written: inherited }];
    all.append(&mut own);
    all
}

fn is(written: &Written, name: &str) -> bool {
    written.word.clause.is_empty() && written.word.name == name
}

fn as_inherited(written: &Written) -> Written {
    let mut written = written.clone();
    written.inherited = true;
    if let Setting::Clause(keys) = &mut written.setting {
        *keys = keys.iter().map(as_inherited).collect();
    }
    written
}

/// Whether a method writes the key itself. If both write a clause, the method's clause takes over the keys that it does
/// not have.
fn overridden(inherited: &Written, own: &mut [Applied]) -> bool {
    let same = |written: &&mut Written| std::ptr::eq(written.word, inherited.word);
    let Some(written) = own.iter_mut().flat_map(|applied| &mut applied.written).find(same) else {
        return false;
    };
    if let (Setting::Clause(mine), Setting::Clause(theirs)) = (&mut written.setting, &inherited.setting) {
        let missing: Vec<_> = theirs
            .iter()
            .filter(|key| !mine.iter().any(|own| std::ptr::eq(own.word, key.word)))
            .map(as_inherited)
            .collect();
        mine.extend(missing);
    }
    true
}
