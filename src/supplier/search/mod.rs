//! Search, by the STU3 rules (<https://hl7.org/fhir/STU3/search.html>).

mod criterion;
mod date;
mod include;
mod moment;
mod reference;
mod text;
mod token;
mod values;

use criterion::Criterion;
use include::Include;
pub(super) use moment::Range;

use super::configuration::{Configuration, ResourceType};
use super::parameters::Parameter;
use super::problem::Problem;
use super::request::Request;
use super::store::{Store, Stored};

/// What a search looks at besides its parameters.
#[derive(Clone, Copy)]
pub(super) struct Context<'c> {
    pub(super) configuration: &'c Configuration,
    pub(super) store: &'c Store,
    /// The server's own base URL, without a slash at its end.
    pub(super) base: &'c str,
}

/// The name of the parameter that says where a page begins. Clients take it from a link and never
/// make it themselves.
pub(super) const OFFSET: &str = "_offset";

/// A search as understood.
pub(super) struct Search<'c> {
    context: Context<'c>,
    resource: &'c ResourceType,
    criteria: Vec<Criterion<'c>>,
    /// The parameters that were understood, in the client's order.
    pub(super) used: Vec<Parameter>,
    /// What the matches of a page bring with them.
    includes: Vec<Include<'c>>,
    /// How many results a page has.
    pub(super) count: usize,
    /// How many results come before this page.
    pub(super) offset: usize,
}

impl<'c> Search<'c> {
    /// Reads the parameters of a search. Unknown ones are left out or, if `strict`, refused; a
    /// parameter without a value says nothing and is left out.
    pub(super) fn parse(
        context: Context<'c>,
        resource: &'c ResourceType,
        request: &Request,
    ) -> Result<Self, Problem> {
        let strict = request.is_strict();
        let always = request.liberties.page_size;
        let count = always.unwrap_or(context.configuration.page_size);
        let most = always.unwrap_or(context.configuration.maximum_page_size);
        let mut search = Self {
            context,
            resource,
            criteria: Vec::new(),
            used: Vec::new(),
            includes: Vec::new(),
            count,
            offset: 0,
        };
        for parameter in request.parameters.iter().filter(|parameter| !parameter.value.is_empty()) {
            if parameter.overlooked {
                search.used.push(parameter.clone());
                continue;
            }
            match parameter.name.as_str() {
                "_format" => {}
                "_count" => {
                    search.count = whole_number(parameter)?.min(most);
                }
                OFFSET => search.offset = whole_number(parameter)?,
                name @ ("_include" | "_revinclude") => {
                    let includes = include::parse(context, resource, name, &parameter.value);
                    if includes.is_empty() {
                        if strict {
                            let value = &parameter.value;
                            let diagnostics = format!("{} has no `{name}={value}`", resource.name);
                            return Err(Problem::unsupported(diagnostics));
                        }
                        continue;
                    }
                    search.includes.extend(includes);
                }
                name => match Criterion::parse(context, resource, name, &parameter.value)? {
                    Some(criterion) => search.criteria.push(criterion),
                    None if strict => {
                        let diagnostics = format!("{} has no search parameter `{name}`", resource.name);
                        return Err(Problem::unsupported(diagnostics));
                    }
                    None => continue,
                },
            }
            search.used.push(parameter.clone());
        }
        search.demand_required()?;
        Ok(search)
    }

    /// All resources that meet every criterion, in a stable order.
    pub(super) fn run(&self) -> Vec<&'c Stored> {
        self.context
            .store
            .of_type(&self.resource.name)
            .filter(|stored| {
                self.criteria.iter().all(|criterion| criterion.matches(self.context, stored.tree.root()))
            })
            .collect()
    }

    /// What the matches of one page bring with them.
    pub(super) fn included(&self, matches: &[&'c Stored]) -> Vec<&'c Stored> {
        include::follow(self.context, &self.includes, matches)
    }

    fn demand_required(&self) -> Result<(), Problem> {
        let required = &self.resource.require_one_of;
        let given = self.used.iter().any(|used| required.iter().any(|name| name == used.base_name()));
        if required.is_empty() || given {
            return Ok(());
        }
        let diagnostics = format!(
            "a search for {} needs at least one of these parameters: {}",
            self.resource.name,
            required.join(", ")
        );
        Err(Problem::new(hyper::StatusCode::BAD_REQUEST, "required", diagnostics))
    }
}

fn whole_number(parameter: &Parameter) -> Result<usize, Problem> {
    parameter.value.parse().map_err(|_| {
        Problem::value(format!("`{}` is no whole number, as {} must be", parameter.value, parameter.name))
    })
}
