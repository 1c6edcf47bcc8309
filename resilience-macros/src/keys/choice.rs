//! Values that are names of variants, in either spelling.

/// The variants of one of the runtime's enums.
#[derive(Debug, PartialEq)]
pub(crate) struct Choice {
    /// What one is called in a message.
    pub(crate) what: &'static str,
    /// The enum.
    pub(crate) of: &'static str,
    /// The variant of `Value` that holds it.
    pub(crate) value: &'static str,
    /// The variants.
    pub(crate) variants: &'static [&'static str],
}

pub(super) const KIND: Choice = Choice {
    what: "kind",
    of: "ServiceKind",
    value: "Kind",
    variants: &["AiService", "Database", "Cache", "HttpApi", "MessageQueue", "Microservice", "Generic"],
};
pub(super) const PRIORITY: Choice = Choice {
    what: "priority",
    of: "Priority",
    value: "Priority",
    variants: &["Critical", "High", "Normal", "Low"],
};
pub(super) const STRATEGY: Choice = Choice {
    what: "strategy",
    of: "Strategy",
    value: "Strategy",
    variants: &[
        "Exponential",
        "ExponentialJitter",
        "Linear",
        "Fixed",
        "Adaptive",
        "Fibonacci",
        "DecorrelatedJitter",
        "ConstantJitter",
    ],
};
pub(super) const NESTED: Choice = Choice {
    what: "way to treat nested retries",
    of: "NestedRetries",
    value: "NestedRetries",
    variants: &["Allow", "Suppress"],
};
pub(super) const BUDGET_KIND: Choice = Choice {
    what: "kind of budget",
    of: "BudgetKind",
    value: "BudgetKind",
    variants: &["TokenBucket", "SlidingWindow", "FixedWindow", "Adaptive"],
};
pub(super) const DEPOSIT: Choice =
    Choice { what: "deposit", of: "Deposit", value: "Deposit", variants: &["Call", "Success"] };

pub(super) const CACHE_MODE: Choice = Choice {
    what: "mode of a cache",
    of: "CacheMode",
    value: "CacheMode",
    variants: &["OnFailure", "ReadThrough"],
};

/// The quantiles that have names, with what they stand for.
pub(crate) const QUANTILES: &[(&str, f64)] =
    &[("P50", 0.5), ("P90", 0.9), ("P95", 0.95), ("P99", 0.99), ("P999", 0.999)];

impl Choice {
    /// Finds a variant by its `CamelCase` or `snake_case` name.
    pub(crate) fn find(&self, name: &str) -> Option<&'static str> {
        self.variants.iter().copied().find(|variant| *variant == name || snake(variant) == name)
    }
}

/// The `snake_case` spelling of a variant.
pub(crate) fn snake(camel: &str) -> String {
    let mut snake = String::with_capacity(camel.len() + 2);
    for letter in camel.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
