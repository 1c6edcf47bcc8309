//! Tells people of services that a process does not know. In: their names. Out: a warning for each, with those that the process
//! knows. It may come to know them, so this is no failure.

use serde_json::Value;

use super::client::Remote;
use crate::output::{Output, Tone};
use crate::shown::printable;

/// So many services are named, of however many there are.
const NAMED: usize = 10;

impl Remote {
    /// Tells on the standard error of each of these services that the process does not know, if it says which it knows; and what
    /// comes of that.
    pub(crate) fn warn_of_unknown<'s>(
        &self,
        services: impl IntoIterator<Item = &'s str>,
        what: &str,
        output: &mut Output,
    ) -> std::io::Result<()> {
        let mut services = services.into_iter().peekable();
        if services.peek().is_none() {
            return Ok(());
        }
        let Ok(snapshot) = self.get(&["api", "dashboard"]) else { return Ok(()) };
        for (message, help) in services.filter_map(|service| unknown(&snapshot, service)) {
            output.complain("warning", Tone::Odd, &format!("{message}, so {what}"), Some(&help))?;
        }
        Ok(())
    }
}

/// What is wrong, and what there is instead.
fn unknown(snapshot: &Value, service: &str) -> Option<(String, String)> {
    let services = snapshot["services"].as_array()?;
    let names: Vec<&str> = services.iter().filter_map(|one| one["name"].as_str()).collect();
    if names.contains(&service) {
        return None;
    }
    let message = format!("the process knows no service `{}` yet", printable(service));
    let first: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{}`", printable(name))).collect();
    let more = names.len().saturating_sub(NAMED);
    let help = match (first.is_empty(), more) {
        (true, _) => "it knows a service once that is called, or annotated functions of it are".to_owned(),
        (false, 0) => format!("it knows {}", first.join(", ")),
        (false, more) => format!("it knows {} and {more} more", first.join(", ")),
    };
    Some((message, help))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_service_that_is_not_there_is_told_with_those_that_are() {
        let of = |names: &[&str]| {
            let services: Vec<_> = names.iter().map(|name| json!({ "name": name })).collect();
            json!({ "services": services })
        };
        let help = |names: &[&str]| unknown(&of(names), "db").map(|(_, help)| help);
        assert_eq!(help(&["cache", "db"]), None);
        assert_eq!(help(&["bd", "x\u{7}"]).as_deref(), Some("it knows `bd`, `x\\u{7}`"));
        assert_eq!(help(&["s"; 12]).map(|help| help.ends_with(" `s` and 2 more")), Some(true));
        assert_eq!(help(&[]).map(|help| help.starts_with("it knows a service once")), Some(true));
        assert_eq!(unknown(&json!({}), "db"), None, "an answer of another version says nothing of services");
    }
}
