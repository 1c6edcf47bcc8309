//! Finds or makes the table of a rule of `[chaos]`.

use super::tables::Walk;
use crate::config::chaos::{ChaosRule, LONGEST_NAME, MOST_RULES};
use crate::config::fault::Fault;
use crate::config::table::{Child, TableId};
use crate::reader::document::Document;
use crate::reader::toml::Name;

impl Walk {
    pub(crate) fn chaos_rule(&mut self, document: &mut Document<'_>, name: &Name<'_>) -> Child {
        let word = name.text.as_ref();
        let place = |at: usize| Child::Table(TableId::ChaosRule(u32::try_from(at).unwrap_or(u32::MAX)));
        if let Some(at) = self.file.chaos.iter().position(|rule| rule.name == word) {
            return place(at);
        }
        let reason = if word.is_empty() {
            Some("has an empty name".to_owned())
        } else if word.len() > LONGEST_NAME {
            Some(format!("has a name of {} bytes; it may have {LONGEST_NAME}", word.len()))
        } else if self.file.chaos.len() == MOST_RULES {
            Some(format!("is one too many: there may be {MOST_RULES} rules of chaos"))
        } else {
            None
        };
        let line = document.line(name.span.start);
        let rule = ChaosRule::new(word, name.span.clone(), line);
        if let Some(reason) = reason {
            let path = rule.path();
            if self.refused.insert(path.clone()) {
                document.report_at(name.span.start, |_| {
                    let message = format!("`{path}` {reason}");
                    Fault::new(path, name.span.clone(), message)
                });
            }
            return Child::Nothing;
        }
        self.file.chaos.push(rule);
        place(self.file.chaos.len() - 1)
    }
}
