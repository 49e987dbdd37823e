//! A parameter as it was sent: `subject:Patient.name:exact`.

/// The name of a parameter, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parameter<'p> {
    /// The code of the search parameter.
    pub(super) name: &'p str,
    /// What stands behind the colon.
    pub(super) modifier: Option<&'p str>,
    /// The parameter of the record that it leads to, in a chain.
    pub(super) chained: Option<&'p str>,
}

impl<'p> Parameter<'p> {
    pub(super) fn parse(text: &'p str) -> Self {
        // The chain begins at the first full stop; names and modifiers have none.
        let (head, chained) = text.split_once('.').map_or((text, None), |(head, rest)| (head, Some(rest)));
        let (name, modifier) =
            head.split_once(':').map_or((head, None), |(name, modifier)| (name, Some(modifier)));
        Self { name, modifier, chained }
    }

    /// The name without modifier and chain: what a scenario calls it by.
    pub(super) fn name_of(text: &'p str) -> &'p str {
        Self::parse(text).name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_modifiers_and_chains() {
        let parts = |text| {
            let Parameter { name, modifier, chained } = Parameter::parse(text);
            (name, modifier, chained)
        };
        assert_eq!(parts("name"), ("name", None, None));
        assert_eq!(parts("name:exact"), ("name", Some("exact"), None));
        assert_eq!(parts("subject:Patient.name:exact"), ("subject", Some("Patient"), Some("name:exact")));
        assert_eq!(parts("patient.organization.name"), ("patient", None, Some("organization.name")));
    }
}
