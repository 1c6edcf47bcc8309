//! Collects faults, and words "did you mean"; which name is meant, `resilience_settings::suggest` decides. In: faults as they are
//! found. Out: all of them at once, as compiler errors.

use proc_macro2::TokenStream;
use quote::ToTokens;
use resilience_settings::synonyms::{by_meaning, hint_behind};

/// So many faults are shown, as many as of a file: nobody reads more, and each costs the compiler some time.
const MOST: usize = 100;

/// All faults of one function and its attributes.
///
/// Stages add to it and continue, so that the user sees every fault in one build; beyond a hundred it says that there are more.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<syn::Error>);

impl Faults {
    /// Adds a fault that marks all of the tokens.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        // Put into words only if it is shown.
        if self.0.len() < MOST {
            self.0.push(syn::Error::new_spanned(tokens, message));
        } else {
            self.leave_out(tokens);
        }
    }

    /// Adds a fault that has its message and span already.
    pub(crate) fn add(&mut self, fault: syn::Error) {
        if self.0.len() < MOST {
            self.0.push(fault);
        } else {
            self.leave_out(fault.to_compile_error());
        }
    }

    /// Says once that there are more.
    fn leave_out(&mut self, tokens: impl ToTokens) {
        if self.0.len() == MOST {
            self.0.push(syn::Error::new_spanned(
                tokens,
                format!("there are more faults than the {MOST} that are shown"),
            ));
        }
    }

    /// Adds all faults of another collection.
    pub(crate) fn append(&mut self, other: Self) {
        for fault in other.0 {
            self.add(fault);
        }
    }

    /// Whether there are no faults.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One `compile_error!` for each fault, in the order in which they were found.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.iter().map(syn::Error::to_compile_error).collect()
    }
}

// Below this similarity, a suggestion is misleading; serde, clap and darling use similar thresholds.
const ALIKE: f64 = 0.8;

/// The end of a message about an unknown name: the most similar name, or all that are accepted.
pub(crate) fn suggestion(written: &str, accepted: &[&str]) -> String {
    if let Some(meant) = by_meaning(written, accepted) {
        return format!("did you mean `{meant}`{}?", hint_behind(written, meant));
    }
    let lower = written.to_lowercase();
    let closest = accepted
        .iter()
        .map(|name| (strsim::jaro_winkler(&lower, &name.to_lowercase()), name))
        .max_by(|left, right| left.0.total_cmp(&right.0));
    match closest {
        Some((likeness, name)) if likeness >= ALIKE => {
            format!("did you mean `{name}`{}?", hint_behind(written, name))
        }
        _ if accepted.len() == 1 => format!("the only one is {}", list(accepted)),
        _ => format!("the choices are {}", list(accepted)),
    }
}

/// Names as in a sentence: `a`, `b` and `c`.
pub(crate) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_close_name_is_suggested_and_a_far_one_gets_the_list() {
        assert_eq!(suggestion("max_attemps", &["service", "max_attempts"]), "did you mean `max_attempts`?");
        assert_eq!(
            suggestion("max_retries", &["max_retry_after", "max_attempts"]),
            "did you mean `max_attempts`, which counts the first try too?"
        );
        assert_eq!(suggestion("zzz", &["a", "b", "c"]), "the choices are `a`, `b` and `c`");
    }
}
