//! The labels that `service_type` takes. A closed list, because labels become metric labels, and those must
//! be static and bounded.

use crate::policy::ServiceKind;

const FURTHER: &[&str] = &[
    "storage",
    "third_party_api",
    "mcp_server",
    "ai_claude",
    "ai_openai",
    "ai_google",
    "ai_deepseek",
    "ai_groq",
    "ai_ollama",
    "ai_huggingface",
];

/// Every label: the kinds, then the rest.
pub(super) fn all() -> Vec<&'static str> {
    let kinds = ServiceKind::ALL.iter().map(|kind| kind.name());
    kinds.chain(FURTHER.iter().copied()).collect()
}

/// The label of this name, in `snake_case`, or in `CamelCase` for the kinds.
pub(super) fn find(word: &str) -> Option<&'static str> {
    let kind = ServiceKind::parse(word).map(ServiceKind::name);
    kind.or_else(|| FURTHER.iter().copied().find(|label| *label == word))
}
