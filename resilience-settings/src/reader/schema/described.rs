//! Finds the description of what is no key of a service in the default file, for the JSON Schema, so that both say the same.

const HEAD: &str = include_str!("../default_file/head.toml");
const TAIL: &str = include_str!("../default_file/tail.toml");

/// The explanation above a setting or a table of the default file, in one line.
pub(crate) fn described(name: &str) -> Option<String> {
    let mut said = String::new();
    for line in HEAD.lines().chain(TAIL.lines()) {
        if let Some(text) = line.strip_prefix("# ") {
            said.push_str(if said.is_empty() { "" } else { " " });
            said.push_str(text);
            continue;
        }
        let setting = line.strip_prefix('#').unwrap_or(line);
        let is_it = setting.strip_prefix(name).is_some_and(|rest| rest.starts_with(" = "))
            || setting.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) == Some(name);
        if is_it && !said.is_empty() {
            return Some(said);
        }
        said.clear();
    }
    None
}
