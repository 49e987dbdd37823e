//! What a validation may be told besides the profiles.

use crate::profile::Severity;

/// The options of a validation. The default judges what the specification demands and no more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// What it weighs that a rule of best practice does not hold.
    pub best_practice: BestPractice,
    /// Whether markup in plain text is an error rather than worth knowing: text that is shown in a page
    /// without being escaped could run there.
    pub security_checks: bool,
    /// URLs under which extensions may stay undefined. With none, an extension without a definition is not
    /// checked; with any, one that is under none of them is an error.
    pub allowed_extension_domains: Vec<String>,
    /// Code systems whose codes nobody is expected to hold, SNOMED CT for instance: where only they could tell whether
    /// a code is in a required value set, that is listed as not checked and leaves nothing undecided.
    pub unheld_code_systems: Vec<String>,
}

/// The options unless others are given.
pub(super) static DEFAULT: Options = Options {
    best_practice: BestPractice::Ignore,
    security_checks: false,
    allowed_extension_domains: Vec::new(),
    unheld_code_systems: Vec::new(),
};

/// What it weighs that a rule of best practice (R4's dom-6: a resource has narrative) does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BestPractice {
    /// It is not checked.
    #[default]
    Ignore,
    /// It is worth knowing.
    Hint,
    /// It is a warning.
    Warning,
    /// It is an error.
    Error,
}

impl BestPractice {
    /// The severity of such a finding; `None` where the rules are not checked.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Ignore => None,
            Self::Hint => Some(Severity::Information),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

impl Options {
    /// Whether an extension of this URL may go without a definition.
    #[must_use]
    pub fn allows_undefined(&self, url: &str) -> bool {
        self.allowed_extension_domains.iter().any(|domain| {
            url.strip_prefix(domain.as_str()).is_some_and(|rest| {
                domain.ends_with(['/', '#']) || rest.is_empty() || rest.starts_with(['/', '#'])
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_allows_what_is_below_it_and_not_its_namesakes() {
        let options = Options {
            allowed_extension_domains: vec!["https://fhir.nhs.uk/StructureDefinition".to_owned()],
            ..Options::default()
        };
        assert!(options.allows_undefined("https://fhir.nhs.uk/StructureDefinition/A"));
        assert!(!options.allows_undefined("https://fhir.nhs.uk/StructureDefinitions"));
        assert!(!options.allows_undefined("https://fhir.nhs.uk/STU3/StructureDefinition/A"));
        assert_eq!(DEFAULT, Options::default());
    }
}
