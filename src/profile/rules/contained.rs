//! That what is contained is referred to (dom-3), told without evaluating its expression: that looks through the
//! whole resource for each contained one.
//!
//! <https://hl7.org/fhir/R4/domainresource.html#DomainResource>

use std::collections::HashMap;

use crate::fhir::Element;

/// STU3's rule, as published.
const STU3: &str = "contained.where(('#'+id in %resource.descendants().reference).not()).empty()";
/// How R4's begins and ends, which also takes what refers to its container, and other types than Reference.
const R4: (&str, &str) = (
    "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical)",
    "descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()",
);

/// The rule as a release has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contained {
    Stu3,
    R4,
}

impl Contained {
    /// The rule that an expression is.
    pub(super) fn of(expression: &str) -> Option<Self> {
        if expression == STU3 {
            Some(Self::Stu3)
        } else {
            (expression.starts_with(R4.0) && expression.ends_with(R4.1)).then_some(Self::R4)
        }
    }

    /// Whether it holds for a resource; `None` where that takes the types of its elements, and so the expression.
    pub(super) fn holds(self, resource: Element<'_>) -> Option<bool> {
        let Some(first) = resource.child("contained") else { return Some(true) };
        let mentions = Mentions::within(resource);
        let all = std::iter::successors(Some(first), |inner| inner.next_sibling());
        let mut is_certain = true;
        for contained in all.filter(|inner| inner.is_called("contained")) {
            // What has no id is not looked for.
            let Some(id) = contained.text("id") else { continue };
            match mentions.of(id).or_else(|| self.mention_of_container(contained)) {
                Some(Mention::Reference) => {}
                Some(Mention::Other) => is_certain = false,
                None => return Some(false),
            }
        }
        is_certain.then_some(true)
    }

    /// How a contained resource refers to its container: by `#` alone, which STU3 does not know.
    fn mention_of_container(self, contained: Element<'_>) -> Option<Mention> {
        if self == Self::Stu3 { None } else { Mentions::within(contained).of("") }
    }
}

/// How a resource is mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mention {
    /// By a text that is a reference if its type says so.
    Other,
    /// By a `reference`.
    Reference,
}

/// What the texts `#id` of a resource mention.
struct Mentions<'t>(HashMap<&'t str, Mention>);

impl<'t> Mentions<'t> {
    fn within(resource: Element<'t>) -> Self {
        let mut mentions = HashMap::new();
        for element in resource.descendants() {
            let Some(id) = element.value().and_then(|value| value.strip_prefix('#')) else { continue };
            let is_reference = element.is_called("reference") && element.parent() != Some(resource);
            let mention = if is_reference { Mention::Reference } else { Mention::Other };
            let known = mentions.entry(id).or_insert(mention);
            *known = mention.max(*known);
        }
        Self(mentions)
    }

    fn of(&self, id: &str) -> Option<Mention> {
        self.0.get(id).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;
    use crate::fhirpath::{Context, Expression, Item, NoModel};

    const EXPRESSION: &str = "contained.where((('#'+id in (%resource.descendants().reference | \
        %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or \
        descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or \
        descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()";

    fn resource(contained: &str, rest: &str) -> String {
        format!(r#"{{"resourceType":"Patient","contained":[{contained}]{rest}}}"#)
    }

    #[test]
    fn it_is_as_the_expressions_say() {
        let device = r#"{"resourceType":"Device","id":"d"}"#;
        let back = r##"{"resourceType":"Device","id":"d","patient":{"reference":"#"}}"##;
        let cases = [
            (device, r##","link":[{"other":{"reference":"#d"}}]"##, Some(true), Some(true)),
            (device, r##","link":[{"other":{"reference":"#e"}}]"##, Some(false), Some(false)),
            (back, "", Some(false), Some(true)),
            (r#"{"resourceType":"Device"}"#, "", Some(true), Some(true)),
            (device, r##","implicitRules":"#d""##, None, None),
        ];
        for (contained, rest, stu3, r4) in cases {
            let tree = parse_json(&resource(contained, rest)).unwrap();
            for (rule, source, expected) in [(Contained::Stu3, STU3, stu3), (Contained::R4, EXPRESSION, r4)] {
                assert_eq!(Contained::of(source), Some(rule));
                assert_eq!(rule.holds(tree.root()), expected, "{rule:?} {contained} {rest}");
                let by_expression = Expression::parse(source)
                    .unwrap()
                    .evaluate_boolean(&Context::new(&NoModel), Item::element(tree.root(), Some("Patient")))
                    .unwrap();
                assert!(expected.is_none() || by_expression == expected, "{rule:?} {contained} {rest}");
            }
        }
        assert_eq!(Contained::of("contained.contained.empty()"), None);
    }

    #[test]
    fn thousands_are_told() {
        let contained: Vec<String> =
            (0..5000).map(|id| format!(r#"{{"resourceType":"Device","id":"d{id}"}}"#)).collect();
        let linked = |count: usize| {
            let links: Vec<String> =
                (0..count).map(|id| format!(r##"{{"other":{{"reference":"#d{id}"}}}}"##)).collect();
            resource(&contained.join(","), &format!(r#","link":[{}]"#, links.join(",")))
        };
        assert_eq!(Contained::R4.holds(parse_json(&linked(5000)).unwrap().root()), Some(true));
        assert_eq!(Contained::R4.holds(parse_json(&linked(4999)).unwrap().root()), Some(false));
    }
}
