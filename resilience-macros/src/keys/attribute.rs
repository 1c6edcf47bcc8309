//! The list of attributes: a new one begins here. In: the name of an attribute. Out: which one it is, and the kind of service that
//! it stands for.

/// One of our attributes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    /// Its name, as the last segment of the path.
    pub(crate) name: &'static str,
    /// The kind of service that it stands for, unless the user says it.
    pub(crate) kind: Option<&'static str>,
    /// Whether it makes a loop of attempts.
    pub(crate) retries: bool,
}

/// Every attribute, `comprehensive_retry` first.
pub(crate) const ATTRIBUTES: &[Attribute] = &[
    Attribute { name: "comprehensive_retry", kind: None, retries: true },
    Attribute { name: "retry_ai_service", kind: Some("AiService"), retries: true },
    Attribute { name: "retry_database", kind: Some("Database"), retries: true },
    Attribute { name: "retry_cache", kind: Some("Cache"), retries: true },
    Attribute { name: "retry_http_api", kind: Some("HttpApi"), retries: true },
    Attribute { name: "retry_message_queue", kind: Some("MessageQueue"), retries: true },
    Attribute { name: "retry_microservice", kind: Some("Microservice"), retries: true },
    Attribute { name: "graceful_degradation", kind: None, retries: false },
    Attribute { name: "resilient_service", kind: None, retries: true },
];

/// The attribute that also goes on an `impl` block.
pub(crate) const ON_IMPLS: &str = "resilient_service";

impl Attribute {
    /// Finds an attribute by its name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        ATTRIBUTES.iter().find(|attribute| attribute.name == name)
    }
}
