//! Finds the variant that a word names, in either spelling. In: a word in an attribute. Out: the variant, if there is one.

use resilience_settings::Priority;
use resilience_settings::policy::{
    BudgetKind, CacheMode, Deposit, Mode, NestedRetries, OnUnavailable, ServiceKind, Strategy,
};

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

pub(super) const KIND: Choice =
    Choice { what: "kind", of: "ServiceKind", value: "Kind", variants: ServiceKind::VARIANTS };
pub(super) const PRIORITY: Choice =
    Choice { what: "priority", of: "Priority", value: "Priority", variants: Priority::VARIANTS };
pub(super) const STRATEGY: Choice =
    Choice { what: "strategy", of: "Strategy", value: "Strategy", variants: Strategy::VARIANTS };
pub(super) const NESTED: Choice = Choice {
    what: "way to treat nested retries",
    of: "NestedRetries",
    value: "NestedRetries",
    variants: NestedRetries::VARIANTS,
};
pub(super) const BUDGET_KIND: Choice =
    Choice { what: "kind of budget", of: "BudgetKind", value: "BudgetKind", variants: BudgetKind::VARIANTS };
pub(super) const DEPOSIT: Choice =
    Choice { what: "deposit", of: "Deposit", value: "Deposit", variants: Deposit::VARIANTS };

pub(super) const CACHE_MODE: Choice =
    Choice { what: "mode of a cache", of: "CacheMode", value: "CacheMode", variants: CacheMode::VARIANTS };

pub(super) const ON_UNAVAILABLE: Choice = Choice {
    what: "way to go on without a store",
    of: "OnUnavailable",
    value: "OnUnavailable",
    variants: OnUnavailable::VARIANTS,
};

pub(super) const MODE: Choice = Choice { what: "mode", of: "Mode", value: "Mode", variants: Mode::VARIANTS };

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
