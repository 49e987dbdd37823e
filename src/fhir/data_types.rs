//! The data types of FHIR that an element of any type may have, STU3 and R4 together
//! (<https://hl7.org/fhir/STU3/datatypes.html>): what tells `valueQuantity` from a name that only begins alike.

/// Their names.
pub const DATA_TYPES: [&str; 51] = [
    "base64Binary",
    "boolean",
    "canonical",
    "code",
    "date",
    "dateTime",
    "decimal",
    "id",
    "instant",
    "integer",
    "markdown",
    "oid",
    "positiveInt",
    "string",
    "time",
    "unsignedInt",
    "uri",
    "url",
    "uuid",
    "Address",
    "Age",
    "Annotation",
    "Attachment",
    "CodeableConcept",
    "Coding",
    "ContactDetail",
    "ContactPoint",
    "Contributor",
    "Count",
    "DataRequirement",
    "Distance",
    "Dosage",
    "Duration",
    "Expression",
    "HumanName",
    "Identifier",
    "Meta",
    "Money",
    "ParameterDefinition",
    "Period",
    "Quantity",
    "Range",
    "Ratio",
    "Reference",
    "RelatedArtifact",
    "SampledData",
    "Signature",
    "SimpleQuantity",
    "Timing",
    "TriggerDefinition",
    "UsageContext",
];

/// Whether an instance's name is that of a choice with one of its types: `valueQuantity` for `value`.
#[must_use]
pub fn is_choice_of(choice: &str, name: &str) -> bool {
    let Some(suffix) = name.strip_prefix(choice) else { return false };
    let mut letters = suffix.chars();
    letters.next().is_some_and(|first| {
        let rest = letters.as_str();
        let is = |known: &&str| {
            let mut known = known.chars();
            known.next().is_some_and(|letter| letter.to_ascii_uppercase() == first) && known.as_str() == rest
        };
        DATA_TYPES.iter().any(is)
    })
}

/// The type that the name of a choice ends in: `DateTime` of `valueDateTime`, as `dateTime`.
#[must_use]
pub fn type_in_name(name: &str) -> Option<&'static str> {
    let fits = |known: &&&'static str| {
        let mut letters = known.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        let stem = name.strip_suffix(letters.as_str());
        stem.is_some_and(|stem| stem.len() > 1 && stem.chars().last() == first)
    };
    DATA_TYPES.iter().filter(fits).max_by_key(|known| known.len()).copied()
}

/// The name of a type with the article that it takes: `a Patient`, `an Organization`, `a uri`.
#[must_use]
pub fn with_article(type_name: &str) -> String {
    let is_spoken_as_vowel =
        type_name.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) || type_name.starts_with("un");
    format!("{} {type_name}", if is_spoken_as_vowel { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::{is_choice_of, type_in_name, with_article};

    #[test]
    fn types_take_their_article() {
        for name in [
            "a Patient",
            "an Organization",
            "an integer",
            "an unsignedInt",
            "a uri",
            "a UsageContext",
            "an id",
        ] {
            let (_, bare) = name.split_once(' ').unwrap();
            assert_eq!(with_article(bare), name);
        }
    }

    #[test]
    fn the_longest_type_is_the_one_meant() {
        assert_eq!(type_in_name("valueDateTime"), Some("dateTime"));
        assert_eq!(type_in_name("valueTime"), Some("time"));
        assert_eq!(type_in_name("valueOid"), Some("oid"));
        assert_eq!(type_in_name("family"), None);
    }

    #[test]
    fn only_types_make_a_choice() {
        assert!(is_choice_of("value", "valueQuantity") && is_choice_of("value", "valueDateTime"));
        assert!(!is_choice_of("value", "valueSet") && !is_choice_of("value", "value"));
        assert!(!is_choice_of("value", "valuequantity") && !is_choice_of("value", "deceasedBoolean"));
    }
}
