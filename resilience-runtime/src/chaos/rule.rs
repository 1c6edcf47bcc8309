//! Data: an armed rule as the engine has it: whom it hits, with what, how often and when. And how the name of a target is read.

#[cfg(feature = "config")]
use resilience_settings::config::chaos::ChaosRule;
use resilience_settings::distribution::Distribution;
use resilience_settings::layers::site_facts::SiteFacts;

use super::at::At;
use super::maker::{Change, Maker};
use super::schedule::Schedule;
use crate::rejection::RejectionKind;

/// A rule.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// What it is replaced and disarmed by; `None` for one that nobody has named.
    pub(crate) name: Option<String>,
    pub(crate) target: Target,
    /// Attempts wait so long before their body runs, or before the fault.
    pub(crate) latency: Option<Distribution>,
    pub(crate) fault: Option<Fault>,
    /// The share of attempts that are hit.
    pub(crate) rate: f64,
    /// After so many it is over.
    pub(crate) count: Option<u64>,
    pub(crate) schedule: Schedule,
    pub(crate) origin: Origin,
    /// What a file or an operator said: a file that is loaded again with the same rule does not begin it anew.
    #[cfg(feature = "config")]
    pub(crate) said: Option<Box<ChaosRule>>,
}

/// Whose attempts are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Target {
    /// `None` for every service.
    pub(crate) service: Option<String>,
    /// The name of a function, or the end of its path.
    pub(crate) site: Option<String>,
    /// The label of a partition, or its number after `#`.
    pub(crate) partition: Option<String>,
}

/// What an attempt meets.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// An error in place of what the body would give.
    Error(ErrorOf),
    /// It never ends by itself.
    Hang,
    Panic,
    /// It ends as if a call inside it had been turned away.
    Reject(RejectionKind),
    /// The body runs, and its `Ok` is changed.
    ChangeOk(Change),
}

/// Where an error comes from.
#[derive(Clone, Debug)]
pub(crate) enum ErrorOf {
    Maker(Maker),
    /// What the program has registered under that name.
    Registered(String),
}

/// Who has armed a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Code,
    #[cfg(feature = "config")]
    File,
    #[cfg(feature = "server")]
    Operator,
}

impl Origin {
    /// Whether it is an operator, who has nothing of the rule but its name.
    pub(crate) const fn is_operator(self) -> bool {
        match self {
            Self::Code => false,
            #[cfg(feature = "config")]
            Self::File => false,
            #[cfg(feature = "server")]
            Self::Operator => true,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            #[cfg(feature = "config")]
            Self::File => "file",
            #[cfg(feature = "server")]
            Self::Operator => "operator",
        }
    }
}

impl Fault {
    /// The word that events have.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Error(_) => "error",
            Self::Hang => "hang",
            Self::Panic => "panic",
            Self::Reject(_) => "reject",
            Self::ChangeOk(_) => "wrong_ok",
        }
    }
}

impl Rule {
    /// The word for what it does.
    pub(crate) fn does(&self) -> &'static str {
        self.fault.as_ref().map_or("latency", Fault::name)
    }
}

impl Target {
    /// Reads `db`, `db@load`, `db@shop::load`, or `*` for every service.
    pub(crate) fn parse(text: &str) -> Self {
        let (service, site) = match text.split_once('@') {
            Some((service, site)) => (service, Some(site.to_owned())),
            None => (text, None),
        };
        let service = (service != "*").then(|| service.to_owned());
        Self { service, site, partition: None }
    }

    /// Whether it means attempts of that site, be it of one partition only.
    pub(crate) fn is_aimed_at(&self, facts: &'static SiteFacts) -> bool {
        let at = At { facts, partition: &Vec::new };
        Self { partition: None, ..self.clone() }.means(&at)
    }

    /// Whether it means an attempt there.
    pub(crate) fn means(&self, at: &At<'_>) -> bool {
        self.service.as_ref().is_none_or(|service| service == at.facts.service)
            && self.site.as_ref().is_none_or(|site| at.is_site(site))
            && self.partition.as_ref().is_none_or(|partition| at.is_partition(partition))
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.service.as_deref().unwrap_or("*"))?;
        if let Some(site) = &self.site {
            write!(f, "@{site}")?;
        }
        if let Some(partition) = &self.partition {
            write!(f, " partition {partition}")?;
        }
        Ok(())
    }
}
