//! Dot paths over a resource, as the supplier's files write them: `telecom[system=phone].value`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::fhir::Element;

/// A path: names of elements with dots between them, each perhaps narrowed by `[0]` (its place among
/// its like) or `[use=official]` (the value of one of its children).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct Path {
    pub(super) steps: Vec<Step>,
}

/// One element's name in a path.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) filter: Option<Filter>,
}

/// Which of the elements of one name are meant.
#[derive(Debug, Clone)]
pub(super) enum Filter {
    Index(usize),
    Equals { child: String, value: String },
}

impl Path {
    /// The elements at this path below `resource`.
    pub(super) fn select<'t>(&self, resource: Element<'t>) -> Vec<Element<'t>> {
        let mut found = vec![resource];
        for step in &self.steps {
            found = found
                .into_iter()
                .flat_map(|element| element.children_named(&step.name).collect::<Vec<_>>())
                .filter(|element| match &step.filter {
                    None => true,
                    Some(Filter::Index(index)) => element.index() == *index,
                    Some(Filter::Equals { child, value }) => element.text(child) == Some(value),
                })
                .collect();
        }
        found
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.steps.iter().map(|step| step.name.as_str()).collect();
        formatter.write_str(&names.join("."))
    }
}

impl TryFrom<String> for Path {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut steps = Vec::new();
        let mut rest = text.as_str();
        loop {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            if name.is_empty() {
                return Err(format!("the path `{text}` lacks a name before `{after}`"));
            }
            let (filter, after) = match after.strip_prefix('[') {
                None => (None, after),
                Some(inside) => {
                    let Some((condition, after)) = inside.split_once(']') else {
                        return Err(format!("the path `{text}` lacks a `]`"));
                    };
                    (Some(Filter::parse(condition)?), after)
                }
            };
            steps.push(Step { name: name.to_owned(), filter });
            if after.is_empty() {
                return Ok(Self { steps });
            }
            let Some(next) = after.strip_prefix('.') else {
                return Err(format!("the path `{text}` lacks a `.` before `{after}`"));
            };
            rest = next;
        }
    }
}

impl Filter {
    fn parse(condition: &str) -> Result<Self, String> {
        match condition.split_once('=') {
            Some((child, value)) => Ok(Self::Equals { child: child.to_owned(), value: value.to_owned() }),
            None => condition
                .parse()
                .map(Self::Index)
                .map_err(|_| format!("`[{condition}]` is neither a number nor `name=value`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    const PATIENT: &str = r#"{"resourceType":"Patient","telecom":[
        {"system":"phone","value":"1"},{"system":"email","value":"a@b.c"},{"system":"phone","value":"2"}]}"#;

    fn selected(path: &str) -> Vec<String> {
        let tree = parse_json(PATIENT).unwrap();
        let path = Path::try_from(path.to_owned()).unwrap();
        path.select(tree.root()).into_iter().filter_map(Element::value).map(str::to_owned).collect()
    }

    #[test]
    fn selects_all_some_or_one() {
        assert_eq!(selected("telecom.value"), ["1", "a@b.c", "2"]);
        assert_eq!(selected("telecom[system=phone].value"), ["1", "2"]);
        assert_eq!(selected("telecom[1].value"), ["a@b.c"]);
        assert!(selected("name.family").is_empty());
    }

    #[test]
    fn a_malformed_path_says_why() {
        for (path, why) in [
            ("", "lacks a name"),
            ("a..b", "lacks a name"),
            ("a[b", "lacks a `]`"),
            ("a[b]", "neither a number"),
            ("a[0]b", "lacks a `.`"),
        ] {
            let error = Path::try_from(path.to_owned()).unwrap_err();
            assert!(error.contains(why), "{path}: {error}");
        }
    }
}
