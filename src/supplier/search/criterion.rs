//! One search parameter with the values that a client gave it.

use super::date::Comparison;
use super::reference::{Pointer, target};
use super::text::{Mode, Text};
use super::token::Token;
use super::{Context, values};
use crate::fhir::Element;
use crate::supplier::configuration::{ParameterType, ResourceType, SearchParameter};
use crate::supplier::problem::Problem;

/// What a resource must meet to be found.
pub(super) struct Criterion<'c> {
    parameter: &'c SearchParameter,
    /// The one type of target that is meant, where the client said so: `subject:Patient`.
    target: Option<String>,
    condition: Condition<'c>,
}

enum Condition<'c> {
    Missing(bool),
    /// The values between commas: one of them must match.
    AnyOf(Vec<Wanted>),
    /// `:not`: none of them may match.
    NoneOf(Vec<Wanted>),
    /// `patient.identifier`: the resource referred to must meet the criterion of its type.
    Chain(Vec<(&'c str, Criterion<'c>)>),
}

enum Wanted {
    Token(Token),
    Text(Text),
    Date(Comparison),
    Reference(Pointer),
    Uri(String),
}

impl<'c> Criterion<'c> {
    /// Reads `name=value`. `None`: the type has no such parameter.
    pub(super) fn parse(
        context: Context<'c>,
        resource: &'c ResourceType,
        name: &str,
        value: &str,
    ) -> Result<Option<Self>, Problem> {
        let (head, chained) =
            name.split_once('.').map_or((name, None), |(head, chained)| (head, Some(chained)));
        let (base, modifier) =
            head.split_once(':').map_or((head, None), |(base, modifier)| (base, Some(modifier)));
        let Some(parameter) =
            context.configuration.parameters(resource).find(|parameter| parameter.name == base)
        else {
            return Ok(None);
        };
        let target = modifier.filter(|modifier| parameter.targets.iter().any(|target| target == modifier));
        let modifier = modifier.filter(|_| target.is_none());
        let condition = match (chained, modifier) {
            (Some(chained), None) => Condition::chain(context, parameter, target, chained, value)?,
            (None, Some("missing")) => Condition::missing(value)?,
            (None, modifier) => Condition::any_of(context, parameter, modifier, value)?,
            (Some(_), Some(_)) => return Err(unsupported(head)),
        };
        Ok(Some(Self { parameter, target: target.map(str::to_owned), condition }))
    }

    /// Whether a resource meets it.
    pub(super) fn matches(&self, context: Context<'_>, resource: Element<'_>) -> bool {
        let elements: Vec<Element<'_>> = self
            .parameter
            .paths
            .iter()
            .flat_map(|path| path.select(resource))
            .filter(|element| self.may_point_at(context, *element))
            .collect();
        match &self.condition {
            Condition::Missing(missing) => elements.is_empty() == *missing,
            Condition::AnyOf(wanted) => self.meets_any(wanted, context, &elements),
            Condition::NoneOf(unwanted) => !self.meets_any(unwanted, context, &elements),
            Condition::Chain(chain) => elements.iter().any(|element| {
                let Some((kind, id)) = target(context, *element) else { return false };
                let referred = context.store.get(kind, id);
                referred.is_some_and(|referred| {
                    chain.iter().any(|(of_kind, criterion)| {
                        *of_kind == kind && criterion.matches(context, referred.tree.root())
                    })
                })
            }),
        }
    }

    fn meets_any(&self, wanted: &[Wanted], context: Context<'_>, elements: &[Element<'_>]) -> bool {
        elements
            .iter()
            .any(|element| wanted.iter().any(|wanted| wanted.matches(self.parameter, context, *element)))
    }

    /// Leaves out the references that point at another type than the parameter is about: those of
    /// an observation's subject, for `patient`, that are groups.
    fn may_point_at(&self, context: Context<'_>, element: Element<'_>) -> bool {
        if self.parameter.kind != ParameterType::Reference {
            return true;
        }
        match (target(context, element), &self.target) {
            (Some((kind, _)), Some(only)) => kind == only,
            (Some((kind, _)), None) => self.parameter.targets.iter().any(|target| target == kind),
            (None, only) => only.is_none(),
        }
    }
}

impl<'c> Condition<'c> {
    fn missing(value: &str) -> Result<Self, Problem> {
        match value {
            "true" => Ok(Self::Missing(true)),
            "false" => Ok(Self::Missing(false)),
            other => Err(Problem::value(format!("`:missing` takes true or false, not `{other}`"))),
        }
    }

    fn any_of(
        context: Context<'_>,
        parameter: &SearchParameter,
        modifier: Option<&str>,
        value: &str,
    ) -> Result<Self, Problem> {
        let mode = match (parameter.kind, modifier) {
            (_, None) | (ParameterType::Token, Some("not")) => Mode::Start,
            (ParameterType::String, Some("exact")) => Mode::Exact,
            (ParameterType::String, Some("contains")) => Mode::Contains,
            (_, Some(modifier)) => return Err(unsupported(&format!("{}:{modifier}", parameter.name))),
        };
        let wanted: Vec<Wanted> = values::split(value, ',')
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(|part| {
                Ok(match parameter.kind {
                    ParameterType::Token => Wanted::Token(Token::parse(part)?),
                    ParameterType::String => Wanted::Text(Text::new(&values::unescape(part), mode)),
                    ParameterType::Uri => Wanted::Uri(values::unescape(part)),
                    ParameterType::Date => Wanted::Date(Comparison::parse(part)?),
                    ParameterType::Reference => {
                        Wanted::Reference(Pointer::parse(context, &values::unescape(part))?)
                    }
                })
            })
            .collect::<Result<_, Problem>>()?;
        if wanted.is_empty() {
            return Err(Problem::value(format!("`{}` has no value but commas", parameter.name)));
        }
        Ok(if modifier == Some("not") { Self::NoneOf(wanted) } else { Self::AnyOf(wanted) })
    }

    fn chain(
        context: Context<'c>,
        parameter: &'c SearchParameter,
        only: Option<&str>,
        chained: &str,
        value: &str,
    ) -> Result<Self, Problem> {
        // One link is what the API has; a longer chain would also let a client choose our depth.
        let mut chain = Vec::new();
        if !chained.contains('.') {
            for kind in parameter.targets.iter().filter(|kind| only.is_none_or(|only| only == *kind)) {
                let Some(resource) = context.configuration.resource(kind) else { continue };
                if let Some(criterion) = Criterion::parse(context, resource, chained, value)? {
                    chain.push((kind.as_str(), criterion));
                }
            }
        }
        if chain.is_empty() {
            Err(unsupported(&format!("{}.{chained}", parameter.name)))
        } else {
            Ok(Self::Chain(chain))
        }
    }
}

impl Wanted {
    fn matches(&self, parameter: &SearchParameter, context: Context<'_>, element: Element<'_>) -> bool {
        match self {
            Self::Token(token) => token.matches(parameter, element),
            Self::Text(text) => text.matches(element),
            Self::Date(comparison) => comparison.matches(element),
            Self::Reference(pointer) => pointer.matches(context, element),
            Self::Uri(uri) => element.value() == Some(uri),
        }
    }
}

fn unsupported(what: &str) -> Problem {
    Problem::unsupported(format!("this server does not support the search `{what}`"))
}
